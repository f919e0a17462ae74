import * as z from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { limits } from './limits.ts';
import { integer, languageSchema, licenceSchema, slugSchema, text, timestampSchema } from './primitives.ts';
import { policyFloors, qualificationNeeds, textNormalisations } from './vocabulary.ts';

const floorSchema = z.enum(policyFloors);
const anyPolicy = {
  /** Whether any signed-in volunteer may review, or reviewers only. */
  openReview: z.boolean(),
  /** Share of the tasks that are calibration items, unannounced; none when it is missing. */
  calibrationRate: z.number().min(0).max(0.5).optional(),
  /** What new reviewers judge before anything else, and how much of it as expected; nothing when it is missing. */
  qualification: z
    .object({ items: z.int().min(qualificationNeeds.leastItems).max(20), needed: z.int().min(1).max(20) })
    .refine(({ items, needed }) => needed <= items, { path: ['needed'], message: 'No more than there are texts' })
    .optional(),
  /** Who has to be among those who agree; `none` when it is missing, as in policies from before there was a floor. */
  floor: floorSchema.optional(),
};

const fixedFields = {
  kind: z.literal('fixed'),
  /** Agreeing approvals that decide. */
  approvals: z.int().min(1).max(9),
  rejections: z.int().min(1).max(9),
  changeRequests: z.int().min(1).max(9),
  /** When that many reviews agree on nothing, a moderator decides. */
  maxReviews: z.int().min(1).max(25),
  ...anyPolicy,
};
/** "k agree": verdicts are counted, and a revision is decided as soon as that many reviewers agree. */
export const fixedPolicySchema = z.object(fixedFields);
export type FixedPolicy = z.infer<typeof fixedPolicySchema>;

const thresholdSchema = z.number().min(0.6).max(0.999);
const adaptiveFields = {
  kind: z.literal('adaptive'),
  /** Probability of the outcome at which it is decided. */
  approveAt: thresholdSchema,
  rejectAt: thresholdSchema,
  changesAt: thresholdSchema,
  /** Reviewers who have to look before anything is decided; nobody decides alone. */
  minReviews: z.int().min(2).max(9),
  /** When that many reviews decide nothing, a moderator does. */
  maxReviews: z.int().min(2).max(25),
  /** Share of what is handed in that deserves approval, as expected before anybody has looked. */
  expectedApproval: z.number().min(0.05).max(0.95),
  ...anyPolicy,
};
const leastWithinMost = ({ minReviews, maxReviews }: { minReviews: number; maxReviews: number }): boolean => minReviews <= maxReviews;
const leastBeyondMost = { path: ['minReviews'], message: 'No more than the most reviews before a moderator decides' };

/** Verdicts are weighed by how reliable each reviewer has proved; as few as make the outcome sure enough. */
export const adaptivePolicySchema = z.object(adaptiveFields).refine(leastWithinMost, leastBeyondMost);
export type AdaptivePolicy = z.infer<typeof adaptivePolicySchema>;

/** How a dataset comes to its decisions. */
export const reviewPolicySchema = z.discriminatedUnion('kind', [fixedPolicySchema, adaptivePolicySchema]);
export type ReviewPolicy = z.infer<typeof reviewPolicySchema>;

/** The least number of people who have to say the same where a floor holds. */
export const leastAgreeingWithFloor = 2;
const floorInput = { floor: floorSchema.default('proven_pair') };
const belowFloor = `At least ${leastAgreeingWithFloor}: with the floor proven_pair nobody decides alone. Set floor to none to let one person decide`;
/** A policy as an admin sets it: going without a floor has to be said. */
export const reviewPolicyInputSchema = z.discriminatedUnion('kind', [
  z
    .object({ ...fixedFields, ...floorInput })
    .refine(({ floor, approvals }) => floor === 'none' || approvals >= leastAgreeingWithFloor, { path: ['approvals'], message: belowFloor })
    .refine(({ floor, rejections }) => floor === 'none' || rejections >= leastAgreeingWithFloor, {
      path: ['rejections'],
      message: belowFloor,
    })
    .refine(({ floor, changeRequests }) => floor === 'none' || changeRequests >= leastAgreeingWithFloor, {
      path: ['changeRequests'],
      message: belowFloor,
    }),
  z.object({ ...adaptiveFields, ...floorInput }).refine(leastWithinMost, leastBeyondMost),
]);

