import { endpoints } from '@granary/contract';
import type { FastifyInstance } from 'fastify';
import { registerRoute } from '../../http/route.ts';
import type { ModerationService } from './service.ts';

const { moderation: e } = endpoints;

export function moderationRoutes(app: FastifyInstance, { moderation }: { moderation: ModerationService }): void {
  registerRoute(app, e.flag, ({ actor, params, body }) => moderation.flag(actor, params.id, body.reason, body.note));
  registerRoute(app, e.flagged, ({ query }) => moderation.flagged(query));
  registerRoute(app, e.resolveFlags, ({ actor, params, body }) => moderation.resolve(actor, params.id, body));
  registerRoute(app, e.escalated, ({ query }) => moderation.escalated(query));
  registerRoute(app, e.appealed, ({ query }) => moderation.appealed(query));
  registerRoute(app, e.decide, ({ actor, params, body }) => moderation.decide(actor, params.id, body.verdict, body.reason));
  registerRoute(app, e.retract, ({ actor, params, body }) => moderation.retract(actor, params.id, body.reason));
  registerRoute(app, e.restore, ({ actor, params, body }) => moderation.restore(actor, params.id, body.reason));
}
