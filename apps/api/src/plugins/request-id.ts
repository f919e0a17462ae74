import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { fastifyPlugin } from 'fastify-plugin';

const header = 'x-request-id';
/** What is safe to write to a log and to send back: no spaces, quotes or control characters, and bounded. */
const acceptable = /^[\w.:/+=@-]{1,128}$/;

/** The id that a proxy or client gave the request, if it is one that we repeat; else a new one. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers[header];
  return typeof given === 'string' && acceptable.test(given) ? given : randomUUID();
}

/** Sends the request's id with every answer, errors and event streams included, so that a person can name it and the log can be searched for it. */
export const requestIdPlugin = fastifyPlugin(
  async (app: FastifyInstance) => {
    // On the raw answer: event streams write their own head.
    app.addHook('onRequest', async (request, reply) => void reply.raw.setHeader(header, request.id));
    await Promise.resolve();
  },
  { name: 'request-id' },
);
