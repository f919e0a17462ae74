import { endpoints } from '@granary/contract';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { registerRoute } from '../../http/route.ts';
import { streamEvents } from '../../http/sse.ts';
import { openToAll } from './open-to-all.ts';
import { sendFile } from './send-file.ts';
import { snapshotFilePath, snapshotPath } from './service.ts';
import type { SnapshotService } from './service.ts';

const { snapshots } = endpoints;

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
      return sendFile(request, reply, file, { downloadName: `${params.slug}-v${params.number}-${params['*'].replaceAll('/', '-')}` });
    },
    { ignoreCredentials: true },
  );
}

function redirect(reply: FastifyReply, path: string): FastifyReply {
  return openToAll(reply).header('cache-control', 'no-cache').redirect(path, 302);
}
