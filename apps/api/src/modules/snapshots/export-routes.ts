import { Readable } from 'node:stream';
import { endpoints } from '@granary/contract';
import type { FastifyInstance } from 'fastify';
import { registerRoute } from '../../http/route.ts';
import type { ExportService } from './export-service.ts';
import { isCurrent } from './file-answer.ts';
import { openToAll } from './open-to-all.ts';
import { keptForever } from './send-file.ts';

const { snapshotExports } = endpoints;

export function snapshotExportRoutes(app: FastifyInstance, { exports: service }: { exports: ExportService }): void {
  registerRoute(app, snapshotExports.formats, async () => service.formats(), { ignoreCredentials: true });
  registerRoute(
    app,
    snapshotExports.get,
    async ({ params, query, request, reply }) => {
      openToAll(reply);
      const { etag, mediaType, fileName, open } = await service.find(params.slug, params.number, query);
      const unchanged = isCurrent(request, etag);
      // Errors are not for ever: only what is sent is cached.
      const content = unchanged || request.method === 'HEAD' ? Readable.from([]) : await open();
      void reply.header('etag', etag).header('cache-control', keptForever).header('accept-ranges', 'none');
      if (unchanged) return reply.code(304).send();
      return reply.type(mediaType).header('content-disposition', `attachment; filename="${fileName}"`).send(content);
    },
    { ignoreCredentials: true },
  );
}
