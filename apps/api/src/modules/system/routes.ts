import { endpoints } from '@granary/contract';
import type { FastifyInstance } from 'fastify';
import { registerRoute } from '../../http/route.ts';
import type { SystemService } from './service.ts';

const { system: e } = endpoints;

export function systemRoutes(app: FastifyInstance, { system }: { system: SystemService }): void {
  registerRoute(app, e.health, () => system.health(app.shutdown.aborted), { ignoreCredentials: true });
  registerRoute(app, e.openapi, () => Promise.resolve(system.openapi()), { ignoreCredentials: true });
}
