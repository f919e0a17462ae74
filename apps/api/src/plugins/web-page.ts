import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fastifyPlugin } from 'fastify-plugin';
import * as z from 'zod';
import { ApiError } from '../errors.ts';
import { createPageTable, type createRouteTable } from '../http/known-paths.ts';
import { sendProblem } from './errors.ts';

const builtFolder = fileURLToPath(new URL('../../../web/dist/', import.meta.url));
const immutableMaxAgeSeconds = 31_536_000;
/** Routes of the page, written by its build. */
const pagesFile = 'pages.json';
/** What a person may have mistyped; scanners ask for files and hidden folders. */
const plainPath = /^(?:\/[\w-]+)+\/?$/;

type Options = { folder?: string; routes: ReturnType<typeof createRouteTable> };

/**
 * Serves the built web page: hashed assets forever, everything else checked every time. Its addresses are in `pages.json`, which the
 * build writes. Any other unknown path is 404, and a known one with another method 405.
 */
export const webPagePlugin = fastifyPlugin(
  async (app: FastifyInstance, { folder = builtFolder, routes }: Options) => {
    const built = existsSync(join(folder, pagesFile));
    const isPage = createPageTable(built ? await readPages(folder) : []);
    if (built) await serveFiles(app, folder);
    app.addHook('onRequest', async (request, reply) => {
      const path = pathOf(request);
      // The framework would read a body first that it finds none of.
      const isRare = request.is404 && !commonMethods.has(request.method);
      const methods = isRare || routes.isMistaken(path, request.method) ? routes.methodsOf(path) : [];
      if (methods.length > 0) return refuseMethod(request, reply, methods);
      return undefined;
    });
    app.setNotFoundHandler((request, reply) => {
      const path = pathOf(request);
      const reads = request.method === 'GET' || request.method === 'HEAD';
      if (isPage(path)) return reads ? sendPage(reply) : refuseMethod(request, reply, ['GET', 'HEAD']);
      const methods = routes.methodsOf(path);
      if (methods.length > 0) return refuseMethod(request, reply, methods);
      if (built && reads && isMistyped(request, path)) return sendPage(reply.code(404));
      return sendProblem(request, reply, new ApiError('not_found', `Nothing answers ${request.method} ${path}.`));
    });
  },
  { name: 'web-page', dependencies: ['errors'] },
);

async function readPages(folder: string): Promise<string[]> {
  return z.array(z.string()).parse(JSON.parse(await readFile(join(folder, pagesFile), 'utf8')));
}

async function serveFiles(app: FastifyInstance, folder: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: folder,
    wildcard: false,
    index: false,
    cacheControl: false,
    setHeaders(reply, path) {
      const hashed = path.includes(`${folder}assets/`);
      reply.header('cache-control', hashed ? `public, max-age=${immutableMaxAgeSeconds}, immutable` : 'no-cache');
    },
  });
}

const commonMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const pathOf = ({ url }: FastifyRequest) => url.split('?')[0] ?? '';

const sendPage = (reply: FastifyReply) => reply.header('cache-control', 'no-cache').sendFile('index.html');

/** A person in a browser is shown the page's own "not found". */
const isMistyped = ({ headers }: FastifyRequest, path: string): boolean =>
  plainPath.test(path) && !/^\/(?:api|assets)(?:\/|$)/.test(path) && (headers.accept ?? '').includes('text/html');

function refuseMethod(request: FastifyRequest, reply: FastifyReply, methods: string[]): FastifyReply {
  const allow = methods.join(', ');
  const error = new ApiError('method_not_allowed', `${request.method} is not offered here; ${allow} is.`, { headers: { allow } });
  return sendProblem(request, reply, error);
}
