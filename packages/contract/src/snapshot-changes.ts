import * as z from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { idSchema, pageOf, pageQuery, timestampSchema } from './primitives.ts';
import { fullRecordSchema } from './records.ts';
import { snapshotParams } from './snapshots.ts';

export const changeKinds = ['added', 'edited', 'retracted', 'removed'] as const;
export const changeKindSchema = z.enum(changeKinds);
/**
 * One row's difference between two snapshots. `retracted`: taken back by its author or by moderation; `removed`: in the later one no longer
 * for another reason (under review again, or the selection is another).
 */
export const snapshotChangeSchema = z.object({
  id: idSchema,
  change: changeKindSchema,
  /** Of `retracted` and `removed`: why, in the words of the event log; a stable slug of `changeReasons` where nobody wrote any. */
  reason: z.string().nullable(),
  /** When the pair was retracted or left; when it was approved as it is now. */
  at: timestampSchema.nullable(),
  content_hash: z.string().nullable(),
  previous_content_hash: z.string().nullable(),
  /** The row as the later snapshot has it; null for rows that are gone. */
  row: fullRecordSchema.nullable(),
  /** The row as the earlier snapshot had it; null for rows that are new. */
  previous: fullRecordSchema.nullable(),
});
export type SnapshotChange = z.infer<typeof snapshotChangeSchema>;

/** A line of `retracted.jsonl`: a row of an earlier snapshot that was taken back since. Whoever uses an earlier snapshot should drop it. */
export const retractedRowSchema = z.object({
  id: idSchema,
  /** As the last snapshot that held it had it. */
  content_hash: z.string(),
  last_snapshot: z.int(),
  reason: z.string(),
  at: timestampSchema.nullable(),
});
export type RetractedRow = z.infer<typeof retractedRowSchema>;

export const changeCountsSchema = z.object({ added: z.int(), edited: z.int(), retracted: z.int(), removed: z.int() });
export type ChangeCounts = z.infer<typeof changeCountsSchema>;

/** `since`: number of the earlier snapshot; the one before when it is left out. */
const since = snapshotParams.shape.number.optional();
export const snapshotChangeEndpoints = {
  list: defineEndpoint({
    method: 'GET',
    path: '/api/v1/datasets/:slug/snapshots/:number/changes',
    tag: 'Snapshots',
    permission: 'public',
    rateLimit: 'rows',
    summary: 'What changed between two snapshots',
    description:
      'In the order of the files. Both snapshots must be published, `since` before the other; the answer never changes. The first snapshot has nothing before it.',
    params: snapshotParams,
    query: z.object({ ...pageQuery, since, change: changeKindSchema.optional() }),
    response: pageOf(snapshotChangeSchema).extend({ since: z.int().nullable(), counts: changeCountsSchema }),
    errors: ['not_found', 'cursor_invalid'],
  }),
  file: defineEndpoint({
    method: 'GET',
    path: '/api/v1/datasets/:slug/snapshots/:number/changes.jsonl.gz',
    tag: 'Snapshots',
    permission: 'public',
    kind: 'file',
    cacheable: true,
    revalidates: true,
    rateLimit: 'export',
    summary: 'The same as a delta file',
    description: 'Gzipped JSON Lines, a change per line. Takes `If-None-Match`; never changes.',
    params: snapshotParams,
    query: z.object({ since }),
    errors: ['not_found'],
  }),
};
