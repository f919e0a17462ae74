import type { SnapshotRecord } from '@granary/contract';
import * as z from 'zod';
import { describe, expect, test } from 'vitest';
import { formats } from '../format-registry.ts';
import { oddTexts } from '../sample-record.ts';
import { branched, conversationOf, rowsIn } from './rows-in-format.ts';

const user = (content: string) => ({ role: 'user', content });
const assistant = (content: string) => ({ role: 'assistant', content });
const first = user('Q1\n\nPassage');
const threads = [
  { id: 'b', messages: [first, assistant('B')], category: 'closed_qa', language: 'en' },
  {
    id: 'd',
    messages: [first, assistant('A'), user('Q2'), assistant('C'), user('Q3'), assistant('D')],
    category: 'open_qa',
    language: 'de',
  },
];

describe('a conversation with alternatives and follow-ups', () => {
  test('dolly and alpaca hold its first turns, in exactly their columns', () => {
    expect(rowsIn('alpaca', [branched])).toEqual([
      { instruction: 'Q1', input: 'Passage', output: 'A' },
      { instruction: 'Q1', input: 'Passage', output: 'B' },
    ]);
    expect(rowsIn('dolly', [branched]).map((row) => row['id'])).toEqual(['a', 'b']);
    expect(Object.keys(formats[0]!.schema.shape)).toEqual(['instruction', 'context', 'response', 'category']);
  });

  test('full holds every pair', () => {
    expect(rowsIn('full', [branched])).toEqual(branched.pairs);
  });

  test('messages tells it once to each end, whole', () => {
    expect(rowsIn('messages', [branched])).toEqual(threads);
  });

  test('sharegpt tells the same in its words', () => {
    expect(rowsIn('sharegpt', [branched])).toEqual(
      threads.map(({ messages, ...rest }) => ({
        ...rest,
        conversations: messages.map(({ role, content }) => ({ from: role === 'user' ? 'human' : 'gpt', value: content })),
      })),
    );
  });

  test('prompt-completion has a row for each pair whose history is there, with that history', () => {
    expect(rowsIn('prompt-completion', [branched])).toEqual([
      { id: 'a', prompt: [first], completion: [assistant('A')], category: 'closed_qa', language: 'en' },
      { id: 'b', prompt: [first], completion: [assistant('B')], category: 'closed_qa', language: 'en' },
      { id: 'c', prompt: [first, assistant('A'), user('Q2')], completion: [assistant('C')], category: 'open_qa', language: 'en' },
      {
        id: 'd',
        prompt: [first, assistant('A'), user('Q2'), assistant('C'), user('Q3')],
        completion: [assistant('D')],
        category: 'open_qa',
        language: 'de',
      },
    ]);
  });

  test.each([
    // A pair that is asked for comes with its history, and is not told twice when a later one is asked for too.
    [['c'], ['c']],
    [['a', 'c'], ['c']],
    [['a', 'd'], ['d']],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
    [['e'], []],
    [[], []],
  ])('of the wanted pairs %j, conversations end at %j', (ids, ends) => {
    const rows = rowsIn('messages', [branched], { wanted: ({ id }) => ids.includes(id) });
    expect(rows.map(({ id }) => id)).toEqual(ends);
  });

  test('the history of a wanted pair comes along whole, though nobody asked for it', () => {
    const [row] = rowsIn('messages', [branched], { wanted: ({ id }) => id === 'c' });
    expect(row!['messages']).toEqual(threads[1]!.messages.slice(0, 4));
  });

  test.each(['alpaca', 'dolly', 'full', 'prompt-completion'])('%s holds the wanted pairs alone', (name) => {
    expect(rowsIn(name, [branched], { wanted: ({ id }) => id === 'b' })).toHaveLength(1);
  });
});

