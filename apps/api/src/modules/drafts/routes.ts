import { endpoints } from '@granary/contract';
import type { FastifyInstance } from 'fastify';
import { registerRoute } from '../../http/route.ts';
import type { DraftService } from './service.ts';

const { drafts: e } = endpoints;

export function draftRoutes(app: FastifyInstance, { drafts }: { drafts: DraftService }): void {
  registerRoute(app, e.list, async ({ actor }) => ({ items: await drafts.list(actor.id) }));
  registerRoute(app, e.get, ({ actor, params }) => drafts.get(actor.id, params.id));
  registerRoute(app, e.save, ({ actor, params, body }) => drafts.save(actor.id, params.id, body));
  registerRoute(app, e.remove, ({ actor, params }) => drafts.remove(actor.id, params.id));
}
