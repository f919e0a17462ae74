import { Readable } from 'node:stream';
import { endpoints } from '@granary/contract';
import type { FastifyInstance } from 'fastify';
import { registerRoute } from '../../http/route.ts';
import { streamEvents } from '../../http/sse.ts';
import type { ImportService } from './service.ts';

const { imports } = endpoints;

export function importRoutes(app: FastifyInstance, { imports: service }: { imports: ImportService }): void {
  void app.register(async (scope) => uploadRoute(scope, service));
  registerRoute(app, imports.list, ({ params, query }) => service.list(params.slug, query));
  registerRoute(app, imports.get, ({ params }) => service.get(params.id));
  registerRoute(app, imports.preview, ({ params, body }) => service.preview(params.id, body));
  registerRoute(app, imports.start, ({ params, body, actor, remember }) => service.start(params.id, body, actor, remember));
  registerRoute(app, imports.cancel, ({ params, actor, remember }) => service.cancel(params.id, actor, remember));
  registerRoute(app, imports.events, async ({ params, request, reply }) => {
    const { response } = imports.events;
    await streamEvents(request, reply, async () => {
      const { data, done } = await service.progress(params.id);
      return { data: response.parse(data), done };
    });
  });
  registerRoute(app, imports.report, async ({ params, reply }) => {
    const { fileName, content } = await service.report(params.id);
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="${fileName}"`)
      .send(Readable.from(content, { objectMode: false }));
  });
}

/** The body is the file, of whatever type its sender calls it, and is handed on as it arrives: it never lies in memory. */
function uploadRoute(scope: FastifyInstance, service: ImportService): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  registerRoute(scope, imports.upload, async ({ params, query, actor, request, reply }) => {
    const content = request.body instanceof Readable ? request.body : Readable.from([]);
    const uploaded = await service.upload(params.slug, query.fileName, content, actor);
    return reply.code(imports.upload.status).send(imports.upload.response.parse(uploaded));
  });
}
