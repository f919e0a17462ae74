import {
  appealSchema,
  decisionReviewSchema,
  entryStatusSchema,
  eventKindSchema,
  rejectReasonSchema,
  reviewPolicySchema,
  verdictSchema,
  waitingSchema,
} from '@granary/contract';
import type { EntryStatus, OpenInstruction, Waiting } from '@granary/contract';
import { Prisma, queryRows, type Database, type Transaction } from '@granary/db';
import * as z from 'zod';
import { appealMade, appealOf, appealOpen } from './appeals.ts';
import { entryColumns, entryJoins, entryRowSchema, revisionColumns, revisionRowSchema, toPerson, type EntryRow } from './entry-rows.ts';

const placedRowSchema = entryRowSchema.extend({ place: z.enum(['self', 'path', 'alternative', 'child']) });
export type PlacedEntry = z.infer<typeof placedRowSchema>;
const reviewRowSchema = z.object({
  revision_number: z.int(),
  verdict: verdictSchema,
  reason: rejectReasonSchema.nullable(),
  note: z.string().nullable(),
  ratings: z.record(z.string(), z.number()),
  evidence: z.array(z.number()),
  created_at: z.date(),
});
/** What an entry is decided by now, and how its current revision was. */
const standingRowSchema = z.object({
  policy: reviewPolicySchema,
  escalated: z.boolean(),
  appealed: z.boolean(),
  appealed_before: z.boolean(),
  appealed_at: z.date().nullable(),
  archived: z.boolean(),
  posterior: z.array(z.number()),
  decided_policy: reviewPolicySchema.nullable(),
  decided_policy_version: z.int().nullable(),
  snapshots: z.array(z.int()),
});
const historyRowSchema = z.object({
  at: z.date(),
  kind: eventKindSchema,
  revision_number: z.int().nullable(),
  reason: z.string().nullable(),
  note: z.string().nullable(),
  actor_id: z.string().nullable(),
  actor_name: z.string().nullable(),
});
export type HistoryRow = z.infer<typeof historyRowSchema>;
/** A time as JSON of the database has it. */
const isoText = z.string().transform((at) => new Date(at).toISOString());
const mineRowSchema = entryRowSchema.extend({
  policy: reviewPolicySchema,
  instruction: z
    .object({
      id: z.string(),
      text: z.string(),
      status: entryStatusSchema,
      author_id: z.string().nullable(),
      context: z.string().nullable(),
    })
    .nullable(),
  reviews: z.array(decisionReviewSchema.extend({ createdAt: isoText })),
  moderation_reason: z.string().nullable(),
  appealed_at: z.date().nullable(),
  appealed_before: z.boolean(),
  appeal: appealSchema.extend({ createdAt: isoText, closedAt: isoText.nullable() }).nullable(),
  open_proposals: z.int(),
  snapshots: z.array(z.int()),
});
const sameTextRowSchema = z.object({ id: z.string(), status: z.enum(['approved', 'in_review']), author_id: z.string().nullable() });
export type SameTextQuery = { text: string; context?: string; parentId?: string; except?: string };
/** A text without regard to capitals and blanks; the index `revisions_same_text_idx` is over the same words. */
const normalised = (text: Prisma.Sql) => Prisma.sql`lower(btrim(regexp_replace(${text}, '\\s+', ' ', 'g')))`;
export type MineRow = z.infer<typeof mineRowSchema>;
const openRowSchema = z.object({
  id: z.string(),
  dataset_slug: z.string(),
  category: z.string(),
  language: z.string(),
  text: z.string(),
  context: z.string().nullable(),
  author_id: z.string().nullable(),
  author_name: z.string().nullable(),
  created_at: z.date(),
  approved_at: z.date(),
  responses_in_review: z.int(),
});

export type Key = readonly [string, string] | null;
export type EntryRepository = ReturnType<typeof createEntryRepository>;

/** Neighbours of one kind that an entry's page shows at most. */
const neighboursShown = 100;
/** Kinds of events that belong into an entry's public history. */
const publicKinds = [
  'entry_submitted',
  'entry_imported',
  'entry_revised',
  'entry_reviewed',
  'review_undone',
  'entry_approved',
  'entry_rejected',
  'entry_changes_requested',
  'entry_escalated',
  'entry_reopened',
  'entry_retracted',
  'entry_restored',
  'entry_appealed',
  'appeal_upheld',
  'appeal_dismissed',
  'appeal_withdrawn',
];
/** Published snapshots that hold one of the responses named by `condition` on `sp`. */
const snapshotsHolding = (dataset: Prisma.Sql, condition: Prisma.Sql) => Prisma.sql`
  SELECT s.number FROM snapshots s
  WHERE s.dataset_id = ${dataset} AND s.status = 'published' AND EXISTS (SELECT 1 FROM snapshot_pairs sp WHERE sp.snapshot_id = s.id AND ${condition})`;

