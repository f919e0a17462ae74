import ReactMarkdown, { type Components } from 'react-markdown';
import rehypeSanitize from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';

/** Headings of a text stay below those of the page; an image would tell its host who reads. */
const components: Components = {
  h1: 'h4',
  h2: 'h4',
  h3: 'h4',
  a: ({ href, children }) => (
    <a href={href} rel="nofollow ugc noopener noreferrer" target="_blank">
      {children}
    </a>
  ),
  img: ({ alt, src }) => (
    <a href={typeof src === 'string' ? src : undefined} rel="nofollow ugc noopener noreferrer" target="_blank">
      {alt || src}
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
    <ReactMarkdown remarkPlugins={[remarkGfm]} rehypePlugins={[rehypeSanitize]} components={components}>
      {text}
    </ReactMarkdown>
  );
}
