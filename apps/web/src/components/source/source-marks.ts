/** A piece of a text, and where it begins in it: characters that show themselves, or one that does not and the sign that stands for it. */
export type SourcePiece = { at: number; text: string; mark?: string };

const signs = new Map([
  [' ', '·'],
  ['\t', '→'],
  ['\n', '↵'],
  ['\r', '␍'],
  ['\u00A0', '⍽'],
]);

/** Separators, control and format characters, and letters that are blank: what a reader cannot tell from nothing or from a space. */
const unseen = /[\p{Z}\p{Cc}\p{Cf}\u115F\u1160\u3164\uFFA0\u2800\p{Variation_Selector}]/u;

/**
 * Cuts a text where white space and invisible characters are. Their texts, joined, are the text; a sign for a character that has no
 * usual one is its number, such as `U+200B`. Joiners within emoji count as invisible too.
 */
export function sourcePieces(text: string): SourcePiece[] {
  const pieces: SourcePiece[] = [];
  let seen = '';
  let at = 0;
  const add = (piece: Omit<SourcePiece, 'at'>) => {
    pieces.push({ at, ...piece });
    at += piece.text.length;
  };
  for (const character of text) {
    if (!unseen.test(character)) {
      seen += character;
      continue;
    }
    if (seen !== '') add({ text: seen });
    seen = '';
    add({ text: character, mark: signs.get(character) ?? numberOf(character) });
  }
  if (seen !== '') add({ text: seen });
  return pieces;
}

const numberOf = (character: string) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
