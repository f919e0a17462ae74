import type { FastifyRequest } from 'fastify';

/**
 * What links begin with that a person is handed or mailed: the configured address; without one, the address the request came
 * to. That is a safe fallback: the configuration asks for PUBLIC_URL wherever links leave by mail.
 */
export function publicOrigin(request: FastifyRequest): string {
  return publicUrlOf(request) ?? requestOrigin(request);
}

/**
 * What links begin with in answers that caches may keep: the configured address; without one nothing, so that they are
 * relative. Nobody can then have a cache hand out links to a host that they made up.
 */
export function cacheableOrigin(request: FastifyRequest): string {
  return publicUrlOf(request) ?? '';
}

/** The address that was asked, as its caller wrote it. Only for answers that no cache keeps. */
export function askedOrigin(request: FastifyRequest): string {
  const publicUrl = publicUrlOf(request);
  if (publicUrl === undefined) return requestOrigin(request);
  const { host, origin } = new URL(publicUrl);
  // Behind a proxy that does not say whether it was asked by HTTPS, or that has a host of its own, the configured address counts.
  return host === request.host || host === hostOf(request) ? origin : requestOrigin(request);
}

/** Whether a page of this origin is this deployment's own. */
export function isOwnOrigin(request: FastifyRequest, origin: string): boolean {
  const publicUrl = publicUrlOf(request);
  return origin === requestOrigin(request) || (publicUrl !== undefined && origin === new URL(publicUrl).origin);
}

const publicUrlOf = (request: FastifyRequest) => request.server.routeDependencies.publicUrl;

/** Scheme and host that the request came to, as the proxy or the socket tells them. */
function requestOrigin(request: FastifyRequest): string {
  const { protocol, socket } = request;
  const host = hostOf(request);
  // A client of HTTP/1.0 need not name the host it asks.
  const name =
    host === '' ? `${socket.localFamily === 'IPv6' ? `[${socket.localAddress}]` : socket.localAddress}:${socket.localPort}` : host;
  return `${protocol}://${name}`;
}

/** `X-Forwarded-Host` stands in for a missing PUBLIC_URL only: with one, there is nothing that it could add but a lie. */
const hostOf = (request: FastifyRequest): string =>
  publicUrlOf(request) === undefined ? request.host : (request.headers.host ?? request.host);

/** The path and query of an address that may be whole (`GET http://host/path HTTP/1.1`). The host that such a line names counts for nothing. */
export const pathOf = (url: string): string => {
  const path = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '');
  return path.startsWith('/') ? path : `/${path}`;
};
