import { endpoints } from '@granary/contract';
import type { FastifyInstance } from 'fastify';
import { registerRoute } from '../../http/route.ts';
import type { ModerationService } from './service.ts';

const { moderation: e } = endpoints;

export function moderationRoutes(app: FastifyInstance, { moderation }: { moderation: ModerationService }): void {
  registerRoute(app, e.flag, ({ actor, params, body, remember }) => moderation.flag(actor, params.id, body, remember));
  registerRoute(app, e.flagged, ({ query }) => moderation.flagged(query));
  registerRoute(app, e.resolveFlags, ({ actor, params, body, remember }) => moderation.resolve(actor, params.id, body, remember));
  registerRoute(app, e.collusion, ({ query }) => moderation.collusion(query));
  registerRoute(app, e.resolveCollusion, ({ actor, params, body, remember }) =>
    moderation.resolveCollusion(actor, params.id, body, remember),
  );
  registerRoute(app, e.escalated, ({ query }) => moderation.escalated(query));
  registerRoute(app, e.appealed, ({ query }) => moderation.appealed(query));
  registerRoute(app, e.decide, ({ actor, params, body, remember }) => moderation.decide(actor, params.id, body, remember));
  registerRoute(app, e.retract, ({ actor, params, body, remember }) => moderation.retract(actor, params.id, body.reason, remember));
  registerRoute(app, e.restore, ({ actor, params, body, remember }) => moderation.restore(actor, params.id, body.reason, remember));
}
