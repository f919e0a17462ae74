import { Readable } from 'node:stream';
import { endpoints } from '@granary/contract';
import type { FastifyInstance } from 'fastify';
import { registerRoute } from '../../http/route.ts';
import type { ChangesService } from './changes-service.ts';
import { isCurrent } from './file-answer.ts';
import { openToAll } from './open-to-all.ts';
import { keptForever } from './send-file.ts';

const { snapshotChanges } = endpoints;

export function snapshotChangesRoutes(app: FastifyInstance, { snapshotChanges: service }: { snapshotChanges: ChangesService }): void {
  registerRoute(app, snapshotChanges.list, ({ params, query }) => service.list(params.slug, params.number, query));
  registerRoute(
    app,
    snapshotChanges.file,
    async ({ params, query, request, reply }) => {
      const file = await service.file(params.slug, params.number, query.since);
      // Its length is known at the end only, so no part of it can be asked for.
      void openToAll(reply).header('etag', file.etag).header('cache-control', keptForever).header('accept-ranges', 'none');
      if (isCurrent(request, file.etag)) return reply.code(304).send();
      void reply.type('application/gzip').header('content-disposition', `attachment; filename="${file.name}"`);
      return reply.send(request.method === 'HEAD' ? Readable.from([]) : Readable.from(file.content()));
    },
    { ignoreCredentials: true },
  );
}
