import { Prisma, queryRows, type Database, type Transaction } from '@granary/db';
import * as z from 'zod';

export type LinkKind = 'setup' | 'password_reset' | 'email_change';
export type LinkRepository = ReturnType<typeof createLinkRepository>;

const usedSchema = z.object({ user_id: z.string().nullable(), email: z.string().nullable() });
const requestSchema = z.object({
  id: z.string(),
  email: z.string(),
  display_name: z.string(),
  created_at: z.date(),
  expires_at: z.date(),
  issued: z.boolean(),
});
export type ResetRequestRow = z.infer<typeof requestSchema>;

export function createLinkRepository(db: Database) {
  return {
    async add(
      tx: Transaction,
      link: { kind: LinkKind; userId?: string; email?: string; tokenHash: string; now: Date; expiresAt: Date },
    ): Promise<void> {
      const { now, ...rest } = link;
      await tx.oneTimeLink.create({ data: { ...rest, createdAt: now } });
    },

    /** Asks for a password reset that an admin shall answer; one that waits already is enough. */
    async addResetRequest(email: string, now: Date, expiresAt: Date): Promise<void> {
      await db.prisma.$executeRaw`
        INSERT INTO one_time_links (id, kind, user_id, created_at, expires_at)
        SELECT gen_random_uuid(), 'password_reset', u.id, ${now}::timestamptz, ${expiresAt}::timestamptz FROM users u
        WHERE u.email = ${email} AND u.status = 'active' AND NOT EXISTS (
          SELECT 1 FROM one_time_links l WHERE l.user_id = u.id AND l.kind = 'password_reset' AND l.used_at IS NULL AND l.expires_at > ${now}::timestamptz)`;
    },

    /** Uses a link up, once; null when it is unknown, used or too old. */
    async use(tx: Transaction, kind: LinkKind, tokenHash: string, now: Date) {
      const rows = await queryRows(
        tx,
        usedSchema,
        Prisma.sql`UPDATE one_time_links SET used_at = ${now}::timestamptz
          WHERE token_hash = ${tokenHash} AND kind = ${kind}::link_kind AND used_at IS NULL AND expires_at > ${now}::timestamptz
          RETURNING user_id::text, email`,
      );
      const row = rows[0];
      return row === undefined ? null : { userId: row.user_id, email: row.email };
    },

    /** Takes all set-up links for this transaction alone, so that two of them cannot make two first admins. */
    async lockSetupLinks(tx: Transaction): Promise<void> {
      await tx.$queryRaw`SELECT id::text FROM one_time_links WHERE kind = 'setup' ORDER BY id FOR UPDATE`;
    },

    async removeSetupLinks(tx: Transaction): Promise<void> {
      await tx.oneTimeLink.deleteMany({ where: { kind: 'setup', usedAt: null } });
    },

    /** A user's unused links of a kind stop working. */
    async removeUnused(tx: Transaction, userId: string, kind: LinkKind): Promise<void> {
      await tx.oneTimeLink.deleteMany({ where: { userId, kind, usedAt: null } });
    },

    /** Open requests, oldest first, after the one the cursor names. */
    async listResetRequests(now: Date, after: readonly [string, string] | null, take: number): Promise<ResetRequestRow[]> {
      const from = after ? Prisma.sql`AND (l.created_at, l.id) > (${after[0]}::timestamptz, ${after[1]}::uuid)` : Prisma.empty;
      return queryRows(
        db.prisma,
        requestSchema,
        Prisma.sql`SELECT l.id::text, u.email, u.display_name, l.created_at, l.expires_at, l.token_hash IS NOT NULL AS issued
          FROM one_time_links l JOIN users u ON u.id = l.user_id
          WHERE l.kind = 'password_reset' AND l.used_at IS NULL AND l.expires_at > ${now}::timestamptz ${from}
          ORDER BY l.created_at, l.id LIMIT ${take}::int`,
      );
    },

    /** Gives an open request a (new) token; false when there is no such request. */
    async issueResetLink(id: string, tokenHash: string, now: Date, expiresAt: Date): Promise<boolean> {
      const { count } = await db.prisma.oneTimeLink.updateMany({
        where: { id, kind: 'password_reset', usedAt: null, expiresAt: { gt: now } },
        data: { tokenHash, expiresAt },
      });
      return count === 1;
    },
  };
}
