import type { SnapshotRecord } from '@granary/contract';
import { formats } from '../format-registry.ts';
import { sampleRecord } from '../sample-record.ts';
import type { Row, SnapshotConversation } from '../snapshot-format.ts';

/** The rows of conversations in a format, for tests; the options as an address gives them. */
export function rowsIn(
  name: string,
  conversations: readonly SnapshotConversation[],
  { options = {}, wanted = () => true }: { options?: Record<string, string>; wanted?: (pair: SnapshotRecord) => boolean } = {},
): Row[] {
  const format = formats.find((one) => one.name === name);
  if (format === undefined) throw new Error(`There is no format ${name}`);
  const maker = format.open(format.options.parse(options));
  return [...conversations.flatMap((conversation) => [...maker.rows(conversation, wanted)]), ...(maker.end?.() ?? [])];
}

/** A conversation for tests, its pairs in the order that a snapshot has them in. */
export function conversationOf(id: string, ...pairs: Partial<SnapshotRecord>[]): SnapshotConversation {
  const records = pairs.map((fields) => sampleRecord({ conversation_id: id, instruction_id: id, ...fields }));
  return { id, split: 'train', pairs: records.sort((a, b) => a.turn - b.turn || (a.id < b.id ? -1 : 1)) };
}

/**
 * Two alternatives `a` and `b` to a first question with a passage, a follow-up `c` under `a` and another, `d`, under `c`; `e` continues
 * a response that is not in the snapshot.
 */
export const branched = conversationOf(
  'q1',
  { id: 'a', instruction: 'Q1', context: 'Passage', response: 'A', category: 'closed_qa' },
  { id: 'b', instruction: 'Q1', context: 'Passage', response: 'B', category: 'closed_qa' },
  { id: 'c', turn: 2, parent_response_id: 'a', instruction_id: 'q2', instruction: 'Q2', response: 'C', category: 'open_qa' },
  {
    id: 'd',
    turn: 3,
    parent_response_id: 'c',
    instruction_id: 'q3',
    instruction: 'Q3',
    response: 'D',
    category: 'open_qa',
    language: 'de',
  },
  { id: 'e', turn: 3, parent_response_id: 'gone', instruction_id: 'q4', instruction: 'Q4', response: 'E' },
);