describe('dpo', () => {
  const preference = { rejected_id: 'b', margin: 0.8, margin_error: 0.5, comparisons: 3, ties: 1, both_bad: 0 };
  const compared = conversationOf(
    'q1',
    { id: 'r', instruction: 'Q1', response: 'R' },
    {
      id: 'a',
      turn: 2,
      parent_response_id: 'r',
      instruction_id: 'q2',
      instruction: 'Q2',
      context: 'P',
      response: 'A',
      preferences: [preference],
    },
    { id: 'b', turn: 2, parent_response_id: 'r', instruction_id: 'q2', instruction: 'Q2', context: 'P', response: 'B', rating: 1 },
    // Not compared, or found alike: there is no preference to it.
    { id: 'c', turn: 2, parent_response_id: 'r', instruction_id: 'q2', instruction: 'Q2', context: 'P', response: 'C' },
  );

  test('has a row for every response that a pair is preferred to, the history in the prompt', () => {
    expect(rowsIn('dpo', [compared])).toEqual([
      {
        id: 'a:b',
        prompt: [user('Q1'), assistant('R'), user('Q2\n\nP')],
        chosen: [assistant('A')],
        rejected: [assistant('B')],
        margin: 0.8,
        margin_error: 0.5,
        comparisons: 3,
        ties: 1,
        both_bad: 0,
        chosen_id: 'a',
        rejected_id: 'b',
        instruction_id: 'q2',
        category: 'open_qa',
        language: 'en',
      },
    ]);
  });

  test.each([
    [{ min_margin: '0.8' }, 1],
    [{ min_margin: '0.81' }, 0],
    [{ min_z: '1.6' }, 1],
    [{ min_z: '1.61' }, 0],
    [{ min_comparisons: '3' }, 1],
    [{ min_comparisons: '4' }, 0],
  ])('%j leaves %i', (options, count) => {
    expect(rowsIn('dpo', [compared], { options: options as Record<string, string> })).toHaveLength(count);
  });

  test.each([
    ['a margin that may as well be chance', { margin_error: 0.81 }, 0],
    ['ties alone', { comparisons: 2, ties: 2 }, 0],
    ['ties and both bad alone', { comparisons: 2, ties: 1, both_bad: 1 }, 0],
    ['a margin as large as its error', { margin_error: 0.8 }, 1],
  ])('%s makes %o: %i rows', (_name, changes, count) => {
    const [first, ...others] = compared.pairs.filter(({ id }) => id !== 'r');
    const changed = conversationOf(
      'q1',
      { id: 'r', instruction: 'Q1', response: 'R' },
      { ...first, preferences: [{ ...preference, ...changes }] },
      ...others,
    );
    expect(rowsIn('dpo', [changed])).toHaveLength(count);
  });

  test('a filter asks the chosen response: the rejected one may be rated badly', () => {
    expect(rowsIn('dpo', [compared], { wanted: ({ rating }) => (rating ?? 0) > 3 })).toHaveLength(1);
    expect(rowsIn('dpo', [compared], { wanted: ({ id }) => id === 'b' })).toEqual([]);
  });

  test('without the history there is nothing to prefer in', () => {
    const orphans = conversationOf('q1', ...compared.pairs.slice(1));
    expect(rowsIn('dpo', [orphans])).toEqual([]);
  });
});

describe('kto', () => {
  const over = (rejected_id: string, fields = {}) => ({
    rejected_id,
    margin: 1,
    margin_error: 0.5,
    comparisons: 2,
    ties: 0,
    both_bad: 0,
    ...fields,
  });
  /** Three alternatives: what each won, and how each was rated. */
  const judged = (pairs: [won: ReturnType<typeof over>[], rating: number | null][]) =>
    conversationOf(
      'q',
      ...pairs.map(([preferences, rating], index) => ({ id: 'abc'[index]!, response: `R${index}`, preferences, rating })),
    );
  const labels = (conversation: ReturnType<typeof judged>, options = {}) =>
    rowsIn('kto', [conversation], { options }).map(({ id, label, evidence }) => [id, label, evidence]);

  test.each<[string, Parameters<typeof judged>[0], Record<string, string>, unknown[]]>([
    [
      'won and lost',
      [
        [[over('b')], null],
        [[], null],
      ],
      {},
      [
        ['a', true, 'comparisons'],
        ['b', false, 'comparisons'],
      ],
    ],
    [
      'the middle of three won and lost',
      [
        [[over('b'), over('c')], null],
        [[over('c')], null],
        [[], null],
      ],
      {},
      [
        ['a', true, 'comparisons'],
        ['c', false, 'comparisons'],
      ],
    ],
    [
      'rated at the thresholds',
      [
        [[], 4],
        [[], 2],
        [[], 3],
      ],
      {},
      [
        ['a', true, 'ratings'],
        ['b', false, 'ratings'],
      ],
    ],
    [
      'rated between them',
      [
        [[], 3.99],
        [[], 2.01],
        [[], null],
      ],
      {},
      [],
    ],
    [
      'other thresholds',
      [
        [[], 3.6],
        [[], 3.4],
        [[], 3.5],
      ],
      { good_rating: '3.6', bad_rating: '3.4' },
      [
        ['a', true, 'ratings'],
        ['b', false, 'ratings'],
      ],
    ],
    [
      'both say the same',
      [
        [[over('b')], 4.5],
        [[], 1],
      ],
      {},
      [
        ['a', true, 'both'],
        ['b', false, 'both'],
      ],
    ],
    [
      'they contradict each other',
      [
        [[over('b')], 1.5],
        [[], 4.5],
      ],
      {},
      [],
    ],
    [
      'mostly both were bad',
      [
        [[over('b', { both_bad: 1 })], null],
        [[], null],
      ],
      {},
      [['b', false, 'comparisons']],
    ],
    [
      'too small a margin',
      [
        [[over('b')], 5],
        [[], null],
      ],
      { min_margin: '1.1' },
      [['a', true, 'ratings']],
    ],
    [
      'too unsure a margin, and ties alone',
      [
        [[over('b', { margin_error: 1.1 }), over('c', { comparisons: 2, ties: 2 })], 5],
        [[], null],
        [[], null],
      ],
      {},
      [['a', true, 'ratings']],
    ],
  ])('%s', (_name, pairs, options, expected) => {
    expect(labels(judged(pairs), options)).toEqual(expected);
  });

  test('a row is what TRL takes', () => {
    expect(rowsIn('kto', [judged([[[], 4.5]])])).toEqual([
      {
        id: 'a',
        prompt: [user('What is a granary?')],
        completion: [assistant('R0')],
        label: true,
        evidence: 'ratings',
        rating: 4.5,
        category: 'open_qa',
        language: 'en',
      },
    ]);
  });

  test('what is judged counts whether it is wanted or not', () => {
    const conversation = judged([
      [[over('b')], null],
      [[], null],
    ]);
    expect(rowsIn('kto', [conversation], { wanted: ({ id }) => id === 'b' })).toMatchObject([{ id: 'b', label: false }]);
  });

  test('thresholds that cross are refused', () => {
    expect(() => rowsIn('kto', [], { options: { good_rating: '2', bad_rating: '3' } })).toThrow('good_rating');
  });
});

