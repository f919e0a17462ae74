import * as z from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { limits } from './limits.ts';
import {
  dateSchema,
  integer,
  integerInAddress,
  languageSchema,
  pageOf,
  pageQuery,
  slugSchema,
  text,
  timestampSchema,
} from './primitives.ts';
import { splitSchema } from './records.ts';
import { snapshotStatuses } from './vocabulary.ts';

/** Which approved pairs a snapshot holds. Empty lists mean all. Days are UTC and included; they look at the approval. */
export const selectionSchema = z.object({
  categories: z.array(slugSchema).max(100).default([]),
  languages: z.array(languageSchema).max(100).default([]),
  /** Pairs rated lower are left out; unrated pairs stay in unless `ratedOnly`. */
  minRating: z.number().min(1).max(5).nullable().default(null),
  ratedOnly: z.boolean().default(false),
  /** Pairs that fewer people rated are left out. */
  minRatings: integer({ min: 0, max: 1000 }).default(0),
  /** Pairs whose response was compared less often are left out. */
  minComparisons: integer({ min: 0, max: 1000 }).default(0),
  from: dateSchema.nullable().default(null),
  to: dateSchema.nullable().default(null),
});
export type Selection = z.infer<typeof selectionSchema>;

export const countsSchema = z.object({
  pairs: z.int(),
  byCategory: z.array(z.object({ category: z.string(), pairs: z.int() })),
  byLanguage: z.array(z.object({ language: z.string(), pairs: z.int() })),
});
export type SnapshotCounts = z.infer<typeof countsSchema>;
export const snapshotStatusSchema = z.enum(snapshotStatuses);
export type SnapshotStatus = z.infer<typeof snapshotStatusSchema>;
export const snapshotStageSchema = z.enum(['selecting', 'writing', 'storing', 'done']);

export const snapshotFileSchema = z.object({
  name: z.string(),
  mediaType: z.string(),
  /** Name of the record format, or what the file is when it holds no rows: `card`, `manifest`, … */
  format: z.string(),
  /** Name of the encoding (`jsonl.gz`, `parquet`, …); null for files without rows. */
  encoding: z.string().nullable(),
  /** Null for files that hold every split, or no rows. */
  split: splitSchema.nullable(),
  bytes: z.int(),
  sha256: z.string(),
  rows: z.int().nullable(),
  url: z.string(),
});
export type SnapshotFile = z.infer<typeof snapshotFileSchema>;
export const snapshotSchema = z.object({
  datasetSlug: z.string(),
  number: z.int(),
  status: snapshotStatusSchema,
  selection: selectionSchema,
  notes: z.string(),
  counts: countsSchema.nullable(),
  contentHash: z.string().nullable(),
  stage: snapshotStageSchema,
  rowsDone: z.int(),
  rowsTotal: z.int(),
  error: z.string().nullable(),
  createdAt: timestampSchema,
  publishedAt: timestampSchema.nullable(),
  files: z.array(snapshotFileSchema),
});
export type Snapshot = z.infer<typeof snapshotSchema>;
export const snapshotProgressSchema = snapshotSchema.pick({ status: true, stage: true, rowsDone: true, rowsTotal: true, error: true });

/** Of the form that `manifest.json` has; another form gets another number. */
export const manifestVersion = 2;
/** `manifest.json`: what a snapshot is and what its files must hash to. */
export const manifestSchema = z.object({
  granary: z.literal(manifestVersion),
  dataset: z.object({ slug: z.string(), title: z.string(), licence: z.string() }),
  snapshot: z.int(),
  eventPosition: z.int(),
  /** Version of the dataset's review policy when it was made. */
  policy: z.int(),
  createdAt: timestampSchema,
  selection: selectionSchema,
  counts: countsSchema,
  /** Selected pairs that were left out, because they are near-duplicates of pairs in another split than theirs. */
  withheld: z.int().default(0),
  /** SHA-256 (hex) of the lines that `sha256sum` prints for the data files, in the order of `files`. */
  contentHash: z.string(),
  files: z.array(snapshotFileSchema.omit({ url: true })),
});
export type Manifest = z.infer<typeof manifestSchema>;

