import * as z from 'zod';
import { defineFormat } from '../snapshot-format.ts';

const schema = z.object({
  id: z.string(),
  prompt: z.string(),
  chosen: z.string(),
  rejected: z.string(),
  margin: z.number(),
});

/**
 * Pairs of responses to one instruction that people compared: the stronger one chosen, the other rejected. Two that came out alike are
 * left out: they prefer nothing.
 */
export const dpoFormat = defineFormat({
  name: 'dpo',
  title: 'DPO',
  description: 'responses to one instruction that people compared, the better one chosen',
  schema,
  columns: {
    id: 'Ids of the chosen and the rejected response, joined by a colon.',
    prompt: 'What is asked.',
    chosen: 'The response that is preferred.',
    rejected: 'The other one.',
    margin: 'Difference of their log-strengths, above 0.',
  } satisfies Record<keyof z.infer<typeof schema>, string>,
  tabular: true,
  stored: true,
  options: z.object({}),
  open: () => ({
    *rows({ pairs }, wanted) {
      for (const pair of pairs) {
        if (!wanted(pair)) continue;
        for (const { rejected_id, margin } of pair.preferences) {
          const rejected = pairs.find(({ id }) => id === rejected_id);
          if (rejected)
            yield { id: `${pair.id}:${rejected_id}`, prompt: pair.instruction, chosen: pair.response, rejected: rejected.response, margin };
        }
      }
    },
  }),
});
