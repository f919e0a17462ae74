import * as z from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { ratingDimensionSchema } from './datasets.ts';
import { idSchema, scoresSchema } from './primitives.ts';

/** What people think of an approved response: as they gave it, and adjusted, to be compared with others. */
export const entryRatingsSchema = z.object({
  /** Plain mean of all scores, 1–5, and how many there are; null without any. */
  mean: z.number().nullable(),
  scores: z.int(),
  /** The mean drawn towards the dataset's while the scores are few, and corrected by rater. */
  rating: z.number().nullable(),
  /** People who rated it. */
  raters: z.int(),
  /** With the plain mean of each. */
  dimensions: z.array(ratingDimensionSchema.extend({ mean: z.number().nullable() })),
  /** What the caller gave; null when they gave nothing. */
  mine: scoresSchema.nullable(),
  /** The caller may rate it: signed in, and not its author. */
  mayRate: z.boolean(),
});
export type EntryRatings = z.infer<typeof entryRatingsSchema>;

const tag = 'Ratings';
const params = z.object({ id: idSchema });
export const ratingEndpoints = {
  get: defineEndpoint({
    method: 'GET',
    path: '/api/v1/entries/:id/ratings',
    tag,
    permission: 'public',
    summary: 'How an approved response is rated',
    description:
      'Plain means of what was given, and a Bayesian one, corrected by what each rater usually gives too much or too little. Ratings given along with approving reviews count the same.',
    params,
    response: entryRatingsSchema,
    errors: ['not_found'],
  }),
  rate: defineEndpoint({
    method: 'PUT',
    path: '/api/v1/entries/:id/rating',
    tag,
    permission: 'entries:write',
    rateLimit: 'write',
    summary: 'Rate an approved response',
    description: 'Replaces what the caller gave before. Dimensions that are left out are not rated.',
    params,
    body: z.object({ ratings: scoresSchema.refine((scores) => Object.keys(scores).length > 0, 'Rate at least one dimension') }),
    response: entryRatingsSchema,
    errors: ['not_found', 'own_entry', 'status_conflict'],
    examples: { body: { ratings: { helpfulness: 4, accuracy: 5 } } },
  }),
  clear: defineEndpoint({
    method: 'DELETE',
    path: '/api/v1/entries/:id/rating',
    tag,
    permission: 'entries:write',
    rateLimit: 'write',
    summary: 'Take one’s rating back',
    params,
    response: entryRatingsSchema,
    errors: ['not_found'],
  }),
};
