/** Units that texts are compared by, the finest first. */
export type TokenUnit = 'word' | 'sentence' | 'paragraph';

/**
 * Expressions and not `Intl.Segmenter`, whose work grows with the square of the length in V8. Every expression here reads
 * a text once.
 */
const patterns = {
  // These scripts put no spaces between words: each character is a token, with its marks.
  unspaced: String.raw`[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}\p{sc=Tibt}]\p{M}*`,
  letters: String.raw`(?:(?![\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}\p{sc=Tibt}])[\p{L}\p{N}\p{M}_])+`,
  // What joins two halves of a word: apostrophes, soft hyphens, zero-width joiners.
  joiner: String.raw`['’\u00ad\u200c\u200d]`,
  space: String.raw`\r\n|[\r\n]|[^\S\r\n]+`,
  // Anything else is a token with what belongs to it: marks, skin tones, tags, what is joined to an emoji, a flag's other half.
  other: String.raw`(?:\p{RI}{2}|[^])(?:[\p{M}\p{EMod}\u{e0020}-\u{e007f}]|\u200d\p{ExtPict})*`,
};
const word = new RegExp(
  [patterns.space, patterns.unspaced, `${patterns.letters}(?:${patterns.joiner}${patterns.letters})*`, patterns.other].join('|'),
  'gu',
);
/** Between sentences: blanks after a full stop and up to three closing quotes or brackets, nothing after a CJK one; any line break. */
const sentenceBreak =
  /((?:\r?\n)+)|(?<=[.!?…؟।॥։።][\p{Pe}\p{Pf}"'’]{0,3})([^\S\r\n]+)|(?<=[。！？｡][\p{Pe}\p{Pf}"'’]{0,3})(?![\s\p{Pe}\p{Pf}"'’。！？｡])/u;
const paragraphBreak = /((?:\r?\n)+)/;

/** Cuts a text into words, sentences or paragraphs, and what is between them; joined, they are the text again. */
export function tokensOf(text: string, unit: TokenUnit): string[] {
  if (unit === 'word') return text.match(word) ?? [];
  return text.split(unit === 'sentence' ? sentenceBreak : paragraphBreak).filter((token) => token !== undefined && token !== '');
}
