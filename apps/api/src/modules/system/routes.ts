import { endpoints } from '@granary/contract';
import type { FastifyInstance } from 'fastify';
import { registerRoute } from '../../http/route.ts';
import type { BackupService } from './backup-service.ts';
import type { SystemService } from './service.ts';

const { system: e } = endpoints;

export function systemRoutes(app: FastifyInstance, { system, backups }: { system: SystemService; backups: BackupService }): void {
  registerRoute(app, e.health, () => system.health(app.shutdown.aborted), { ignoreCredentials: true });
  registerRoute(app, e.openapi, () => Promise.resolve(system.openapi()), { ignoreCredentials: true });
  registerRoute(app, e.backup, async ({ request, reply }) => {
    const { fileName, content } = await backups.open();
    request.raw.once('close', () => content.destroy());
    return reply
      .type('application/gzip')
      .header('cache-control', 'no-store')
      .header('content-disposition', `attachment; filename="${fileName}"`)
      .send(content);
  });
}
