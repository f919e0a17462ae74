import * as z from 'zod';
import { chatMessages, chatMessageSchema } from '../chat.ts';
import { wholeThreads } from '../conversation.ts';
import { defineFormat } from '../snapshot-format.ts';

const schema = z.object({ id: z.string(), messages: z.array(chatMessageSchema), category: z.string(), language: z.string() });

/** Whole conversations as OpenAI's API has them, which is what TRL calls conversational language modelling. */
export const messagesFormat = defineFormat({
  name: 'messages',
  title: 'Chat messages',
  description: 'whole conversations, a row for each last turn, as OpenAI and TRL have them',
  schema,
  columns: {
    id: 'Id of the last response.',
    messages: 'All messages up to it in turn: who speaks in `role` (`user` or `assistant`), what is said in `content`.',
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
        yield { id, messages: chatMessages(turns), category, language };
      }
    },
  }),
});
