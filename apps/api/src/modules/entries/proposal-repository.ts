import { proposalInputSchema, proposalStatuses, reviewPolicySchema } from '@granary/contract';
import { Prisma, queryRows, type Database, type Transaction } from '@granary/db';
import * as z from 'zod';
import { excerptOf } from './entry-rows.ts';

const proposalRowSchema = z.object({
  id: z.string(),
  entry_id: z.string(),
  dataset_id: z.string(),
  author_id: z.string().nullable(),
  built_on: z.int(),
  status: z.enum(proposalStatuses),
  content: proposalInputSchema,
  proposer_id: z.string(),
  proposer_name: z.string(),
  reason: z.string().nullable(),
  created_at: z.date(),
  closed_at: z.date().nullable(),
});
export type ProposalRow = z.infer<typeof proposalRowSchema>;
const mineRowSchema = proposalRowSchema.extend({ excerpt: z.string(), dataset_slug: z.string() });

/** More than these nobody reads: the open ones come first. */
const shown = 20;
const columns = Prisma.sql`
  p.id::text, p.entry_id::text, e.dataset_id::text, e.author_id::text, p.built_on, p.status::text, p.content, p.proposer_id::text, u.display_name AS proposer_name, p.reason,
  p.created_at, p.closed_at`;
const joins = Prisma.sql`JOIN entries e ON e.id = p.entry_id JOIN users u ON u.id = p.proposer_id`;

export type ProposalRepository = ReturnType<typeof createProposalRepository>;

export function createProposalRepository(db: Database) {
  return {
    /** The dataset's policy, and whether somebody has accepted its terms as they stand. */
    async admission(tx: Transaction, datasetId: string, userId: string) {
      const [row] = await queryRows(
        tx,
        z.object({ policy: reviewPolicySchema, accepted: z.boolean() }),
        Prisma.sql`
          SELECT d.policy, EXISTS (SELECT 1 FROM terms_acceptances a WHERE a.dataset_id = d.id AND a.user_id = ${userId}::uuid AND a.terms_version >= d.terms_version) AS accepted
          FROM datasets d WHERE d.id = ${datasetId}::uuid`,
      );
      return row ?? null;
    },

    /** False while this person has an open proposal for the entry. Call it with the entry locked. */
    async add(
      tx: Transaction,
      proposal: { id: string; entryId: string; builtOn: number; proposerId: string; content: object; createdAt: Date },
    ): Promise<boolean> {
      const { entryId, proposerId } = proposal;
      if ((await tx.editProposal.count({ where: { entryId, proposerId, status: 'open' } })) > 0) return false;
      await tx.editProposal.create({ data: proposal });
      return true;
    },

    async byId(client: Transaction, id: string): Promise<ProposalRow | null> {
      const [row] = await queryRows(
        client,
        proposalRowSchema,
        Prisma.sql`SELECT ${columns} FROM edit_proposals p ${joins} WHERE p.id = ${id}::uuid`,
      );
      return row ?? null;
    },

    /** Proposals for an entry, open ones first, then newest first; with `proposerId`, that person's alone. */
    ofEntry: (entryId: string, proposerId: string | null) =>
      queryRows(
        db.prisma,
        proposalRowSchema,
        Prisma.sql`
          SELECT ${columns} FROM edit_proposals p ${joins}
          WHERE p.entry_id = ${entryId}::uuid AND (${proposerId}::uuid IS NULL OR p.proposer_id = ${proposerId}::uuid)
          ORDER BY p.status <> 'open', p.created_at DESC, p.id DESC LIMIT ${shown}::int`,
      ),

    mine: (proposerId: string, after: readonly [string, string] | null, take: number) =>
      queryRows(
        db.prisma,
        mineRowSchema,
        Prisma.sql`
          SELECT ${columns}, ${excerptOf(Prisma.sql`coalesce(iv.text, v.text)`)} AS excerpt, d.slug AS dataset_slug
          FROM edit_proposals p ${joins} JOIN datasets d ON d.id = e.dataset_id JOIN revisions v ON v.id = e.current_revision_id
          LEFT JOIN entries i ON i.id = e.parent_id AND e.role = 'response' LEFT JOIN revisions iv ON iv.id = i.current_revision_id
          WHERE p.proposer_id = ${proposerId}::uuid ${after === null ? Prisma.empty : Prisma.sql`AND (p.created_at, p.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`}
          ORDER BY p.created_at DESC, p.id DESC LIMIT ${take}::int`,
      ),

    /** False when it is open no longer. */
    async close(
      tx: Transaction,
      id: string,
      to: 'accepted' | 'declined' | 'withdrawn',
      by: { closedById: string; closedAt: Date; reason?: string | null },
    ): Promise<boolean> {
      const { count } = await tx.editProposal.updateMany({ where: { id, status: 'open' }, data: { status: to, ...by } });
      return count > 0;
    },

    async removeDraft(tx: Transaction, userId: string, draftId: string): Promise<void> {
      await tx.draft.deleteMany({ where: { id: draftId, userId } });
    },
  };
}
