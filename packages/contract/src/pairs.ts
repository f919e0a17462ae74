import * as z from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { entryStatusSchema, originSchema } from './entries.ts';
import {
  dateSchema,
  idSchema,
  languageSchema,
  pageOf,
  pageQuery,
  personSchema,
  searchSchema,
  slugSchema,
  timestampSchema,
} from './primitives.ts';

export const pairSchema = z.object({
  /** Id of the response: it names the pair. */
  id: idSchema,
  instructionId: idSchema,
  datasetSlug: z.string(),
  category: z.string(),
  language: z.string(),
  status: entryStatusSchema,
  instruction: z.string(),
  context: z.string().nullable(),
  response: z.string(),
  author: personSchema.nullable(),
  origin: originSchema.nullable(),
  rating: z.number().nullable(),
  reviewCount: z.int(),
  at: timestampSchema,
});
export type Pair = z.infer<typeof pairSchema>;

export const pairFiltersSchema = z.object({
  q: searchSchema.optional(),
  dataset: slugSchema.optional(),
  category: slugSchema.optional(),
  language: languageSchema.optional(),
  /** Anything but `approved` needs the reviewer role, or `author` set to oneself. */
  status: entryStatusSchema.default('approved'),
  author: idSchema.optional(),
  from: dateSchema.optional(),
  to: dateSchema.optional(),
});

const tag = 'Browse';
export const pairEndpoints = {
  list: defineEndpoint({
    method: 'GET',
    path: '/api/v1/pairs',
    tag,
    permission: 'public',
    summary: 'Search and filter pairs',
    description:
      'Newest first. `q` takes words, "phrases", or, and -words; the last word may be the beginning of one. A page of a search may come short while there is a `nextCursor`. `from` and `to` are days in UTC, both included.',
    query: pairFiltersSchema.extend(pageQuery),
    response: pageOf(pairSchema),
    errors: ['cursor_invalid', 'forbidden', 'not_found'],
  }),
};

export const contributorSchema = z.object({
  id: idSchema,
  displayName: z.string(),
  joinedAt: timestampSchema,
  approved: z.int(),
  inSnapshots: z.int(),
  reviews: z.int(),
  byCategory: z.array(z.object({ category: z.string(), approved: z.int() })),
});
export type Contributor = z.infer<typeof contributorSchema>;
export const contributorEndpoints = {
  get: defineEndpoint({
    method: 'GET',
    path: '/api/v1/contributors/:id',
    tag,
    permission: 'public',
    summary: "A contributor's public page",
    params: z.object({ id: idSchema }),
    response: contributorSchema,
    errors: ['not_found'],
  }),
};

export const statsSchema = z.object({
  approved: z.int(),
  inReview: z.int(),
  contributors: z.int(),
  reviewsThisWeek: z.int(),
  approvedThisWeek: z.int(),
  snapshots: z.int(),
  languages: z.int(),
});
export type Stats = z.infer<typeof statsSchema>;
export const statsEndpoints = {
  get: defineEndpoint({
    method: 'GET',
    path: '/api/v1/stats',
    tag,
    permission: 'public',
    summary: 'Live figures of the deployment',
    response: statsSchema,
  }),
};
