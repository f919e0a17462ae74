import ReactMarkdown, { type Components } from 'react-markdown';
import rehypeSanitize, { defaultSchema } from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';
import { faithfulMarkdown } from './faithful-markdown.ts';

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

/** What the plugin adds is let through too: numbers of list items, the language of code, blanks at the beginning of a line. */
const schema = {
  ...defaultSchema,
  attributes: {
    ...defaultSchema.attributes,
    li: [...(defaultSchema.attributes?.['li'] ?? []), 'value'],
    span: [...(defaultSchema.attributes?.['span'] ?? []), ['className', 'indentation']],
    p: [...(defaultSchema.attributes?.['p'] ?? []), ['className', 'code-language']],
  },
} satisfies typeof defaultSchema;

/** A single tilde stands for "about" more often than for an end of what it strikes out. */
const remarkPlugins = [[remarkGfm, { singleTilde: false }], faithfulMarkdown] satisfies Parameters<
  typeof ReactMarkdown
>[0]['remarkPlugins'];

export default function MarkdownView({ text }: { text: string }) {
  return (
    <ReactMarkdown remarkPlugins={remarkPlugins} rehypePlugins={[[rehypeSanitize, schema]]} components={components}>
      {text}
    </ReactMarkdown>
  );
}
