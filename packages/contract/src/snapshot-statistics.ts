import * as z from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { splitSchema } from './records.ts';
import { snapshotParams } from './snapshots.ts';

/** How many values lie from `from` to below `to` (the last bin has no end). */
const histogramSchema = z.array(z.object({ from: z.number(), to: z.number().nullable(), pairs: z.int() }));
export type Histogram = z.infer<typeof histogramSchema>;

/** What there is to tell about a snapshot's pairs. Lists are in the order that they are to be shown in. */
export const snapshotStatisticsSchema = z.object({
  pairs: z.int(),
  conversations: z.int(),
  bySplit: z.array(z.object({ split: splitSchema, pairs: z.int() })),
  byCategory: z.array(z.object({ category: z.string(), pairs: z.int() })),
  byLanguage: z.array(z.object({ language: z.string(), pairs: z.int() })),
  /** Pairs with a text, or a passage, under each licence. None for snapshots from before that was kept. */
  byLicence: z.array(z.object({ licence: z.string(), pairs: z.int() })).default([]),
  /** Where pairs come from; null is written here. None for snapshots from before that was kept. */
  bySource: z.array(z.object({ source: z.string().nullable(), url: z.string().nullable(), pairs: z.int() })).default([]),
  byTurn: z.array(z.object({ turn: z.int(), pairs: z.int() })),
  /** In Unicode code points. */
  instructionLengths: histogramSchema,
  responseLengths: histogramSchema,
  contextLengths: histogramSchema,
  /** Share of the reviews that approved, of the pairs that were reviewed. */
  agreement: histogramSchema,
  notReviewed: z.int(),
  ratings: histogramSchema,
  notRated: z.int(),
  aiAssistance: z.object({ none: z.int(), wording: z.int(), drafted: z.int() }),
});
export type SnapshotStatistics = z.infer<typeof snapshotStatisticsSchema>;

export const snapshotStatisticsEndpoints = {
  get: defineEndpoint({
    method: 'GET',
    path: '/api/v1/datasets/:slug/snapshots/:number/statistics',
    tag: 'Snapshots',
    permission: 'public',
    summary: 'What there is to tell about the pairs of a snapshot',
    description: 'Reckoned when the snapshot was built; `null` for snapshots from before that was kept.',
    params: snapshotParams,
    response: z.object({ statistics: snapshotStatisticsSchema.nullable() }),
    errors: ['not_found'],
  }),
};
