import { Worker } from 'node:worker_threads';

/** What a reader's page does with texts, off this thread, so that what takes too long can be ended. */
export type PageWork = { kind: 'render'; text: string } | { kind: 'diff'; before: string; after: string };

/** A piece of work that takes longer is ended and counts with this. */
const pageWorkMaxMs = 5_000;

/** Does page work one piece at a time; `time` gives its milliseconds, `pageWorkMaxMs` at most. */
export function startPageThread() {
  let worker: Worker | undefined;
  return {
    async time(work: PageWork): Promise<number> {
      worker ??= new Worker(new URL('page-work.ts', import.meta.url));
      const running = worker;
      const { promise: answer, resolve: answered, reject: failed } = Promise.withResolvers<number>();
      running.once('message', answered);
      running.once('error', failed);
      running.postMessage(work, []);
      let timer: NodeJS.Timeout | undefined;
      const limit = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), pageWorkMaxMs)));
      const took = await Promise.race([answer, limit]);
      clearTimeout(timer);
      // Without any listener at all, a thread says no more.
      running.off('error', failed);
      running.off('message', answered);
      if (took !== null) return took;
      await running.terminate();
      worker = undefined;
      return pageWorkMaxMs;
    },
    stop: async () => void (await worker?.terminate()),
  };
}
