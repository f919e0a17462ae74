import { numberInAddress, type SnapshotRecord } from '@granary/contract';
import * as z from 'zod';
import { assistantMessage, chatMessageSchema, chatPrompt } from '../chat.ts';
import { pairsById, turnsUpTo } from '../conversation.ts';
import { defaultMinZ, preferenceIsClear } from '../preferences.ts';
import { defineFormat } from '../snapshot-format.ts';

const schema = z.object({
  id: z.string(),
  prompt: z.array(chatMessageSchema),
  completion: z.array(chatMessageSchema),
  label: z.boolean(),
  evidence: z.enum(['comparisons', 'ratings', 'both']),
  rating: z.number().nullable(),
  category: z.string(),
  language: z.string(),
});
const rating = numberInAddress({ min: 1, max: 5 });
const options = z
  .object({
    good_rating: rating.default(4).describe('A response rated so or better is good.'),
    bad_rating: rating.default(2).describe('A response rated so or worse is bad.'),
    min_margin: numberInAddress({ min: 0, max: 1000 }).default(0).describe('Preferences with a smaller margin say nothing.'),
    min_z: numberInAddress({ min: 0, max: 1000 })
      .default(defaultMinZ)
      .describe('Preferences whose margin is fewer standard errors above 0 say nothing.'),
  })
  .refine(({ good_rating, bad_rating }) => bad_rating < good_rating, {
    error: 'Must be below good_rating',
    path: ['bad_rating'],
  });

/**
 * Single responses that are known to be good or bad: from comparisons (preferred, or another preferred to it) and from ratings. What
 * nobody judged, what lies between the two ratings, and what the judgements contradict each other on is undecided and left out.
 */
export const ktoFormat = defineFormat({
  name: 'kto',
  title: 'KTO',
  description: 'responses that comparisons or ratings found good or bad, as TRL has unpaired preferences',
  schema,
  columns: {
    id: 'Id of the response.',
    prompt: 'All messages before the response, the last by the user.',
    completion: 'The response, a list of one message.',
    label: 'Whether it is good.',
    evidence: 'What says so: `comparisons`, `ratings` or `both`.',
    rating: 'How the response was rated, 1 to 5; null without ratings.',
    category: 'Slug of the task type.',
    language: 'BCP 47 language code.',
  } satisfies Record<keyof z.infer<typeof schema>, string>,
  tabular: true,
  stored: true,
  options,
  open: ({ good_rating, bad_rating, min_margin, min_z }) => ({
    *rows(conversation, wanted) {
      const pairs = pairsById(conversation);
      const compared = comparisonVerdicts(conversation.pairs, min_margin, min_z);
      for (const pair of conversation.pairs) {
        if (!wanted(pair)) continue;
        const byComparisons = compared.get(pair.id) ?? [];
        const byRatings = ratingVerdict(pair.rating, good_rating, bad_rating);
        const verdicts = new Set([...byComparisons, ...byRatings]);
        const turns = verdicts.size === 1 ? turnsUpTo(pairs, pair) : null;
        if (turns === null) continue;
        const evidence = byRatings.length === 0 ? 'comparisons' : byComparisons.length === 0 ? 'ratings' : 'both';
        const { id, category, language } = pair;
        const [label] = verdicts;
        yield {
          id,
          prompt: chatPrompt(turns),
          completion: [assistantMessage(pair)],
          label,
          evidence,
          rating: pair.rating,
          category,
          language,
        };
      }
    },
  }),
});

/** For each response, true for every preference it won and false for every one it lost. */
function comparisonVerdicts(pairs: readonly SnapshotRecord[], minMargin: number, minZ: number): Map<string, boolean[]> {
  const verdicts = new Map<string, boolean[]>();
  const add = (id: string, verdict: boolean) => void verdicts.set(id, [...(verdicts.get(id) ?? []), verdict]);
  for (const { id, preferences } of pairs)
    for (const preference of preferences) {
      const { rejected_id, margin, comparisons, ties, both_bad } = preference;
      if (margin < minMargin || ties === comparisons || !preferenceIsClear(preference, minZ)) continue;
      add(rejected_id, false);
      // The better of two that mostly were found bad is not good for that.
      if (both_bad * 2 < comparisons) add(id, true);
    }
  return verdicts;
}

function ratingVerdict(value: number | null, good: number, bad: number): boolean[] {
  if (value === null || (value > bad && value < good)) return [];
  return [value >= good];
}
