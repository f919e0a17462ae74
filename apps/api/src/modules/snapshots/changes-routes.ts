import { Readable } from 'node:stream';
import { endpoints } from '@granary/contract';
import type { FastifyInstance } from 'fastify';
import { registerRoute } from '../../http/route.ts';
import type { ChangesService } from './changes-service.ts';
import { answerFileRequest } from './file-answer.ts';

const { snapshotChanges } = endpoints;

export function snapshotChangesRoutes(app: FastifyInstance, { snapshotChanges: service }: { snapshotChanges: ChangesService }): void {
  registerRoute(app, snapshotChanges.list, ({ params, query }) => service.list(params.slug, params.number, query));
  registerRoute(
    app,
    snapshotChanges.file,
    async ({ params, query, request, reply }) => {
      const file = await service.file(params.slug, params.number, query.since);
      void reply
        .header('access-control-allow-origin', '*')
        .header('access-control-expose-headers', 'content-disposition, etag')
        .header('cross-origin-resource-policy', 'cross-origin')
        .header('etag', file.etag)
        .header('cache-control', 'public, max-age=31536000, immutable');
      // Its length is known at the end only, so no part of it can be asked for.
      const whole = { method: request.method, headers: { 'if-none-match': request.headers['if-none-match'] } };
      if (answerFileRequest(whole, { bytes: 0, etag: file.etag }).status === 304) return reply.code(304).send();
      void reply.type('application/gzip').header('content-disposition', `attachment; filename="${file.name}"`);
      return reply.send(request.method === 'HEAD' ? Readable.from([]) : Readable.from(file.content()));
    },
    { ignoreCredentials: true },
  );
}
