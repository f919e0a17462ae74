import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpConnection } from './http-connection.ts';

/** One unit of work over a connection; resolves to the milliseconds that count (the request of interest). */
export type Operation = (connection: HttpConnection, index: number) => Promise<number>;
export type LoadResult = { perSecond: number; timesMs: number[] };

/** Every connection does one operation after the other, as fast as the server lets it. Times of `warmUpSeconds` do not count. */
export async function saturate(
  connections: readonly HttpConnection[],
  operation: Operation,
  { seconds, warmUpSeconds }: { seconds: number; warmUpSeconds: number },
): Promise<LoadResult> {
  const from = performance.now() + warmUpSeconds * 1000;
  const until = from + seconds * 1000;
  const timesMs: number[] = [];
  await Promise.all(
    connections.map(async (connection, index) => {
      for (;;) {
        const ms = await operation(connection, index);
        const now = performance.now();
        if (now >= until) return;
        if (now >= from) timesMs.push(ms);
      }
    }),
  );
  return { perSecond: timesMs.length / seconds, timesMs };
}

/**
 * Operations begin at random moments (a Poisson process) of the given rate, each on an idle connection, whether or not
 * earlier ones have ended. When all connections are busy, the wait for one counts as part of the time.
 */
export async function arriveAtRate(
  connections: readonly HttpConnection[],
  operation: Operation,
  { seconds, perSecond }: { seconds: number; perSecond: number },
): Promise<LoadResult> {
  const idle = connections.map((_, index) => index);
  const queue: number[] = [];
  const timesMs: number[] = [];
  const running = new Set<Promise<void>>();
  let failure: unknown;
  const start = (index: number, due: number) => {
    const waitedMs = performance.now() - due;
    const run = operation(connections[index] as HttpConnection, index)
      .then((ms) => {
        timesMs.push(waitedMs + ms);
        const next = queue.shift();
        if (next === undefined) idle.push(index);
        else start(index, next);
      })
      .catch((error: unknown) => {
        failure ??= error;
      })
      .finally(() => running.delete(run));
    running.add(run);
  };
  const began = performance.now();
  const until = began + seconds * 1000;
  for (let due = began; due < until && failure === undefined; due += (-Math.log(1 - Math.random()) / perSecond) * 1000) {
    const early = due - performance.now();
    // Timers are no finer than a millisecond: what is due within it starts now, and counts from now.
    if (early > 1) await sleep(early);
    const index = idle.shift();
    const counted = Math.min(due, performance.now());
    if (index === undefined) queue.push(counted);
    else start(index, counted);
  }
  while (running.size > 0 && failure === undefined) await Promise.race(running);
  if (failure !== undefined) throw failure;
  return { perSecond: timesMs.length / ((performance.now() - began) / 1000), timesMs };
}
