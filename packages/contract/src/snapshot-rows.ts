import * as z from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { limits } from './limits.ts';
import { flagReasonSchema, flagSchema } from './moderation.ts';
import { idSchema, integerInAddress, pageOf, pageQuery, searchSchema, slugSchema, text } from './primitives.ts';
import { fullRecordSchema } from './records.ts';
import { rowFilterSchema } from './snapshot-exports.ts';
import { snapshotParams } from './snapshots.ts';

/** A row as the page shows it: the full record, and what became of it since. */
export const snapshotRowSchema = fullRecordSchema.extend({
  /** Why the pair is no longer valid; null while it is approved as it was published. */
  since: z.enum(['edited', 'retracted', 'removed']).nullable(),
});
export type SnapshotRow = z.infer<typeof snapshotRowSchema>;

export const snapshotRowEndpoints = {
  list: defineEndpoint({
    method: 'GET',
    path: '/api/v1/datasets/:slug/snapshots/:number/rows',
    tag: 'Snapshots',
    permission: 'public',
    rateLimit: 'rows',
    summary: 'Rows of a published snapshot: search, filter, sample',
    description:
      'Conversation by conversation, as the files have them; with `seed`, in an order that tells nothing of the rows, beginning where the seed says, so that a page is a sample. `q` takes what a search for pairs takes; all of it must be in one text. A page may come short while there is a `nextCursor`.',
    params: snapshotParams,
    query: rowFilterSchema.extend({
      ...pageQuery,
      q: searchSchema.optional(),
      seed: integerInAddress({ min: 0 }).optional(),
    }),
    response: pageOf(snapshotRowSchema),
    errors: ['not_found', 'cursor_invalid'],
  }),
  get: defineEndpoint({
    method: 'GET',
    path: '/api/v1/datasets/:slug/snapshots/:number/rows/:id',
    tag: 'Snapshots',
    permission: 'public',
    summary: 'One row by its id',
    params: snapshotParams.extend({ id: idSchema }),
    response: snapshotRowSchema,
    errors: ['not_found'],
  }),
  find: defineEndpoint({
    method: 'GET',
    path: '/api/v1/datasets/:slug/rows/:id',
    tag: 'Snapshots',
    permission: 'public',
    summary: 'The published snapshots that hold a row, newest first',
    params: z.object({ slug: slugSchema, id: idSchema }),
    response: z.object({ id: idSchema, snapshots: z.array(z.int()) }),
    errors: ['not_found'],
  }),
  report: defineEndpoint({
    method: 'POST',
    path: '/api/v1/datasets/:slug/snapshots/:number/rows/:id/flags',
    tag: 'Snapshots',
    permission: 'flags:write',
    status: 201,
    rateLimit: 'flag',
    summary: 'Report a row; opens a moderation case, also when the pair has changed since',
    params: snapshotParams.extend({ id: idSchema }),
    body: z.object({ reason: flagReasonSchema, note: text({ max: limits.noteMax, trim: true }).optional() }),
    response: flagSchema,
    errors: ['not_found', 'already_exists'],
    examples: { body: { reason: 'incorrect', note: 'The year is wrong.' } },
  }),
};
