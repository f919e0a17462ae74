import * as z from 'zod';
import { chatMessages } from '../chat.ts';
import { wholeThreads } from '../conversation.ts';
import { defineFormat } from '../snapshot-format.ts';

const schema = z.object({
  id: z.string(),
  conversations: z.array(z.object({ from: z.enum(['human', 'gpt']), value: z.string() })),
  category: z.string(),
  language: z.string(),
});
const speakers = { user: 'human', assistant: 'gpt' } as const;

/** Whole conversations in the words that FastChat and LLaMA-Factory call ShareGPT's. */
export const sharegptFormat = defineFormat({
  name: 'sharegpt',
  title: 'ShareGPT',
  description: 'whole conversations, a row for each last turn, as `human` and `gpt`',
  schema,
  columns: {
    id: 'Id of the last response.',
    conversations: 'All messages up to it in turn: who speaks in `from` (`human` or `gpt`), what is said in `value`.',
    category: 'Slug of the task type of the last turn.',
    language: 'BCP 47 language code of the last turn.',
  } satisfies Record<keyof z.infer<typeof schema>, string>,
  tabular: true,
  stored: true,
  options: z.object({}),
  open: () => ({
    *rows(conversation, wanted) {
      for (const { last, turns } of wholeThreads(conversation, wanted)) {
        const { id, category, language } = last;
        const conversations = chatMessages(turns).map(({ role, content }) => ({ from: speakers[role], value: content }));
        yield { id, conversations, category, language };
      }
    },
  }),
});
