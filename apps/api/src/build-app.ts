import fastifyCompress from '@fastify/compress';
import { limits } from '@granary/contract';
import Fastify, { type FastifyInstance, type RouteOptions } from 'fastify';
import type { Dependencies } from './dependencies.ts';
import { answerClientError } from './http/client-errors.ts';
import { createRouteTable } from './http/known-paths.ts';
import { pathOf } from './http/origin.ts';
import { createRateLimiter } from './http/rate-limits.ts';
import { securityHeaders } from './http/security-headers.ts';
import { accountRoutes } from './modules/accounts/routes.ts';
import { calibrationRoutes } from './modules/calibration/routes.ts';
import { comparisonRoutes } from './modules/comparisons/routes.ts';
import { contributorRoutes } from './modules/contributors/routes.ts';
import { datasetRoutes } from './modules/datasets/routes.ts';
import { draftRoutes } from './modules/drafts/routes.ts';
import { entryRoutes } from './modules/entries/routes.ts';
import { eventRoutes } from './modules/events/routes.ts';
import { hubRoutes } from './modules/hub/routes.ts';
import { pairRoutes } from './modules/pairs/routes.ts';
import { statsRoutes } from './modules/stats/routes.ts';
import { importRoutes } from './modules/imports/routes.ts';
import { moderationRoutes } from './modules/moderation/routes.ts';
import { publishingRoutes } from './modules/publishing/routes.ts';
import { ratingRoutes } from './modules/ratings/routes.ts';
import { reliabilityRoutes } from './modules/reliability/routes.ts';
import { reviewRoutes } from './modules/reviews/routes.ts';
import { snapshotRowRoutes } from './modules/snapshots/row-routes.ts';
import { snapshotChangesRoutes } from './modules/snapshots/changes-routes.ts';
import { snapshotExportRoutes } from './modules/snapshots/export-routes.ts';
import { snapshotRoutes } from './modules/snapshots/routes.ts';
import { snapshotStatisticsRoutes } from './modules/snapshots/statistics-routes.ts';
import { docsPlugin } from './modules/system/docs.ts';
import { systemRoutes } from './modules/system/routes.ts';
import { userRoutes } from './modules/users/routes.ts';
import { authPlugin } from './plugins/auth.ts';
import { answerFrameworkError, errorsPlugin } from './plugins/errors.ts';
import { metricsPlugin } from './plugins/metrics.ts';
import { requestIdOf, requestIdPlugin } from './plugins/request-id.ts';
import { requestBoundsPlugin } from './plugins/request-bounds.ts';
import { requestsUnderWayPlugin } from './plugins/requests-under-way.ts';
import { securityHeadersPlugin } from './plugins/security-headers.ts';
import { statementBoundsPlugin } from './plugins/statement-bounds.ts';
import { webPagePlugin } from './plugins/web-page.ts';
import { redactedStream } from './redact.ts';
import { createServices, type Services } from './services.ts';
import { readSessionSecret } from './session-secret.ts';
import { trustProxyOption } from './trust-proxy.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Aborted when the process begins to stop: open event streams end. */
    shutdown: AbortSignal;
  }
}

/** Assembles the whole application: what the tests talk to is what production serves. `onRoute` is shown every route. */
export async function buildApp(
  deps: Dependencies,
  services: Services = createServices(deps),
  onRoute?: (route: RouteOptions) => void,
): Promise<FastifyInstance> {
  const { config, db } = deps;
  const headers = securityHeaders(config);
  const app = Fastify({
    logger: config.logLevel === 'silent' ? false : { level: config.logLevel, stream: redactedStream(deps.writeLog) },
    trustProxy: trustProxyOption(config.trustProxy),
    bodyLimit: 1_000_000,
    requestIdHeader: false,
    genReqId: requestIdOf,
    // Sockets that wait for their next request must not hold a shutdown up.
    forceCloseConnections: 'idle',
    // A request that comes while the process stops is still served; its answer says that the connection ends.
    return503OnClosing: false,
    // What is too long is for the contract to say, with the name of the field.
    routerOptions: { maxParamLength: limits.addressMax },
    frameworkErrors: (error, request, reply) => answerFrameworkError(error, request, reply, headers),
    clientErrorHandler: (error, socket) => answerClientError(error, socket, headers),
    // A client may name the whole address in its first line; only `Host` says which host it asked.
    rewriteUrl: ({ url = '/' }) => pathOf(url),
    http: {
      maxHeaderSize: limits.headersMax,
      headersTimeout: config.requestTimeoutMs,
      connectionsCheckingInterval: Math.min(config.requestTimeoutMs, 5_000),
    },
  });
  const routes = createRouteTable();
  app.addHook('onRoute', routes.add);
  if (onRoute) app.addHook('onRoute', onRoute);
  app.removeContentTypeParser('text/plain');
  app.decorate('routeDependencies', {
    db,
    limit: createRateLimiter(db, config.rateLimitFactor),
    publicUrl: config.publicUrl,
    disk: deps.disk,
  });
  const shutdown = new AbortController();
  app.decorate('shutdown', shutdown.signal);
  app.addHook('preClose', async () => shutdown.abort());
  await app.register(requestIdPlugin);
  await app.register(securityHeadersPlugin, { headers });
  await app.register(errorsPlugin);
  await app.register(requestBoundsPlugin, { timeoutMs: config.requestTimeoutMs });
  await app.register(statementBoundsPlugin, { timeoutMs: config.statementTimeoutSeconds * 1000 });
  await app.register(requestsUnderWayPlugin, { underWay: services.requestsUnderWay });
  await app.register(fastifyCompress, { global: true, threshold: 1024, encodings: ['gzip', 'deflate'] });
  await app.register(authPlugin, { db, secret: await readSessionSecret(db, config.sessionSecret) });
  if (config.metrics) await app.register(metricsPlugin, { db });
  await registerModules(app, services);
  await app.register(docsPlugin);
  await app.register(webPagePlugin, { routes });
  return app;
}

async function registerModules(app: FastifyInstance, services: Services): Promise<void> {
  systemRoutes(app, services);
  accountRoutes(app, services);
  userRoutes(app, services);
  datasetRoutes(app, services);
  entryRoutes(app, services);
  draftRoutes(app, services);
  pairRoutes(app, services);
  statsRoutes(app, services);
  contributorRoutes(app, services);
  eventRoutes(app, services);
  moderationRoutes(app, services);
  reviewRoutes(app, services);
  calibrationRoutes(app, services);
  ratingRoutes(app, services);
  comparisonRoutes(app, services);
  reliabilityRoutes(app, services);
  snapshotRoutes(app, services);
  snapshotRowRoutes(app, services);
  snapshotChangesRoutes(app, services);
  snapshotExportRoutes(app, services);
  snapshotStatisticsRoutes(app, services);
  hubRoutes(app, services);
  publishingRoutes(app, services);
  importRoutes(app, services);
}