const slugParams = z.object({ slug: slugSchema });
export const snapshotParams = z.object({ slug: slugSchema, number: integerInAddress({ min: 1, max: limits.snapshotNumberMax }) });
/** Names of files may lie in folders, `data/dolly/train-00000-of-00001.parquet`, but never lead out of them. */
export const snapshotFileNameSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,120}(?:\/[A-Za-z0-9][A-Za-z0-9._-]{0,120}){0,4}$/);
const fileParams = snapshotParams.extend({ '*': snapshotFileNameSchema });
const selectionBody = z.object({ selection: selectionSchema });
const tag = 'Snapshots';
export const snapshotEndpoints = {
  list: defineEndpoint({
    method: 'GET',
    path: '/api/v1/datasets/:slug/snapshots',
    tag,
    permission: 'public',
    summary: 'Snapshots of a dataset, newest first',
    description: 'Admins also see those that are being built, failed or were cancelled.',
    params: slugParams,
    query: z.object(pageQuery),
    response: pageOf(snapshotSchema),
    errors: ['not_found'],
  }),
  preview: defineEndpoint({
    method: 'POST',
    path: '/api/v1/datasets/:slug/snapshots/preview',
    tag,
    permission: 'snapshots:publish',
    summary: 'Size of a selection',
    params: slugParams,
    body: selectionBody,
    response: countsSchema,
    errors: ['not_found'],
    examples: { body: { selection: { languages: ['en'], minRating: 3 } } },
  }),
  create: defineEndpoint({
    method: 'POST',
    path: '/api/v1/datasets/:slug/snapshots',
    tag,
    permission: 'snapshots:publish',
    status: 202,
    summary: 'Publish: start building a snapshot',
    params: slugParams,
    body: selectionBody.extend({ notes: text({ max: limits.noteMax, trim: true }).default('') }),
    response: snapshotSchema,
    errors: ['not_found', 'selection_empty', 'snapshot_running'],
    examples: { body: { selection: {}, notes: 'First release.' } },
  }),
  get: defineEndpoint({
    method: 'GET',
    path: '/api/v1/datasets/:slug/snapshots/:number',
    tag,
    permission: 'public',
    summary: 'One snapshot',
    params: snapshotParams,
    response: snapshotSchema,
    errors: ['not_found'],
  }),
  latest: defineEndpoint({
    method: 'GET',
    path: '/api/v1/datasets/:slug/snapshots/latest',
    tag,
    permission: 'public',
    kind: 'redirect',
    cacheable: true,
    status: 302,
    summary: 'Redirects to the newest published snapshot',
    params: slugParams,
    errors: ['not_found'],
  }),
  latestFile: defineEndpoint({
    method: 'GET',
    path: '/api/v1/datasets/:slug/snapshots/latest/files/*',
    tag,
    permission: 'public',
    kind: 'redirect',
    cacheable: true,
    status: 302,
    summary: 'Redirects to a file of the newest published snapshot',
    params: fileParams.omit({ number: true }),
    errors: ['not_found'],
  }),
  file: defineEndpoint({
    method: 'GET',
    path: '/api/v1/datasets/:slug/snapshots/:number/files/*',
    tag,
    permission: 'public',
    kind: 'file',
    cacheable: true,
    revalidates: true,
    summary: 'Download a file',
    description: 'Takes `Range` and `If-None-Match`; never changes.',
    params: fileParams,
    errors: ['not_found', 'range_unsatisfiable'],
  }),
  events: defineEndpoint({
    method: 'GET',
    path: '/api/v1/datasets/:slug/snapshots/:number/events',
    tag,
    permission: 'snapshots:publish',
    kind: 'events',
    summary: 'Progress of a build',
    params: snapshotParams,
    response: snapshotProgressSchema,
    errors: ['not_found'],
  }),
  cancel: defineEndpoint({
    method: 'POST',
    path: '/api/v1/datasets/:slug/snapshots/:number/cancel',
    tag,
    permission: 'snapshots:publish',
    status: 202,
    summary: 'Stop a build',
    params: snapshotParams,
    response: snapshotSchema,
    errors: ['not_found', 'status_conflict'],
  }),
};
