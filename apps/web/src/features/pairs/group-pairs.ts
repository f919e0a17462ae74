import type { Pair } from '@granary/contract';

export type PairGroup = { first: Pair; others: Pair[] };

/** Responses to one instruction together, where the first of them stands. */
export function groupPairs(pairs: readonly Pair[]): PairGroup[] {
  const groups = new Map<string, PairGroup>();
  for (const pair of pairs) {
    const group = groups.get(pair.instructionId);
    if (group) group.others.push(pair);
    else groups.set(pair.instructionId, { first: pair, others: [] });
  }
  return [...groups.values()];
}
