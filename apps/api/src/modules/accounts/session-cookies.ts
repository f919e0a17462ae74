import type { FastifyReply, FastifyRequest } from 'fastify';
import { clearCookie, setCookie } from '../../http/cookies.ts';
import type { OpenSession } from './session-service.ts';

/** How long the token inside the access cookie is good for. */
const accessTokenSeconds = 600;

/**
 * Puts a session into the browser. The access cookie stays as long as the session, although the token in it ends after
 * ten minutes: a request with the old token is answered `session_expired`, and the page knows that it can refresh.
 */
export function setSessionCookies(request: FastifyRequest, reply: FastifyReply, session: OpenSession): void {
  const { sessionId, refreshToken, lifeSeconds } = session;
  const { jwt } = request.server;
  setCookie(request, reply, 'access', jwt.sign({ sid: sessionId }, { expiresIn: `${accessTokenSeconds}s` }), lifeSeconds);
  if (refreshToken !== null) setCookie(request, reply, 'refresh', refreshToken, lifeSeconds);
}

export function clearSessionCookies(request: FastifyRequest, reply: FastifyReply): void {
  clearCookie(request, reply, 'access');
  clearCookie(request, reply, 'refresh');
}
