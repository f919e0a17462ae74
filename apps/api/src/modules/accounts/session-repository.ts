import { Prisma, queryRows, type Database, type Transaction } from '@granary/db';
import * as z from 'zod';

export type RevokedReason = 'signed_out' | 'signed_out_everywhere' | 'reuse_detected' | 'password_changed' | 'suspended';

export type SessionRow = {
  id: string;
  userId: string;
  currentTokenHash: string;
  previousTokenHash: string | null;
  rotatedAt: Date;
  userAgent: string;
  createdAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
};

const endSchema = z.object({ expires_at: z.date() });

export type SessionRepository = ReturnType<typeof createSessionRepository>;

export function createSessionRepository(db: Database) {
  return {
    /** Adds a session and forgets the user's sessions that ended by themselves. */
    async add(tx: Transaction, session: { id: string; userId: string; tokenHash: string; userAgent: string; now: Date; expiresAt: Date }) {
      const { tokenHash, now, ...rest } = session;
      await tx.session.deleteMany({ where: { userId: session.userId, expiresAt: { lte: now } } });
      await tx.session.create({ data: { ...rest, currentTokenHash: tokenHash, createdAt: now, rotatedAt: now } });
    },

    /**
     * Swaps the refresh token if `tokenHash` is still the current one, and moves the session's end to `expiresAt`, but never
     * beyond `lifeDays` after its sign-in. Resolves to the end; null when somebody was faster or the session is over.
     */
    async rotate(change: { id: string; tokenHash: string; nextHash: string; now: Date; expiresAt: Date; lifeDays: number }) {
      const { id, tokenHash, nextHash, now, expiresAt, lifeDays } = change;
      const [row] = await queryRows(
        db.prisma,
        endSchema,
        Prisma.sql`UPDATE sessions SET current_token_hash = ${nextHash}, previous_token_hash = ${tokenHash}, rotated_at = ${now}::timestamptz,
            expires_at = least(${expiresAt}::timestamptz, created_at + make_interval(hours => ${lifeDays * 24}::int))
          WHERE id = ${id}::uuid AND current_token_hash = ${tokenHash} AND revoked_at IS NULL AND expires_at > ${now}::timestamptz
            AND EXISTS (SELECT 1 FROM users u WHERE u.id = sessions.user_id AND u.status = 'active')
          RETURNING expires_at`,
      );
      return row?.expires_at ?? null;
    },

    find(id: string): Promise<SessionRow | null> {
      return db.prisma.session.findUnique({ where: { id } });
    },

    /** Those that still work, last used first. */
    listOpen(userId: string, now: Date): Promise<SessionRow[]> {
      return db.prisma.session.findMany({
        where: { userId, revokedAt: null, expiresAt: { gt: now } },
        orderBy: [{ rotatedAt: 'desc' }, { id: 'desc' }],
      });
    },

    /** Ends the open sessions that fit; resolves to how many there were. */
    async revoke(
      tx: Transaction,
      which: { userId?: string; id?: string; exceptId?: string },
      reason: RevokedReason,
      now: Date,
    ): Promise<number> {
      const id = which.id ?? (which.exceptId === undefined ? undefined : { not: which.exceptId });
      const { count } = await tx.session.updateMany({
        where: { userId: which.userId, id, revokedAt: null, expiresAt: { gt: now } },
        data: { revokedAt: now, revokedReason: reason },
      });
      return count;
    },
  };
}
