import { createHash } from 'node:crypto';
import type { SnapshotRecord } from '@granary/contract';
import { dollyRecordSchema, fullRecordSchema } from '@granary/contract';
import { expect, test } from 'vitest';
import { formats } from '../format-registry.ts';
import { createLineEncoder } from '../line-encoder.ts';
import { oddTexts, sampleRecord } from '../sample-record.ts';
import type { SnapshotConversation } from '../snapshot-format.ts';
import { branched, conversationOf, rowsIn } from './rows-in-format.ts';

/** What is in a file of JSON Lines. */
function linesOf(name: string, conversations: readonly SnapshotConversation[], options: Record<string, string> = {}): string[] {
  const format = formats.find((one) => one.name === name)!;
  return rowsIn(name, conversations, { options }).map(createLineEncoder(format.schema));
}
const sample: SnapshotConversation = { id: sampleRecord().conversation_id, split: 'train', pairs: [sampleRecord()] };

test('the line of a known record never changes', () => {
  const [line] = linesOf('full', [sample]);
  expect(line).toBe(
    '{"id":"0198c7a2-7f1e-7d3a-9a52-0c0d5b6f2e11","content_hash":"4ac5b3d1b1e0a8a2c2c5f27a6b6f9be5c9d5d4f4e5c1a0d9c1ad5f0e6b7c8d90","split":"train",' +
      '"instruction_id":"0198c7a2-7f1e-7d3a-9a52-0c0d5b6f2e10","conversation_id":"0198c7a2-7f1e-7d3a-9a52-0c0d5b6f2e10","turn":1,"parent_response_id":null,' +
      '"instruction":"What is a granary?","context":"","response":"A storehouse for threshed grain.","category":"open_qa","language":"en",' +
      '"instruction_licence":"CC-BY-SA-4.0","response_licence":"CC-BY-SA-4.0","context_url":null,"context_licence":null,"instruction_author":"Wheatear",' +
      '"response_author":"Chaff","editors":[],"origin":null,"origin_url":null,"external_id":null,"ai_assistance":"none","terms_version":1,' +
      '"instruction_revision":1,"response_revision":2,"reviews":3,"approvals":2,"agreement":0.6667,"posterior":0.9731,"rating":4.25,"rating_count":3,' +
      '"ratings":{"accuracy":4.5,"clarity":4},"strength":0.4121,"strength_error":0.61,"comparisons":4,"checks":["too_short"],' +
      '"created_at":"2026-11-01T08:00:00.000Z","approved_at":"2026-11-02T09:30:00.000Z"}\n',
  );
});

test.each([
  ['dolly', '{"instruction":"What is a granary?","context":"","response":"A storehouse for threshed grain.","category":"open_qa"}\n'],
  ['alpaca', '{"instruction":"What is a granary?","input":"","output":"A storehouse for threshed grain."}\n'],
])('%s has exactly its columns, in order', (name, line) => {
  expect(linesOf(name, [sample])).toEqual([line]);
});

test.each(formats.map(({ name }) => name))('%s: the same records give the same bytes, whatever the order of their keys', (name) => {
  const options: Record<string, string> = name === 'kshot' ? { k: '1', transcripts: '3' } : {};
  const preference = { rejected_id: 'y', margin: 1, margin_error: 0.5, comparisons: 2, ties: 0, both_bad: 0 };
  const judged = conversationOf('z', { id: 'x', preferences: [preference] }, { id: 'y', rating: 1 });
  const reversed = (value: object) => Object.fromEntries(Object.entries(value).reverse());
  const shuffled = [branched, judged].map((conversation) => ({
    ...conversation,
    pairs: conversation.pairs.map((pair) => {
      const { preferences, ratings } = pair;
      return reversed({ ...pair, ratings: reversed(ratings), preferences: preferences.map(reversed) }) as SnapshotRecord;
    }),
  }));
  const lines = linesOf(name, [branched, judged], options);
  const hash = (text: readonly string[]) => createHash('sha256').update(text.join('')).digest('hex');
  expect(lines.length).toBeGreaterThan(0);
  expect(hash(linesOf(name, shuffled, options))).toBe(hash(lines));
});

test.each(oddTexts.map((text) => [JSON.stringify(text).slice(0, 60), text] as const))(
  'comes back from a line unchanged: %s',
  (_name, text) => {
    const record = sampleRecord({ instruction: text, context: text, response: text, response_author: text });
    const conversation: SnapshotConversation = { ...sample, pairs: [record] };
    const { preferences: _, ...columns } = record;
    expect(linesOf('full', [conversation]).map((line) => fullRecordSchema.strict().parse(JSON.parse(line)))).toEqual([columns]);
    expect(linesOf('dolly', [conversation]).map((line) => dollyRecordSchema.strict().parse(JSON.parse(line)))).toEqual([
      { instruction: text, context: text, response: text, category: record.category },
    ]);
    // A passage is part of what the user says: the instruction, a blank line, the passage.
    const [chat] = linesOf('messages', [conversation]).map((line) => JSON.parse(line) as { messages: { content: string }[] });
    expect(chat?.messages.map(({ content }) => content)).toEqual([text === '' ? '' : `${text}\n\n${text}`, text]);
  },
);
