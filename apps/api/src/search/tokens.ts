/** A word, or a pair of neighbouring characters where a script puts no spaces between words. `at` counts words from 0. */
export type Token = { text: string; at: number; kind: 'word' | 'gram' };

/** Longer words are known by so many UTF-16 units of theirs. */
const wordMax = 64;
/** Unicode's stream-safe format: no letter needs more marks, and normalising longer runs takes quadratic time. */
const longMarks = /(\p{M}{30})\p{M}+/gu;

/** What readers leave out when they search: accents of Latin, Greek and Cyrillic, points of Hebrew, vowel signs of Arabic, and what cannot be seen. */
const droppedMarks = new RegExp(
  `[${[
    '\\p{Cf}',
    '\\u0300-\\u036f\\u1ab0-\\u1aff\\u1dc0-\\u1dff\\u20d0-\\u20ff\\ufe20-\\ufe2f',
    '\\u0483-\\u0487',
    '\\u0591-\\u05c7',
    '\\u0610-\\u061a\\u0640\\u064b-\\u065f\\u0670\\u06d6-\\u06dc\\u06df-\\u06e8\\u06ea-\\u06ed',
    '\\ufe00-\\ufe0f',
  ].join('')}]+`,
  'gu',
);
/** Letters that have no decomposition but are written as these, too. */
const alsoWritten: Record<string, string> = { ß: 'ss', ς: 'σ', ı: 'i', ł: 'l', ø: 'o', đ: 'd', æ: 'ae', œ: 'oe', ð: 'd', þ: 'th', ى: 'ي' };
const alsoWrittenPattern = new RegExp(`[${Object.keys(alsoWritten).join('')}]`, 'gu');

/** Runs of scripts without spaces between words (and of Korean, whose particles hang on its words), and runs of all other letters and digits. */
const runs =
  /([[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]&&[\p{L}\p{N}\p{M}]]+)|[[\p{L}\p{N}\p{M}]--[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]]+/gv;

/** Marks alone are no word. */
const hasLetter = /[\p{L}\p{N}]/u;
/** A folded text is read so far: one character may fold to eighteen. Twice what an instruction's text and context may have. */
const foldedMax = 80_000;

/**
 * What a text says to the search: small letters without accents and compatibility forms (`CAFÉ`, `café` in NFC or NFD and `ｃａｆｅ` are
 * one word). Linear in the length of the text, of which only the beginning is read when it is longer than any field.
 */
function foldText(text: string): string {
  const streamSafe = text.replace(longMarks, '$1');
  return streamSafe
    .normalize('NFKD')
    .slice(0, foldedMax)
    .replace(droppedMarks, '')
    .toLowerCase()
    .replace(droppedMarks, '')
    .replace(alsoWrittenPattern, (letter) => alsoWritten[letter] ?? letter)
    .normalize('NFC');
}

/**
 * The words of a text in its order, letters and digits alone: signs separate words and are not searched for. Chinese, Japanese, Korean,
 * Thai, Lao, Khmer and Burmese give every two neighbouring characters, and the last one alone, each at its own place.
 */
export function* tokensOf(text: string): Generator<Token, void> {
  let at = 0;
  for (const [run, gram] of foldText(text).matchAll(runs)) {
    if (!hasLetter.test(run)) continue;
    if (gram === undefined) {
      yield { text: shorten(run), at, kind: 'word' };
      at += 1;
      continue;
    }
    let before: string | undefined;
    for (const character of run) {
      if (before !== undefined) {
        yield { text: before + character, at, kind: 'gram' };
        at += 1;
      }
      before = character;
    }
    if (before !== undefined) yield { text: before, at, kind: 'gram' };
    at += 1;
  }
}

/** Never ends within a surrogate pair. */
function shorten(word: string): string {
  if (word.length <= wordMax) return word;
  const cut = word.slice(0, wordMax);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}
