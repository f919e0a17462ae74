import { alwaysByWordLength } from '@granary/domain';
import { useT } from '../../lib/i18n/i18n.ts';
import { useTextDiff, type TextDiffState } from './use-text-diff.ts';
import '../prose.css';

type Props = { before: string; after: string; lang?: string };

/**
 * What changed between two texts, word by word where that is possible: what came is underlined, what went is struck through. Shows the
 * text after at once, and the changes when they are computed.
 */
export function TextDiff({ before, after, lang }: Props) {
  const t = useT();
  const state = useTextDiff(before, after);
  const parts = state.diff?.parts ?? [{ kind: 'kept' as const, text: after }];
  // Short texts are always compared by word, which needs no telling. For longer ones the line is there from the beginning: it moves nothing.
  const isTold = state.status === 'failed' || (before !== after && before.length + after.length > alwaysByWordLength);
  return (
    <div className="stack gap-2">
      {isTold && <p className="diff-unit small soft">{t(`diff.${noteOf(state)}`)}</p>}
      <div className="prose diff verbatim" dir="auto" lang={lang} aria-busy={state.status === 'computing'}>
        {parts.map(({ kind, text }, index) => {
          const key = `${index}${text.slice(0, 8)}`;
          if (kind === 'kept') return <span key={key}>{text}</span>;
          const Mark = kind === 'added' ? 'ins' : 'del';
          return (
            <Mark key={key}>
              <span className="visually-hidden">{t(`diff.${kind}`)} </span>
              {text}
            </Mark>
          );
        })}
      </div>
    </div>
  );
}

function noteOf({ status, diff }: TextDiffState) {
  return status === 'done' ? (`unit.${diff.unit}` as const) : status;
}
