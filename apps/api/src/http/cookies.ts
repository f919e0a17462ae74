import type { FastifyReply, FastifyRequest } from 'fastify';

type CookieName = 'access' | 'refresh' | 'device';
type CookieRule = { plain: string; path: string; sameSite: 'lax' | 'strict' };

/**
 * Names over plain http (a loopback address, as a rule). Over https every name has the prefix `__Host-`, which browsers take
 * from this very host, over https, for the whole host only: no neighbouring subdomain can plant one.
 */
const cookieRules: Record<CookieName, CookieRule> = {
  access: { plain: 'granary_access', path: '/', sameSite: 'lax' },
  /** Sent to nothing but the endpoints that need it, where the prefix does not rule that out. */
  refresh: { plain: 'granary_refresh', path: '/api/v1/auth', sameSite: 'strict' },
  device: { plain: 'granary_device', path: '/api/v1/auth', sameSite: 'strict' },
};
const hostPrefix = '__Host-';

/** What the cookie is called, over https (`secure`) or without. */
export const cookieName = (name: CookieName, secure: boolean): string => (secure ? hostPrefix : '') + cookieRules[name].plain;

/** Whether the browser is on https, as the connection, the proxy or the configuration says. */
function isSecure(request: FastifyRequest): boolean {
  const { publicUrl } = request.server.routeDependencies;
  return request.protocol === 'https' || (publicUrl?.startsWith('https:') ?? false);
}

/** The cookie's value. Over https a plain name counts for nothing: a neighbouring subdomain may have planted it. */
export function readCookie(request: FastifyRequest, name: CookieName): string | undefined {
  return request.cookies[cookieName(name, isSecure(request))];
}

/** Sets the cookie for scripts never to see; one under the plain name goes. */
export function setCookie(request: FastifyRequest, reply: FastifyReply, name: CookieName, value: string, maxAgeSeconds: number): void {
  const { path, sameSite } = cookieRules[name];
  const secure = isSecure(request);
  if (secure) removePlain(request, reply, name);
  void reply.setCookie(cookieName(name, secure), value, {
    path: secure ? '/' : path,
    httpOnly: true,
    sameSite,
    secure,
    maxAge: maxAgeSeconds,
  });
}

export function clearCookie(request: FastifyRequest, reply: FastifyReply, name: CookieName): void {
  const { path, sameSite } = cookieRules[name];
  const secure = isSecure(request);
  if (secure) removePlain(request, reply, name);
  void reply.clearCookie(cookieName(name, secure), { path: secure ? '/' : path, httpOnly: true, sameSite, secure });
}

function removePlain(request: FastifyRequest, reply: FastifyReply, name: CookieName): void {
  const { plain, path, sameSite } = cookieRules[name];
  // A cookie that is not sent to this path may be there all the same, so its path tells whether to look.
  if (path === '/' && request.cookies[plain] === undefined) return;
  if (path !== '/' && request.url.startsWith(path) && request.cookies[plain] === undefined) return;
  void reply.clearCookie(plain, { path, httpOnly: true, sameSite, secure: true });
}
