import type { TextDiff } from '@granary/domain';

export type Texts = { before: string; after: string };
/** A thread that compares texts, one pair at a time. */
export type DiffWorker = { compare: (texts: Texts) => void; end: () => void };
export type DiffQueueParts = {
  /** Starts a worker, which calls `onDiff` once for each pair of texts, or `onFailure`. */
  startWorker: (on: { onDiff: (diff: TextDiff) => void; onFailure: () => void }) => DiffWorker;
  /** A comparison that takes longer, with the start of the worker, is ended. */
  limitMs: number;
};
type Request = Texts & { settle: (diff: TextDiff | null) => void };

/**
 * Has texts compared by one worker, in turn, which lives as long as there is something to compare. `request` calls `settle` with the
 * diff, or with null where the worker failed or took too long, and returns a function that withdraws the request and ends its work.
 */
export function createDiffQueue({ startWorker, limitMs }: DiffQueueParts) {
  const waiting: Request[] = [];
  let current: Request | null = null;
  let worker: (DiffWorker & { hasAnswered: boolean }) | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function startNext(): void {
    if (current !== null) return;
    current = waiting.shift() ?? null;
    if (current === null) return endWorker();
    timer = setTimeout(fail, limitMs);
    try {
      worker ??= started();
      worker.compare(current);
    } catch {
      fail();
    }
  }

  function started(): DiffWorker & { hasAnswered: boolean } {
    // An ended worker may have an answer under way, which is nobody's.
    const isMine = (): boolean => worker === mine;
    const mine: DiffWorker & { hasAnswered: boolean } = {
      ...startWorker({ onDiff: (diff) => isMine() && answer(diff), onFailure: () => isMine() && fail() }),
      hasAnswered: false,
    };
    return mine;
  }

  function answer(diff: TextDiff): void {
    if (worker !== null) worker.hasAnswered = true;
    settleCurrent(diff);
    startNext();
  }

  function fail(): void {
    // A worker that never answered cannot be loaded or run here: those that wait need not find that out one by one.
    const failed = worker?.hasAnswered === true ? [] : waiting.splice(0);
    endWorker();
    settleCurrent(null);
    for (const { settle } of failed) settle(null);
    startNext();
  }

  function settleCurrent(diff: TextDiff | null): void {
    const settled = current;
    stopCurrent();
    settled?.settle(diff);
  }

  function stopCurrent(): void {
    clearTimeout(timer);
    current = null;
  }

  function endWorker(): void {
    worker?.end();
    worker = null;
  }

  function withdraw(request: Request): void {
    const index = waiting.indexOf(request);
    if (index >= 0) waiting.splice(index, 1);
    if (request !== current) return;
    endWorker();
    stopCurrent();
    // A page that closes withdraws all its requests at once: no worker is started for the next of them.
    queueMicrotask(startNext);
  }

  return {
    request(texts: Texts, settle: Request['settle']): () => void {
      const request = { ...texts, settle };
      waiting.push(request);
      queueMicrotask(startNext);
      return () => withdraw(request);
    },
  };
}
