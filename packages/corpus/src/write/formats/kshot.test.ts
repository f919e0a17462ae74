import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { countTokens } from 'gpt-tokenizer/encoding/cl100k_base';
import { expect, test } from 'vitest';
import { oddTexts } from '../sample-record.ts';
import type { SnapshotConversation } from '../snapshot-format.ts';
import { branched, conversationOf, rowsIn } from './rows-in-format.ts';

type Transcript = { id: string; text: string; pair_ids: string[]; tokens: number };
const shots = (
  conversations: readonly SnapshotConversation[],
  options: Record<string, string> = {},
  wanted?: Parameters<typeof rowsIn>[2],
) => rowsIn('kshot', conversations, { options, ...wanted }) as Transcript[];

/** Real pairs, each a conversation of its own. */
const real = ['dolly', 'gsm8k'].flatMap((file) =>
  readFileSync(resolve(import.meta.dirname, '../../../../../fixtures/imports', `${file}.jsonl`), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line, index) => {
      const { instruction, context, response } = JSON.parse(line) as Record<string, string>;
      return conversationOf(`${file}-${index}`, { id: `${file}${index}`, instruction, context: context ?? '', response, category: file });
    }),
);
const textOf = new Map(real.flatMap(({ pairs }) => pairs.map((pair) => [pair.id, pair])));
const plain = { disallowedSpecial: new Set<string>() };

test('the same seed gives the same text, in whatever order the pairs pass by; another seed another one', () => {
  const once = shots(real, { seed: '7', transcripts: '2' });
  expect(shots(real.toReversed(), { seed: '7', transcripts: '2' })).toEqual(once);
  expect(shots(real, { seed: '8', transcripts: '2' })[0]?.text).not.toBe(once[0]?.text);
});

test('what a known seed draws never changes', () => {
  const letters = [...'abcdefgh'].map((id) => conversationOf(id, { id, instruction: `Say ${id}.`, response: id }));
  // `printf 1:d | sha256sum` begins with the smallest of the eight, 1:g with the second.
  expect(shots(letters, { k: '2', seed: '1' })).toMatchInlineSnapshot(`
    [
      {
        "id": "k2-seed1-1",
        "pair_ids": [
          "d",
          "g",
        ],
        "text": "Human: Say d.
    AI: d

    Human: Say g.
    AI: g

    ",
        "tokens": 18,
      },
    ]
  `);
});

test.each([
  ['1', '64'],
  ['3', '512'],
  ['5', '2048'],
  ['8', '1200'],
])('k = %s within %s tokens', (k, max_tokens) => {
  const rows = shots(real, { k, max_tokens, transcripts: '3', seed: '3' });
  expect(rows.length).toBeGreaterThan(0);
  for (const { pair_ids, text, tokens } of rows) {
    expect(pair_ids).toHaveLength(Number(k));
    expect(countTokens(text, plain)).toBe(tokens);
    expect(tokens).toBeLessThanOrEqual(Number(max_tokens));
    const pairs = pair_ids.map((id) => textOf.get(id)!);
    expect(text).toBe(
      pairs
        .map(({ instruction, context, response }) => `Human: ${instruction}${context && `\n\n${context}`}\nAI: ${response}\n\n`)
        .join(''),
    );
  }
  const drawn = rows.flatMap(({ pair_ids }) => pair_ids);
  expect(new Set(drawn).size).toBe(drawn.length);
});

test('tokens of odd texts add up, and control tokens are text', () => {
  const odd = [...oddTexts, '<|endoftext|> <|im_start|>', ' spaces at both ends \n', '\n\n\n', '?!\n', '1 2\r\n 3'].map((text, index) =>
    conversationOf(`${index}`, { id: `r${index}`, instruction: text.slice(0, 200), response: text.slice(0, 200) }),
  );
  const [row] = shots(odd, { k: String(odd.length), max_tokens: '32768' });
  expect(row!.pair_ids).toHaveLength(odd.length);
  expect(row!.tokens).toBe(countTokens(row!.text, plain));
});

test('more transcripts begin with those of fewer', () => {
  expect(shots(real, { transcripts: '4' }).slice(0, 2)).toEqual(shots(real, { transcripts: '2' }));
});

test('a transcript that cannot be filled is left out', () => {
  expect(shots(real.slice(0, 4), { k: '5' })).toEqual([]);
  expect(shots(real.slice(0, 11), { k: '5', transcripts: '3', max_tokens: '32768' })).toHaveLength(2);
});

test('only wanted first turns are drawn, and of one conversation one', () => {
  const [row] = shots([branched, ...real], { k: '12', max_tokens: '32768' }, { wanted: ({ category }) => category === 'dolly' });
  expect(row!.pair_ids.every((id) => id.startsWith('dolly'))).toBe(true);
  for (const seed of ['1', '2', '3', '4']) {
    expect(['a', 'b']).toContain(shots([branched], { k: '1', seed })[0]!.pair_ids[0]);
    expect(shots([branched], { k: '2', seed })).toEqual([]);
  }
});

test.each(['Human: and then?', 'Yes.\nAI: no', 'Human: x\nAI: y'])(
  'a pair that says %j would be misread, and is passed over',
  (response) => {
    expect(shots([conversationOf('q', { id: 'a', response })], { k: '1' })).toEqual([]);
  },
);

test('every pair is about as likely as any other', () => {
  const letters = [...'abcdefghij'].map((id) => conversationOf(id, { id }));
  const drawn = Array.from({ length: 1000 }, (_, seed) => shots(letters, { k: '1', seed: String(seed) })[0]!.pair_ids[0]);
  // 100 expected of each; three standard deviations are 28.
  for (const count of Map.groupBy(drawn, (id) => id).values()) expect(Math.abs(count.length - 100)).toBeLessThan(35);
});

test.each([
  ['k', '0'],
  ['k', '101'],
  ['k', '2.5'],
  ['seed', '-1'],
  ['seed', 'x'],
  ['max_tokens', '8'],
  ['transcripts', '101'],
])('refuses %s = %s', (name, value) => {
  expect(() => shots([], { [name]: value })).toThrow(name);
});
