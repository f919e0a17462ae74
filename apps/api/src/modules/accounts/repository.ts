import { attributionSchema } from '@granary/contract';
import type { Attribution, Role } from '@granary/contract';
import { queryRows, Prisma, type Database, type Transaction } from '@granary/db';
import * as z from 'zod';

export type AccountRow = {
  id: string;
  email: string;
  emailVerifiedAt: Date | null;
  passwordHash: string;
  displayName: string;
  role: Role;
  status: 'active' | 'suspended';
  suspendedReason: string | null;
  languages: string[];
  attribution: Attribution;
  createdAt: Date;
};
export type NewAccount = {
  email: string;
  emailVerifiedAt?: Date | null;
  passwordHash: string;
  displayName: string;
  displayNameKey: string;
  displayNameSkeleton: string;
  role: Role;
  languages: string[];
  attribution?: Attribution;
  createdAt: Date;
};
export type AccountChange = Partial<
  Pick<
    NewAccount,
    'email' | 'emailVerifiedAt' | 'passwordHash' | 'displayName' | 'displayNameKey' | 'displayNameSkeleton' | 'languages' | 'attribution'
  >
>;
export type AccountRepository = ReturnType<typeof createAccountRepository>;

const acceptedSchema = z.object({ slug: z.string(), version: z.number() });

export function createAccountRepository(db: Database) {
  return {
    async byId(id: string, client: Transaction = db.prisma): Promise<AccountRow | null> {
      return fromDatabase(await client.user.findUnique({ where: { id } }));
    },
    async byEmail(email: string): Promise<AccountRow | null> {
      return fromDatabase(await db.prisma.user.findUnique({ where: { email } }));
    },
    async add(tx: Transaction, account: NewAccount): Promise<string> {
      const { id } = await tx.user.create({ data: account, select: { id: true } });
      return id;
    },
    async change(tx: Transaction, id: string, change: AccountChange): Promise<void> {
      await tx.user.update({ where: { id }, data: change });
    },
    /** Up to `take` accounts whose names have no skeleton yet, oldest first. */
    withoutSkeleton(take: number): Promise<{ id: string; displayName: string }[]> {
      return db.prisma.user.findMany({
        where: { displayNameSkeleton: null },
        orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
        take,
        select: { id: true, displayName: true },
      });
    },
    /** Fills skeletons in where they are still missing; one that an older name has already gets the suffix. */
    async fillSkeletons(rows: readonly { id: string; skeleton: string; suffix: string }[]): Promise<void> {
      await db.prisma.$executeRaw`
        UPDATE users u SET display_name_skeleton = CASE
          WHEN EXISTS (SELECT 1 FROM users o WHERE o.display_name_skeleton = n.skeleton) OR n.again THEN n.skeleton || n.suffix ELSE n.skeleton END
        FROM (SELECT id, skeleton, suffix, row_number() OVER (PARTITION BY skeleton ORDER BY place) > 1 AS again
          FROM jsonb_to_recordset(${JSON.stringify(rows.map((row, place) => ({ ...row, place })))}::jsonb)
            AS x(id uuid, skeleton text, suffix text, place int)) n
        WHERE u.id = n.id AND u.display_name_skeleton IS NULL`;
    },
    async adminExists(client: Transaction = db.prisma): Promise<boolean> {
      return (await client.user.findFirst({ where: { role: 'admin' }, select: { id: true } })) !== null;
    },
    /** Per dataset, the newest version of its terms that the user accepted. */
    async acceptedTerms(userId: string): Promise<{ datasetSlug: string; termsVersion: number }[]> {
      const rows = await queryRows(
        db.prisma,
        acceptedSchema,
        Prisma.sql`SELECT d.slug, max(t.terms_version) AS version FROM terms_acceptances t JOIN datasets d ON d.id = t.dataset_id
          WHERE t.user_id = ${userId}::uuid GROUP BY d.slug ORDER BY d.slug`,
      );
      return rows.map(({ slug, version }) => ({ datasetSlug: slug, termsVersion: version }));
    },
  };
}

/** The database keeps the choice as a word. */
const fromDatabase = <T extends { attribution: string }>(row: T | null) =>
  row && { ...row, attribution: attributionSchema.parse(row.attribution) };
