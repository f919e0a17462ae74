import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../seeded-random.ts';
import { bandCount, bandsOf, bandsVersion } from './bands.ts';
import { jaccard, nearDuplicateFrom, nearDuplicateLikeness } from './likeness.ts';
import { shinglesOf } from './shingles.ts';

const root = resolve(import.meta.dirname, '../../../..');
const shared = process.env['GRANARY_SHARED_DATA'] ?? resolve(root, '../shared/data');

type Row = { instruction: string; context?: string; instances?: { input: string }[] };
/** First instructions with their passages. The threshold was chosen on the rows of even number; these are the others. */
function heldOut(whole: string, fixture: string): string[] {
  const path = existsSync(resolve(shared, whole)) ? resolve(shared, whole) : resolve(root, 'fixtures/imports', fixture);
  const rows = readFileSync(path, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Row); // prettier-ignore
  return rows
    .map(({ instruction, context, instances }) => `${instruction}\n${context ?? instances?.[0]?.input ?? ''}`)
    .filter((_, index) => index % 2 === 1);
}
const corpora = {
  gsm8k: heldOut('gsm8k-train.jsonl', 'gsm8k.jsonl'),
  dolly: heldOut('dolly-sample.jsonl', 'dolly.jsonl'),
  selfInstruct: heldOut('self-instruct-seed-tasks.jsonl', 'self-instruct.jsonl'),
  userOriented: heldOut('self-instruct-user-oriented.jsonl', 'self-instruct.jsonl'),
};

/** Cyrillic and Greek letters that are taken for Latin ones. */
const alike: Record<string, string> = Object.fromEntries(
  [...'aeopcxyABEHKMOPCTX'].map((letter, n) => [letter, [...'аеорсхуАВЕНКМОРСТΧ'][n] ?? letter]),
);

/** What people do to a text before they hand it in again. */
const changes: Record<string, (text: string, random: () => number) => string> = {
  'case and punctuation': (text) => text.toUpperCase().replace(/[.,?!]/g, ''),
  'a wrong letter in every hundred': (text, random) => {
    let changed = text;
    for (let n = 0; n < Math.max(1, text.length / 100); n += 1) {
      const place = Math.floor(random() * text.length);
      changed = `${changed.slice(0, place)}x${changed.slice(place + 1)}`;
    }
    return changed;
  },
  'a word in fifteen dropped': (text, random) =>
    text.split(' ').filter((_, index, words) => words.length < 8 || index % 15 !== Math.floor(random() * 15)).join(' '), // prettier-ignore
  'a clause added': (text) => `${text} Please answer in two or three sentences.`,
  'full width and ligatures': (text) =>
    text.replace(/[!-~]/g, (sign) => String.fromCodePoint(sign.charCodeAt(0) + 0xfee0)).replaceAll('fi', 'ﬁ'),
  'characters nobody sees': (text) => [...text].join('\u200b').replaceAll(' ', ' \u2060\u00ad'),
  'letters that look alike': (text) => text.replace(/[aeopcxyABEHKMOPCTX]/g, (letter) => alike[letter] ?? letter),
  'other numbers': (text, random) => text.replace(/\d+/g, () => String(2 + Math.floor(random() * 90))),
};

const share = (values: readonly boolean[]) => values.filter(Boolean).length / values.length;

/** In shorter ones a single letter is a good part of the text. */
const longEnough = 60;

test.each(Object.entries(changes))('%s: of 20 texts at least 19 are found again', (_, change) => {
  const random = seededRandom(20_260_301);
  const texts = Object.values(corpora).flat().filter((text) => text.length >= longEnough); // prettier-ignore
  const found = texts.map((text) => {
    const [one, other] = [shinglesOf(text), shinglesOf(change(text, random))];
    const bands = bandsOf(other);
    return nearDuplicateLikeness(one, other) > 0 && bandsOf(one).some((band, index) => band === bands[index]);
  });
  expect(found.length).toBeGreaterThan(20);
  expect(share(found)).toBeGreaterThanOrEqual(0.95);
});

