import { diffTexts } from '@granary/domain';
import type { Texts } from './diff-queue.ts';

// Compares texts away from the page, which stays quick to read and type in. Answers in the order of the requests.
addEventListener('message', ({ data }: MessageEvent<Texts>) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin to name
  postMessage(diffTexts(data.before, data.after));
});
