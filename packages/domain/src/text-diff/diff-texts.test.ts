import fc from 'fast-check';
import { growthOfWork, linearBelow } from '@granary/contract/testing';
import { describe, expect, it, test } from 'vitest';
import { hostileTexts } from '../testing/index.ts';
import { alwaysByWordLength, diffTexts, replacePassage, type TextDiff } from './diff-texts.ts';
import { findKeptRuns } from './kept-runs.ts';
import { tokensOf, type TokenUnit } from './tokens.ts';

const joined = ({ parts }: TextDiff, without: 'added' | 'removed') =>
  parts
    .filter(({ kind }) => kind !== without)
    .map(({ text }) => text)
    .join('');
const marked = ({ parts }: TextDiff) =>
  parts.map(({ kind, text }) => (kind === 'kept' ? text : kind === 'added' ? `{+${text}+}` : `[-${text}-]`)).join('');
const byWord = (before: string, after: string) => {
  const diff = diffTexts(before, after);
  expect(diff.unit).toBe('word');
  return marked(diff);
};
/** All different, and different from those with another letter. */
const differentWords = (letter: string, count: number, end = ' ') =>
  Array.from({ length: count }, (_, index) => `${letter}${index.toString(36)}`).join(end);

/** The diffs, with bounds from none to the usual, that lose a character, make one up or move one. */
function lossyDiffs(before: string, after: string): TextDiff[] {
  const diffs = [
    diffTexts(before, after),
    replacePassage(before, after),
    ...[0, 9, 400].map((maxSteps) => diffTexts(before, after, { maxSteps })),
  ];
  return diffs.filter((diff) => joined(diff, 'added') !== before || joined(diff, 'removed') !== after);
}

