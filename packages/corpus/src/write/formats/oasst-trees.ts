import * as z from 'zod';
import { oasstNodeSchema, oasstTree, treeState } from '../oasst-tree.ts';
import { defineFormat } from '../snapshot-format.ts';

const schema = z.object({ message_tree_id: z.string(), tree_state: z.literal(treeState), prompt: oasstNodeSchema });

/** Conversations as trees in the shape of Open-Assistant's exports. */
export const oasstTreesFormat = defineFormat({
  name: 'oasst-trees',
  title: 'Open-Assistant trees',
  description: 'a conversation with all its alternatives and turns as one tree, as Open-Assistant exports them',
  schema,
  columns: {
    message_tree_id: 'Id of the first instruction.',
    tree_state: 'Always `ready_for_export`.',
    prompt: 'The first instruction: a message with `replies`, which are messages with `replies`, and so on.',
  } satisfies Record<keyof z.infer<typeof schema>, string>,
  tabular: false,
  stored: true,
  options: z.object({}),
  open: () => ({
    *rows(conversation, wanted) {
      const prompt = oasstTree(conversation, wanted);
      if (prompt !== null) yield { message_tree_id: prompt.message_id, tree_state: treeState, prompt };
    },
  }),
});
