import type { SnapshotRecord } from '@granary/contract';
import type { SnapshotConversation } from './snapshot-format.ts';

/** The pairs of a conversation by their ids. */
export type PairsById = ReadonlyMap<string, SnapshotRecord>;
export const pairsById = ({ pairs }: SnapshotConversation): PairsById => new Map(pairs.map((pair) => [pair.id, pair]));

/**
 * The pairs from the first turn to the one given, which is the last of them; null when an earlier turn is not in the snapshot, so
 * that the pair means nothing to a format that tells conversations.
 */
export function turnsUpTo(pairs: PairsById, pair: SnapshotRecord): SnapshotRecord[] | null {
  const turns = [pair];
  for (let first = pair; first.parent_response_id !== null;) {
    const parent = pairs.get(first.parent_response_id);
    if (parent === undefined) return null;
    turns.push(parent);
    first = parent;
  }
  return turns.reverse();
}

/** Several turns of a conversation from its first to `last`. */
type Thread = { last: SnapshotRecord; turns: SnapshotRecord[] };

/**
 * What a conversation tells from its first turn to a last one, a thread for each last one: a pair that is wanted and that no other
 * wanted pair continues. Every wanted pair whose earlier turns are in the snapshot is in at least one of them, and so are those
 * earlier turns, wanted or not.
 */
export function wholeThreads(conversation: SnapshotConversation, wanted: (pair: SnapshotRecord) => boolean): Thread[] {
  const pairs = pairsById(conversation);
  const continued = new Set<SnapshotRecord>();
  const threads: Thread[] = [];
  for (const last of conversation.pairs) {
    const turns = wanted(last) ? turnsUpTo(pairs, last) : null;
    if (turns === null) continue;
    threads.push({ last, turns });
    for (const turn of turns) if (turn !== last) continued.add(turn);
  }
  return threads.filter(({ last }) => !continued.has(last));
}
