import { unwatched, type DiskSpace } from '../disk-space.ts';

type Log = { warn(details: object, message: string): void };

/** Something to be done from time to time; any number of processes may do it at the same moment. */
export type Chore = { name: string; everyMs: number; run: () => Promise<unknown> };

/** Does each chore again and again, never twice at once, and none while the disk is low on space; returns the way to stop, which waits for what is under way. */
export function startChores(chores: readonly Chore[], log: Log, disk: Pick<DiskSpace, 'state'> = unwatched): () => Promise<void> {
  const timers = chores.map(({ name, everyMs, run }) => {
    let running: Promise<unknown> | null = null;
    const timer = setInterval(() => {
      if (disk.state() !== 'ok') return;
      running ??= run()
        .catch((error: unknown) => log.warn({ err: error }, `${name} failed; it is tried again`))
        .finally(() => {
          running = null;
        });
    }, everyMs);
    timer.unref();
    return { timer, underWay: () => running };
  });
  return async () => {
    for (const { timer } of timers) clearInterval(timer);
    await Promise.all(timers.map(({ underWay }) => underWay()));
  };
}
