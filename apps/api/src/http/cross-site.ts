import type { FastifyRequest } from 'fastify';
import { ApiError } from '../errors.ts';
import { isOwnOrigin } from './origin.ts';

/**
 * Refuses writes that another site makes a browser send (CSRF). Browsers state where a request comes from in
 * Sec-Fetch-Site and Origin; programs send neither. SameSite=Lax cookies are the second line of defence.
 */
export function refuseCrossSite(request: FastifyRequest): void {
  if (request.headers.authorization !== undefined) return;
  const site = request.headers['sec-fetch-site'];
  if (site === 'same-origin' || site === 'none') return;
  const { origin } = request.headers;
  if (site === undefined && origin === undefined) return;
  if (origin !== undefined && isOwnOrigin(request, origin)) return;
  throw new ApiError('cross_site_request', 'Writes are taken from this site’s own pages only; programs use an access token.');
}
