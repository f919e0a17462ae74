import { UnreadableFileError } from '@granary/corpus';
import type { FileOpener } from '@granary/corpus';
import { noRequests } from '../../jobs/give-way.ts';
import type { RequestsUnderWay } from '../../jobs/give-way.ts';
import { createThreadPool } from '../../jobs/thread-pool.ts';
import { startThread, ThreadDiedError } from '../../jobs/thread.ts';
import type { Thread } from '../../jobs/thread.ts';
import { createFilePump } from './file-pump.ts';
import type { FilePreview } from './preview.ts';
import type { PreparedRow } from './prepare-row.ts';
import type { FromThread, ReadTask, ToThread } from './read-task.ts';

type Deps = {
  /** Requests that go before the reading of whole files; previews, which somebody waits for, make way for none. */
  underWay: RequestsUnderWay;
  /** A thread that has work and gives no sign of life for so long is ended. */
  stuckMs?: number;
};
type ReadThread = Thread<ToThread, FromThread>;
export type FileReader = ReturnType<typeof createFileReader>;

/** Room for the largest row many times over; what a thread needs beyond it, only its own end can be. */
const resourceLimits = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32 };
const defaultStuckMs = 60_000;
/** Previews that are made at the same time; further ones wait. */
const previewsAtOnce = 2;

/**
 * Reads files of strangers in threads of their own, with bounds on memory and on time without progress. Throws `UnreadableFileError` for
 * files that cannot be read, `ThreadDiedError` when a thread dies while reading, and what opening or reading the file throws.
 */
export function createFileReader({ underWay, stuckMs = defaultStuckMs }: Deps) {
  const pool = (requests: RequestsUnderWay) =>
    createThreadPool<ToThread, FromThread>(() =>
      startThread({ file: new URL('./read-worker.ts', import.meta.url), name: 'read', resourceLimits, workerData: requests }),
    );
  const importing = pool(underWay);
  const previewing = pool(noRequests());
  const turns = createTurns(previewsAtOnce);

  return {
    /** What a file is taken for, and its first rows as they would be imported. */
    async preview(open: FileOpener, task: Omit<Extract<ReadTask, { kind: 'preview' }>, 'kind'>): Promise<FilePreview> {
      const done = await turns.take();
      try {
        const steps = read(previewing, open, { kind: 'preview', ...task }, new AbortController().signal);
        const { value } = await steps.next();
        if (value === undefined || value === null || Array.isArray(value)) throw new Error('A thread made no preview');
        return value;
      } catch (error) {
        if (!(error instanceof ThreadDiedError)) throw error;
        const reason = `The first rows cannot be read: reading them needs too much memory or time (${error.message}). Make the rows smaller.`;
        throw new UnreadableFileError(reason, { cause: error });
      } finally {
        done();
      }
    },

    /** The rows behind a line, in the file's order, a few at a time; the thread reads ahead. Ends with `signal` and its reason. */
    async *rows(
      open: FileOpener,
      task: Omit<Extract<ReadTask, { kind: 'rows' }>, 'kind'>,
      signal: AbortSignal,
    ): AsyncGenerator<PreparedRow[]> {
      yield* read(importing, open, { kind: 'rows', ...task }, signal);
    },
  };

  async function* read(
    threads: ReturnType<typeof pool>,
    open: FileOpener,
    task: ReadTask,
    signal: AbortSignal,
  ): AsyncGenerator<PreparedRow[], FilePreview | null> {
    signal.throwIfAborted();
    const thread = threads.take();
    const pump = createFilePump(thread, open);
    const watch = watchProgress(thread, pump.isAwaited, stuckMs);
    const abort = () => thread.end(signal.reason instanceof Error ? signal.reason : new Error('The reading was ended'));
    signal.addEventListener('abort', abort);
    let finished = false;
    try {
      thread.send({ kind: 'task', task });
      for (;;) {
        const message = await watch.next();
        if (message.kind === 'rows') {
          yield message.rows;
          thread.send({ kind: 'credit', weight: message.weight });
        } else if (message.kind === 'open' || message.kind === 'taken') pump.take(message);
        else {
          finished = true;
          if (message.kind === 'done') return message.preview;
          throw message.kind === 'unreadable' ? new UnreadableFileError(message.message) : message.error;
        }
      }
    } finally {
      signal.removeEventListener('abort', abort);
      watch.stop();
      pump.stop();
      if (finished) threads.giveBack(thread);
      else thread.end(new Error('The reading was ended'));
    }
  }
}

/** Ends a thread that is waited for, has all it needs, and says nothing for too long. */
function watchProgress(thread: ReadThread, isFileAwaited: () => boolean, stuckMs: number) {
  let waitingSince: number | null = null;
  const isStuck = () => waitingSince !== null && performance.now() - waitingSince > stuckMs && !thread.hasMessage() && !isFileAwaited();
  const seconds = Math.ceil(stuckMs / 1000);
  const timer = setInterval(
    () => {
      // Where this thread itself was held up, the message may be about to arrive.
      if (isStuck()) setImmediate(() => isStuck() && thread.end(new ThreadDiedError(`no progress for ${seconds} s`)));
    },
    Math.max(1, stuckMs / 4),
  );
  timer.unref();
  return {
    async next(): Promise<FromThread> {
      waitingSince = performance.now();
      try {
        return await thread.next();
      } finally {
        waitingSince = null;
      }
    },
    stop: () => clearInterval(timer),
  };
}

/** Lets `most` at a time go on; further ones wait, first come, first served. */
function createTurns(most: number) {
  let taken = 0;
  const waiting: (() => void)[] = [];
  return {
    /** Resolves when it is the caller's turn, to what ends that. */
    async take(): Promise<() => void> {
      if (taken >= most) await new Promise<void>((resolve) => waiting.push(resolve));
      else taken += 1;
      return () => {
        const next = waiting.shift();
        if (next) next();
        else taken -= 1;
      };
    },
  };
}
