import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SnapshotRecord } from '@granary/contract';
import { describe, expect, test } from 'vitest';
import type { ImportedNode } from '../../read/conversation.ts';
import { readConversation } from '../../read/read-conversation.ts';
import { sampleRecord } from '../sample-record.ts';
import type { SnapshotConversation } from '../snapshot-format.ts';
import { branched, conversationOf, rowsIn } from './rows-in-format.ts';

const root = resolve(import.meta.dirname, '../../../../..');
const shared = process.env['GRANARY_SHARED_DATA'] ?? resolve(root, '../shared/data');
const files = [resolve(root, 'fixtures/imports/oasst.jsonl'), resolve(shared, 'oasst-en-100-trees.jsonl')].filter((path) =>
  existsSync(path),
);

/** What a tree says: each message with those under it, in order. */
type Told = { id: string; role: string; text: string; language: string | null; ai: string; under: Told[] };
function told(nodes: readonly ImportedNode[], keep: (node: Told) => boolean): Told | undefined {
  const all = nodes.map(({ externalId, role, text, language, aiAssistance }): Told => ({
    id: externalId,
    role,
    text,
    language,
    ai: aiAssistance,
    under: [],
  }));
  for (const [index, { parent }] of nodes.entries()) if (parent !== null) all[parent]!.under.push(all[index]!);
  // A question that nobody has answered is no pair, and so not in a snapshot.
  for (const node of all.toReversed()) node.under = node.under.filter(keep);
  return all[0];
}
const answered = ({ role, under }: Told) => role === 'response' || under.length > 0;

/** The pairs that the nodes of a read tree would be approved as. */
function asConversation(nodes: readonly ImportedNode[]): SnapshotConversation {
  const turnOf = (index: number): number =>
    nodes[index]!.parent === null ? 1 : turnOf(nodes[index]!.parent) + (nodes[index]!.role === 'instruction' ? 1 : 0);
  const pairs = nodes.flatMap((node, index) => {
    if (node.role !== 'response') return [];
    const instruction = nodes[node.parent!]!;
    return sampleRecord({
      id: node.externalId,
      conversation_id: nodes[0]!.externalId,
      instruction_id: instruction.externalId,
      parent_response_id: instruction.parent === null ? null : nodes[instruction.parent]!.externalId,
      turn: turnOf(index),
      instruction: instruction.text,
      response: node.text,
      language: node.language ?? 'en',
      ai_assistance: node.aiAssistance === 'drafted' || instruction.aiAssistance === 'drafted' ? 'drafted' : 'none',
    });
  });
  return { id: nodes[0]!.externalId, split: 'train', pairs: pairs.sort((a, b) => a.turn - b.turn) };
}

describe.each(files)('trees of %s', (path) => {
  const trees = readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => readConversation('oasst', null, JSON.parse(line) as Record<string, unknown>).nodes);

  test('come back the same when they are written and read again', () => {
    expect(trees.length).toBeGreaterThan(2);
    for (const nodes of trees) {
      const [row] = rowsIn('oasst-trees', [asConversation(nodes)]);
      const again = readConversation('oasst', null, JSON.parse(JSON.stringify(row)) as Record<string, unknown>);
      expect(again.issues).toEqual([]);
      expect(told(again.nodes, answered)).toEqual(told(nodes, answered));
    }
  });

  test('have as many messages one by one, each after the one that it answers', () => {
    for (const nodes of trees) {
      const rows = rowsIn('oasst-messages', [asConversation(nodes)]);
      const count = (node: Told | undefined): number => (node === undefined ? 0 : node.under.reduce((sum, under) => sum + count(under), 1));
      expect(rows).toHaveLength(count(told(nodes, answered)));
      const seen = new Set<unknown>([null]);
      for (const { message_id, parent_id, message_tree_id } of rows) {
        expect(seen).toContain(parent_id);
        expect(message_tree_id).toBe(nodes[0]!.externalId);
        seen.add(message_id);
      }
    }
  });
});

const ids = (name: string, wanted: string[]) =>
  rowsIn(name, [branched], { wanted: ({ id }) => wanted.includes(id) }).map(({ message_id }) => message_id);

test.each([
  [['d'], ['q1', 'a', 'q2', 'c', 'q3', 'd']],
  [['b'], ['q1', 'b']],
  [
    ['b', 'c'],
    ['q1', 'a', 'q2', 'c', 'b'],
  ],
  // What `e` continues is not in the snapshot.
  [['e'], []],
  [[], []],
])('of the wanted pairs %j, a tree holds %j', (wanted, expected) => {
  expect(ids('oasst-messages', wanted)).toEqual(expected);
  expect(rowsIn('oasst-trees', [branched], { wanted: ({ id }) => wanted.includes(id) })).toHaveLength(expected.length === 0 ? 0 : 1);
});

test('a message says what is known of it', () => {
  const [question, answer] = rowsIn('oasst-messages', [branched]);
  expect(question).toEqual({
    message_id: 'q1',
    parent_id: null,
    user_id: 'Wheatear',
    created_date: null,
    text: 'Q1\n\nPassage',
    role: 'prompter',
    lang: 'en',
    review_count: null,
    review_result: true,
    deleted: false,
    rank: null,
    synthetic: false,
    message_tree_id: 'q1',
    tree_state: 'ready_for_export',
  });
  expect(answer).toMatchObject({
    message_id: 'a',
    parent_id: 'q1',
    user_id: 'Chaff',
    created_date: '2026-11-01T08:00:00.000Z',
    text: 'A',
    role: 'assistant',
    review_count: 3,
  });
});

test.each<[string, (number | null)[], (number | null)[]]>([
  ['by strength', [0.1, 0.9, -1], [1, 0, 2]],
  ['equally strong ones share a place', [0.5, 0.5, -1], [0, 0, 2]],
  ['not compared', [0.5, null, -0.5], [0, null, 1]],
  ['one alone', [0.5, null, null], [null, null, null]],
])('ranks: %s', (_name, strengths, ranks) => {
  const conversation = conversationOf('q', ...strengths.map((strength, index): Partial<SnapshotRecord> => ({ id: `r${index}`, strength })));
  expect(
    rowsIn('oasst-messages', [conversation])
      .slice(1)
      .map(({ rank }) => rank),
  ).toEqual(ranks);
});

test('a question is drafted by a machine only when all its pairs may be', () => {
  const synthetic = (...given: SnapshotRecord['ai_assistance'][]) =>
    rowsIn('oasst-messages', [conversationOf('q', ...given.map((ai_assistance, index) => ({ id: `r${index}`, ai_assistance })))]).map(
      (row) => row['synthetic'],
    );
  expect(synthetic('drafted', 'none')).toEqual([false, true, false]);
  expect(synthetic('drafted', 'drafted')).toEqual([true, true, true]);
  expect(synthetic('wording')).toEqual([false, false]);
});
