import { createHash } from 'node:crypto';
import fastifyCookie from '@fastify/cookie';
import fastifyJwt from '@fastify/jwt';
import { scopeSchema, roleSchema, type Scope } from '@granary/contract';
import { Prisma, queryPrepared, type Database } from '@granary/db';
import type { Actor as DomainActor } from '@granary/domain';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { fastifyPlugin } from 'fastify-plugin';
import * as z from 'zod';
import { ApiError } from '../errors.ts';
import { readCookie } from '../http/cookies.ts';

/** Who calls: resolved from the database with every request, so that suspension, sign-out and roles work at once. */
export type Actor = DomainActor & { displayName: string; via: 'session' | 'token'; sessionId: string | null };

declare module 'fastify' {
  interface FastifyInstance {
    /** Finds out who calls; null when the request carries no credentials. Throws when it carries bad ones. */
    authenticate(request: FastifyRequest): Promise<Actor | null>;
  }
}
declare module '@fastify/jwt' {
  interface FastifyJWT {
    payload: { sid: string };
    user: { sid: string };
  }
}

const rowSchema = z.object({
  id: z.string(),
  role: roleSchema,
  status: z.enum(['active', 'suspended']),
  display_name: z.string(),
  scopes: z.array(scopeSchema).nullable(),
  ended: z.boolean(),
});
type Row = z.infer<typeof rowSchema>;

export const accessTokenPrefix = 'grn_';
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Sessions are signed cookies, programs use personal access tokens; both end up as an Actor. */
export const authPlugin = fastifyPlugin(
  async (app: FastifyInstance, { db, secret }: { db: Database; secret: string }) => {
    await app.register(fastifyCookie);
    // One algorithm, and an end: a token that names another algorithm, or none, or never ends, is not one of ours.
    await app.register(fastifyJwt, {
      secret,
      sign: { algorithm: 'HS256' },
      verify: { algorithms: ['HS256'], requiredClaims: ['exp'] },
    });

    async function bySession(token: string): Promise<Actor> {
      const sid = readSessionId(app, token);
      const rows = await queryPrepared(
        db,
        rowSchema,
        Prisma.sql`
        SELECT u.id::text, u.role::text, u.status::text, u.display_name, NULL::text[] AS scopes, (s.revoked_at IS NOT NULL OR s.expires_at <= now()) AS ended
        FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = ${sid}::uuid`,
      );
      return toActor(rows[0], 'session', sid);
    }
    async function byAccessToken(token: string): Promise<Actor> {
      const hash = hashToken(token);
      const rows = await queryPrepared(
        db,
        rowSchema,
        Prisma.sql`
        WITH t AS (SELECT * FROM access_tokens WHERE token_hash = ${hash}),
        touched AS (UPDATE access_tokens a SET last_used_at = now() FROM t WHERE a.id = t.id AND (t.last_used_at IS NULL OR t.last_used_at < now() - interval '1 minute'))
        SELECT u.id::text, u.role::text, u.status::text, u.display_name, t.scopes, (t.revoked_at IS NOT NULL OR t.expires_at <= now()) AS ended
        FROM t JOIN users u ON u.id = t.user_id`,
      );
      return toActor(rows[0], 'token', null);
    }

    app.decorate('authenticate', async (request: FastifyRequest) => {
      const { authorization } = request.headers;
      if (authorization !== undefined) {
        const token = /^Bearer (\S+)$/i.exec(authorization)?.[1];
        if (token === undefined || !token.startsWith(accessTokenPrefix))
          throw new ApiError('token_invalid', 'Send a personal access token as "Authorization: Bearer …".');
        return byAccessToken(token);
      }
      const cookie = readCookie(request, 'access');
      if (cookie) return bySession(cookie);
      // The access cookie ends before the session does: the browser shall refresh instead of being shown a sign-in.
      return null;
    });
  },
  { name: 'auth' },
);

function readSessionId(app: FastifyInstance, token: string): string {
  try {
    return z.object({ sid: z.uuid() }).parse(app.jwt.verify(token)).sid;
  } catch (error) {
    throw new ApiError('session_expired', undefined, { cause: error });
  }
}

function toActor(row: Row | undefined, via: Actor['via'], sessionId: string | null): Actor {
  if (row === undefined) throw new ApiError(via === 'session' ? 'session_revoked' : 'token_invalid');
  if (row.ended) throw new ApiError(via === 'session' ? 'session_revoked' : 'token_invalid');
  if (row.status === 'suspended') throw new ApiError('account_suspended');
  return {
    id: row.id,
    role: row.role,
    displayName: row.display_name,
    via,
    sessionId,
    scopes: via === 'token' ? ((row.scopes ?? []) as Scope[]) : null,
  };
}
