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
import { pairSorts } from './vocabulary.ts';

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
  /** Plain mean of the scores that people gave, 1–5. */
  rating: z.number().nullable(),
  /** People who rated it, and comparisons that its present version was in. */
  raters: z.int(),
  comparisons: z.int(),
  /** Other approved responses to the same instruction. */
  alternatives: z.int(),
  /** How its conversation began, for a follow-up. */
  conversation: z.object({ id: idSchema, text: z.string() }).nullable(),
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
      'Newest first; `sort` gives approved ones by their rating or by how often they were compared instead, those that were, and takes no words. `q` takes words, "phrases", or, and -words; the last word may be the beginning of one. A page of a search may come short while there is a `nextCursor`. `from` and `to` are days in UTC, both included.',
    query: pairFiltersSchema.extend({ ...pageQuery, sort: z.enum(pairSorts).default('newest') }),
    response: pageOf(pairSchema),
    errors: ['cursor_invalid', 'forbidden', 'not_found'],
  }),
  count: defineEndpoint({
    method: 'GET',
    path: '/api/v1/pairs/count',
    tag,
    permission: 'public',
    summary: 'How many approved pairs there are',
    description: 'Counts to 10,000 where a filter other than dataset and category is set; `more` says that there are more.',
    query: pairFiltersSchema.omit({ q: true, status: true }),
    response: z.object({ count: z.int(), more: z.boolean() }),
    errors: ['not_found'],
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
