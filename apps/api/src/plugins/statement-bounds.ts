import { withStatementBounds } from '@granary/db';
import type { FastifyInstance } from 'fastify';
import { fastifyPlugin } from 'fastify-plugin';

const reads = new Set(['GET', 'HEAD']);

/**
 * Bounds every statement that a request runs, whichever route it is for. What only reads is cancelled when its client goes away; what
 * writes is finished, so that whoever sends it again with its Idempotency-Key finds one outcome.
 */
export const statementBoundsPlugin = fastifyPlugin(
  (app: FastifyInstance, { timeoutMs }: { timeoutMs: number }) => {
    app.addHook('preHandler', (request, reply, done) => {
      const gone = new AbortController();
      reply.raw.once('close', () => {
        if (!reply.raw.writableFinished) gone.abort();
      });
      withStatementBounds({ timeoutMs, ...(reads.has(request.method) ? { abandoned: gone.signal } : {}) }, done);
    });
    return Promise.resolve();
  },
  { name: 'statement-bounds' },
);
