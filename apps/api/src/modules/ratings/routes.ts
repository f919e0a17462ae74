import { endpoints } from '@granary/contract';
import type { FastifyInstance } from 'fastify';
import { registerRoute } from '../../http/route.ts';
import type { RatingService } from './service.ts';

const { ratings: e } = endpoints;

export function ratingRoutes(app: FastifyInstance, { ratings }: { ratings: RatingService }): void {
  registerRoute(app, e.get, ({ actor, params }) => ratings.of(actor, params.id));
  registerRoute(app, e.rate, ({ actor, params, body, remember }) => ratings.rate(actor, params.id, body.ratings, remember));
  registerRoute(app, e.clear, ({ actor, params, remember }) => ratings.clear(actor, params.id, remember));
}
