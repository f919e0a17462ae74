import type { FastifyReply, FastifyRequest } from 'fastify';
import { cookieNames, refreshCookiePath } from '../../http/cookies.ts';
import { sessionDays, type OpenSession } from './session-service.ts';

/** How long the token inside the access cookie is good for. */
const accessTokenSeconds = 600;
const maxAge = sessionDays * 86_400;

/**
 * Puts a session into the browser. The access cookie stays as long as the session, although the token in it ends after
 * ten minutes: a request with the old token is answered `session_expired`, and the page knows that it can refresh.
 */
export function setSessionCookies(request: FastifyRequest, reply: FastifyReply, session: OpenSession): void {
  const { sessionId, refreshToken } = session;
  const { jwt } = request.server;
  const secure = isSecure(request);
  void reply.setCookie(cookieNames.access, jwt.sign({ sid: sessionId }, { expiresIn: `${accessTokenSeconds}s` }), {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure,
    maxAge,
  });
  if (refreshToken === null) return;
  void reply.setCookie(cookieNames.refresh, refreshToken, {
    path: refreshCookiePath,
    httpOnly: true,
    sameSite: 'strict',
    secure,
    maxAge,
  });
}

export function clearSessionCookies(request: FastifyRequest, reply: FastifyReply): void {
  const secure = isSecure(request);
  void reply.clearCookie(cookieNames.access, { path: '/', httpOnly: true, sameSite: 'lax', secure });
  void reply.clearCookie(cookieNames.refresh, { path: refreshCookiePath, httpOnly: true, sameSite: 'strict', secure });
}

function isSecure(request: FastifyRequest): boolean {
  const { publicUrl } = request.server.routeDependencies;
  return request.protocol === 'https' || (publicUrl?.startsWith('https:') ?? false);
}
