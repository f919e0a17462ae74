import type { ColumnMapping } from '@granary/contract';
import { describe, expect, test } from 'vitest';
import { readConversation } from './read-conversation.ts';

const read = (format: Parameters<typeof readConversation>[0], record: Record<string, unknown>, mapping: ColumnMapping | null = null) =>
  readConversation(format, mapping, record);
const fields = (issues: readonly { field: string | null }[]) => issues.map(({ field }) => field);

describe('dolly', () => {
  const row = { instruction: ' What is it? ', context: '', response: 'It is\r\nthat.', category: 'open_qa' };

  test('a pair, its texts byte for byte', () => {
    const { nodes, issues } = read('dolly', row);
    expect(issues).toEqual([]);
    expect(nodes).toMatchObject([
      {
        role: 'instruction',
        text: ' What is it? ',
        context: null,
        category: 'open_qa',
        language: null,
        parent: null,
        aiAssistance: 'none',
      },
      { role: 'response', text: 'It is\r\nthat.', context: null, parent: 0 },
    ]);
  });

  test('the same content has the same id, however it is spaced; other content has another', () => {
    const idOf = (record: Record<string, unknown>) => read('dolly', record).nodes[1]?.externalId;
    expect(idOf({ ...row, instruction: 'What is it?', response: 'It is\nthat.\n', category: 'general_qa' })).toBe(idOf(row));
    expect(idOf({ ...row, response: 'It is this.' })).not.toBe(idOf(row));
    expect(idOf({ ...row, context: 'It is\nthat.', response: '' })).toBeUndefined();
  });

  test('a mapping names the columns, and the id of the file counts', () => {
    const mapping = { instruction: 'q', response: 'a', context: 'c', category: null, language: 'l', externalId: 'n' };
    const { nodes } = read('dolly', { q: 'What?', a: 'That.', c: 'A passage.', l: 'pt-BR', n: 17 }, mapping);
    expect(nodes).toMatchObject([
      { text: 'What?', context: 'A passage.', language: 'pt', externalId: '17#instruction' },
      { text: 'That.', language: 'pt', externalId: '17' },
    ]);
  });

  test.each([
    [{ instruction: 'What?' }, ['response']],
    [{ instruction: '', response: 'x' }, ['instruction']],
    [{ instruction: 7, response: 'x' }, ['instruction']],
    [{ instruction: 'What?', response: 'x'.repeat(20_001) }, ['response']],
    [{ instruction: 'What?\u0000', response: 'x', context: 'y'.repeat(20_001) }, ['instruction', 'context']],
    [{ instruction: 'What?', response: 'half \ud83d' }, ['response']],
  ])('%j names the field', (record, expected) => {
    const { nodes, issues } = read('dolly', record);
    expect(fields(issues)).toEqual(expected);
    expect(nodes).toEqual([]);
  });

  test('an empty response leaves the instruction open', () => {
    expect(read('dolly', { ...row, response: ' ' }).nodes.map(({ role }) => role)).toEqual(['instruction']);
  });
});

test('alpaca: the input is the context', () => {
  expect(read('alpaca', { instruction: 'Sum up.', input: 'A long text.', output: 'Short.' }).nodes).toMatchObject([
    { role: 'instruction', context: 'A long text.' },
    { role: 'response', text: 'Short.' },
  ]);
});

describe('self_instruct', () => {
  test('every instance is a pair of its own', () => {
    const { nodes } = read('self_instruct', {
      id: 'seed_task_1',
      instruction: 'What is the colour?',
      instances: [
        { input: 'grass', output: 'green' },
        { input: '', output: '' },
      ],
    });
    expect(nodes).toMatchObject([
      { role: 'instruction', context: 'grass', externalId: 'seed_task_1/0#instruction', parent: null },
      { role: 'response', text: 'green', externalId: 'seed_task_1/0', parent: 0 },
      { role: 'instruction', context: null, externalId: 'seed_task_1/1#instruction', parent: null },
    ]);
  });

  test.each([undefined, [], 'x', [7]])('instances %j are named', (instances) => {
    expect(fields(read('self_instruct', { instruction: 'What?', instances }).issues)).toEqual(['instances']);
  });
});

describe('oasst', () => {
  const message = (id: string, role: string, more: object = {}) => ({
    message_id: id,
    role,
    text: `text ${id}`,
    lang: 'en',
    replies: [],
    ...more,
  });
  const tree = (prompt: unknown) => ({ message_tree_id: 'a', tree_state: 'ready_for_export', prompt });

  test('keeps turns and alternatives in order, leaves out what was deleted', () => {
    const deep = message('c', 'prompter', { replies: [message('d', 'assistant', { synthetic: true })] });
    const replies = [
      message('b', 'assistant', { replies: [deep] }),
      message('x', 'assistant', { deleted: true, replies: [message('y', 'prompter')] }),
      message('e', 'assistant', { replies: null }),
    ];
    const { nodes, issues } = read('oasst', tree(message('a', 'prompter', { replies })));
    expect(issues).toEqual([]);
    expect(nodes.map(({ externalId, role, parent, aiAssistance }) => [externalId, role, parent, aiAssistance])).toEqual([
      ['a', 'instruction', null, 'none'],
      ['b', 'response', 0, 'none'],
      ['c', 'instruction', 1, 'none'],
      ['d', 'response', 2, 'drafted'],
      ['e', 'response', 0, 'none'],
    ]);
  });

  test('names the message that is wrong by its path', () => {
    const replies = [
      message('b', 'prompter'),
      message('c', 'assistant', { text: '' }),
      message('d', 'assistant', { message_id: null }),
      'x',
    ];
    expect(fields(read('oasst', tree(message('a', 'prompter', { replies }))).issues)).toEqual([
      'prompt.replies[0].role',
      'prompt.replies[1].text',
      'prompt.replies[2].message_id',
      'prompt.replies[3]',
    ]);
    expect(fields(read('oasst', {}).issues)).toEqual(['prompt']);
  });

  test('a tree of absurd depth is an issue, not a crash', () => {
    let prompt: object = message('leaf', 'assistant');
    for (let depth = 6_000; depth >= 0; depth -= 1)
      prompt = message(`m${depth}`, depth % 2 === 0 ? 'prompter' : 'assistant', { replies: [prompt] });
    expect(read('oasst', tree(prompt)).issues[0]?.message).toContain('deeper than');
  });
});
