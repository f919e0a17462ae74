import type { Database, Transaction } from '@granary/db';

export type AccessTokenRow = {
  id: string;
  name: string;
  prefix: string;
  scopes: string[];
  createdAt: Date;
  lastUsedAt: Date | null;
  expiresAt: Date;
  expiryImposed: boolean;
};
export type AccessTokenRepository = ReturnType<typeof createAccessTokenRepository>;

const shown = {
  id: true,
  name: true,
  prefix: true,
  scopes: true,
  createdAt: true,
  lastUsedAt: true,
  expiresAt: true,
  expiryImposed: true,
} as const;

export function createAccessTokenRepository(db: Database) {
  return {
    list(userId: string): Promise<AccessTokenRow[]> {
      return db.prisma.accessToken.findMany({
        where: { userId, revokedAt: null },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        select: shown,
      });
    },
    add(token: {
      userId: string;
      name: string;
      tokenHash: string;
      prefix: string;
      scopes: string[];
      createdAt: Date;
      expiresAt: Date;
    }): Promise<AccessTokenRow> {
      return db.prisma.accessToken.create({ data: token, select: shown });
    },
    /** Ends one (or all) of a user's tokens; resolves to how many were still good. */
    async revoke(tx: Transaction, userId: string, id: string | undefined, now: Date): Promise<number> {
      const { count } = await tx.accessToken.updateMany({ where: { userId, id, revokedAt: null }, data: { revokedAt: now } });
      return count;
    },
  };
}
