import type { Database, Transaction } from '@granary/db';

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

export type SessionRepository = ReturnType<typeof createSessionRepository>;

export function createSessionRepository(db: Database) {
  return {
    /** Adds a session and forgets the user's sessions that ended by themselves. */
    async add(tx: Transaction, session: { id: string; userId: string; tokenHash: string; userAgent: string; now: Date; expiresAt: Date }) {
      const { tokenHash, now, ...rest } = session;
      await tx.session.deleteMany({ where: { userId: session.userId, expiresAt: { lte: now } } });
      await tx.session.create({ data: { ...rest, currentTokenHash: tokenHash, createdAt: now, rotatedAt: now } });
    },

    /** Swaps the refresh token if `tokenHash` is still the current one; false when somebody was faster or the session is over. */
    async rotate(change: { id: string; tokenHash: string; nextHash: string; now: Date; expiresAt: Date }): Promise<boolean> {
      const { id, tokenHash, nextHash, now, expiresAt } = change;
      const { count } = await db.prisma.session.updateMany({
        where: { id, currentTokenHash: tokenHash, revokedAt: null, expiresAt: { gt: now }, user: { status: 'active' } },
        data: { currentTokenHash: nextHash, previousTokenHash: tokenHash, rotatedAt: now, expiresAt },
      });
      return count === 1;
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
