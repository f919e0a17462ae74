import * as z from 'zod';
import { ratingDimensionSchema } from './datasets.ts';
import { defineEndpoint } from './endpoint.ts';
import { entrySchema, entryStatusSchema, rejectReasonSchema, revisionSchema, verdictSchema } from './entries.ts';
import { limits } from './limits.ts';
import { idSchema, languageSchema, pageOf, pageQuery, scoresSchema, slugSchema, text, timestampSchema } from './primitives.ts';
import { qualificationStates, skipReasons, taskPurposes, tasksHeldAtMost } from './vocabulary.ts';

const note = text({ max: limits.noteMax, trim: true });

export const reviewTaskSchema = z.object({
  id: idSchema,
  leaseExpiresAt: timestampSchema,
  purpose: z.enum(taskPurposes),
  datasetSlug: z.string(),
  datasetTitle: z.string(),
  category: z.object({ slug: z.string(), title: z.string(), guideline: z.string() }),
  dimensions: z.array(ratingDimensionSchema),
  /** The entry under review; with a pair handed in together, the response. */
  entry: entrySchema,
  /** The instruction reviewed in the same task, when both were handed in together. */
  instruction: entrySchema.nullable(),
  /** The conversation above, from the first instruction; for a lone response it ends with its instruction. */
  path: z.array(entrySchema),
  /** The version that was reviewed before, when this one is an edit. */
  previousRevision: revisionSchema.nullable(),
  previousInstructionRevision: revisionSchema.nullable(),
  /** What others did not approve of in that version, and asked for. */
  requests: z.array(z.object({ reason: rejectReasonSchema.nullable(), note: z.string().nullable() })),
  /** What the caller said of that version, to be said again or not. */
  earlier: z
    .object({ verdict: verdictSchema, reason: rejectReasonSchema.nullable(), note: z.string().nullable(), ratings: scoresSchema })
    .nullable(),
});
export type ReviewTask = z.infer<typeof reviewTaskSchema>;

export const reviewInputSchema = z.discriminatedUnion('verdict', [
  z.object({ verdict: z.literal('approve'), ratings: scoresSchema.default({}), note: note.optional() }),
  z.object({
    verdict: z.literal('reject'),
    reason: rejectReasonSchema,
    note: note.optional(),
    ratings: scoresSchema.default({}),
    /** Of a pair handed in together: only the response is bad, others may answer the instruction. */
    keepInstruction: z.boolean().default(false),
  }),
  z.object({
    verdict: z.literal('request_changes'),
    note: text({ min: limits.noteMin, max: limits.noteMax, tooShort: 'Say what to change', trim: true }),
    ratings: scoresSchema.default({}),
  }),
]);
export type ReviewInput = z.infer<typeof reviewInputSchema>;

export const qualificationSchema = z.object({
  datasetSlug: z.string(),
  datasetTitle: z.string(),
  state: z.enum(qualificationStates),
  /** Texts of this attempt, how many are answered, how many as expected, and how many it takes. */
  items: z.int(),
  answered: z.int(),
  met: z.int(),
  needed: z.int(),
  /** When the next attempt may begin, after one that failed. */
  againAt: timestampSchema.nullable(),
});
export type Qualification = z.infer<typeof qualificationSchema>;

export const reviewOutcomeSchema = z.object({
  reviewId: idSchema,
  entryId: idSchema,
  verdict: verdictSchema,
  /** Status of the entry after this review. */
  status: entryStatusSchema,
  undoUntil: timestampSchema,
  /** The text was one whose verdict is known, to learn from: what was expected of it and why. */
  lesson: z
    .object({
      met: z.boolean(),
      expected: verdictSchema,
      reason: rejectReasonSchema.nullable(),
      explanation: z.string(),
    })
    .nullable(),
  /** How far the caller is with the qualification of the dataset, when this was one of its tasks. */
  qualification: qualificationSchema.nullable(),
});
export type ReviewOutcome = z.infer<typeof reviewOutcomeSchema>;

