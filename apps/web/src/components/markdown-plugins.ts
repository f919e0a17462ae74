import type { Options } from 'react-markdown';
import rehypeSanitize, { defaultSchema } from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';
import { faithfulMarkdown } from './faithful-markdown.ts';

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

/** How Markdown of strangers becomes a page: nothing hidden, nothing that runs. */
export const markdownPlugins = {
  /** A single tilde stands for "about" more often than for an end of what it strikes out. */
  remarkPlugins: [[remarkGfm, { singleTilde: false }], faithfulMarkdown],
  rehypePlugins: [[rehypeSanitize, schema]],
} satisfies Pick<Options, 'remarkPlugins' | 'rehypePlugins'>;
