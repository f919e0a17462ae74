import { Worker } from 'node:worker_threads';
import type { ResourceLimits } from 'node:worker_threads';

/** A thread ended that nobody had ended: out of memory, an error that it did not catch, or no sign of life. */
export class ThreadDiedError extends Error {
  override name = 'ThreadDiedError';
}

type ThreadOptions = {
  /** The module that the thread runs. */
  file: URL;
  name: string;
  resourceLimits: ResourceLimits;
  workerData: unknown;
};

/** A thread that does one task at a time, and its messages in order. */
export type Thread<ToThread, FromThread> = {
  send(message: ToThread, transfer?: ArrayBuffer[]): void;
  /** The next message. Rejects with `ThreadDiedError` when the thread has died, and with the reason when `end` ended it. */
  next(): Promise<FromThread>;
  /** Whether a message has arrived that `next` has not given yet. */
  hasMessage(): boolean;
  /** Keeps the process alive only between `busy` and `idle`. */
  busy(): void;
  idle(): void;
  isAlive(): boolean;
  /** Ends the thread wherever it is, its database connection included; whoever waits for a message gets the reason. */
  end(reason: Error): void;
};

/** Starts a thread; it is busy at first. */
export function startThread<ToThread, FromThread>({ file, ...options }: ThreadOptions): Thread<ToThread, FromThread> {
  const worker = new Worker(file, { execArgv: [], ...options });
  const arrived: FromThread[] = [];
  let failure: Error | undefined;
  let wake: (() => void) | undefined;
  const fail = (error: Error) => {
    failure ??= error;
    wake?.();
  };
  const died = (why: string, cause?: unknown) => fail(new ThreadDiedError(why, { cause }));
  worker.on('message', (message: FromThread) => {
    arrived.push(message);
    wake?.();
  });
  worker.on('error', (error) => died(error instanceof Error ? error.message : String(error), error));
  worker.on('exit', () => died('The thread has ended'));

  return {
    send: (message, transfer = []) => worker.postMessage(message, transfer),
    async next() {
      for (;;) {
        const message = arrived.shift();
        if (message !== undefined) return message;
        if (failure !== undefined) throw failure;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    hasMessage: () => arrived.length > 0,
    busy: () => worker.ref(),
    idle: () => worker.unref(),
    isAlive: () => failure === undefined,
    end(reason) {
      arrived.length = 0;
      fail(reason);
      void worker.terminate();
    },
  };
}
