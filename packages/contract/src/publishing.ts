import * as z from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { limits } from './limits.ts';
import { httpUrlSchema, idSchema, integer, pageOf, pageQuery, personSchema, slugSchema, text, timestampSchema } from './primitives.ts';
import { changeCountsSchema } from './snapshot-changes.ts';
import { selectionSchema } from './snapshots.ts';
import { deliveryStatuses, planModes, planOutcomes, webhookEvents } from './vocabulary.ts';

/** When a dataset publishes by itself, and what. Days and hours are UTC. */
export const publishingPlanSchema = z.object({
  mode: z.enum(planModes),
  /** Of `weekly`: 1 is Monday, 7 is Sunday (ISO 8601). */
  weekday: integer({ min: 1, max: 7 }).default(1),
  /** Of `weekly`: the full hour. */
  hour: integer({ min: 0, max: 23 }).default(3),
  /** Of `approvals`: how many pairs of the selection have to be approved after the last snapshot of the same selection. */
  approvals: integer({ min: 1, max: 1_000_000 }).default(1_000),
  selection: selectionSchema,
  notes: text({ max: limits.noteMax, trim: true }).default(''),
});
export type PublishingPlan = z.infer<typeof publishingPlanSchema>;

export const publishingSchema = publishingPlanSchema.extend({
  /** Who set the plan, and publishes by it; null while nobody has. */
  setBy: personSchema.nullable(),
  setAt: timestampSchema.nullable(),
  /** When the plan is looked at again; null by hand. */
  nextAt: timestampSchema.nullable(),
  /** What came of the plan the last time that it was due. */
  last: z.object({ at: timestampSchema, outcome: z.enum(planOutcomes), number: z.int().nullable() }).nullable(),
  /** Pairs of the selection approved after the last snapshot of the same selection; counted to the plan's number at most. */
  approvalsSince: z.int(),
});
export type Publishing = z.infer<typeof publishingSchema>;

export const deliverySchema = z.object({
  /** The `webhook-id` header: the same for every attempt, so that a receiver can drop what it has seen. */
  id: idSchema,
  event: z.enum(webhookEvents),
  snapshot: z.int().nullable(),
  status: z.enum(deliveryStatuses),
  attempts: z.int(),
  /** Status of the last answer; null where there was none. */
  httpStatus: z.int().nullable(),
  error: z.string().nullable(),
  createdAt: timestampSchema,
  lastAttemptAt: timestampSchema.nullable(),
  /** When it is tried again; null when it is over. */
  nextAttemptAt: timestampSchema.nullable(),
});
export type Delivery = z.infer<typeof deliverySchema>;

export const webhookSchema = z.object({
  id: idSchema,
  url: httpUrlSchema,
  /** One that rests is told of no snapshot; pings, and what is sent again by hand, go to it. */
  active: z.boolean(),
  createdAt: timestampSchema,
  lastDelivery: deliverySchema.nullable(),
});
export type Webhook = z.infer<typeof webhookSchema>;

/** The body of a delivery (Standard Webhooks). Addresses are absolute where the deployment knows its own. */
export const webhookBodySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ping'), timestamp: timestampSchema, data: z.object({ dataset: slugSchema }) }),
  z.object({
    type: z.literal('snapshot.published'),
    timestamp: timestampSchema,
    data: z.object({
      dataset: slugSchema,
      snapshot: z.int(),
      publishedAt: timestampSchema,
      pairs: z.int(),
      contentHash: z.string(),
      notes: z.string(),
      /** Against the snapshot before; null for a first one. */
      changes: changeCountsSchema.extend({ since: z.int() }).nullable(),
      page: z.string(),
      url: z.string(),
      manifest: z.string(),
    }),
  }),
]);
export type WebhookBody = z.infer<typeof webhookBodySchema>;

