import { endpoints } from '@granary/contract';
import type { Database } from '@granary/db';
import type { FastifyInstance } from 'fastify';
import { fastifyPlugin } from 'fastify-plugin';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { registerRoute } from '../http/route.ts';

type JobCount = { name: string; state: string; count: number };

/**
 * Figures for Prometheus at `/api/metrics`. An admin's access token is asked for rather than a local address: behind a
 * proxy every request seems local, and Prometheus often runs elsewhere.
 */
export const metricsPlugin = fastifyPlugin(
  async (app: FastifyInstance, { db }: { db: Database }) => {
    // A registry of its own: several applications may live in one process.
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    measureRequests(app, registry);
    countJobs(db, registry);
    registerRoute(app, endpoints.system.metrics, async ({ reply }) => reply.type(registry.contentType).send(await registry.metrics()));
    await Promise.resolve();
  },
  { name: 'metrics', dependencies: ['auth', 'errors'] },
);

function measureRequests(app: FastifyInstance, registry: Registry): void {
  const durations = new Histogram({
    name: 'granary_http_request_duration_seconds',
    help: 'Time from the arrival of a request to the end of its answer, by route pattern',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  app.addHook('onResponse', (request, reply, done) => {
    // Patterns, not addresses: what strangers make up must not become a label.
    const route = request.routeOptions.url ?? 'none';
    durations.observe({ method: request.method, route, status: String(reply.statusCode) }, reply.elapsedTime / 1000);
    done();
  });
}

function countJobs(db: Database, registry: Registry): void {
  const jobs = new Gauge({
    name: 'granary_jobs',
    help: 'Jobs in the queue, by queue and state',
    labelNames: ['queue', 'state'],
    registers: [],
    async collect() {
      this.reset();
      // The queue makes its tables when it starts.
      const { rows } = await db.executeSql("SELECT to_regclass('jobs.job') IS NOT NULL AS ready");
      if (!(rows as { ready: boolean }[])[0]?.ready) return;
      const counts = await db.executeSql('SELECT name, state::text, count(*)::int AS count FROM jobs.job GROUP BY name, state');
      for (const { name, state, count } of counts.rows as JobCount[]) this.set({ queue: name, state }, count);
    },
  });
  registry.registerMetric(jobs);
}
