import type { Database, Transaction } from '@granary/db';
import { v7 as uuid } from 'uuid';
import { ApiError, notFound } from '../../errors.ts';
import { hashToken } from '../../plugins/auth.ts';
import { createRefreshToken, sessionOfRefreshToken } from './secrets.ts';
import type { SessionRepository } from './session-repository.ts';

/** A session ends when it was not used for this long. */
const sessionDays = 30;
/** A session ends this long after its sign-in, used or not. */
const sessionLifeDays = 90;
/** Two tabs may refresh at once; the slower one still holds the token that was just exchanged. */
const rotationGraceMs = 10_000;
const userAgentMax = 300;

/** What a browser is given. `refreshToken` is null when it keeps the one it has; `lifeSeconds` are those until `expiresAt`. */
export type OpenSession = { sessionId: string; refreshToken: string | null; expiresAt: Date; lifeSeconds: number };
export type SessionService = ReturnType<typeof createSessionService>;

export function createSessionService({ db, sessions, clock }: { db: Database; sessions: SessionRepository; clock: () => Date }) {
  const lifeFrom = (now: Date) => new Date(now.getTime() + sessionDays * 86_400_000);

  return {
    /** Opens a session inside the transaction that decided that it may be. */
    async open(tx: Transaction, userId: string, userAgent: string | undefined): Promise<OpenSession> {
      const now = clock();
      const id = uuid();
      const refreshToken = createRefreshToken(id);
      const expiresAt = lifeFrom(now);
      const agent = (userAgent ?? '').slice(0, userAgentMax);
      await sessions.add(tx, { id, userId, tokenHash: hashToken(refreshToken), userAgent: agent, now, expiresAt });
      return opened(id, refreshToken, expiresAt, now);
    },

    /**
     * Exchanges a refresh token. Throws `not_signed_in` without one, `session_expired`, or `session_revoked`: also when a
     * token comes a second time, for then somebody has a copy, and nobody can tell which of the two is the owner.
     */
    async refresh(refreshToken: string | undefined): Promise<OpenSession> {
      const id = sessionOfRefreshToken(refreshToken);
      if (id === null || refreshToken === undefined) throw new ApiError('not_signed_in');
      const now = clock();
      const tokenHash = hashToken(refreshToken);
      const next = createRefreshToken(id);
      const rotation = { id, tokenHash, nextHash: hashToken(next), now, expiresAt: lifeFrom(now), lifeDays: sessionLifeDays };
      const expiresAt = await sessions.rotate(rotation);
      if (expiresAt !== null) return opened(id, next, expiresAt, now);
      const session = await sessions.find(id);
      if (session === null || session.revokedAt !== null) throw new ApiError('session_revoked');
      if (session.expiresAt <= now) throw new ApiError('session_expired');
      const justRotated = now.getTime() - session.rotatedAt.getTime() <= rotationGraceMs;
      if (session.previousTokenHash === tokenHash && justRotated) return opened(id, null, session.expiresAt, now);
      await sessions.revoke(db.prisma, { id }, 'reuse_detected', now);
      throw new ApiError('session_revoked', 'A refresh token was used twice, so the session was ended. Sign in again.');
    },

    /** Ends the session of the access token or, when that is too old, of the refresh token. No error when there is none. */
    async signOut(sessionId: string | null, refreshToken: string | undefined): Promise<void> {
      const id = sessionId ?? (await ownSession(refreshToken));
      if (id !== null) await sessions.revoke(db.prisma, { id }, 'signed_out', clock());
    },

    async signOutEverywhere(userId: string): Promise<void> {
      await sessions.revoke(db.prisma, { userId }, 'signed_out_everywhere', clock());
    },

    async list(userId: string, currentId: string | null) {
      const rows = await sessions.listOpen(userId, clock());
      return {
        items: rows.map((row) => ({
          id: row.id,
          userAgent: row.userAgent,
          createdAt: row.createdAt.toISOString(),
          lastUsedAt: row.rotatedAt.toISOString(),
          current: row.id === currentId,
        })),
      };
    },

    /** Throws `not_found` for a session that is over or another's. */
    async end(userId: string, id: string): Promise<void> {
      const ended = await sessions.revoke(db.prisma, { userId, id }, 'signed_out', clock());
      if (ended === 0) throw notFound('such session');
    },
  };

  async function ownSession(refreshToken: string | undefined): Promise<string | null> {
    const id = sessionOfRefreshToken(refreshToken);
    if (id === null || refreshToken === undefined) return null;
    const session = await sessions.find(id);
    const hash = hashToken(refreshToken);
    return session !== null && [session.currentTokenHash, session.previousTokenHash].includes(hash) ? id : null;
  }
}

function opened(sessionId: string, refreshToken: string | null, expiresAt: Date, now: Date): OpenSession {
  return { sessionId, refreshToken, expiresAt, lifeSeconds: Math.ceil((expiresAt.getTime() - now.getTime()) / 1000) };
}
