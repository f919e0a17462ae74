import ReactMarkdown, { type Components } from 'react-markdown';
import { useT } from '../lib/i18n/i18n.ts';
import { isIntricate } from './intricate-markdown.ts';
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
  if (isIntricate(text)) return <AsWritten text={text} />;
  return (
    <ReactMarkdown {...markdownPlugins} components={components}>
      {text}
    </ReactMarkdown>
  );
}

/** What a browser would need seconds or gigabytes for is shown whole, without being laid out, and says so. */
function AsWritten({ text }: { text: string }) {
  const t = useT();
  return (
    <>
      <p className="small soft">{t('components.intricate')}</p>
      <p className="verbatim">{text}</p>
    </>
  );
}
