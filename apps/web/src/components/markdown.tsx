import { lazy, Suspense } from 'react';
import './prose.css';

const MarkdownView = lazy(() => import('./markdown-view.tsx'));

/** Markdown as a reader sees it: set in the serif, sanitised, without images from elsewhere. Where its parser is slow to arrive the plain text is shown meanwhile. */
export function Markdown({ text, lang }: { text: string; lang?: string }) {
  return (
    <div className="prose" dir="auto" lang={lang}>
      <Suspense fallback={<p className="verbatim prose-waiting">{text}</p>}>
        <MarkdownView text={text} />
      </Suspense>
    </div>
  );
}
