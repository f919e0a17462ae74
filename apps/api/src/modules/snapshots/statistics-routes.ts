import { endpoints } from '@granary/contract';
import type { FastifyInstance } from 'fastify';
import { registerRoute } from '../../http/route.ts';
import type { SnapshotStatisticsService } from './statistics-service.ts';

export function snapshotStatisticsRoutes(
  app: FastifyInstance,
  { snapshotStatistics }: { snapshotStatistics: SnapshotStatisticsService },
): void {
  registerRoute(app, endpoints.snapshotStatistics.get, ({ params }) => snapshotStatistics.get(params.slug, params.number));
}
