import type { FastifyReply } from 'fastify';

/** Public data may be read by pages of other sites, such as notebooks and viewers. */
export function openToAll(reply: FastifyReply): FastifyReply {
  return reply
    .header('access-control-allow-origin', '*')
    .header('access-control-expose-headers', 'accept-ranges, content-disposition, content-length, content-range, etag')
    .header('cross-origin-resource-policy', 'cross-origin');
}
