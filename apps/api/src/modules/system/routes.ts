import { endpoints } from '@granary/contract';
import type { FastifyInstance } from 'fastify';
import { registerRoute } from '../../http/route.ts';
import type { BackupService } from './backup-service.ts';
import type { SystemService } from './service.ts';

const { system: e } = endpoints;

export function systemRoutes(app: FastifyInstance, services: { system: SystemService; backups: BackupService }): void {
  healthRoutes(app, services);
  registerRoute(app, e.openapi, () => Promise.resolve(services.system.openapi()), { ignoreCredentials: true });
  registerRoute(app, e.backup, async ({ request, reply }) => {
    const { fileName, content } = await services.backups.open();
    request.raw.once('close', () => content.destroy());
    return reply
      .type('application/gzip')
      .header('cache-control', 'no-store')
      .header('content-disposition', `attachment; filename="${fileName}"`)
      .send(content);
  });
}

/** What a worker serves too. */
export function healthRoutes(app: FastifyInstance, { system }: { system: SystemService }): void {
  registerRoute(app, e.health, () => system.health(app.shutdown.aborted), { ignoreCredentials: true });
  registerRoute(app, e.live, () => Promise.resolve(system.live()), { ignoreCredentials: true });
  registerRoute(app, e.ready, () => system.ready(app.shutdown.aborted), { ignoreCredentials: true });
}
