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
export function ownOrigin({ protocol, host, socket }: FastifyRequest): string {
  // A client of HTTP/1.0 need not name the host it asks.
  const name =
    host === '' ? `${socket.localFamily === 'IPv6' ? `[${socket.localAddress}]` : socket.localAddress}:${socket.localPort}` : host;
  return `${protocol}://${name}`;
}
