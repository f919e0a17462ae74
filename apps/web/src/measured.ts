// What benchmarks run of the page: its own parts, so that what is measured is what runs.
export { isIntricate } from './components/intricate-markdown.ts';
export { markdownPlugins } from './components/markdown-plugins.ts';
