import type { FastifyInstance } from 'fastify';
import { fastifyPlugin } from 'fastify-plugin';

/** Sends `headers` with every answer to a request that gets as far as the hooks. */
export const securityHeadersPlugin = fastifyPlugin(
  async (app: FastifyInstance, { headers }: { headers: Readonly<Record<string, string>> }) => {
    // On the raw answer: event streams write their own head.
    app.addHook('onRequest', async (_request, reply) => {
      for (const [name, value] of Object.entries(headers)) reply.raw.setHeader(name, value);
    });
    await Promise.resolve();
  },
  { name: 'security-headers' },
);
