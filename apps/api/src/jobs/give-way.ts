import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';

/** How many requests this process is answering, where threads can read it. */
export type RequestsUnderWay = Int32Array<SharedArrayBuffer>;

export const noRequests = (): RequestsUnderWay => new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

/** A thread works so long before it looks again, */
const workMs = 4;
/** and stands still so long at most: where requests never end it goes on all the same, at a sixth of its speed. */
const waitMs = 20;

/** Counts a request; returns what to call when it is answered. */
export function countRequest(underWay: RequestsUnderWay): () => void {
  Atomics.add(underWay, 0, 1);
  let open = true;
  return () => {
    if (!open) return;
    open = false;
    if (Atomics.sub(underWay, 0, 1) === 1) Atomics.notify(underWay, 0);
  };
}

/**
 * For work that can wait, in a thread of its own: to be called often, between small pieces of it. Blocks the thread while requests are being
 * answered, so that they have the processor to themselves.
 */
export function createGiveWay(underWay: RequestsUnderWay, now: () => number = () => performance.now()): () => void {
  let resumedAt = now();
  return () => {
    let at = now();
    if (at - resumedAt < workMs) return;
    const until = at + waitMs;
    for (let count = Atomics.load(underWay, 0); count > 0 && at < until; count = Atomics.load(underWay, 0)) {
      Atomics.wait(underWay, 0, count, until - at);
      at = now();
    }
    resumedAt = at;
  };
}

/**
 * The same for work in the thread that answers: to be awaited between small pieces of it. Lets everything else have its turn after each 4 ms
 * of work, and waits for the requests that are being answered.
 */
export function createPause(underWay: RequestsUnderWay, now: () => number = () => performance.now()): () => Promise<void> {
  let resumedAt = now();
  return async () => {
    const at = now();
    if (at - resumedAt < workMs) return;
    await turn();
    while (Atomics.load(underWay, 0) > 0 && now() - at < waitMs) await sleep(1);
    resumedAt = now();
  };
}
