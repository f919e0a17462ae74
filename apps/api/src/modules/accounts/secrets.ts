import { randomBytes } from 'node:crypto';
import { accessTokenPrefix } from '../../plugins/auth.ts';

/** 256 random bits that are safe in links, headers and cookies. Only their SHA-256 is ever stored. */
export const createSecret = (): string => randomBytes(32).toString('base64url');

export const createAccessTokenText = (): string => `${accessTokenPrefix}${createSecret()}`;

/** The part of an access token that lists show. */
export const visiblePrefix = (token: string): string => token.slice(0, accessTokenPrefix.length + 6);

/** A refresh token names its session, so that any old one, not just the last, is recognised when it is used again. */
export const createRefreshToken = (sessionId: string): string => `${sessionId}.${createSecret()}`;

/** The session a refresh token names, or null when it is not shaped like one. */
export function sessionOfRefreshToken(token: string | undefined): string | null {
  return /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.[\w-]{43}$/.exec(token ?? '')?.[1] ?? null;
}
