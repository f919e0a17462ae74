import { roleSchema, type Role, type User } from '@granary/contract';
import { Prisma, queryRows, type Database, type Transaction } from '@granary/db';
import * as z from 'zod';

const rowSchema = z.object({
  id: z.string(),
  display_name: z.string(),
  role: roleSchema,
  status: z.enum(['active', 'suspended']),
  suspended_reason: z.string().nullable(),
  created_at: z.date(),
  entries: z.number(),
  approved: z.number(),
  rejected: z.number(),
  reviews: z.number(),
  open_flags: z.number(),
});
const lockedSchema = z.object({ id: z.string(), role: roleSchema, status: z.enum(['active', 'suspended']) });

export type LockedUser = z.infer<typeof lockedSchema>;
export type UserFilters = { q?: string; role?: Role; status?: 'active' | 'suspended' };
export type UserRepository = ReturnType<typeof createUserRepository>;

export function createUserRepository(db: Database) {
  return {
    /** Newest first, after the one the cursor names. */
    list(filters: UserFilters, after: readonly [string, string] | null, take: number): Promise<User[]> {
      const { q, role, status } = filters;
      const where = [Prisma.sql`true`];
      if (q) where.push(Prisma.sql`display_name_key LIKE ${`%${q.replace(/[\\%_]/g, '\\$&')}%`}`);
      if (role) where.push(Prisma.sql`role = ${role}::role`);
      if (status) where.push(Prisma.sql`status = ${status}::user_status`);
      if (after) where.push(Prisma.sql`(created_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`);
      return read(
        db.prisma,
        Prisma.sql`SELECT * FROM users WHERE ${Prisma.join(where, ' AND ')} ORDER BY created_at DESC, id DESC LIMIT ${take}::int`,
      );
    },

    async byId(id: string, client: Transaction = db.prisma): Promise<User | null> {
      const users = await read(client, Prisma.sql`SELECT * FROM users WHERE id = ${id}::uuid`);
      return users[0] ?? null;
    },

    /**
     * Locks the two users and every admin until the transaction ends, always in the same order: whoever changes roles or
     * suspends has to wait, and then sees what the one before did. Rows that point at users can still be added.
     */
    lock(tx: Transaction, ids: readonly string[]): Promise<LockedUser[]> {
      return queryRows(
        tx,
        lockedSchema,
        Prisma.sql`SELECT id::text, role::text, status::text FROM users WHERE id = ANY(${[...ids]}::uuid[]) OR role = 'admin'
          ORDER BY id FOR NO KEY UPDATE`,
      );
    },

    async setStatus(tx: Transaction, id: string, status: 'active' | 'suspended', suspendedReason: string | null): Promise<void> {
      await tx.user.update({ where: { id }, data: { status, suspendedReason } });
    },

    async setRole(tx: Transaction, id: string, role: Role): Promise<void> {
      await tx.user.update({ where: { id }, data: { role } });
    },
  };
}

/** Counts only for the users of the page, each from an index; open flags are few, so they are counted from their own side. */
async function read(client: Transaction, page: Prisma.Sql): Promise<User[]> {
  const rows = await queryRows(
    client,
    rowSchema,
    Prisma.sql`
      WITH page AS MATERIALIZED (${page}),
      flagged AS (
        SELECT e.author_id, count(*)::int AS open_flags FROM flags f JOIN entries e ON e.id = f.entry_id
        WHERE f.status = 'open' AND e.author_id IN (SELECT id FROM page) GROUP BY e.author_id
      )
      SELECT u.id::text, u.display_name, u.role::text, u.status::text, u.suspended_reason, u.created_at,
        c.entries, c.approved, c.rejected, r.reviews, coalesce(f.open_flags, 0) AS open_flags
      FROM page u
      CROSS JOIN LATERAL (
        SELECT count(*)::int AS entries, (count(*) FILTER (WHERE status = 'approved'))::int AS approved,
          (count(*) FILTER (WHERE status = 'rejected'))::int AS rejected
        FROM entries WHERE author_id = u.id
      ) c
      CROSS JOIN LATERAL (SELECT count(DISTINCT coalesce(task_id, id))::int AS reviews FROM reviews WHERE reviewer_id = u.id) r
      LEFT JOIN flagged f ON f.author_id = u.id
      ORDER BY u.created_at DESC, u.id DESC`,
  );
  return rows.map((row) => ({
    id: row.id,
    displayName: row.display_name,
    role: row.role,
    status: row.status,
    suspendedReason: row.suspended_reason,
    createdAt: row.created_at.toISOString(),
    entries: row.entries,
    approved: row.approved,
    rejected: row.rejected,
    reviews: row.reviews,
    openFlags: row.open_flags,
  }));
}
