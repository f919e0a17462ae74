import { endpoints } from '@granary/contract';
import type { FastifyInstance } from 'fastify';
import { registerRoute } from '../../http/route.ts';
import type { StatsService } from './service.ts';

export function statsRoutes(app: FastifyInstance, { stats }: { stats: StatsService }): void {
  registerRoute(app, endpoints.stats.get, () => stats.get());
}
