import { endpoints } from '@granary/contract';
import type { FastifyInstance } from 'fastify';
import { registerRoute } from '../../http/route.ts';
import type { ComparisonService } from './service.ts';

const { comparisons: e } = endpoints;

export function comparisonRoutes(app: FastifyInstance, { comparisons }: { comparisons: ComparisonService }): void {
  registerRoute(app, e.queue, ({ actor }) => comparisons.queue(actor));
  registerRoute(app, e.next, async ({ actor, body }) => ({ task: await comparisons.next(actor, body) }));
  registerRoute(app, e.heartbeat, ({ actor, params }) => comparisons.heartbeat(actor, params.id));
  registerRoute(app, e.release, ({ actor, params }) => comparisons.release(actor, params.id));
  registerRoute(app, e.skip, ({ actor, params }) => comparisons.skip(actor, params.id));
  registerRoute(app, e.answer, ({ actor, params, body, remember }) => comparisons.answer(actor, params.id, body, remember));
  registerRoute(app, e.undo, async ({ actor, params }) => ({ task: await comparisons.undo(actor, params.id) }));
  registerRoute(app, e.strengths, ({ actor, params }) => comparisons.strengths(actor, params.id));
}
