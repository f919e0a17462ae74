import { endpoints } from '@granary/contract';
import type { FastifyInstance } from 'fastify';
import { registerRoute } from '../../http/route.ts';
import type { RowService } from './row-service.ts';

const { snapshotRows: e } = endpoints;

export function snapshotRowRoutes(app: FastifyInstance, { snapshotRows }: { snapshotRows: RowService }): void {
  registerRoute(app, e.list, ({ params, query }) => snapshotRows.list(params.slug, params.number, query));
  registerRoute(app, e.get, ({ params }) => snapshotRows.get(params.slug, params.number, params.id));
  registerRoute(app, e.find, ({ params }) => snapshotRows.find(params.slug, params.id));
  registerRoute(app, e.report, ({ actor, params, body, remember }) =>
    snapshotRows.report(actor, params.slug, params.number, params.id, { body, finish: remember }),
  );
}