const taskParams = z.object({ id: idSchema });
const tag = 'Reviews';
export const reviewEndpoints = {
  queue: defineEndpoint({
    method: 'GET',
    path: '/api/v1/review-tasks/queue',
    tag,
    permission: 'reviews:write',
    summary: 'How much waits for the caller, per dataset',
    response: z.object({
      items: z.array(
        z.object({
          datasetSlug: z.string(),
          datasetTitle: z.string(),
          mayReview: z.boolean(),
          /** The qualification that still stands before the reviews of this dataset. */
          qualification: qualificationSchema.nullable(),
          waiting: z.int(),
          byCategory: z.array(z.object({ category: z.string(), waiting: z.int() })),
        }),
      ),
    }),
  }),
  next: defineEndpoint({
    method: 'POST',
    path: '/api/v1/review-tasks/next',
    tag,
    permission: 'reviews:write',
    rateLimit: 'task',
    summary: 'Lease the next review seat',
    description:
      'Answers with `task: null` when nothing waits, and to somebody who is not proven in a dataset with a floor also while fewer than eight people’s texts wait in the category they name and others would be there without it. A lease ends by itself unless a heartbeat comes. Who holds a task gets it again, so that a reload loses nothing; with `holding` the page says which it has, and gets another one.',
    body: z.object({
      dataset: slugSchema.optional(),
      category: slugSchema.optional(),
      /** Without it, the languages of the caller's profile; with none there, any. */
      languages: z.array(languageSchema).max(20).optional(),
      /** Tasks the page holds already: it wants another one. */
      holding: z.array(idSchema).max(tasksHeldAtMost).optional(),
    }),
    response: z.object({ task: reviewTaskSchema.nullable() }),
    errors: ['not_found', 'forbidden'],
    examples: { body: { dataset: 'granary-open' } },
  }),
  heartbeat: defineEndpoint({
    method: 'POST',
    path: '/api/v1/review-tasks/:id/heartbeat',
    tag,
    permission: 'reviews:write',
    summary: 'Keep a lease',
    params: taskParams,
    response: z.object({ leaseExpiresAt: timestampSchema }),
    errors: ['not_found', 'task_taken'],
  }),
  release: defineEndpoint({
    method: 'POST',
    path: '/api/v1/review-tasks/:id/release',
    tag,
    permission: 'reviews:write',
    status: 204,
    summary: 'Give a seat back',
    params: taskParams,
  }),
  skip: defineEndpoint({
    method: 'POST',
    path: '/api/v1/review-tasks/:id/skip',
    tag,
    permission: 'reviews:write',
    status: 204,
    rateLimit: 'skip',
    summary: 'Not this one for me',
    description: 'The text does not come to the caller again; with a reason, others like it come later. Nobody else notices.',
    params: taskParams,
    body: z.object({ reason: z.enum(skipReasons).optional() }).default({}),
    errors: ['task_taken'],
  }),
  submit: defineEndpoint({
    method: 'POST',
    path: '/api/v1/review-tasks/:id/review',
    tag,
    permission: 'reviews:write',
    status: 201,
    rateLimit: 'write',
    summary: 'Give a verdict',
    params: taskParams,
    body: reviewInputSchema,
    response: reviewOutcomeSchema,
    errors: ['not_found', 'task_taken', 'own_entry', 'status_conflict', 'forbidden'],
    examples: { body: { verdict: 'approve', ratings: { helpfulness: 5 } } },
  }),
  undo: defineEndpoint({
    method: 'DELETE',
    path: '/api/v1/reviews/:id',
    tag,
    permission: 'reviews:write',
    summary: 'Take a verdict back',
    description: 'Within a minute, unless the entry has moved on. The caller holds the seat again.',
    params: taskParams,
    response: z.object({ task: reviewTaskSchema }),
    errors: ['not_found', 'undo_too_late'],
  }),
  mine: defineEndpoint({
    method: 'GET',
    path: '/api/v1/me/reviews',
    tag,
    permission: 'account:read',
    summary: 'Reviews I gave',
    query: z.object(pageQuery),
    response: pageOf(
      z.object({
        id: idSchema,
        entryId: idSchema,
        datasetSlug: z.string(),
        excerpt: z.string(),
        verdict: verdictSchema,
        reason: rejectReasonSchema.nullable(),
        note: z.string().nullable(),
        status: entryStatusSchema,
        createdAt: timestampSchema,
      }),
    ),
  }),
};
