import { reviewPolicySchema, textNormalisationSchema } from '@granary/contract';
import { Prisma, queryRows, type Transaction } from '@granary/db';
import * as z from 'zod';
import { entryColumns, entryJoins, entryRowSchema } from './entry-rows.ts';
import { appealMade, appealOpen } from './appeals.ts';
import { lockEntries } from './transition.ts';

const lockedRowSchema = entryRowSchema.extend({
  dataset_id: z.string(),
  category_id: z.string(),
  escalated: z.boolean(),
  appealed: z.boolean(),
  appealed_before: z.boolean(),
  archived: z.boolean(),
  normalisations: z.array(textNormalisationSchema),
  policy: reviewPolicySchema,
  requires_context: z.boolean(),
  /** Responses below it other than the one it is reviewed with. */
  answers: z.int(),
});
export type LockedEntry = z.infer<typeof lockedRowSchema>;
export type NewRevision = {
  id: string;
  entryId: string;
  number: number;
  text: string;
  context: { text: string; url: string | null; licence: string | null } | null;
  aiAssistance: 'none' | 'wording' | 'drafted';
  /** `vectorOf` the text. */
  words: string;
  note: string | null;
  /** None where it was imported. */
  authorId: string | null;
  /** Who accepted it, when somebody other than the entry's author proposed it. */
  acceptedById: string | null;
  checks: { kind: string; severity: string; details: Record<string, unknown> }[];
};
/** Another text for an entry that was imported, as its file has it now. */
export type ImportedText = Pick<NewRevision, 'text' | 'aiAssistance'> & { id: string; context: string | null };
export type RevisionRepository = typeof revisionRepository;

/** Works inside the transaction it is handed: an edit is decided on locked rows. */
export const revisionRepository = {
  /** Locks an entry, the response it is reviewed with, and the instruction above a response; gives all of them as they are now. */
  async lock(tx: Transaction, id: string): Promise<LockedEntry[]> {
    const ids = await queryRows(
      tx,
      z.object({ id: z.string() }),
      Prisma.sql`
        SELECT x.id::text FROM entries e CROSS JOIN LATERAL (VALUES (e.id), (e.reviewed_with_id), (CASE WHEN e.role = 'response' THEN e.parent_id END)) x(id)
        WHERE e.id = ${id}::uuid AND x.id IS NOT NULL`,
    );
    const wanted = ids.map((row) => row.id);
    await lockEntries(tx, wanted);
    return queryRows(
      tx,
      lockedRowSchema,
      Prisma.sql`
        SELECT ${entryColumns}, e.dataset_id::text, e.category_id::text, e.escalated_at IS NOT NULL AS escalated, ${appealOpen} AS appealed, ${appealMade} AS appealed_before, d.archived_at IS NOT NULL AS archived, d.normalisations, d.policy,
          c.requires_context, (SELECT count(*)::int FROM entries r WHERE r.parent_id = e.id AND r.id IS DISTINCT FROM e.reviewed_with_id) AS answers
        FROM entries e ${entryJoins} WHERE e.id = ANY(${wanted}::uuid[])`,
    );
  },

  category(tx: Transaction, datasetId: string, slug: string): Promise<{ id: string; requiresContext: boolean } | null> {
    return tx.category.findUnique({ where: { datasetId_slug: { datasetId, slug } }, select: { id: true, requiresContext: true } });
  },

  async add(tx: Transaction, revisions: readonly NewRevision[], now: Date): Promise<void> {
    const rows = revisions.map(({ checks: _checks, context, ...revision }) => ({ ...revision, context }));
    await tx.$executeRaw`
      INSERT INTO revisions (id, entry_id, number, text, context, context_url, context_licence, ai_assistance, author_id, accepted_by_id, note, created_at, words)
      SELECT r.id, r."entryId", r.number, r.text, r.context->>'text', r.context->>'url', r.context->>'licence', r."aiAssistance", r."authorId", r."acceptedById",
        r.note, ${now.toISOString()}::timestamptz, r.words
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(id uuid, "entryId" uuid, number int, text text, context jsonb, "aiAssistance" ai_assistance,
        "authorId" uuid, "acceptedById" uuid, note text, words tsvector)`;
    const checks = revisions.flatMap((revision) => revision.checks.map((check) => ({ ...check, revisionId: revision.id, createdAt: now })));
    if (checks.length === 0) return;
    await tx.$executeRaw`
      INSERT INTO checks (id, revision_id, kind, severity, details, created_at)
      SELECT gen_random_uuid(), c."revisionId", c.kind, c.severity, c.details, c."createdAt"
      FROM jsonb_to_recordset(${JSON.stringify(checks)}::jsonb) AS c("revisionId" uuid, kind text, severity check_severity, details jsonb, "createdAt" timestamptz)`;
  },

  /** Edits that were proposed for a version that is no longer the current one. */
  async outdateProposals(tx: Transaction, entryIds: readonly string[], now: Date): Promise<void> {
    await tx.editProposal.updateMany({
      where: { entryId: { in: [...entryIds] }, status: 'open' },
      data: { status: 'outdated', closedAt: now },
    });
  },

  async removeDraft(tx: Transaction, userId: string, draftId: string): Promise<void> {
    await tx.draft.deleteMany({ where: { id: draftId, userId } });
  },
};
