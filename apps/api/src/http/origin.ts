import type { FastifyRequest } from 'fastify';

/**
 * What links begin with that are kept or leave by mail: the configured address; without one, that which was asked. That is a safe fallback:
 * the configuration asks for PUBLIC_URL wherever links leave by mail.
 */
export function publicOrigin(request: FastifyRequest): string {
  return request.server.routeDependencies.publicUrl ?? ownOrigin(request);
}

/** The address that was asked, as its caller wrote it. */
export function askedOrigin(request: FastifyRequest): string {
  const { publicUrl } = request.server.routeDependencies;
  // Behind a proxy that does not say whether it was asked by HTTPS, the configured address does.
  return publicUrl !== undefined && new URL(publicUrl).host === request.host ? new URL(publicUrl).origin : ownOrigin(request);
}

/** Scheme and host that the request came to, as the proxy or the socket tells them. */
export const ownOrigin = (request: FastifyRequest) => `${request.protocol}://${request.host}`;
