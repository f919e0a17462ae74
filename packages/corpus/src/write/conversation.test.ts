import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wholeThreads } from './conversation.ts';
import { conversationOf, rowsIn } from './formats/rows-in-format.ts';
import type { SnapshotConversation } from './snapshot-format.ts';

/** Conversations of any form: each pair answers the first instruction or continues an earlier pair, or one that is not in the snapshot. */
const anyConversation = fc
  .array(fc.record({ parent: fc.nat(), alternative: fc.boolean(), gone: fc.nat(9), wanted: fc.boolean() }), { minLength: 1, maxLength: 12 })
  .map((choices) => {
    const pairs: { id: string; turn: number; parent_response_id: string | null; instruction_id: string }[] = [];
    for (const [index, { parent, alternative, gone }] of choices.entries()) {
      const before = pairs[parent % (index + 1)];
      const id = `r${String(index).padStart(2, '0')}`;
      if (gone === 0) pairs.push({ id, turn: 2, parent_response_id: 'gone', instruction_id: `i${index}` });
      else if (before === undefined) pairs.push({ id, turn: 1, parent_response_id: null, instruction_id: 'q' });
      else if (alternative) pairs.push({ ...before, id });
      else pairs.push({ id, turn: before.turn + 1, parent_response_id: before.id, instruction_id: `i${index}` });
    }
    const wanted = new Set(pairs.filter((_, index) => choices[index]?.wanted).map(({ id }) => id));
    return { conversation: conversationOf('q', ...pairs), wanted };
  });

/** The ids from the first turn to a pair, reckoned in another way than the code does; null when one is missing. */
function path(conversation: SnapshotConversation, id: string): string[] | null {
  const pair = conversation.pairs.find((one) => one.id === id);
  if (pair === undefined) return null;
  if (pair.parent_response_id === null) return [id];
  const before = path(conversation, pair.parent_response_id);
  return before && [...before, id];
}

test('threads hold every wanted pair with its history, and none is the beginning of another', () => {
  fc.assert(
    fc.property(anyConversation, ({ conversation, wanted }) => {
      const threads = wholeThreads(conversation, ({ id }) => wanted.has(id)).map(({ turns }) => turns.map(({ id }) => id));
      for (const thread of threads) {
        expect(thread).toEqual(path(conversation, thread.at(-1)!));
        expect(wanted).toContain(thread.at(-1));
      }
      const told = new Set(threads.flat());
      for (const id of wanted) expect(told.has(id)).toBe(path(conversation, id) !== null);
      const starts = threads.map((thread) => `${thread.join()},`);
      for (const start of starts) expect(starts.filter((other) => other.startsWith(start))).toEqual([start]);
    }),
    { seed: 4, numRuns: 500 },
  );
});

test('a tree holds the wanted pairs and those before them, each once', () => {
  fc.assert(
    fc.property(anyConversation, ({ conversation, wanted }) => {
      const paths = [...wanted].flatMap((id) => path(conversation, id) ?? []);
      const answers = rowsIn('oasst-messages', [conversation], { wanted: ({ id }) => wanted.has(id) }).filter(
        ({ role }) => role === 'assistant',
      );
      expect(answers.map(({ message_id }) => message_id).sort()).toEqual([...new Set(paths)].sort());
    }),
    { seed: 4, numRuns: 500 },
  );
});

test('prompt-completion has exactly the wanted pairs that have their history', () => {
  fc.assert(
    fc.property(anyConversation, ({ conversation, wanted }) => {
      const rows = rowsIn('prompt-completion', [conversation], { wanted: ({ id }) => wanted.has(id) });
      const expected = conversation.pairs.filter(({ id }) => wanted.has(id) && path(conversation, id) !== null);
      expect(rows.map(({ id, prompt }) => [id, (prompt as unknown[]).length])).toEqual(
        expected.map(({ id }) => [id, path(conversation, id)!.length * 2 - 1]),
      );
    }),
    { seed: 4, numRuns: 500 },
  );
});
