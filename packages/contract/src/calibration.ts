import * as z from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { calibrationItemSchema, rejectReasonSchema, verdictSchema } from './entries.ts';
import { limits } from './limits.ts';
import { idSchema, pageOf, pageQuery, slugSchema, text } from './primitives.ts';

export const calibrationInputSchema = z
  .object({
    expected: verdictSchema,
    reason: rejectReasonSchema.optional(),
    explanation: text({
      min: limits.noteMin,
      max: limits.noteMax,
      tooShort: 'Say why, for those who see it otherwise',
      trim: true,
    }),
  })
  .refine(({ expected, reason }) => (expected === 'reject') === (reason !== undefined), {
    path: ['reason'],
    message: 'A rejection has a reason, and nothing else has one',
  });
export type CalibrationInput = z.infer<typeof calibrationInputSchema>;

const tag = 'Calibration';
const idParams = z.object({ id: idSchema });
const example = { expected: 'reject', reason: 'incorrect', explanation: 'The Danube does not flow through Berlin.' } as const;
export const calibrationEndpoints = {
  list: defineEndpoint({
    method: 'GET',
    path: '/api/v1/datasets/:slug/calibration-items',
    tag,
    permission: 'moderation:act',
    summary: 'Calibration items of a dataset, newest first, with how reviewers judged them',
    params: z.object({ slug: slugSchema }),
    query: z.object({ ...pageQuery, state: z.enum(['in_use', 'retired']).default('in_use') }),
    response: pageOf(calibrationItemSchema),
    errors: ['not_found'],
  }),
  mark: defineEndpoint({
    method: 'POST',
    path: '/api/v1/entries/:id/calibration-item',
    tag,
    permission: 'moderation:act',
    status: 201,
    summary: 'Make a decided entry a calibration item',
    description:
      'Its current revision comes before reviewers like any other task; afterwards they are told what was expected and why. Whether they met it tells how reliable they are. Nobody marks their own entry, and nobody is shown an item that they wrote or judged.',
    params: idParams,
    body: calibrationInputSchema,
    response: calibrationItemSchema,
    errors: ['not_found', 'status_conflict', 'already_exists', 'own_entry'],
    examples: { body: example },
  }),
  change: defineEndpoint({
    method: 'PUT',
    path: '/api/v1/calibration-items/:id',
    tag,
    permission: 'moderation:act',
    summary: 'Correct what is expected of an item',
    description: 'With another verdict, what its answers taught of reviewers is corrected too.',
    params: idParams,
    body: calibrationInputSchema,
    response: calibrationItemSchema,
    errors: ['not_found', 'status_conflict'],
    examples: { body: example },
  }),
  retire: defineEndpoint({
    method: 'DELETE',
    path: '/api/v1/calibration-items/:id',
    tag,
    permission: 'moderation:act',
    status: 204,
    summary: 'Show an item to nobody any more',
    description: 'What it taught stays.',
    params: idParams,
    errors: ['not_found', 'status_conflict'],
  }),
};
