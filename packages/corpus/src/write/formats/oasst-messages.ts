import * as z from 'zod';
import { oasstMessageSchema, oasstTree, treeState } from '../oasst-tree.ts';
import type { OasstNode } from '../oasst-tree.ts';
import { defineFormat } from '../snapshot-format.ts';

const schema = oasstMessageSchema.extend({ message_tree_id: z.string(), tree_state: z.literal(treeState) });

/** The messages of the same trees one by one, as the data set `OpenAssistant/oasst1` has them: each after the one it answers. */
export const oasstMessagesFormat = defineFormat({
  name: 'oasst-messages',
  title: 'Open-Assistant messages',
  description: 'the messages of all conversations one by one, each with the one it answers, in the columns of oasst1',
  schema,
  columns: {
    message_id: 'Id of the instruction or response.',
    parent_id: 'Id of the message that it answers; null for the first of a conversation.',
    user_id: 'Display name of the author; null for imported rows and for authors who wish to stay unnamed.',
    created_date: 'When a response was handed in, UTC; null for instructions.',
    text: 'What is said; after an instruction a blank line and its passage, where it has one.',
    role: '`prompter` or `assistant`.',
    lang: 'BCP 47 language code.',
    review_count: 'Reviews of this version of a response; null for instructions, which are reviewed with their responses.',
    review_result: 'Always true: what is not approved is in no snapshot.',
    deleted: 'Always false.',
    rank: 'Place of a response among those to the same instruction by strength, 0 for the best; equally strong ones share a place; null where fewer than two were compared.',
    synthetic:
      'Whether AI drafted the text. It is declared for a pair as the stronger of its two texts: true for the response of a pair that says `drafted`, and for an instruction when all its pairs do.',
    message_tree_id: 'Id of the first instruction of the conversation.',
    tree_state: 'Always `ready_for_export`.',
  } satisfies Record<keyof z.infer<typeof schema>, string>,
  tabular: true,
  stored: true,
  options: z.object({}),
  open: () => ({
    *rows(conversation, wanted) {
      const prompt = oasstTree(conversation, wanted);
      if (prompt === null) return;
      for (const { replies: _, ...message } of inOrder(prompt))
        yield { ...message, message_tree_id: prompt.message_id, tree_state: treeState };
    },
  }),
});

/** A node before its replies, without recursion: a conversation may be long. */
function* inOrder(root: OasstNode): Generator<OasstNode> {
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    yield node;
    waiting.push(...node.replies.toReversed());
  }
}
