import { endpoints } from '@granary/contract';
import type { FastifyInstance } from 'fastify';
import { registerRoute } from '../../http/route.ts';
import type { ContributorService } from './service.ts';

export function contributorRoutes(app: FastifyInstance, { contributors }: { contributors: ContributorService }): void {
  registerRoute(app, endpoints.contributors.get, ({ params }) => contributors.get(params.id));
}
