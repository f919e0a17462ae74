import { useMemo } from 'react';
import { diffWordsWithSpace } from 'diff';
import { useT } from '../lib/i18n/i18n.ts';
import './prose.css';

/** What changed between two texts, word by word: what came is underlined, what went is struck through. */
export function TextDiff({ before, after, lang }: { before: string; after: string; lang?: string }) {
  const t = useT();
  const parts = useMemo(() => diffWordsWithSpace(before, after), [before, after]);
  return (
    <div className="prose diff verbatim" dir="auto" lang={lang}>
      {parts.map(({ value, added, removed }, index) => {
        const key = `${index}${value.slice(0, 8)}`;
        if (!added && !removed) return <span key={key}>{value}</span>;
        const Mark = added ? 'ins' : 'del';
        return (
          <Mark key={key}>
            <span className="visually-hidden">{added ? t('components.diff.added') : t('components.diff.removed')} </span>
            {value}
          </Mark>
        );
      })}
    </div>
  );
}
