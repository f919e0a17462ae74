import type { RenderedFile } from '@granary/corpus';
import { noRequests } from '../../jobs/give-way.ts';
import type { RequestsUnderWay } from '../../jobs/give-way.ts';
import { createThreadPool } from '../../jobs/thread-pool.ts';
import type { PairsPage, PinnedPairs } from './pinned-pairs.ts';
import type { FromThread, RenderOutcome, RenderTask } from './render-task.ts';
import { startRenderThread } from './render-thread.ts';
import type { RenderThread } from './render-thread.ts';

type Deps = {
  /** Where PostgreSQL answers; without it the pairs are read here, by `pairsPage`. */
  databaseUrl: string | undefined;
  pairsPage: (source: PinnedPairs, afterId: string | null, limit: number) => Promise<PairsPage>;
  /** Most tasks at once. */
  most: number;
  /** Requests that go first; without it the threads make way for none, for files that somebody is waiting for. */
  underWay?: RequestsUnderWay;
  pageSize?: number;
};
export type Renderer = ReturnType<typeof createRenderer>;
type RenderOptions = {
  /** Ends it at once, whoever waits for whom. */
  signal?: AbortSignal;
  /** Told now and then how many pairs were read; what it throws ends the rendering. */
  onProgress?: (pairs: number) => Promise<void>;
};

/** As many tasks as may run at once are running. */
export class RendererBusyError extends Error {}

/** Pages small enough to leave the process responsive, large enough not to wait for the database. */
const defaultPageSize = 1_000;
/**
 * Makes files of pinned pairs in threads of their own, which read PostgreSQL themselves; the embedded database lives in this
 * thread, so its pages are read here and sent there.
 */
export function createRenderer({ databaseUrl, pairsPage, most, underWay = noRequests(), pageSize = defaultPageSize }: Deps) {
  const pool = createThreadPool(() => startRenderThread(underWay));
  let running = 0;

  return {
    /**
     * The files of a task, one after the other, as they are read: the content of each to its end before the next is asked for.
     * Reading no further, or `signal`, ends the work. `outcome` is set after the last file. Asking for the first
     * throws RendererBusyError when too much is running.
     */
    render(task: RenderTask, { signal, onProgress }: RenderOptions = {}) {
      let outcome: RenderOutcome | undefined;
      return {
        files: filesOf(task, signal, onProgress, (result) => (outcome = result)),
        outcome(): RenderOutcome {
          if (outcome === undefined) throw new Error('Not all files are written yet');
          return outcome;
        },
      };
    },
  };

  async function* filesOf(
    task: RenderTask,
    signal: AbortSignal | undefined,
    onProgress: RenderOptions['onProgress'],
    onOutcome: (outcome: RenderOutcome) => void,
  ): AsyncGenerator<RenderedFile, void> {
    if (running >= most) throw new RendererBusyError();
    running += 1;
    let released = false;
    const release = () => {
      if (!released) running -= 1;
      released = true;
    };
    let thread: RenderThread | undefined;
    // Also where nobody reads on: then nothing else would end it.
    const abort = () => {
      release();
      thread?.end(signal?.reason instanceof Error ? signal.reason : new Error('The rendering was ended'));
    };
    let finished = false;
    const pages = readPages(task.source);
    try {
      signal?.throwIfAborted();
      const worker = (thread = pool.take());
      signal?.addEventListener('abort', abort);
      worker.send({ kind: 'task', task, databaseUrl: databaseUrl ?? null });
      const next = () => nextOf(worker, pages, onProgress);
      for (let message = await next(); ; message = await next()) {
        if (message.kind === 'file') yield fileOf(worker, next);
        else if (message.kind === 'done') {
          finished = true;
          return onOutcome(message.outcome);
        } else throw new Error(`A thread sent ${message.kind} between files`);
      }
    } finally {
      release();
      signal?.removeEventListener('abort', abort);
      await pages.return(undefined);
      if (finished && thread) pool.giveBack(thread);
      else thread?.end(new Error('The rendering was ended'));
    }
  }

  /** The next message that is about files; what else comes is seen to. */
  async function nextOf(
    thread: RenderThread,
    pages: AsyncGenerator<string[]>,
    onProgress: RenderOptions['onProgress'],
  ): Promise<FromThread> {
    for (;;) {
      const message = await thread.next();
      if (message.kind === 'failed') throw message.error;
      if (message.kind === 'progress') await onProgress?.(message.pairs);
      else if (message.kind === 'page-wanted') thread.send({ kind: 'page', pairs: (await pages.next()).value ?? [] });
      else return message;
    }
  }

  /** Reads ahead by one page, so that the database works while the last page is written. */
  async function* readPages(source: PinnedPairs): AsyncGenerator<string[], undefined> {
    let next = pairsPage(source, null, pageSize);
    for (;;) {
      const { pairs, lastId } = await next;
      if (lastId === null) return;
      next = pairsPage(source, lastId, pageSize);
      // Awaited in the next round; until then a failure is nobody's.
      next.catch(() => {});
      yield pairs;
    }
  }
}

function fileOf(thread: RenderThread, next: () => Promise<FromThread>): RenderedFile {
  let end: Extract<FromThread, { kind: 'file-end' }> | undefined;
  async function* content() {
    for (let message = await next(); message.kind !== 'file-end' || !(end = message); message = await next()) {
      if (message.kind !== 'chunk') throw new Error(`A thread sent ${message.kind} within a file`);
      yield message.bytes;
      thread.send({ kind: 'credit', bytes: message.bytes.length });
    }
  }
  return {
    content: content(),
    encoded() {
      if (end === undefined) throw new Error('The file is not written to its end yet');
      return end.encoded;
    },
  };
}
