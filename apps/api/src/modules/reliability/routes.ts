import { endpoints } from '@granary/contract';
import type { FastifyInstance } from 'fastify';
import { registerRoute } from '../../http/route.ts';
import type { ReliabilityService } from './service.ts';

const { reliability: e } = endpoints;

export function reliabilityRoutes(app: FastifyInstance, { reliability }: { reliability: ReliabilityService }): void {
  registerRoute(app, e.mine, async ({ actor }) => ({ items: await reliability.of(actor.id) }));
  registerRoute(app, e.ofUser, async ({ params }) => ({ items: await reliability.ofUser(params.id) }));
  registerRoute(app, e.agreement, ({ params }) => reliability.agreement(params.slug));
  registerRoute(app, e.crowd, ({ params }) => reliability.crowd(params.slug));
  registerRoute(app, e.estimates, async ({ params }) => ({ items: await reliability.estimates(params.slug) }));
  registerRoute(app, e.estimate, ({ actor, params, remember }) => reliability.request(actor.id, params.slug, remember));
}