const tag = 'Publishing';
const slugParams = z.object({ slug: slugSchema });
const webhookParams = z.object({ slug: slugSchema, id: idSchema });
const permission = 'snapshots:publish';
export const publishingEndpoints = {
  plan: defineEndpoint({
    method: 'GET',
    path: '/api/v1/datasets/:slug/publishing',
    tag,
    permission,
    summary: 'When a dataset publishes by itself',
    params: slugParams,
    response: publishingSchema,
    errors: ['not_found'],
  }),
  setPlan: defineEndpoint({
    method: 'PUT',
    path: '/api/v1/datasets/:slug/publishing',
    tag,
    permission,
    rateLimit: 'write',
    summary: 'Publish by hand, every week, or every so many approvals',
    params: slugParams,
    body: publishingPlanSchema,
    response: publishingSchema,
    errors: ['not_found'],
    examples: { body: { mode: 'weekly', weekday: 1, hour: 3, selection: { languages: ['en'] }, notes: 'The weekly release.' } },
  }),
  webhooks: defineEndpoint({
    method: 'GET',
    path: '/api/v1/datasets/:slug/webhooks',
    tag,
    permission,
    summary: 'Who is told of new snapshots',
    params: slugParams,
    response: z.object({ items: z.array(webhookSchema) }),
    errors: ['not_found'],
  }),
  addWebhook: defineEndpoint({
    method: 'POST',
    path: '/api/v1/datasets/:slug/webhooks',
    tag,
    permission,
    status: 201,
    rateLimit: 'write',
    sensitive: true,
    summary: 'Add a webhook; its secret is shown this once',
    params: slugParams,
    body: z.object({ url: httpUrlSchema }),
    response: z.object({ webhook: webhookSchema, secret: z.string() }),
    errors: ['not_found'],
    examples: { body: { url: 'https://example.org/hooks/granary' } },
  }),
  changeWebhook: defineEndpoint({
    method: 'PATCH',
    path: '/api/v1/datasets/:slug/webhooks/:id',
    tag,
    permission,
    rateLimit: 'write',
    summary: 'Let a webhook rest, or wake it',
    params: webhookParams,
    body: z.object({ active: z.boolean() }),
    response: webhookSchema,
    errors: ['not_found'],
    examples: { body: { active: false } },
  }),
  removeWebhook: defineEndpoint({
    method: 'DELETE',
    path: '/api/v1/datasets/:slug/webhooks/:id',
    tag,
    permission,
    status: 204,
    rateLimit: 'write',
    summary: 'Remove a webhook with its deliveries',
    params: webhookParams,
    errors: ['not_found'],
  }),
  testWebhook: defineEndpoint({
    method: 'POST',
    path: '/api/v1/datasets/:slug/webhooks/:id/test',
    tag,
    permission,
    status: 202,
    rateLimit: 'write',
    summary: 'Send a ping',
    params: webhookParams,
    response: deliverySchema,
    errors: ['not_found'],
  }),
  deliveries: defineEndpoint({
    method: 'GET',
    path: '/api/v1/datasets/:slug/webhooks/:id/deliveries',
    tag,
    permission,
    summary: 'What was sent to a webhook, newest first',
    params: webhookParams,
    query: z.object(pageQuery),
    response: pageOf(deliverySchema),
    errors: ['not_found', 'cursor_invalid'],
  }),
  redeliver: defineEndpoint({
    method: 'POST',
    path: '/api/v1/datasets/:slug/webhook-deliveries/:id/redeliver',
    tag,
    permission,
    status: 202,
    rateLimit: 'write',
    summary: 'Send a delivery again, with the same id and body',
    params: webhookParams,
    response: deliverySchema,
    errors: ['not_found'],
  }),
  feed: defineEndpoint({
    method: 'GET',
    path: '/api/v1/datasets/:slug/snapshots/feed.atom',
    tag,
    permission: 'public',
    kind: 'file',
    cacheable: true,
    revalidates: true,
    summary: 'Atom feed (RFC 4287) of the published snapshots',
    description: 'The newest fifty. Takes `If-None-Match`.',
    params: slugParams,
    errors: ['not_found'],
  }),
};