describe.each(formats)('$name', (format) => {
  const conversations = [branched, conversationOf('other', { id: 'x', preferences: [] })];
  const jsonSchema = z.fromJSONSchema(format.schema.toJSONSchema() as Parameters<typeof z.fromJSONSchema>[0]);

  test('explains its columns and fits its schema', () => {
    const options: Record<string, string> = format.name === 'kshot' ? { k: '1' } : {};
    const judged = conversationOf('q', { id: 'a', preferences: [preferenceTo('b')] }, { id: 'b' });
    const rows = rowsIn(format.name, [...conversations, judged], { options }).map((row) =>
      Object.fromEntries(Object.keys(format.schema.shape).map((column) => [column, row[column]])),
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(jsonSchema.parse(row)).toEqual(row);
    expect(Object.keys(format.columns)).toEqual(Object.keys(format.schema.shape));
  });

  test('the same conversations give the same rows', () => {
    expect(rowsIn(format.name, structuredClone(conversations))).toEqual(rowsIn(format.name, conversations));
  });

  test('every option has a default, and may be left out', () => {
    expect(format.options.safeParse({}).success).toBe(true);
  });
});

const preferenceTo = (rejected_id: string) => ({ rejected_id, margin: 1, margin_error: 0.5, comparisons: 2, ties: 0, both_bad: 0 });

describe.each(oddTexts.map((text) => [JSON.stringify(text).slice(0, 60), text] as const))('%s comes back unchanged', (_name, text) => {
  const odd: Partial<SnapshotRecord> = { instruction: text, response: text, context: '' };
  const conversation = conversationOf(
    'q',
    { id: 'a', ...odd, preferences: [preferenceTo('b')], rating: 5 },
    { id: 'b', ...odd, rating: 1 },
  );

  test.each([
    ['dolly', ['instruction', 'response']],
    ['full', ['instruction', 'response']],
    ['alpaca', ['instruction', 'output']],
    ['sharegpt', ['conversations.0.value', 'conversations.1.value']],
    ['messages', ['messages.0.content', 'messages.1.content']],
    ['prompt-completion', ['prompt.0.content', 'completion.0.content']],
    ['dpo', ['prompt.0.content', 'chosen.0.content', 'rejected.0.content']],
    ['kto', ['prompt.0.content', 'completion.0.content']],
    ['oasst-trees', ['prompt.text', 'prompt.replies.0.text', 'prompt.replies.1.text']],
    ['oasst-messages', ['text']],
  ])('in %s', (name, paths) => {
    const rows = rowsIn(name, [conversation]);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) for (const path of paths) expect(row).toHaveProperty(path, text);
  });
});

test('the names of formats are unique, and fit into addresses', () => {
  const names = formats.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9-]+$/);
});