export function createEntryRepository(db: Database) {
  return {
    /** An entry and what stands around it, each with its current revision; empty without such an entry. `path` comes in order. */
    around(id: string): Promise<PlacedEntry[]> {
      return queryRows(
        db.prisma,
        placedRowSchema,
        Prisma.sql`
          WITH RECURSIVE up AS (
            SELECT id, parent_id FROM entries WHERE id = ${id}::uuid
            UNION ALL SELECT p.id, p.parent_id FROM up JOIN entries p ON p.id = up.parent_id
          ), here AS (
            SELECT id, parent_id, role FROM entries WHERE id = ${id}::uuid
          ), placed AS (
            SELECT id, CASE WHEN id = ${id}::uuid THEN 'self' ELSE 'path' END AS place FROM up
            UNION ALL (
              SELECT s.id, 'alternative' FROM here JOIN entries s ON s.parent_id = here.parent_id AND s.id <> here.id
              WHERE here.role = 'response' ORDER BY s.status <> 'approved', s.created_at, s.id LIMIT ${neighboursShown}::int)
            UNION ALL (
              SELECT s.id, 'child' FROM entries s WHERE s.parent_id = ${id}::uuid ORDER BY s.status <> 'approved', s.created_at, s.id LIMIT ${neighboursShown}::int)
          )
          SELECT placed.place, ${entryColumns} FROM placed JOIN entries e ON e.id = placed.id ${entryJoins}
          ORDER BY e.depth, e.status <> 'approved', e.created_at, e.id`,
      );
    },

    byIds(tx: Transaction, ids: readonly string[]): Promise<EntryRow[]> {
      return queryRows(
        tx,
        entryRowSchema,
        Prisma.sql`SELECT ${entryColumns} FROM entries e ${entryJoins} WHERE e.id = ANY(${[...ids]}::uuid[])`,
      );
    },

    /** All revisions, newest first. */
    revisions: (id: string) =>
      queryRows(
        db.prisma,
        revisionRowSchema,
        Prisma.sql`SELECT ${revisionColumns} FROM revisions v LEFT JOIN users vu ON vu.id = v.author_id WHERE v.entry_id = ${id}::uuid ORDER BY v.number DESC`,
      ),

    /** All verdicts, newest first. */
    reviews: (id: string) =>
      queryRows(
        db.prisma,
        reviewRowSchema,
        Prisma.sql`
          SELECT v.number AS revision_number, w.verdict::text, w.reason, w.note, w.ratings, w.evidence, w.created_at
          FROM reviews w JOIN revisions v ON v.id = w.revision_id WHERE w.entry_id = ${id}::uuid ORDER BY w.created_at DESC, w.id`,
      ),

    /** The public part of the log, oldest first. */
    history: (id: string): Promise<HistoryRow[]> =>
      queryRows(
        db.prisma,
        historyRowSchema,
        Prisma.sql`
          SELECT h.at, h.kind, v.number AS revision_number, h.payload->>'reason' AS reason, h.payload->>'note' AS note, a.id::text AS actor_id, a.display_name AS actor_name
          FROM events h LEFT JOIN revisions v ON v.id = h.revision_id LEFT JOIN users a ON a.id = h.actor_id
          WHERE h.entry_id = ${id}::uuid AND h.kind = ANY(${publicKinds}) ORDER BY h.position`,
      ),

    appeal: (id: string) => appealOf(db.prisma, id),

    /** The policy an entry is decided by, whether it waits for a moderator, and the published snapshots that hold its pair. */
    async standing(id: string) {
      const [row] = await queryRows(
        db.prisma,
        standingRowSchema,
        Prisma.sql`
          SELECT d.policy, e.escalated_at IS NOT NULL AS escalated, ${appealOpen} AS appealed, ${appealMade} AS appealed_before, v.appealed_at, d.archived_at IS NOT NULL AS archived, v.posterior,
            p.policy AS decided_policy, p.version AS decided_policy_version,
            ARRAY(SELECT number FROM (${snapshotsHolding(
              Prisma.sql`e.dataset_id`,
              Prisma.sql`sp.response_id IN (SELECT e.id UNION ALL SELECT r.id FROM entries r WHERE r.parent_id = e.id AND e.role = 'instruction')`,
            )}) held ORDER BY number) AS snapshots
          FROM entries e JOIN datasets d ON d.id = e.dataset_id JOIN revisions v ON v.id = e.current_revision_id
          LEFT JOIN policy_versions p ON p.dataset_id = e.dataset_id AND p.version = v.policy_version
          WHERE e.id = ${id}::uuid`,
      );
      return row ?? null;
    },

    /** An author's entries, newest first; an instruction handed in with its response is left out: the response stands for both. */
    mine(authorId: string, filter: { status?: EntryStatus; dataset?: string }, after: Key, take: number): Promise<MineRow[]> {
      const where = [Prisma.sql`e.author_id = ${authorId}::uuid`, Prisma.sql`e.reviewed_with_id IS NULL`];
      if (filter.status) where.push(Prisma.sql`e.status = ${filter.status}::entry_status`);
      if (filter.dataset) where.push(Prisma.sql`e.dataset_id = (SELECT id FROM datasets WHERE slug = ${filter.dataset})`);
      if (after) where.push(Prisma.sql`(e.created_at, e.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`);
      return queryRows(
        db.prisma,
        mineRowSchema,
        Prisma.sql`
          WITH page AS (SELECT e.id FROM entries e WHERE ${Prisma.join(where, ' AND ')} ORDER BY e.created_at DESC, e.id DESC LIMIT ${take}::int)
          SELECT ${entryColumns}, d.policy,
            CASE WHEN e.role = 'response' THEN (
              SELECT jsonb_build_object('id', i.id, 'text', iv.text, 'status', i.status, 'author_id', i.author_id, 'context', iv.context)
              FROM entries i JOIN revisions iv ON iv.id = i.current_revision_id WHERE i.id = e.parent_id) END AS instruction,
            (SELECT coalesce(jsonb_agg(jsonb_build_object('revisionNumber', wv.number, 'verdict', w.verdict, 'reason', w.reason, 'note', w.note,
              'ratings', w.ratings, 'createdAt', w.created_at) ORDER BY w.created_at DESC, w.id), '[]')
              FROM reviews w JOIN revisions wv ON wv.id = w.revision_id WHERE w.entry_id = e.id) AS reviews, v.appealed_at,
            ${appealMade} AS appealed_before,
            (SELECT jsonb_build_object('reason', a.reason, 'status', a.status, 'createdAt', a.created_at, 'closedAt', a.closed_at) FROM appeals a WHERE a.entry_id = e.id) AS appeal,
            (SELECT count(*)::int FROM edit_proposals o WHERE o.entry_id = e.id AND o.status = 'open') AS open_proposals,
            (SELECT h.payload->>'reason' FROM events h
              WHERE h.entry_id = e.id AND h.actor_id <> e.author_id AND h.kind IN ('entry_retracted', 'entry_restored') ORDER BY h.position DESC LIMIT 1) AS moderation_reason,
            ARRAY(SELECT number FROM (${snapshotsHolding(
              Prisma.sql`e.dataset_id`,
              Prisma.sql`sp.response_id IN (SELECT e.id UNION ALL SELECT r.id FROM entries r WHERE r.parent_id = e.id AND e.role = 'instruction')`,
            )}) held ORDER BY number) AS snapshots
          FROM page JOIN entries e ON e.id = page.id ${entryJoins} ORDER BY e.created_at DESC, e.id DESC`,
      );
    },

    /** Entries that say the same, an approved one first; null without such a dataset. */
    async sameText(slug: string, { text, context, parentId, except }: SameTextQuery) {
      const dataset = await db.prisma.dataset.findUnique({ where: { slug }, select: { id: true } });
      if (dataset === null) return null;
      const where = [
        Prisma.sql`md5(${normalised(Prisma.sql`v.text`)}) = md5(${normalised(Prisma.sql`${text}::text`)})`,
        Prisma.sql`${normalised(Prisma.sql`v.text`)} = ${normalised(Prisma.sql`${text}::text`)}`,
        Prisma.sql`e.current_revision_id = v.id AND e.dataset_id = ${dataset.id}::uuid AND e.status IN ('approved', 'in_review')`,
        parentId === undefined
          ? Prisma.sql`e.role = 'instruction' AND ${normalised(Prisma.sql`coalesce(v.context, '')`)} = ${normalised(Prisma.sql`${context ?? ''}::text`)}`
          : Prisma.sql`e.role = 'response' AND e.parent_id = ${parentId}::uuid`,
      ];
      if (except !== undefined) where.push(Prisma.sql`e.id <> ${except}::uuid AND e.reviewed_with_id IS DISTINCT FROM ${except}::uuid`);
      return queryRows(
        db.prisma,
        sameTextRowSchema,
        Prisma.sql`
          SELECT e.id::text, e.status::text, e.author_id::text FROM revisions v JOIN entries e ON e.id = v.entry_id
          WHERE ${Prisma.join(where, ' AND ')} ORDER BY e.status = 'approved' DESC, e.created_at LIMIT 1`,
      );
    },

    /** Entries that carry a review are counted, so that a pair is one. */
    async waiting(authorId: string, since: string | null): Promise<Waiting> {
      const [row] = await queryRows(
        db.prisma,
        waitingSchema,
        Prisma.sql`
          SELECT count(*) FILTER (WHERE e.status = 'changes_requested')::int AS "changesRequested",
            count(*) FILTER (WHERE e.status = 'approved' AND e.status_at > ${since}::timestamptz)::int AS approved,
            count(*) FILTER (WHERE e.status = 'rejected' AND e.status_at > ${since}::timestamptz)::int AS rejected,
            (SELECT count(*)::int FROM edit_proposals o JOIN entries p ON p.id = o.entry_id WHERE p.author_id = ${authorId}::uuid AND o.status = 'open') AS proposals
          FROM entries e WHERE e.author_id = ${authorId}::uuid AND e.reviewed_with_id IS NULL`,
      );
      return row ?? { changesRequested: 0, proposals: 0, approved: 0, rejected: 0 };
    },

    /** Approved instructions without an approved response, longest waiting last; null without such a dataset. */
    async openInstructions(slug: string, filter: { category?: string; language?: string; answeredBy?: string }, after: Key, take: number) {
      const dataset = await db.prisma.dataset.findUnique({ where: { slug }, select: { id: true } });
      if (dataset === null) return null;
      const where = [Prisma.sql`o.dataset_id = ${dataset.id}::uuid`];
      if (filter.category)
        where.push(
          Prisma.sql`o.category_id = (SELECT id FROM categories WHERE dataset_id = ${dataset.id}::uuid AND slug = ${filter.category})`,
        );
      if (filter.language) where.push(Prisma.sql`o.language = ${filter.language}`);
      if (filter.answeredBy)
        where.push(Prisma.sql`NOT EXISTS (SELECT 1 FROM entries a
          WHERE a.parent_id = o.instruction_id AND a.author_id = ${filter.answeredBy}::uuid AND a.role = 'response' AND a.status <> 'retracted')`);
      if (after) where.push(Prisma.sql`(o.approved_at, o.instruction_id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`);
      return queryRows(
        db.prisma,
        openRowSchema,
        Prisma.sql`
          WITH page AS (
            SELECT o.instruction_id, o.approved_at FROM open_instructions o WHERE ${Prisma.join(where, ' AND ')}
            ORDER BY o.approved_at DESC, o.instruction_id DESC LIMIT ${take}::int
          )
          SELECT e.id::text, d.slug AS dataset_slug, c.slug AS category, e.language, v.text, v.context, e.author_id::text, u.display_name AS author_name, e.created_at, page.approved_at,
            (SELECT count(*)::int FROM entries r WHERE r.parent_id = e.id AND r.role = 'response' AND r.status = 'in_review') AS responses_in_review
          FROM page JOIN entries e ON e.id = page.instruction_id ${entryJoins} ORDER BY page.approved_at DESC, page.instruction_id DESC`,
      );
    },
  };
}

export function toOpenInstruction(row: z.infer<typeof openRowSchema>): OpenInstruction {
  return {
    id: row.id,
    datasetSlug: row.dataset_slug,
    category: row.category,
    language: row.language,
    text: row.text,
    context: row.context,
    author: toPerson(row.author_id, row.author_name),
    createdAt: row.created_at.toISOString(),
    responsesInReview: row.responses_in_review,
    approvedResponses: 0,
  };
}
