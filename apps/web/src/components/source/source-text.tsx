import { sourcePieces } from './source-marks.ts';
import './source.css';

/** A text as it is stored, with a sign for each space, tab, line break and invisible character. What is copied is the text alone. */
export function SourceText({ text, lang }: { text: string; lang?: string }) {
  return (
    <div className="source-text verbatim" dir="auto" lang={lang}>
      {sourcePieces(text).map(({ at, text: piece, mark }) =>
        mark === undefined ? (
          piece
        ) : (
          <span key={at} className={mark.length > 1 ? 'source-number' : 'source-mark'} data-mark={mark}>
            {piece}
          </span>
        ),
      )}
    </div>
  );
}
