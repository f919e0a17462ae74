import { useEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import type { Entry } from '@granary/contract';
import { Button } from '../../../components/button.tsx';
import { paths } from '../../../config/paths.ts';
import { useT } from '../../../lib/i18n/i18n.ts';

/** The words a case is about: the instruction as its heading, and the response to it; what is cut short opens in place. */
export function CaseText({ entry, instruction }: { entry: Entry; instruction: string | null }) {
  const t = useT();
  const words = useRef<HTMLDivElement>(null);
  const [whole, setWhole] = useState(false);
  const [isCut, setCut] = useState(false);
  useEffect(() => {
    const element = words.current;
    if (element === null) return;
    // Whether five lines suffice depends on their width.
    const observer = new ResizeObserver(() =>
      setCut([...element.children].some(({ scrollHeight, clientHeight }) => scrollHeight > clientHeight + 1)),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <div className="case-words">
      <div ref={words} className={whole ? 'case-whole' : 'case-cut'}>
        <h2 className="case-title" dir="auto" lang={entry.language}>
          <Link to={paths.entry.to(entry.id)}>{instruction ?? entry.revision.text}</Link>
        </h2>
        {instruction !== null && (
          <p className="case-text serif" dir="auto" lang={entry.language}>
            {entry.revision.text}
          </p>
        )}
      </div>
      {(isCut || whole) && (
        <div className="case-more">
          <Button size="small" variant="quiet" aria-expanded={whole} onClick={() => setWhole(!whole)}>
            {t(whole ? 'moderation.case.less' : 'moderation.case.whole')}
          </Button>
        </div>
      )}
    </div>
  );
}