describe.each(Object.entries(corpora))('%s', (name, texts) => {
  test('different tasks are not taken for the same', () => {
    const shingles = texts.map(shinglesOf);
    // Every text with the next hundred: GSM8K has some pairs that were written from one another.
    let alike = 0;
    let compared = 0;
    for (let one = 0; one < shingles.length; one += 1)
      for (let other = one + 1; other < Math.min(shingles.length, one + 100); other += 1) {
        compared += 1;
        if (nearDuplicateLikeness(shingles[one]!, shingles[other]!) > 0) alike += 1;
      }
    expect([name, alike / compared < 0.000_01]).toEqual([name, true]);
  });
});

test.each([
  ['What is the capital of France?', 'What is the capital of Spain?'],
  ['Write a poem about cats.', 'Write a poem about autumn.'],
  ['Translate “bread” into German.', 'Translate “good morning” into German.'],
])('what shares its pattern only is different: %s %s', (one, other) => {
  expect(nearDuplicateLikeness(shinglesOf(one), shinglesOf(other))).toBe(0);
});

test.each([
  ['Write a poem about cats.', 'Write a poem about cats that live on a farm by the sea and hate the rain.'],
  [
    'How did people store grain in the Middle Ages?',
    `${'Tell me the story of a miller who had to pay for a broken wheel. '.repeat(3)}How did people store grain in the Middle Ages?`,
  ],
])('a short text inside another task is not that task: %s', (one, other) => {
  expect(nearDuplicateLikeness(shinglesOf(one), shinglesOf(other))).toBe(0);
});

test('one text that holds another is its near-duplicate, also where they share less than the rest', () => {
  const question = 'Describe how the harvest of wheat was brought in before there were any machines.';
  const longer = `${question} Use no more than five sentences, and name two tools that were needed.`;
  expect(jaccard(shinglesOf(question), shinglesOf(longer))).toBeLessThan(nearDuplicateFrom);
  expect(nearDuplicateLikeness(shinglesOf(question), shinglesOf(longer))).toBeGreaterThan(0);
});

test('instructions and responses of the same words have no band in common', () => {
  const shingles = shinglesOf('Grain is kept in a granary until it is ground or sown.');
  const instruction = new Set(bandsOf(shingles, 'instruction'));
  expect([...bandsOf(shingles, 'response')].some((band) => instruction.has(band))).toBe(false);
});

test('likeness is the share of common shingles', () => {
  // abcde bcdef | bcdef cdefg: one of three.
  expect(jaccard(shinglesOf('abcdef'), shinglesOf('bcdefg'))).toBeCloseTo(1 / 3);
  expect(jaccard(shinglesOf('Ähren, lesen!'), shinglesOf('ähren lesen'))).toBe(1);
  expect(jaccard(shinglesOf('wheat'), shinglesOf('barley'))).toBe(0);
});

test.each(['', '?', '🌾', 'ab', '小麦'])('short texts and signs have shingles too: %j', (text) => {
  expect(shinglesOf(text).length).toBeGreaterThan(0);
  expect(jaccard(shinglesOf(text), shinglesOf(text))).toBe(1);
  expect(jaccard(shinglesOf(text), shinglesOf('grain'))).toBe(0);
});

test('bands are stored, and so change with their version alone', () => {
  expect(bandsVersion).toBe(2);
  expect(bandsOf(shinglesOf('What is a granary?'))).toHaveLength(bandCount);
  expect([...bandsOf(shinglesOf('What is a granary?'))].slice(0, 4)).toEqual([808668154, -164402190, -1151207997, -935131383]);
});

test('the more alike, the likelier a common band, as the formula has it', () => {
  const random = seededRandom(5);
  const meet = (likeness: number) => {
    const trials = Array.from({ length: 400 }, () => {
      const common = Array.from({ length: Math.round(100 * likeness) }, () => Math.floor(random() * 2 ** 32));
      const own = () => Array.from({ length: Math.round((100 - common.length) / 2) }, () => Math.floor(random() * 2 ** 32));
      const [one, other] = [own(), own()].map((rest) => bandsOf(Uint32Array.from([...common, ...rest])));
      return one!.some((band, index) => band === other![index]);
    });
    return share(trials);
  };
  expect(meet(0.8)).toBeGreaterThan(0.98);
  expect(Math.abs(meet(0.6) - 0.94)).toBeLessThan(0.05);
  expect(Math.abs(meet(0.4) - 0.4)).toBeLessThan(0.08);
  expect(meet(0.1)).toBeLessThan(0.02);
});
