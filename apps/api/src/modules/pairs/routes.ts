import { endpoints } from '@granary/contract';
import type { FastifyInstance } from 'fastify';
import { registerRoute } from '../../http/route.ts';
import type { PairService } from './service.ts';

export function pairRoutes(app: FastifyInstance, { pairs }: { pairs: PairService }): void {
  registerRoute(app, endpoints.pairs.count, ({ query }) => pairs.count(query));
  registerRoute(app, endpoints.pairs.list, ({ actor, query }) => pairs.list(actor, query));
}
