import * as z from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { limits } from './limits.ts';
import { httpUrlSchema, idSchema, languageSchema, pageOf, pageQuery, slugSchema, text, timestampSchema } from './primitives.ts';
import { changedRowChoices, importFormats, importStatuses } from './vocabulary.ts';

export const importFormatSchema = z.enum(importFormats);
export type ImportFormat = z.infer<typeof importFormatSchema>;
export const importContainerSchema = z.enum(['jsonl', 'csv']);
const columnSchema = text({ min: 1, max: limits.columnNameMax });
/** Which column feeds which field. OASST trees and Self-Instruct tasks have a fixed shape and take none. */
export const columnMappingSchema = z.object({
  instruction: columnSchema,
  response: columnSchema,
  context: columnSchema.nullable().default(null),
  category: columnSchema.nullable().default(null),
  language: columnSchema.nullable().default(null),
  externalId: columnSchema.nullable().default(null),
});
export type ColumnMapping = z.infer<typeof columnMappingSchema>;
export const importOptionsSchema = z.object({
  format: importFormatSchema,
  mapping: columnMappingSchema.nullable().default(null),
  /** Category of rows that name none or an unknown one; without it such rows are reported. */
  defaultCategory: slugSchema.nullable().default(null),
  defaultLanguage: languageSchema.default('en'),
  /** What the rows are and under which licence they came: kept with every row. */
  originName: text({ min: 2, max: limits.titleMax, trim: true, tooShort: 'Say where the rows come from, in at least 2 characters' }),
  originUrl: httpUrlSchema.nullable().default(null),
  licence: text({ min: 2, max: limits.licenceMax, tooShort: 'Name the licence of the rows, such as CC-BY-SA-3.0' }),
  /** Status rows begin with. */
  status: z.enum(['in_review', 'approved']).default('in_review'),
  /** What becomes of a row whose id is known from the same origin with another text. */
  changedRows: z.enum(changedRowChoices).default('report'),
  /** Take nothing at all when any row is bad. */
  strict: z.boolean().default(false),
});
export type ImportOptions = z.infer<typeof importOptionsSchema>;
export const importStatusSchema = z.enum(importStatuses);
export const importSchema = z.object({
  id: idSchema,
  datasetSlug: z.string(),
  fileName: z.string(),
  bytes: z.int(),
  sha256: z.string(),
  status: importStatusSchema,
  format: importFormatSchema,
  options: importOptionsSchema.nullable(),
  linesDone: z.int(),
  bytesDone: z.int(),
  added: z.int(),
  duplicates: z.int(),
  /** Rows that gave what was there another text. */
  revised: z.int(),
  /** Rows with a text that was changed as the dataset's `normalisations` say. */
  normalised: z.int(),
  bad: z.int(),
  error: z.string().nullable(),
  createdAt: timestampSchema,
  finishedAt: timestampSchema.nullable(),
});
export type Import = z.infer<typeof importSchema>;
export const importPreviewSchema = z.object({
  container: importContainerSchema,
  format: importFormatSchema,
  columns: z.array(z.string()),
  mapping: columnMappingSchema.nullable(),
  rows: z.array(
    z.object({
      line: z.int(),
      pairs: z.array(
        z.object({
          instruction: z.string(),
          context: z.string().nullable(),
          response: z.string().nullable(),
          category: z.string().nullable(),
          language: z.string().nullable(),
          depth: z.int(),
        }),
      ),
      issues: z.array(z.object({ field: z.string().nullable(), message: z.string() })),
      /** Against the dataset and the rows before it: `changed` has a known id and another text. Null for rows with issues. */
      known: z.enum(['new', 'known', 'changed']).nullable(),
    }),
  ),
});
export type ImportPreview = z.infer<typeof importPreviewSchema>;
export const importProgressSchema = importSchema.pick({
  status: true,
  linesDone: true,
  bytesDone: true,
  bytes: true,
  added: true,
  duplicates: true,
  revised: true,
  normalised: true,
  bad: true,
  error: true,
});

const slugParams = z.object({ slug: slugSchema });
const tag = 'Imports';
const idParams = z.object({ id: idSchema });
export const importEndpoints = {
  upload: defineEndpoint({
    method: 'POST',
    path: '/api/v1/datasets/:slug/imports',
    tag,
    permission: 'imports:run',
    status: 201,
    kind: 'upload',
    rateLimit: 'upload',
    summary: 'Upload a JSONL or CSV file (gzip allowed)',
    description: 'The body is the file. Nothing is imported yet.',
    params: slugParams,
    query: z.object({ fileName: text({ min: 1, max: limits.fileNameMax }) }),
    response: z.object({ import: importSchema, preview: importPreviewSchema }),
    errors: ['not_found', 'import_unreadable', 'body_too_large'],
  }),
  list: defineEndpoint({
    method: 'GET',
    path: '/api/v1/datasets/:slug/imports',
    tag,
    permission: 'imports:run',
    summary: 'Imports of a dataset, newest first',
    params: slugParams,
    query: z.object(pageQuery),
    response: pageOf(importSchema),
    errors: ['not_found'],
  }),
  get: defineEndpoint({
    method: 'GET',
    path: '/api/v1/imports/:id',
    tag,
    permission: 'imports:run',
    summary: 'One import',
    params: idParams,
    response: importSchema,
    errors: ['not_found'],
  }),
  preview: defineEndpoint({
    method: 'POST',
    path: '/api/v1/imports/:id/preview',
    tag,
    permission: 'imports:run',
    summary: 'See the first rows under a format and mapping',
    params: idParams,
    body: importOptionsSchema
      .pick({ format: true, mapping: true, defaultCategory: true, defaultLanguage: true })
      .extend({ originName: importOptionsSchema.shape.originName.optional() }),
    response: importPreviewSchema,
    errors: ['not_found', 'import_unreadable'],
    examples: { body: { format: 'dolly', mapping: null, defaultCategory: 'open_qa', defaultLanguage: 'en' } },
  }),
  start: defineEndpoint({
    method: 'POST',
    path: '/api/v1/imports/:id/start',
    tag,
    permission: 'imports:run',
    status: 202,
    summary: 'Start, or go on after a failure',
    params: idParams,
    body: importOptionsSchema,
    response: importSchema,
    errors: ['not_found', 'import_state'],
    examples: {
      body: {
        format: 'dolly',
        mapping: null,
        defaultCategory: 'open_qa',
        originName: 'databricks-dolly-15k',
        licence: 'CC-BY-SA-3.0',
        status: 'in_review',
      },
    },
  }),
  cancel: defineEndpoint({
    method: 'POST',
    path: '/api/v1/imports/:id/cancel',
    tag,
    permission: 'imports:run',
    status: 202,
    summary: 'Stop; what is in stays in',
    params: idParams,
    response: importSchema,
    errors: ['not_found', 'import_state'],
  }),
  events: defineEndpoint({
    method: 'GET',
    path: '/api/v1/imports/:id/events',
    tag,
    permission: 'imports:run',
    kind: 'events',
    summary: 'Progress of an import',
    params: idParams,
    response: importProgressSchema,
    errors: ['not_found'],
  }),
  report: defineEndpoint({
    method: 'GET',
    path: '/api/v1/imports/:id/report',
    tag,
    permission: 'imports:run',
    kind: 'file',
    summary: 'The rows that were not taken, as CSV: line, field, reason, excerpt',
    description: `The first ${limits.importReportRowsMax} of them; a last row without a line says how many more there are.`,
    params: idParams,
    errors: ['not_found'],
  }),
};
