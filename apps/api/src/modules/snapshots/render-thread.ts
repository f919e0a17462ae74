import { Worker } from 'node:worker_threads';
import type { RequestsUnderWay } from '../../jobs/give-way.ts';
import type { FromThread, ToThread } from './render-task.ts';

const workerFile = new URL('./render-worker.ts', import.meta.url);

/** Rows live for as long as their row group is being written: a larger nursery spares copying them, and the rest stays small. */
const resourceLimits = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 48 };

/** A thread that does one task at a time, and its messages in order. */
export type RenderThread = ReturnType<typeof startThread>;

/** Starts a thread that makes way for the requests counted. It keeps the process alive only while it is `busy`. */
export function startThread(underWay: RequestsUnderWay) {
  const worker = new Worker(workerFile, { execArgv: [], name: 'render', resourceLimits, workerData: underWay });
  const arrived: FromThread[] = [];
  let failure: Error | undefined;
  let wake: (() => void) | undefined;
  const fail = (error: Error) => {
    failure ??= error;
    wake?.();
  };
  worker.on('message', (message: FromThread) => {
    arrived.push(message);
    wake?.();
  });
  worker.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', () => fail(new Error('The thread has ended')));

  return {
    send: (message: ToThread) => worker.postMessage(message, []),
    /** The next message. Rejects when the thread has ended, or was ended by `end`. */
    async next(): Promise<FromThread> {
      for (;;) {
        const message = arrived.shift();
        if (message !== undefined) return message;
        if (failure !== undefined) throw failure;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    busy: () => worker.ref(),
    idle: () => worker.unref(),
    isAlive: () => failure === undefined,
    /** Ends the thread wherever it is, its database connection included; whoever waits for a message gets the reason. */
    end(reason: Error): void {
      arrived.length = 0;
      fail(reason);
      void worker.terminate();
    },
  };
}
