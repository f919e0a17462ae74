import { hostileTexts } from '@granary/domain/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@granary/db/testing';
import { parseSearch } from './query.ts';
import { vectorOf, vectorWordsMax } from './text-vector.ts';
import { tokensOf } from './tokens.ts';

const languages = ['en', 'de'];
let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

/** What the database says of texts and searches, all in one question. */
async function found(
  cases: readonly { text: string; q: string; language?: string }[],
): Promise<{ matches: boolean; index: boolean | null }[]> {
  const rows = cases.map(({ text, q, language = 'en' }) => ({
    words: vectorOf({ text, context: null, language }),
    ...(parseSearch(q, languages) ?? { matches: '', index: null }),
  }));
  const { rows: answers } = await db.executeSql(
    `SELECT r.words @@ r.matches::tsquery AS matches, r.words @@ r.index::tsquery AS index
     FROM jsonb_to_recordset($1::jsonb) AS r(words tsvector, matches text, index text)`,
    [JSON.stringify(rows)],
  );
  return answers as { matches: boolean; index: boolean | null }[];
}
const finds = async (text: string, q: string, language?: string) =>
  (await found([{ text, q, ...(language === undefined ? {} : { language }) }]))[0]?.matches;

describe('a text is found', () => {
  it.each<[what: string, text: string, q: string, language?: string]>([
    ['Chinese words', '小麦应当在仓库中干燥保存。', '小麦'],
    ['a Chinese word in the middle', '小麦应当在仓库中干燥保存。', '干燥'],
    ['one Chinese character', '小麦应当在仓库中干燥保存。', '麦'],
    ['the last character', '小麦', '麦'],
    ['Japanese', '小麦を倉庫で干燥させます。', '倉庫'],
    ['Kana, half as wide', 'ガラス', 'ｶﾞﾗｽ'],
    ['Korean with a particle', '학교에서 밀을 배웁니다.', '학교'],
    ['Thai', 'ข้าวสาลีแห้ง', 'สาลี'],
    ['Arabic by bare letters', 'مُحَمَّد يكتب', 'محمد'],
    ['Arabic by vowelled ones', 'محمد يكتب', 'مُحَمَّد'],
    ['NFC by NFD', 'caf\u00e9', 'cafe\u0301'],
    ['NFD by NFC', 'cafe\u0301', 'caf\u00e9'],
    ['without its accent', 'Ein Café am Platz', 'cafe'],
    ['with an accent that it has not', 'A cafe', 'café'],
    ['full width', 'ｃａｆｅ', 'CAFE'],
    ['sharp s', 'Straße', 'STRASSE'],
    ['dotted capital I', 'İstanbul', 'istanbul'],
    ['Greek', 'ΣΊΤΟΣ', 'σίτος'],
    ['Russian', 'зернохранилище', 'ЗЕРНОХРАНИЛИЩЕ'],
    ['Hindi', 'क्षत्रिय गेहूँ', 'गेहूँ'],
    ['a word with a soft hyphen', 'grana\u00adry', 'granary'],
    ['an inflected word', 'They were running', 'runs'],
    ['an inflected German word', 'Die Steine', 'Steinen', 'de'],
    ['a beginning', 'granaries', 'gran'],
    ['words in any order', 'grain is kept dry', 'dry grain'],
    ['a phrase', 'grain is kept dry', '"is kept"'],
    ['a Chinese phrase', '小麦应当在仓库中', '"小麦应当"'],
    ['a phrase with signs between', 'kept, dry!', '"kept dry"'],
    ['one of two', 'grain', 'wheat or grain'],
    ['without a word', 'grain', 'grain -wheat'],
    ['an underscored name', '__init__.py', '__init__'],
  ])('%s: %s by %s', async (_, text, q, language) => {
    expect(await finds(text, q, language)).toBe(true);
  });

  it.each([
    ['words in another order', 'dry is kept', '"is dry kept"'],
    ['characters that are not neighbours', '小应麦', '小麦'],
    ['a word that is there', 'grain and wheat', 'grain -wheat'],
    ['a stem that is there', 'they were running', 'they -runs'],
    ['a beginning that is not the last word', 'granaries of Rome', 'gran rome'],
    ['a short beginning', 'granaries', 'gr'],
    ['one of two missing', 'grain', 'grain wheat'],
  ])('not by %s: %s by %s', async (_, text, q) => {
    expect(await finds(text, q)).toBe(false);
  });
});

describe('any string', () => {
  it.each(['-'.repeat(33), '', '!&|():*', '" " "', '-', 'or or', '\\', "'", '\u0000', '😀', '\ud800', '_', '<!--', '\u0300'])(
    '%j holds no word',
    (q) => {
      expect(parseSearch(q, languages)).toBeNull();
    },
  );

  it('is a search that both databases can read, and matches what its index part matches at most', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.string({ unit: fc.constantFrom(...'ab"- 小麦or\'\\:*&|!()<>é'), maxLength: 200 }),
    );
    const cases: { text: string; q: string }[] = [];
    fc.assert(
      fc.property(text, text, (one, other) => (cases.push({ text: `${one} ${other}`.toWellFormed(), q: one }), true)),
      { numRuns: 400 },
    );
    const readable = cases.filter(({ q }) => parseSearch(q, languages) !== null);
    const answers = await found(readable);
    expect(readable.length).toBeGreaterThan(100);
    expect(answers.filter(({ matches, index }) => matches && index === false)).toEqual([]);
  });

  it('never makes a search longer than some times its length', () => {
    const lengths = hostileTexts(200).map(({ text }) => parseSearch(text, languages)?.matches.length ?? 0);
    expect(Math.max(...lengths)).toBeLessThan(6_000);
  });
});

describe('hostile texts', () => {
  const texts = hostileTexts(20_000);
  it('of at least 200 kinds are the same in every run and end where they should', () => {
    expect(new Set(texts.map(({ name }) => name)).size).toBeGreaterThanOrEqual(200);
    expect(hostileTexts(20_000)).toEqual(texts);
    expect(texts.filter(({ text }) => text.length > 20_000 || text.length < 14_000 || !text.isWellFormed())).toEqual([]);
  });

  it('give vectors within bounds, which the database takes as they are', async () => {
    for (const { name, text } of texts) {
      const vector = vectorOf({ text, context: text, language: 'en' });
      // A stem for each word at most.
      expect([name, vector.split(' ').length <= 2 * vectorWordsMax]).toEqual([name, true]);
      expect(name + (await db.executeSql('SELECT length($1::tsvector)::int AS words', [vector])).rows.length).toBe(`${name}1`);
    }
  });

  it('are read once: so many tokens as they have characters, at most', () => {
    for (const { name, text } of texts) {
      // One character may fold to eighteen.
      const tokens = [...tokensOf(text)].length;
      expect([name, tokens <= 80_000]).toEqual([name, true]);
    }
  });
});