export const textNormalisationSchema = z.enum(textNormalisations);

export const ratingDimensionSchema = z.object({
  slug: slugSchema,
  title: text({ min: 1, max: limits.titleMax }),
  description: text({ max: limits.descriptionMax }),
});
export type RatingDimension = z.infer<typeof ratingDimensionSchema>;

export const exampleSchema = z.object({
  instruction: text({ max: limits.instructionMax }),
  context: text({ max: limits.contextMax }).optional(),
  response: text({ max: limits.responseMax }),
  why: text({ max: limits.noteMax }),
});
export type CategoryExample = z.infer<typeof exampleSchema>;

const countSchema = z.int().min(0);
export const categorySchema = z.object({
  slug: z.string(),
  title: z.string(),
  guideline: z.string(),
  goodExample: exampleSchema.nullable(),
  badExample: exampleSchema.nullable(),
  /** Its instructions come with the passage that the answer rests on; those further down a conversation need none of their own. */
  requiresContext: z.boolean(),
  targetCount: countSchema,
  /** Approved pairs, pairs waiting for review, and approved instructions that have no approved response yet. */
  approved: countSchema,
  inReview: countSchema,
  openInstructions: countSchema,
});
export type Category = z.infer<typeof categorySchema>;

export const datasetSummarySchema = z.object({
  slug: z.string(),
  title: z.string(),
  description: z.string(),
  licence: z.string(),
  languages: z.array(z.string()),
  isDemo: z.boolean(),
  archived: z.boolean(),
  approved: countSchema,
  inReview: countSchema,
  contributors: countSchema,
  target: countSchema,
  latestSnapshot: z.int().nullable(),
});
export type DatasetSummary = z.infer<typeof datasetSummarySchema>;

export const datasetSchema = datasetSummarySchema.extend({
  guidelines: z.string(),
  /** What is done to texts on their way in; nothing, unless an admin wants it. */
  normalisations: z.array(textNormalisationSchema),
  terms: z.string(),
  termsVersion: z.int(),
  dimensions: z.array(ratingDimensionSchema),
  policy: reviewPolicySchema,
  categories: z.array(categorySchema),
  version: z.int(),
  createdAt: timestampSchema,
});
export type Dataset = z.infer<typeof datasetSchema>;

const datasetFields = {
  title: text({ min: 3, max: limits.titleMax, trim: true }),
  description: text({ min: 10, max: limits.descriptionMax, trim: true }),
  licence: licenceSchema,
  guidelines: text({ max: limits.guidelinesMax }),
  terms: text({ min: 20, max: limits.guidelinesMax }),
  languages: z.array(languageSchema).min(1).max(50),
  normalisations: z.array(textNormalisationSchema).max(textNormalisations.length),
  dimensions: z.array(ratingDimensionSchema).max(6),
  policy: reviewPolicyInputSchema,
};
const categoryFields = {
  title: text({ min: 2, max: limits.titleMax, trim: true }),
  guideline: text({ min: 10, max: limits.guidelinesMax, trim: true }),
  goodExample: exampleSchema.nullable(),
  badExample: exampleSchema.nullable(),
  requiresContext: z.boolean(),
  targetCount: integer({ min: 0, max: 10_000_000 }),
};

/** Approved pairs at the end of each of the last weeks, the present one last. */
export const datasetProgressSchema = z.object({
  /** Mondays, oldest first. */
  weeks: z.array(z.string()),
  categories: z.array(z.object({ category: z.string(), targetCount: countSchema, approved: z.array(countSchema) })),
});
export type DatasetProgress = z.infer<typeof datasetProgressSchema>;

