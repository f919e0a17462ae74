import { Readable } from 'node:stream';
import { endpoints } from '@granary/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../../errors.ts';
import { registerRoute } from '../../http/route.ts';
import { streamEvents } from '../../http/sse.ts';
import { answerFileRequest } from './file-answer.ts';
import { openToAll } from './open-to-all.ts';
import { snapshotFilePath, snapshotPath } from './service.ts';
import type { SnapshotService } from './service.ts';

const { snapshots } = endpoints;
type StoredFile = Awaited<ReturnType<SnapshotService['file']>>;

export function snapshotRoutes(app: FastifyInstance, { snapshots: service }: { snapshots: SnapshotService }): void {
  registerRoute(app, snapshots.list, ({ params, query, actor }) => service.list(params.slug, query, actor));
  registerRoute(app, snapshots.preview, ({ params, body }) => service.preview(params.slug, body.selection));
  registerRoute(app, snapshots.create, ({ params, body, actor, remember }) => service.create(params.slug, body, actor, remember));
  registerRoute(app, snapshots.get, ({ params, actor }) => service.get(params.slug, params.number, actor));
  registerRoute(app, snapshots.cancel, ({ params, actor, remember }) => service.cancel(params.slug, params.number, actor, remember));
  registerRoute(app, snapshots.events, async ({ params, request, reply }) => {
    const { response } = snapshots.events;
    await streamEvents(request, reply, async () => {
      const { data, done } = await service.progress(params.slug, params.number);
      return { data: response.parse(data), done };
    });
  });
  registerRoute(
    app,
    snapshots.latest,
    async ({ params, reply }) => redirect(reply, snapshotPath(params.slug, await service.latestNumber(params.slug))),
    { ignoreCredentials: true },
  );
  registerRoute(
    app,
    snapshots.latestFile,
    async ({ params, reply }) => {
      const number = await service.latestNumber(params.slug);
      // A name that the snapshot has not is told here, and not after the detour.
      const file = await service.file(params.slug, number, params['*']);
      return redirect(reply, snapshotFilePath(params.slug, number, file.name));
    },
    { ignoreCredentials: true },
  );
  registerRoute(
    app,
    snapshots.file,
    async ({ params, request, reply }) => {
      const file = await service.file(params.slug, params.number, params['*']);
      return sendFile(request, reply, file, `${params.slug}-v${params.number}-${params['*'].replaceAll('/', '-')}`);
    },
    { ignoreCredentials: true },
  );
}

function redirect(reply: FastifyReply, path: string): FastifyReply {
  return openToAll(reply).header('cache-control', 'no-cache').redirect(path, 302);
}

async function sendFile(request: FastifyRequest, reply: FastifyReply, file: StoredFile, downloadName: string): Promise<FastifyReply> {
  const etag = `"${file.sha256}"`;
  const answer = answerFileRequest(request, { bytes: file.bytes, etag });
  openToAll(reply).header('accept-ranges', 'bytes');
  if (answer.status === 416) {
    const detail = `The file has ${file.bytes} bytes.`;
    throw new ApiError('range_unsatisfiable', detail, { headers: { 'content-range': answer.contentRange } });
  }
  void reply.code(answer.status).header('etag', etag).header('cache-control', 'public, max-age=31536000, immutable');
  if (answer.status === 304) return reply.send();
  if (answer.status === 206) void reply.header('content-range', answer.contentRange);
  const kind = /^(text|image)\/|json/.test(file.mediaType) ? 'inline' : 'attachment';
  void reply
    .type(file.mediaType)
    .header('content-length', answer.length)
    .header('content-disposition', `${kind}; filename="${downloadName}"`);
  const nothing = request.method === 'HEAD' || answer.length === 0;
  return reply.send(nothing ? Readable.from([]) : await file.read(answer.range));
}
