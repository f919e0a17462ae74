import * as z from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { entrySchema } from './entries.ts';
import { idSchema, languageSchema, slugSchema, timestampSchema } from './primitives.ts';
import { comparisonAnswers, tasksHeldAtMost } from './vocabulary.ts';

export const comparisonAnswerSchema = z.enum(comparisonAnswers);
export type ComparisonAnswer = z.infer<typeof comparisonAnswerSchema>;

export const comparisonTaskSchema = z.object({
  id: idSchema,
  leaseExpiresAt: timestampSchema,
  datasetSlug: z.string(),
  datasetTitle: z.string(),
  category: z.object({ slug: z.string(), title: z.string(), guideline: z.string() }),
  /** The conversation down to the instruction that both answer. */
  path: z.array(entrySchema),
  /** Which one is on which side is drawn anew each time. */
  left: entrySchema,
  right: entrySchema,
});
export type ComparisonTask = z.infer<typeof comparisonTaskSchema>;

export const comparisonOutcomeSchema = z.object({ answerId: idSchema, answer: comparisonAnswerSchema, undoUntil: timestampSchema });
export type ComparisonOutcome = z.infer<typeof comparisonOutcomeSchema>;

/** How strong the responses to one instruction have proved against each other. */
export const strengthSchema = z.object({
  responseId: idSchema,
  /** Log-strength (Bradley–Terry with ties); those of one instruction sum to 0. */
  strength: z.number(),
  error: z.number(),
  comparisons: z.int(),
});
export type Strength = z.infer<typeof strengthSchema>;

const tag = 'Comparisons';
const params = z.object({ id: idSchema });
export const comparisonEndpoints = {
  queue: defineEndpoint({
    method: 'GET',
    path: '/api/v1/comparisons/queue',
    tag,
    permission: 'entries:write',
    summary: 'How many comparisons wait for the caller, per dataset',
    response: z.object({ items: z.array(z.object({ datasetSlug: z.string(), datasetTitle: z.string(), waiting: z.int() })) }),
  }),
  next: defineEndpoint({
    method: 'POST',
    path: '/api/v1/comparisons/next',
    tag,
    permission: 'entries:write',
    summary: 'Lease the comparison that would tell most',
    description:
      'Two approved responses to one instruction, never one of the caller’s own, never twice the same. Answers with `task: null` when nothing waits. A lease ends by itself unless a heartbeat comes.',
    body: z.object({
      dataset: slugSchema.optional(),
      category: slugSchema.optional(),
      /** Without it, the languages of the caller's profile; with none there, any. */
      languages: z.array(languageSchema).max(20).optional(),
      /** Tasks the page holds already: it wants another one. */
      holding: z.array(idSchema).max(tasksHeldAtMost).optional(),
    }),
    response: z.object({ task: comparisonTaskSchema.nullable() }),
    errors: ['not_found'],
    examples: { body: { dataset: 'granary-open' } },
  }),
  heartbeat: defineEndpoint({
    method: 'POST',
    path: '/api/v1/comparisons/:id/heartbeat',
    tag,
    permission: 'entries:write',
    summary: 'Keep a lease',
    params,
    response: z.object({ leaseExpiresAt: timestampSchema }),
    errors: ['task_taken'],
  }),
  release: defineEndpoint({
    method: 'POST',
    path: '/api/v1/comparisons/:id/release',
    tag,
    permission: 'entries:write',
    status: 204,
    summary: 'Give a comparison back',
    params,
  }),
  skip: defineEndpoint({
    method: 'POST',
    path: '/api/v1/comparisons/:id/skip',
    tag,
    permission: 'entries:write',
    status: 204,
    summary: 'Not this one for me',
    params,
    errors: ['task_taken'],
  }),
  answer: defineEndpoint({
    method: 'POST',
    path: '/api/v1/comparisons/:id/answer',
    tag,
    permission: 'entries:write',
    status: 201,
    rateLimit: 'write',
    summary: 'Say which response is better',
    params,
    body: z.object({
      answer: comparisonAnswerSchema,
      /** The response that was on the left. */
      left: idSchema,
    }),
    response: comparisonOutcomeSchema,
    errors: ['task_taken', 'own_entry'],
    examples: { body: { answer: 'left', left: '0198c7a2-7f1e-7d3a-9a52-0c0d5b6f2e11' } },
  }),
  undo: defineEndpoint({
    method: 'DELETE',
    path: '/api/v1/comparison-answers/:id',
    tag,
    permission: 'entries:write',
    summary: 'Take an answer back',
    description: 'Within a minute. The caller holds the comparison again.',
    params,
    response: z.object({ task: comparisonTaskSchema }),
    errors: ['not_found', 'undo_too_late'],
  }),
  strengths: defineEndpoint({
    method: 'GET',
    path: '/api/v1/entries/:id/strengths',
    tag,
    permission: 'public',
    summary: 'How the approved responses to an instruction compare',
    description: 'Of an instruction, or of the instruction that a response answers; strongest first. Empty while nobody has compared them.',
    params,
    response: z.object({ items: z.array(strengthSchema) }),
    errors: ['not_found'],
  }),
};
