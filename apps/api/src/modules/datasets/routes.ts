import { endpoints } from '@granary/contract';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { registerRoute } from '../../http/route.ts';
import type { DatasetService } from './service.ts';

const { datasets: e } = endpoints;

export function datasetRoutes(app: FastifyInstance, { datasets }: { datasets: DatasetService }): void {
  registerRoute(app, e.list, async () => ({ items: await datasets.list() }));
  registerRoute(app, e.get, async ({ params, reply }) => tagged(reply, await datasets.get(params.slug)));
  registerRoute(app, e.progress, ({ params }) => datasets.progress(params.slug));
  registerRoute(app, e.create, async ({ actor, body, remember, reply }) => tagged(reply, await datasets.create(actor.id, body, remember)));
  registerRoute(app, e.update, async ({ actor, params, body, ifMatch, remember, reply }) =>
    tagged(reply, await datasets.update(actor.id, params.slug, ifMatch, body, remember)),
  );
  registerRoute(app, e.addCategory, async ({ actor, params, body, remember, reply }) =>
    tagged(reply, await datasets.addCategory(actor.id, params.slug, body, remember)),
  );
  registerRoute(app, e.updateCategory, async ({ actor, params, body, remember, reply }) =>
    tagged(reply, await datasets.updateCategory(actor.id, params.slug, params.category, body, remember)),
  );
  registerRoute(app, e.acceptTerms, ({ actor, params, body }) => datasets.acceptTerms(actor.id, params.slug, body.termsVersion));
}

/** The ETag is the version an edit builds on; the counts beside it may change without it. */
function tagged<T extends { version: number }>(reply: FastifyReply, dataset: T): T {
  void reply.header('etag', `"${dataset.version}"`);
  return dataset;
}
