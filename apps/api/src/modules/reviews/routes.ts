import { endpoints } from '@granary/contract';
import type { FastifyInstance } from 'fastify';
import { registerRoute } from '../../http/route.ts';
import type { ReviewService } from './service.ts';

const { reviews: e } = endpoints;

export function reviewRoutes(app: FastifyInstance, { reviews }: { reviews: ReviewService }): void {
  registerRoute(app, e.queue, ({ actor }) => reviews.queue(actor));
  registerRoute(app, e.next, async ({ actor, body }) => ({ task: await reviews.next(actor, body) }));
  registerRoute(app, e.heartbeat, ({ actor, params }) => reviews.heartbeat(actor, params.id));
  registerRoute(app, e.release, ({ actor, params }) => reviews.release(actor, params.id));
  registerRoute(app, e.skip, ({ actor, params, body }) => reviews.skip(actor, params.id, body.reason ?? null));
  registerRoute(app, e.submit, ({ actor, params, body, remember }) => reviews.submit(actor, params.id, body, remember));
  registerRoute(app, e.undo, async ({ actor, params }) => ({ task: await reviews.undo(actor, params.id) }));
  registerRoute(app, e.mine, ({ actor, query }) => reviews.mine(actor, query));
}