describe('a diff of two texts', () => {
  test.each([
    ['a word that changed', 'Kept dry on wooden legs.', 'Kept dry on stone legs.', 'Kept dry on [-wooden-]{+stone+} legs.'],
    ['what was put in', 'Kept dry.', 'Kept cool and dry.', 'Kept {+cool and +}dry.'],
    ['what was taken out, to the end', 'Kept dry. Always.', 'Kept dry.', 'Kept dry.[- Always.-]'],
    ['words in a row as one passage', 'one two three four', 'one 2 3 four', 'one [-two three-]{+2 3+} four'],
    ['lines apart, even where all words differ', 'one two\nthree', '1 2\n3', '[-one two-]{+1 2+}\n[-three-]{+3+}'],
    ['words with their accents, apostrophes and joiners whole', 'it’s naïve', 'it’d naïf', '[-it’s naïve-]{+it’d naïf+}'],
    ['marks together with their letter', 'क्षमा a\u0301', 'क्षमता a\u0300', '[-क्षमा a\u0301-]{+क्षमता a\u0300+}'],
    ['Cyrillic words whole', 'сухое зерно', 'сухая рожь', '[-сухое зерно-]{+сухая рожь+}'],
    ['one character where a script has no spaces', '谷物保持干燥', '谷物保持凉爽', '谷物保持[-干燥-]{+凉爽+}'],
    ['emoji whole', '👨‍👩‍👧 👋🏽 🇩🇪', '👨‍👩‍👦 👋🏿 🇩🇰', '[-👨‍👩‍👧 👋🏽 🇩🇪-]{+👨‍👩‍👦 👋🏿 🇩🇰+}'],
    ['nothing', 'The same.', 'The same.', 'The same.'],
    ['a text where there was none', '', 'New.', '{+New.+}'],
    ['no text where there was one', 'Old.', '', '[-Old.-]'],
  ])('shows %s', (_name, before, after, shown) => {
    expect(byWord(before, after)).toBe(shown);
  });

  it('of two empty texts has no parts', () => {
    expect(diffTexts('', '').parts).toEqual([]);
  });

  it('is by sentence where words differ too much, then by paragraph, then the passage as a whole', () => {
    // 5,000 words and 5,000 others, between the same first and last sentence.
    const long = (letter: string) => differentWords(letter, 5_000);
    const sentences = diffTexts(`First. ${long('a')}. Last.`, `First. ${long('b')}. Last.`);
    expect({ unit: sentences.unit, parts: sentences.parts.map(({ kind }) => kind) }).toEqual({
      unit: 'sentence',
      parts: ['kept', 'removed', 'added', 'kept'],
    });
    const maxSteps = 20_000;
    const ofSentences = (letter: string) => `First\n${differentWords(letter, 300, '. ')}\n\nLast`;
    const paragraphs = diffTexts(ofSentences('a'), ofSentences('b'), { maxSteps });
    expect({ unit: paragraphs.unit, parts: paragraphs.parts.map(({ kind }) => kind) }).toEqual({
      unit: 'paragraph',
      parts: ['kept', 'removed', 'added', 'kept'],
    });
    const ofParagraphs = (letter: string) => `First\n${differentWords(letter, 300, '.\n')}\nLast`;
    const passage = diffTexts(ofParagraphs('a'), ofParagraphs('b'), { maxSteps });
    expect({ unit: passage.unit, parts: passage.parts.map(({ kind }) => kind) }).toEqual({
      unit: 'passage',
      parts: ['kept', 'removed', 'added', 'kept'],
    });
  });

  it('is by word for a long text with changes here and there, and for much that was put in', () => {
    const words = differentWords('a', 5_000).split(' ');
    const edited = words.map((word, index) => (index % 50 === 0 ? `b${word}` : word)).join(' ');
    expect(diffTexts(words.join(' '), edited).unit).toBe('word');
    const halves = [words.slice(0, 2_500), differentWords('b', 2_500).split(' '), words.slice(2_500)];
    expect(diffTexts(words.join(' '), halves.flat().join(' ')).unit).toBe('word');
  });

  it('is by word for any two short texts', () => {
    const [unlike, other] = ['.!', '?,'].map((marks) => marks.repeat(alwaysByWordLength / 4));
    expect(diffTexts(unlike ?? '', other ?? '').unit).toBe('word');
    const texts = hostileTexts(alwaysByWordLength / 2).filter((_, index) => index % 8 === 0);
    const units = texts.map(({ text }, index) => diffTexts(text, texts[(index + 1) % texts.length]?.text ?? '').unit);
    expect(new Set(units)).toEqual(new Set(['word']));
  });

  it('loses no character of hostile texts', () => {
    const texts = hostileTexts(200);
    const lossy = texts.flatMap(({ text }, index) => {
      const other = texts[(index + 7) % texts.length]?.text ?? '';
      return [...lossyDiffs(text, other), ...lossyDiffs(text + other, other + text)];
    });
    expect(lossy).toEqual([]);
  });

  it('loses no character of any texts, not even of halves of surrogate pairs', () => {
    const piece = fc.oneof(
      fc.constantFrom('a', 'b', ' ', '. ', '。', '\n', '\r\n', '\r', '“x.” ', '\ud83d', '\udc4d', '👍🏽', '\u200d', '\u0301', '🇩🇪', '的'),
      fc.string({ unit: 'binary', maxLength: 4 }),
    );
    const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, text, (before, after) => void expect(lossyDiffs(before, after)).toEqual([])),
      { numRuns: 300 },
    );
  });

  it('works in proportion to the length of the texts once they differ too much', () => {
    const compare = (text: string) => diffTexts(text.replaceAll('word', 'a'), text.replaceAll('word', 'b'), { maxSteps: 2_000 });
    expect(growthOfWork((text) => compare(numbered(text)), { part: 'word ', length: 1_000 })).toBeLessThan(linearBelow);
    // What the bound is for.
    const unbounded = (text: string) => diffTexts(text.replaceAll('word', 'a'), text.replaceAll('word', 'b'), { maxSteps: Infinity });
    expect(growthOfWork((text) => unbounded(numbered(text)), { part: 'word ', length: 1_000 })).toBeGreaterThan(linearBelow);
  });
});

