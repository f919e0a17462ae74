import { stemOf } from './stems.ts';
import { tokensOf } from './tokens.ts';

/** Different words of a text that the search knows; those that come later in a text with more are not found by it. */
export const vectorWordsMax = 4_000;
/** PostgreSQL's own bounds: https://www.postgresql.org/docs/current/textsearch-limitations.html. */
const positionMax = 16_383;
const positionsPerWordMax = 255;

type IndexedText = { text: string; context: string | null; language: string };

/**
 * What the search knows of a text and its context, as the text of a `tsvector`: words at their places, and their stems in the language.
 * PostgreSQL reads it without parsing any language, so that every database gives the same, in time linear in the text's length.
 */
export function vectorOf({ text, context, language }: IndexedText): string {
  const places = new Map<string, number[]>();
  for (const token of tokensOf(context === null ? text : `${text}\n${context}`)) {
    const known = places.get(token.text);
    if (known === undefined) {
      if (places.size >= vectorWordsMax) continue;
      places.set(token.text, [token.at]);
    } else if (known.length < positionsPerWordMax) known.push(token.at);
  }
  const lexemes = [...places].map(([word, at]) => `'${word}':${at.map((place) => Math.min(place + 1, positionMax)).join(',')}`);
  const stems = new Set([...places.keys()].map((word) => stemOf(word, language)));
  for (const stem of stems) if (!places.has(stem)) lexemes.push(`'${stem}'`);
  return lexemes.join(' ');
}
