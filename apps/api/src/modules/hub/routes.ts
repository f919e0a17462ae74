import { endpoints } from '@granary/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { askedOrigin } from '../../http/origin.ts';
import { registerRoute } from '../../http/route.ts';
import { openToAll } from '../snapshots/open-to-all.ts';
import { keptForever, sendFile } from '../snapshots/send-file.ts';
import type { HubService } from './service.ts';

const { hub } = endpoints;
type Services = { hub: HubService };
/** Clients send the Hub's token along if they have one; it says nothing here. */
const options = { ignoreCredentials: true };
const exposed = ['link', 'x-error-code', 'x-error-message', 'x-linked-etag', 'x-linked-size', 'x-repo-commit', 'x-total-count'];

/** The Hugging Face Hub's read protocol. */
export function hubRoutes(app: FastifyInstance, { hub: service }: Services): void {
  void app.register(async (scope) => {
    // Errors too are for pages of other sites to read.
    scope.addHook('onRequest', async (_request, reply) => void openToAll(reply, exposed));
    // `huggingface_hub` asks for paths with a form. Only here: elsewhere a form that another site sends must not be understood.
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
      done(null, fieldsOf(String(body))),
    );
    infoRoutes(scope, { hub: service });
    treeRoutes(scope, { hub: service });
    fileRoutes(scope, { hub: service });
  });
}

function infoRoutes(app: FastifyInstance, { hub: service }: Services): void {
  registerRoute(
    app,
    hub.list,
    async ({ query, request, reply }) => {
      const { items, nextCursor } = await service.list(query);
      linkNext(request, reply, nextCursor);
      return items;
    },
    options,
  );
  const info = async (where: Parameters<HubService['dataset']>[0], blobs: boolean, reply: FastifyReply) => {
    const { commit, dataset } = await service.dataset(where, { blobs });
    void reply.header('x-repo-commit', commit);
    return dataset;
  };
  registerRoute(app, hub.get, ({ params, query, reply }) => info({ ...params, revision: 'main' }, query.blobs, reply), options);
  registerRoute(app, hub.revision, ({ params, query, reply }) => info(params, query.blobs, reply), options);
  registerRoute(app, hub.refs, ({ params }) => service.refs(params), options);
  registerRoute(
    app,
    hub.commits,
    async ({ params, query, request, reply }) => {
      const { items, nextCursor, total } = await service.commits(params, query);
      void reply.header('x-total-count', total);
      linkNext(request, reply, nextCursor);
      return items;
    },
    options,
  );
  registerRoute(
    app,
    hub.authCheck,
    async ({ params }) => {
      await service.check(params);
      return {};
    },
    options,
  );
}

function treeRoutes(app: FastifyInstance, { hub: service }: Services): void {
  type Where = Parameters<HubService['tree']>[0];
  type Query = Parameters<HubService['tree']>[2];
  const tree = async (where: Where, path: string, query: Query, { request, reply }: { request: FastifyRequest; reply: FastifyReply }) => {
    const { items, nextCursor, commit } = await service.tree(where, path, query);
    void reply.header('x-repo-commit', commit);
    linkNext(request, reply, nextCursor);
    return items;
  };
  registerRoute(app, hub.tree, ({ params, query, ...http }) => tree(params, '', query, http), options);
  registerRoute(app, hub.subtree, ({ params, query, ...http }) => tree(params, params['*'], query, http), options);
  registerRoute(app, hub.pathsInfo, ({ params, body }) => service.pathsInfo(params, body), options);
}

function fileRoutes(app: FastifyInstance, { hub: service }: Services): void {
  registerRoute(
    app,
    hub.resolve,
    async ({ params, request, reply }) => {
      const { commit, file, moving } = await service.file(params, params['*']);
      void reply
        .header('x-repo-commit', commit)
        // What it is, also where the answer redirects to where it lies.
        .header('x-linked-etag', `"${file.sha256}"`)
        .header('x-linked-size', file.bytes);
      const cacheControl = moving ? 'no-cache' : keptForever;
      return sendFile(request, reply, file, { downloadName: nameOf(params['*']), cacheControl });
    },
    options,
  );
  registerRoute(
    app,
    hub.raw,
    async ({ params, request, reply }) => {
      const { commit, file, pointer } = await service.rawFile(params, params['*']);
      void reply.header('x-repo-commit', commit);
      if (pointer === null) return sendFile(request, reply, file, { downloadName: nameOf(params['*']), cacheControl: 'no-cache' });
      return reply.header('cache-control', 'no-cache').type('text/plain; charset=utf-8').send(pointer);
    },
    options,
  );
}

const nameOf = (path: string): string => path.split('/').at(-1) ?? path;

/** A name with several values is a list. */
function fieldsOf(form: string): Record<string, string | string[]> {
  const values = Map.groupBy(new URLSearchParams(form), ([name]) => name);
  return Object.fromEntries(
    [...values].map(([name, pairs]) => [name, pairs.length === 1 ? (pairs[0]?.[1] ?? '') : pairs.map(([, value]) => value)]),
  );
}

/** Names the next page as the Hub does. Clients want a whole address: the one that they asked at. */
function linkNext(request: FastifyRequest, reply: FastifyReply, cursor: string | null): void {
  if (cursor === null) return;
  const url = new URL(request.url, askedOrigin(request));
  url.searchParams.set('cursor', cursor);
  void reply.header('link', `<${url.href}>; rel="next"`);
}
