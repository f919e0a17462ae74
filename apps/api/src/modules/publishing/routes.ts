import { createHash } from 'node:crypto';
import { endpoints } from '@granary/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { cacheableOrigin } from '../../http/origin.ts';
import { registerRoute } from '../../http/route.ts';
import { isCurrent } from '../snapshots/file-answer.ts';
import { openToAll } from '../snapshots/open-to-all.ts';
import type { FeedService } from './feed-service.ts';
import type { PlanService } from './plan-service.ts';
import type { WebhookService } from './webhook-service.ts';

const { publishing: e } = endpoints;
type Services = { publishing: { plans: PlanService; webhooks: WebhookService; feed: FeedService } };

export function publishingRoutes(app: FastifyInstance, { publishing: { plans, webhooks, feed } }: Services): void {
  registerRoute(app, e.plan, ({ params }) => plans.get(params.slug));
  registerRoute(app, e.setPlan, ({ params, body, actor, remember }) => plans.set(params.slug, body, actor, remember));
  registerRoute(app, e.webhooks, ({ params }) => webhooks.list(params.slug));
  registerRoute(app, e.addWebhook, ({ params, body, actor }) => webhooks.add(params.slug, body.url, actor));
  registerRoute(app, e.changeWebhook, ({ params, body, actor, remember }) =>
    webhooks.setActive(params.slug, params.id, body.active, actor, remember),
  );
  registerRoute(app, e.removeWebhook, ({ params, actor, remember }) => webhooks.remove(params.slug, params.id, actor, remember));
  registerRoute(app, e.testWebhook, ({ params, remember }) => webhooks.test(params.slug, params.id, remember));
  registerRoute(app, e.deliveries, ({ params, query }) => webhooks.deliveries(params.slug, params.id, query));
  registerRoute(app, e.redeliver, ({ params, remember }) => webhooks.redeliver(params.slug, params.id, remember));
  registerRoute(
    app,
    e.feed,
    async ({ params, request, reply }) => sendFeed(request, reply, await feed.of(params.slug, cacheableOrigin(request))),
    { ignoreCredentials: true },
  );
}

function sendFeed(request: FastifyRequest, reply: FastifyReply, xml: string): FastifyReply {
  const etag = `"${createHash('sha256').update(xml).digest('base64url')}"`;
  // Asked for often and changed seldom: a copy may be used for a while, and is checked by its tag then.
  void openToAll(reply).header('etag', etag).header('cache-control', 'public, max-age=300');
  if (isCurrent(request, etag)) return reply.code(304).send();
  return reply.type('application/atom+xml; charset=utf-8').send(xml);
}
