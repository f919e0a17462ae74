import { endpoints } from '@granary/contract';
import type { FastifyInstance } from 'fastify';
import { registerRoute } from '../../http/route.ts';
import type { CalibrationService } from './service.ts';

const { calibration: e } = endpoints;

export function calibrationRoutes(app: FastifyInstance, { calibration }: { calibration: CalibrationService }): void {
  registerRoute(app, e.list, ({ params, query }) => calibration.list(params.slug, query));
  registerRoute(app, e.mark, ({ actor, params, body, remember }) => calibration.mark(actor, params.id, body, remember));
  registerRoute(app, e.change, ({ actor, params, body, remember }) => calibration.change(actor, params.id, body, remember));
  registerRoute(app, e.retire, ({ actor, params, remember }) => calibration.retire(actor, params.id, remember));
}
