import * as z from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { integerInAddress, languageSchema, numberInAddress, slugSchema, text } from './primitives.ts';
import { splitSchema } from './records.ts';
import { snapshotParams } from './snapshots.ts';

const nameSchema = z.string().regex(/^[a-z][a-z0-9.-]{0,40}$/);
/** One value or several, as an address repeats them. */
const listOf = <T extends z.ZodType>(item: T) =>
  z.preprocess((value) => (Array.isArray(value) ? value : [value]), z.array(item).max(100)).default([]);

/** Which rows of a snapshot are wanted. Earlier turns come along where a format tells conversations, wanted or not. */
export const rowFilterSchema = z.object({
  split: splitSchema.optional(),
  category: listOf(slugSchema),
  language: listOf(languageSchema),
  /** Pairs rated lower, and those that nobody rated, are left out. */
  min_rating: numberInAddress({ min: 1, max: 5 }).optional(),
});
export type RowFilter = z.output<typeof rowFilterSchema>;

export const formatSchema = z.object({
  name: nameSchema,
  title: z.string(),
  description: z.string(),
  /** Whether rows fit typed columns, so that Parquet and CSV are offered. */
  tabular: z.boolean(),
  /** Whether its files are part of every snapshot. */
  stored: z.boolean(),
  columns: z.array(z.object({ name: z.string(), meaning: z.string() })),
  /** JSON Schema of a row. */
  rowSchema: z.record(z.string(), z.unknown()),
  /** JSON Schema of what may be chosen beside the filters. */
  optionsSchema: z.record(z.string(), z.unknown()),
});
export type Format = z.infer<typeof formatSchema>;
export const encodingSchema = z.object({ name: nameSchema, mediaType: z.string(), tabular: z.boolean() });

export const snapshotExportEndpoints = {
  formats: defineEndpoint({
    method: 'GET',
    path: '/api/v1/formats',
    tag: 'Snapshots',
    permission: 'public',
    summary: 'Formats and encodings that snapshots can be had in',
    response: z.object({ formats: z.array(formatSchema), encodings: z.array(encodingSchema) }),
  }),
  get: defineEndpoint({
    method: 'GET',
    path: '/api/v1/datasets/:slug/snapshots/:number/export',
    tag: 'Snapshots',
    permission: 'public',
    kind: 'file',
    cacheable: true,
    revalidates: true,
    rateLimit: 'export',
    summary: 'A snapshot in any format, made while it is sent',
    description:
      'The same address always gives the same bytes. Options of a format (`k`, `seed`, … of `kshot`) go into the query too; `GET /api/v1/formats` names them. When as many are being made as a process makes at once, the answer is 503 with `Retry-After`.',
    params: snapshotParams,
    query: rowFilterSchema
      .extend({
        format: nameSchema,
        encoding: nameSchema.default('jsonl.gz'),
        /** At most so many rows; for previews. */
        limit: integerInAddress({ min: 1, max: 1_000_000_000 }).optional(),
      })
      .catchall(text({ max: 200 })),
    errors: ['not_found', 'not_ready'],
  }),
};
