import type { TextNormalisation } from '@granary/contract';

/** Composing them takes quadratic time, and no letter needs so many: https://unicode.org/reports/tr15/#Stream_Safe_Text_Format. */
const longMarks = /(\p{M}{31,})/u;
const lineEnds = /\r\n?/g;

/**
 * A text as its dataset wants it: `nfc` composes characters (Unicode's NFC; a run of more than thirty combining marks stays as it is),
 * `line_ends` makes every line end LF. Without any, the text itself.
 */
export function normaliseText(text: string, normalisations: readonly TextNormalisation[]): string {
  const composed = normalisations.includes('nfc') ? composeCharacters(text) : text;
  return normalisations.includes('line_ends') ? composed.replace(lineEnds, '\n') : composed;
}

const composeCharacters = (text: string): string =>
  text
    .split(longMarks)
    .map((part, index) => (index % 2 === 1 ? part : part.normalize('NFC')))
    .join('');
