import ReactMarkdown, { type Components } from 'react-markdown';
import { markdownPlugins } from './markdown-plugins.ts';

/** Headings of a text stay below those of the page. */
const components: Components = {
  h1: 'h4',
  h2: 'h4',
  h3: 'h4',
  a: ({ href, children }) => (
    <a href={href} rel="nofollow ugc noopener noreferrer" target="_blank">
      {children}
    </a>
  ),
  table: ({ children }) => (
    <div className="prose-scroll">
      <table>{children}</table>
    </div>
  ),
};

export default function MarkdownView({ text }: { text: string }) {
  return (
    <ReactMarkdown {...markdownPlugins} components={components}>
      {text}
    </ReactMarkdown>
  );
}
