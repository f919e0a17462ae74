import type { FastifyInstance } from 'fastify';
import { fastifyPlugin } from 'fastify-plugin';
import { countRequest } from '../jobs/give-way.ts';
import type { RequestsUnderWay } from '../jobs/give-way.ts';

/** Tells the threads that build snapshots when somebody is waiting for an answer. Files and event streams take long by nature and do not count. */
export const requestsUnderWayPlugin = fastifyPlugin(
  async (app: FastifyInstance, { underWay }: { underWay: RequestsUnderWay }) => {
    // Once the body is there: who is slow to send one waits for nobody.
    app.addHook('preValidation', async ({ routeOptions }, { raw }) => {
      if (routeOptions.config.endpoint?.kind === 'json') raw.once('close', countRequest(underWay));
    });
    await Promise.resolve();
  },
  { name: 'requests-under-way' },
);
