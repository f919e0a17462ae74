import { useEffect, useState } from 'react';
import { replacePassage, type TextDiff } from '@granary/domain';
import { createDiffQueue } from './diff-queue.ts';

/** `computing` until the worker has answered; `failed` where it could not: then `diff` is what needs no comparing. */
export type TextDiffState = { status: 'computing'; diff: null } | { status: 'done' | 'failed'; diff: TextDiff };

/** Many times what the bounds of a comparison come to on a slow telephone. */
const limitMs = 10_000;

const queue = createDiffQueue({
  limitMs,
  startWorker: ({ onDiff, onFailure }) => {
    const worker = new Worker(new URL('./diff.worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<TextDiff>) => onDiff(data));
    worker.addEventListener('error', onFailure);
    worker.addEventListener('messageerror', onFailure);
    return {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin to name
      compare: ({ before, after }) => worker.postMessage({ before, after }),
      end: () => worker.terminate(),
    };
  },
});

/** Compares two texts in a worker, for as long as the component is on the page. */
export function useTextDiff(before: string, after: string): TextDiffState {
  const [settled, setSettled] = useState<{ before: string; after: string; state: TextDiffState } | null>(null);
  useEffect(() => {
    if (before === after) return;
    return queue.request({ before, after }, (diff) =>
      setSettled({
        before,
        after,
        state: diff === null ? { status: 'failed', diff: replacePassage(before, after) } : { status: 'done', diff },
      }),
    );
  }, [before, after]);
  if (before === after) return { status: 'done', diff: { unit: 'word', parts: [{ kind: 'kept', text: after }] } };
  return settled?.before === before && settled.after === after ? settled.state : { status: 'computing', diff: null };
}