/** The same text with a number on every word, so that no two are alike. */
function numbered(text: string): string {
  let count = 0;
  return text.replaceAll('word', (word) => `${word}${count++}`);
}

describe('tokens', () => {
  test.each<[TokenUnit, string, string[]]>([
    ['sentence', 'One. Two! “Three?” Four', ['One.', ' ', 'Two!', ' ', '“Three?”', ' ', 'Four']],
    ['sentence', '一。二！「三？」四', ['一。', '二！', '「三？」', '四']],
    ['sentence', 'Version 1.5 of e.g\nthis', ['Version 1.5 of e.g', '\n', 'this']],
    ['sentence', 'Wait... what', ['Wait...', ' ', 'what']],
    ['paragraph', 'One. Two.\n\nThree\r\nFour\n', ['One. Two.', '\n\n', 'Three', '\r\n', 'Four', '\n']],
    ['word', 'don’t  stop\r\n1.5', ['don’t', '  ', 'stop', '\r\n', '1', '.', '5']],
  ])('of a text by %s: %j', (unit, text, tokens) => {
    expect(tokensOf(text, unit)).toEqual(tokens);
  });

  // What an expression could go back over again and again: runs of each thing that it repeats or looks behind for.
  const runs = [' ', ' a', '\r', '\n', '. ', '."', '"', '。"', "a'", '\u0301', '\u200d', '的\u0301', '🇩', 'a\u00ad'];
  test.each<TokenUnit>(['word', 'sentence', 'paragraph'])('are found in one reading of the text, by %s', (unit) => {
    const slow = runs.filter((part) => growthOfWork((text) => tokensOf(text, unit), { part, length: 1_000 }) > linearBelow);
    expect(slow).toEqual([]);
  });
});

describe('kept runs', () => {
  const list = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 30 }).map((values) => Int32Array.from(values));

  it('are equal in both lists, in order, and as long together as any common subsequence', () => {
    fc.assert(
      fc.property(list, list, (before, after) => {
        const runs = findKeptRuns(before, after, Infinity) ?? [];
        let [endBefore, endAfter, kept] = [0, 0, 0];
        for (const run of runs) {
          expect(run.before).toBeGreaterThanOrEqual(endBefore);
          expect(run.after).toBeGreaterThanOrEqual(endAfter);
          [endBefore, endAfter, kept] = [run.before + run.length, run.after + run.length, kept + run.length];
          expect(before.slice(run.before, endBefore)).toEqual(after.slice(run.after, endAfter));
        }
        expect(kept).toBe(longestCommonSubsequence(before, after));
      }),
      { numRuns: 1_000 },
    );
  });

  it('are given up at the bound, and found one step above it', () => {
    // No token in common: each edit length visits one diagonal more, until all of one list is removed.
    const [before, after] = [Int32Array.of(1, 2, 3), Int32Array.of(4, 5, 6)];
    const needed = Array.from({ length: 40 }, (_, maxSteps) => findKeptRuns(before, after, maxSteps)).findIndex((runs) => runs !== null);
    expect(needed).toBe(1 + 2 + 3 + 4 + 3 + 2 + 1);
  });

  it('cost nothing at the ends that both lists share', () => {
    const same = Int32Array.from({ length: 50_000 }, (_, index) => index);
    expect(findKeptRuns(same, same, 0)).toEqual([{ before: 0, after: 0, length: 50_000 }]);
    expect(
      findKeptRuns(
        same,
        same.filter((value) => value < 25_000 || value >= 35_000),
        0,
      ),
    ).toHaveLength(2);
  });
});

function longestCommonSubsequence(before: Int32Array, after: Int32Array): number {
  let row = Array.from({ length: after.length + 1 }, () => 0);
  for (const token of before) {
    const next = [0];
    for (const [index, other] of after.entries())
      next.push(token === other ? (row[index] ?? 0) + 1 : Math.max(row[index + 1] ?? 0, next[index] ?? 0));
    row = next;
  }
  return row.at(-1) ?? 0;
}
