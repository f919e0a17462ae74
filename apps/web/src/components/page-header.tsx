import { useEffect, useRef, type ReactNode } from 'react';
import { useDocumentTitle } from './document-title.ts';
import './display.css';

type PageHeaderProps = {
  /** Also the document's title. */
  title: string;
  /** A few small capitals above: where one is. */
  kicker?: ReactNode;
  /** The sentence below, in italics. */
  standfirst?: ReactNode;
  actions?: ReactNode;
};

/** The head of a page. Every page has exactly one; its heading takes the focus after a navigation. */
export function PageHeader({ title, kicker, standfirst, actions }: PageHeaderProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useDocumentTitle(title);
  useEffect(() => {
    // After a navigation the shell had nothing better to focus than the whole page, which was still loading.
    if (document.activeElement?.id === 'main') heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <header className="page-header">
      <div className="page-header-text">
        {kicker && <div className="kicker">{kicker}</div>}
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {standfirst && <p className="standfirst">{standfirst}</p>}
      </div>
      {actions && <div className="page-header-actions">{actions}</div>}
    </header>
  );
}
