import { parentPort } from 'node:worker_threads';
import { diffWordsWithSpace } from 'diff';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import ReactMarkdown from 'react-markdown';
import rehypeSanitize from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';
import type { PageWork } from './page-thread.ts';

/** The same libraries with the same plugins as the page's (`markdown-view.tsx`, `text-diff.tsx`), without the browser's layout. */
function run(work: PageWork): void {
  if (work.kind === 'diff') diffWordsWithSpace(work.before, work.after);
  else renderToString(createElement(ReactMarkdown, { remarkPlugins: [remarkGfm], rehypePlugins: [rehypeSanitize] }, work.text));
}

parentPort?.on('message', (work: PageWork) => {
  const began = performance.now();
  run(work);
  parentPort?.postMessage(performance.now() - began, []);
});
