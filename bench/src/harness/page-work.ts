import { parentPort } from 'node:worker_threads';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import ReactMarkdown from 'react-markdown';
import { diffTexts } from '@granary/domain';
import { isIntricate, markdownPlugins } from '@granary/web/measured';
import type { PageWork } from './page-thread.ts';

/** What the page does, without the browser's layout. */
function run(work: PageWork): void {
  if (work.kind === 'diff') diffTexts(work.before, work.after);
  else if (isIntricate(work.text)) renderToString(createElement('p', {}, work.text));
  else renderToString(createElement(ReactMarkdown, { ...markdownPlugins }, work.text));
}

parentPort?.on('message', (work: PageWork) => {
  const began = performance.now();
  run(work);
  parentPort?.postMessage(performance.now() - began, []);
});