const slugParams = z.object({ slug: slugSchema });
const categoryParams = z.object({ slug: slugSchema, category: slugSchema });
const tag = 'Datasets';
export const datasetEndpoints = {
  list: defineEndpoint({
    method: 'GET',
    path: '/api/v1/datasets',
    tag,
    permission: 'public',
    summary: 'All datasets of the deployment',
    response: z.object({ items: z.array(datasetSummarySchema) }),
  }),
  get: defineEndpoint({
    method: 'GET',
    path: '/api/v1/datasets/:slug',
    tag,
    permission: 'public',
    summary: 'One dataset with its categories, guidelines, terms and policy',
    params: slugParams,
    response: datasetSchema,
    errors: ['not_found'],
  }),
  progress: defineEndpoint({
    method: 'GET',
    path: '/api/v1/datasets/:slug/progress',
    tag,
    permission: 'public',
    summary: 'How far each category has come, week by week for half a year',
    description: 'Counts what is approved now, by the week in which it was approved.',
    params: slugParams,
    response: datasetProgressSchema,
    errors: ['not_found'],
  }),
  create: defineEndpoint({
    method: 'POST',
    path: '/api/v1/datasets',
    tag,
    permission: 'datasets:manage',
    status: 201,
    summary: 'Create a dataset',
    description: 'Begins with the eight default categories unless `categories` is given.',
    body: z.object({
      slug: slugSchema,
      ...datasetFields,
      normalisations: datasetFields.normalisations.optional(),
      guidelines: datasetFields.guidelines.optional(),
      terms: datasetFields.terms.optional(),
      dimensions: datasetFields.dimensions.optional(),
      policy: datasetFields.policy.optional(),
      categories: z
        .array(z.object({ slug: slugSchema, ...categoryFields, requiresContext: categoryFields.requiresContext.default(false) }))
        .min(1)
        .max(50)
        .optional(),
    }),
    response: datasetSchema,
    errors: ['slug_taken'],
    examples: {
      body: {
        slug: 'garden-questions',
        title: 'Garden questions',
        description: 'Questions gardeners ask, answered by gardeners.',
        licence: 'CC-BY-4.0',
        languages: ['en'],
      },
    },
  }),
  update: defineEndpoint({
    method: 'PATCH',
    path: '/api/v1/datasets/:slug',
    tag,
    permission: 'datasets:manage',
    ifMatch: true,
    summary: 'Change a dataset',
    description: 'New terms or another licence raise the version of the terms; contributors are asked to accept it before they go on.',
    params: slugParams,
    body: z.object({ ...datasetFields, archived: z.boolean() }).partial(),
    response: datasetSchema,
    errors: ['not_found', 'version_conflict', 'version_required'],
    examples: { body: { policy: { kind: 'fixed', approvals: 2, rejections: 2, changeRequests: 2, maxReviews: 5, openReview: true } } },
  }),
  addCategory: defineEndpoint({
    method: 'POST',
    path: '/api/v1/datasets/:slug/categories',
    tag,
    permission: 'datasets:manage',
    status: 201,
    summary: 'Add a category',
    params: slugParams,
    body: z.object({
      slug: slugSchema,
      ...categoryFields,
      goodExample: categoryFields.goodExample.default(null),
      badExample: categoryFields.badExample.default(null),
      requiresContext: categoryFields.requiresContext.default(false),
    }),
    response: datasetSchema,
    errors: ['not_found', 'slug_taken'],
  }),
  updateCategory: defineEndpoint({
    method: 'PATCH',
    path: '/api/v1/datasets/:slug/categories/:category',
    tag,
    permission: 'datasets:manage',
    summary: 'Change a category',
    params: categoryParams,
    body: z.object(categoryFields).partial(),
    response: datasetSchema,
    errors: ['not_found'],
  }),
  acceptTerms: defineEndpoint({
    method: 'POST',
    path: '/api/v1/datasets/:slug/terms-acceptance',
    tag,
    permission: 'entries:write',
    status: 201,
    summary: "Accept the dataset's licence and contributor terms",
    params: slugParams,
    body: z.object({ termsVersion: integer({ min: 1 }) }),
    response: z.object({ termsVersion: z.int(), licence: z.string(), acceptedAt: timestampSchema }),
    errors: ['not_found', 'version_conflict'],
    examples: { body: { termsVersion: 1 } },
  }),
};
