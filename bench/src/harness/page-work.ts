import { parentPort } from 'node:worker_threads';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import ReactMarkdown from 'react-markdown';
import rehypeSanitize from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';
import { diffTexts } from '@granary/domain';
import type { PageWork } from './page-thread.ts';

/** What the page does: the same libraries with the same plugins as in `markdown-view.tsx`, the same diff; without the browser's layout. */
function run(work: PageWork): void {
  if (work.kind === 'diff') diffTexts(work.before, work.after);
  else renderToString(createElement(ReactMarkdown, { remarkPlugins: [remarkGfm], rehypePlugins: [rehypeSanitize] }, work.text));
}

parentPort?.on('message', (work: PageWork) => {
  const began = performance.now();
  run(work);
  parentPort?.postMessage(performance.now() - began, []);
});
