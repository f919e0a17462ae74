import { endpoints } from '@granary/contract';
import type { FastifyInstance } from 'fastify';
import { registerRoute } from '../../http/route.ts';
import type { UserService } from './service.ts';

const { moderation: e } = endpoints;

export function userRoutes(app: FastifyInstance, { users }: { users: UserService }): void {
  registerRoute(app, e.users, ({ query }) => users.list(query));
  registerRoute(app, e.user, ({ params }) => users.get(params.id));
  registerRoute(app, e.suspend, ({ actor, params, body, remember }) => users.suspend(actor, params.id, body.reason, remember));
  registerRoute(app, e.reinstate, ({ actor, params, body, remember }) => users.reinstate(actor, params.id, body.reason, remember));
  registerRoute(app, e.setRole, ({ actor, params, body, remember }) => users.setRole(actor, params.id, body, remember));
}
