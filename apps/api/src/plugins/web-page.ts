import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { fastifyPlugin } from 'fastify-plugin';
import { ApiError } from '../errors.ts';
import { sendProblem } from './errors.ts';

const webFolder = fileURLToPath(new URL('../../../web/dist/', import.meta.url));
const immutableMaxAgeSeconds = 31_536_000;

/**
 * Serves the built web page: hashed assets forever, everything else checked every time. Any address the interface does not
 * know is the page's own (client-side routes), except under `/api`.
 */
export const webPagePlugin = fastifyPlugin(
  async (app: FastifyInstance) => {
    const built = existsSync(join(webFolder, 'index.html'));
    if (built) {
      await app.register(fastifyStatic, {
        root: webFolder,
        wildcard: false,
        index: false,
        cacheControl: false,
        setHeaders(reply, path) {
          const hashed = path.includes(`${webFolder}assets/`);
          reply.header('cache-control', hashed ? `public, max-age=${immutableMaxAgeSeconds}, immutable` : 'no-cache');
        },
      });
    }
    app.setNotFoundHandler((request, reply) => {
      const path = request.url.split('?')[0] ?? '';
      const isPage =
        built && (request.method === 'GET' || request.method === 'HEAD') && !path.startsWith('/api') && !path.startsWith('/assets/');
      if (isPage) return reply.header('cache-control', 'no-cache').sendFile('index.html');
      return sendProblem(request, reply, new ApiError('not_found', `Nothing answers ${request.method} ${path}.`));
    });
  },
  { name: 'web-page', dependencies: ['errors'] },
);
