import { endpoints } from '@granary/contract';
import type { FastifyInstance } from 'fastify';
import { registerRoute } from '../../http/route.ts';
import type { EventService } from './service.ts';

export function eventRoutes(app: FastifyInstance, { events }: { events: EventService }): void {
  registerRoute(app, endpoints.moderation.events, ({ query }) => events.list(query));
}
