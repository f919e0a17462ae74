import * as z from 'zod';
import { assistantMessage, chatMessageSchema, chatPrompt } from '../chat.ts';
import { pairsById, turnsUpTo } from '../conversation.ts';
import { defineFormat } from '../snapshot-format.ts';

const schema = z.object({
  id: z.string(),
  prompt: z.array(chatMessageSchema),
  completion: z.array(chatMessageSchema),
  category: z.string(),
  language: z.string(),
});

/**
 * A row for every pair, also those in the midst of a conversation: the loss is on the completion alone, so that nothing is learnt
 * twice. Lists of messages (TRL's conversational form), because a plain text has no mark for who said what before.
 */
export const promptCompletionFormat = defineFormat({
  name: 'prompt-completion',
  title: 'Prompt and completion',
  description: 'every pair, with what was said before in the prompt, as TRL has it',
  schema,
  columns: {
    id: 'Id of the response.',
    prompt: 'All messages before the response, the last by the user.',
    completion: 'The response, a list of one message.',
    category: 'Slug of the task type.',
    language: 'BCP 47 language code.',
  } satisfies Record<keyof z.infer<typeof schema>, string>,
  tabular: true,
  stored: true,
  options: z.object({}),
  open: () => ({
    *rows(conversation, wanted) {
      const pairs = pairsById(conversation);
      for (const pair of conversation.pairs) {
        const turns = wanted(pair) ? turnsUpTo(pairs, pair) : null;
        if (turns === null) continue;
        const { id, category, language } = pair;
        yield { id, prompt: chatPrompt(turns), completion: [assistantMessage(pair)], category, language };
      }
    },
  }),
});
