import Fastify, { type FastifyInstance } from 'fastify';
import type { Dependencies } from './dependencies.ts';
import { createRateLimiter } from './http/rate-limits.ts';
import { securityHeaders } from './http/security-headers.ts';
import { healthRoutes } from './modules/system/routes.ts';
import { authPlugin } from './plugins/auth.ts';
import { errorsPlugin, sendProblem } from './plugins/errors.ts';
import { metricsPlugin } from './plugins/metrics.ts';
import { requestIdOf, requestIdPlugin } from './plugins/request-id.ts';
import { securityHeadersPlugin } from './plugins/security-headers.ts';
import { ApiError } from './errors.ts';
import { redactedStream } from './redact.ts';
import type { Services } from './services.ts';
import { readSessionSecret } from './session-secret.ts';

/** What a separate worker serves on a port of its own: health, and its own figures for Prometheus under the same rules as the API's. */
export async function buildWorkerApp(
  { config, db, disk, writeLog }: Dependencies,
  services: Pick<Services, 'system'>,
): Promise<FastifyInstance> {
  const app = Fastify({
    logger: config.logLevel === 'silent' ? false : { level: config.logLevel, stream: redactedStream(writeLog) },
    bodyLimit: 1_000,
    genReqId: requestIdOf,
    requestIdHeader: false,
    forceCloseConnections: true,
  });
  const shutdown = new AbortController();
  app.decorate('routeDependencies', { db, limit: createRateLimiter(db, config.rateLimitFactor), publicUrl: config.publicUrl, disk });
  app.decorate('shutdown', shutdown.signal);
  app.addHook('preClose', async () => shutdown.abort());
  await app.register(requestIdPlugin);
  await app.register(securityHeadersPlugin, { headers: securityHeaders(config) });
  await app.register(errorsPlugin);
  await app.register(authPlugin, { db, secret: await readSessionSecret(db, config.sessionSecret) });
  if (config.metrics) await app.register(metricsPlugin, { db });
  healthRoutes(app, services);
  app.setNotFoundHandler((request, reply) =>
    sendProblem(request, reply, new ApiError('not_found', 'A worker serves health and metrics only.')),
  );
  return app;
}
