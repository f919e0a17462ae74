import { setTimeout as sleep } from 'node:timers/promises';

const stuckAfterMs = 30_000;
const lookEveryMs = 20;

type Wait<Seen> = {
  look: () => Seen | Promise<Seen>;
  isDone: (seen: Seen) => boolean;
  /** How long what is seen may stay the same. */
  stuckAfterMs?: number;
};

/**
 * Looks until what it sees is done, and returns that. For tests of what goes on in the background and offers nothing to await.
 * Throws, naming `what` and what was seen last, when that has not changed for 30 seconds: however slow the machine, work that moves is waited for.
 */
export async function waitFor<Seen>(what: string, { look, isDone, stuckAfterMs: patienceMs = stuckAfterMs }: Wait<Seen>): Promise<Seen> {
  let last: string | undefined;
  for (let changedAt = performance.now(); ;) {
    const seen = await lookInTime(what, look, patienceMs);
    if (isDone(seen)) return seen;
    const text = JSON.stringify(seen);
    if (text !== last) changedAt = performance.now();
    last = text;
    if (performance.now() - changedAt > patienceMs) throw new Error(`Waited ${patienceMs} ms for ${what}, in vain; seen last: ${text}`);
    await sleep(lookEveryMs);
  }
}

async function lookInTime<Seen>(what: string, look: Wait<Seen>['look'], patienceMs: number): Promise<Seen> {
  const answered = new AbortController();
  const late = async (): Promise<never> => {
    await sleep(patienceMs, undefined, { signal: answered.signal });
    throw new Error(`Waited ${patienceMs} ms for ${what}, in vain: looking for it got no answer`);
  };
  try {
    return await Promise.race([look(), late()]);
  } finally {
    answered.abort();
  }
}
