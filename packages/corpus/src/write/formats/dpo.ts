import { integerInAddress, numberInAddress } from '@granary/contract';
import * as z from 'zod';
import { assistantMessage, chatMessageSchema, chatPrompt } from '../chat.ts';
import { pairsById, turnsUpTo } from '../conversation.ts';
import { defaultMinZ, preferenceIsClear } from '../preferences.ts';
import { defineFormat } from '../snapshot-format.ts';

const schema = z.object({
  id: z.string(),
  prompt: z.array(chatMessageSchema),
  chosen: z.array(chatMessageSchema),
  rejected: z.array(chatMessageSchema),
  margin: z.number(),
  margin_error: z.number(),
  comparisons: z.int(),
  ties: z.int(),
  both_bad: z.int(),
  chosen_id: z.string(),
  rejected_id: z.string(),
  instruction_id: z.string(),
  category: z.string(),
  language: z.string(),
});
const options = z.object({
  min_margin: numberInAddress({ min: 0, max: 1000 }).default(0).describe('Preferences with a smaller margin are left out.'),
  min_z: numberInAddress({ min: 0, max: 1000 })
    .default(defaultMinZ)
    .describe(
      'Preferences whose margin is fewer standard errors above 0 are left out: about one in six of those at 1 is the wrong way round.',
    ),
  min_comparisons: integerInAddress({ min: 1, max: 1000 }).default(1).describe('Two responses that were compared less often are left out.'),
});

/**
 * Two responses to one instruction that people compared: the stronger one chosen, the other rejected. Two that came out equally strong, that
 * nobody preferred to one another, or whose order is as good as chance are left out: the loss would teach a preference that nobody has. `wanted` is asked of the chosen one alone: a rejected one
 * may be as bad as it likes.
 */
export const dpoFormat = defineFormat({
  name: 'dpo',
  title: 'DPO',
  description: 'responses to one instruction that people compared, the better one chosen, as TRL has preferences',
  schema,
  columns: {
    id: 'Ids of the chosen and the rejected response, joined by a colon.',
    prompt: 'All messages before the responses, the last by the user.',
    chosen: 'The response that is preferred, a list of one message.',
    rejected: 'The other one, likewise.',
    margin:
      'Difference of their log-strengths (Bradley-Terry with ties, from all comparisons of the alternatives), above 0; e^margin is how many times more often the chosen one is preferred.',
    margin_error: 'Standard error of the margin, from the same comparisons.',
    comparisons: 'How often these two were compared with each other.',
    ties: 'How often they were found alike.',
    both_bad: 'How often both were found bad.',
    chosen_id: 'Id of the chosen response.',
    rejected_id: 'Id of the rejected response.',
    instruction_id: 'Id of the instruction.',
    category: 'Slug of the task type.',
    language: 'BCP 47 language code.',
  } satisfies Record<keyof z.infer<typeof schema>, string>,
  tabular: true,
  stored: true,
  options,
  open: ({ min_margin, min_z, min_comparisons }) => ({
    *rows(conversation, wanted) {
      const pairs = pairsById(conversation);
      for (const chosen of conversation.pairs) {
        if (chosen.preferences.length === 0 || !wanted(chosen)) continue;
        const turns = turnsUpTo(pairs, chosen);
        if (turns === null) continue;
        const { instruction_id, category, language } = chosen;
        for (const { rejected_id, ...preference } of chosen.preferences) {
          const rejected = pairs.get(rejected_id);
          if (rejected === undefined || preference.margin < min_margin || preference.comparisons < min_comparisons) continue;
          if (!preferenceIsClear(preference, min_z) || preference.comparisons === preference.ties + preference.both_bad) continue;
          yield {
            id: `${chosen.id}:${rejected_id}`,
            prompt: chatPrompt(turns),
            chosen: [assistantMessage(chosen)],
            rejected: [assistantMessage(rejected)],
            ...preference,
            chosen_id: chosen.id,
            rejected_id,
            instruction_id,
            category,
            language,
          };
        }
      }
    },
  }),
});
