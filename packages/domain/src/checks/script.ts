import type { Check } from '@granary/contract';

const scripts = {
  latin: /\p{Script=Latin}/gu,
  cyrillic: /\p{Script=Cyrillic}/gu,
  greek: /\p{Script=Greek}/gu,
  arabic: /\p{Script=Arabic}/gu,
  hebrew: /\p{Script=Hebrew}/gu,
  devanagari: /\p{Script=Devanagari}/gu,
  thai: /\p{Script=Thai}/gu,
  chinese: /\p{Script=Han}/gu,
  japanese: /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu,
  korean: /[\p{Script=Hangul}\p{Script=Han}]/gu,
} as const;
type Script = keyof typeof scripts;

/** Languages whose script is certain; the others are not checked. */
const scriptOf: Partial<Record<string, Script>> = {
  ...Object.fromEntries(
    [
      'en',
      'de',
      'fr',
      'es',
      'it',
      'pt',
      'nl',
      'pl',
      'sv',
      'tr',
      'vi',
      'da',
      'no',
      'nb',
      'fi',
      'cs',
      'sk',
      'hu',
      'ro',
      'hr',
      'ca',
      'id',
      'et',
      'lv',
      'lt',
      'sl',
      'ga',
      'eu',
      'gl',
      'sw',
      'af',
      'is',
    ].map((language) => [language, 'latin' as const]),
  ),
  uk: 'cyrillic',
  ru: 'cyrillic',
  bg: 'cyrillic',
  be: 'cyrillic',
  mk: 'cyrillic',
  el: 'greek',
  ar: 'arabic',
  fa: 'arabic',
  ur: 'arabic',
  he: 'hebrew',
  hi: 'devanagari',
  mr: 'devanagari',
  ne: 'devanagari',
  th: 'thai',
  zh: 'chinese',
  ja: 'japanese',
  ko: 'korean',
};

/** Fewer letters than this say nothing: names, formulas, a translated word. */
const lettersNeeded = 20;

/** A text whose letters are nearly all of another script than the declared language is written in. Code and quotations may mix. */
export function findForeignScript(field: Check['field'], text: string, language: string): Check[] {
  const script = scriptOf[language];
  if (script === undefined) return [];
  const prose = text.replace(/```[^`]*```/g, ' ').replace(/https?:\/\/\S+/g, ' ');
  const letters = prose.match(/\p{L}/gu)?.length ?? 0;
  if (letters < lettersNeeded) return [];
  const own = prose.match(scripts[script])?.length ?? 0;
  return own / letters < 0.2 ? [{ kind: 'wrong_script', severity: 'warn', field }] : [];
}
