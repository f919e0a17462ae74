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
  role: Role;
  languages: string[];
  attribution?: Attribution;
  createdAt: Date;
};
export type AccountChange = Partial<
  Pick<NewAccount, 'email' | 'emailVerifiedAt' | 'passwordHash' | 'displayName' | 'displayNameKey' | 'languages' | 'attribution'>
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
