import type { FastifyReply } from 'fastify';

const exposed = ['accept-ranges', 'content-disposition', 'content-length', 'content-range', 'etag'];

/** Public data may be read by pages of other sites, such as notebooks and viewers. `headers` are those they may see beside the usual. */
export function openToAll(reply: FastifyReply, headers: readonly string[] = []): FastifyReply {
  return reply
    .header('access-control-allow-origin', '*')
    .header('access-control-expose-headers', [...exposed, ...headers].join(', '))
    .header('cross-origin-resource-policy', 'cross-origin');
}
