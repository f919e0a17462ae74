import {
  ratingDimensionSchema,
  reviewPolicySchema,
  reviewTaskSchema,
  verdictSchema,
  rejectReasonSchema,
  entryStatusSchema,
  type ReviewInput,
  type Verdict,
} from '@granary/contract';
import { Prisma, queryPrepared, queryRows, type Database, type Transaction } from '@granary/db';
import * as z from 'zod';
import { entryColumns, entryJoins, excerptOf, entryRowSchema, revisionColumns, revisionRowSchema } from '../entries/entry-rows.ts';
import { activeReviewerMs, eligible, leaseSql, stuckSql } from './lease-sql.ts';

const leaseRowSchema = z.object({ id: z.string(), entry_id: z.string(), revision_id: z.string(), lease_expires_at: z.date() });
export type Lease = z.infer<typeof leaseRowSchema>;
/** Without an id when nothing could be leased. */
const leaseAttemptSchema = z.union([leaseRowSchema, z.object({ id: z.null(), seen: z.int() })]);
const datasetRowSchema = z.object({ id: z.string(), slug: z.string(), title: z.string(), policy: reviewPolicySchema });
const settingSchema = z.object({
  dataset_title: z.string(),
  dimensions: z.array(ratingDimensionSchema),
  category_slug: z.string(),
  category_title: z.string(),
  guideline: z.string(),
});
const nodeRowSchema = entryRowSchema.extend({ place: z.enum(['entry', 'joint', 'path']), setting: settingSchema.nullable() });
/** An entry as a verdict finds it, under lock. */
const lockedRowSchema = z.object({
  id: z.string(),
  role: z.enum(['instruction', 'response']),
  status: entryStatusSchema,
  author_id: z.string().nullable(),
  dataset_id: z.string(),
  category_id: z.string(),
  revision_id: z.string(),
  revision_number: z.int(),
  reviewed_with_id: z.string().nullable(),
  escalated: z.boolean(),
  status_at: z.date(),
  archived: z.boolean(),
  /** With what verdicts have shown of how outcomes fall here, once there is any. */
  policy: z.intersection(reviewPolicySchema, z.object({ learnedShares: z.array(z.number()).optional() })),
  policy_version: z.int(),
  dimensions: z.array(ratingDimensionSchema),
  /** Who wrote the responses to its instruction, itself among them. */
  sibling_author_ids: z.array(z.string()),
});
export type LockedEntry = z.infer<typeof lockedRowSchema>;
const taskRowSchema = z.object({
  id: z.string(),
  entry_id: z.string(),
  revision_id: z.string(),
  leased_by_id: z.string().nullable(),
  closed: z.boolean(),
});
const reviewRowSchema = z.object({
  id: z.string(),
  entry_id: z.string(),
  revision_id: z.string(),
  task_id: z.string(),
  verdict: verdictSchema,
  created_at: z.date(),
});
const earlierSchema = reviewTaskSchema.shape.earlier.unwrap();
const mineRowSchema = z.object({
  id: z.string(),
  entry_id: z.string(),
  dataset_slug: z.string(),
  excerpt: z.string(),
  verdict: verdictSchema,
  reason: rejectReasonSchema.nullable(),
  note: z.string().nullable(),
  status: entryStatusSchema,
  created_at: z.date(),
});

/** Open seats that a reviewer is shown as waiting at most, per dataset: beyond that the exact number says nothing more. */
const waitingCounted = 2_000;
/** How often a lease is tried when others took every seat that was weighed: each time another head of the queue is read. */
const attempts = 20;

export type NewReview = {
  id: string;
  entryId: string;
  revisionId: string;
  verdict: Verdict;
  reason: string | null;
  evidence: readonly number[];
  /** Whether its reviewer is proven. */
  proven: boolean;
};
export type ReviewRepository = ReturnType<typeof createReviewRepository>;

export function createReviewRepository(db: Database) {
  return {
    /** Datasets that take reviews, the one whose oldest seat waits longest first. */
    datasets: () =>
      queryPrepared(
        db,
        datasetRowSchema,
        Prisma.sql`
          SELECT d.id::text, d.slug, d.title, d.policy FROM datasets d
          LEFT JOIN LATERAL (SELECT t.created_at FROM review_tasks t WHERE t.dataset_id = d.id AND t.closed_at IS NULL ORDER BY t.closed_at, t.due_at LIMIT 1) oldest ON true
          WHERE d.archived_at IS NULL ORDER BY oldest.created_at NULLS LAST, d.slug`,
      ),

    /** One dataset that takes reviews; null when there is none of that name. */
    async dataset(slug: string) {
      const [row] = await queryPrepared(
        db,
        datasetRowSchema,
        Prisma.sql`SELECT id::text, slug, title, policy FROM datasets WHERE slug = ${slug} AND archived_at IS NULL`,
      );
      return row ?? null;
    },

    async categoryId(datasetId: string, slug: string): Promise<string | null> {
      return (await db.prisma.category.findUnique({ where: { datasetId_slug: { datasetId, slug } }, select: { id: true } }))?.id ?? null;
    },

    /** Seats that wait for this reviewer, per category, in the languages of their profile. */
    waiting: (datasetId: string, userId: string, now: Date) =>
      queryRows(
        db.prisma,
        z.object({ category: z.string(), waiting: z.int() }),
        Prisma.sql`
          SELECT k.slug AS category, count(DISTINCT s.revision_id)::int AS waiting FROM (
            SELECT c.category_id, c.revision_id FROM review_tasks c
            JOIN users u ON u.id = ${userId}::uuid AND (cardinality(u.languages) = 0 OR c.language = ANY(u.languages))
            WHERE c.dataset_id = ${datasetId}::uuid AND c.closed_at IS NULL
              AND (c.lease_expires_at IS NULL OR c.lease_expires_at <= ${now} OR c.leased_by_id = u.id)
              AND ${Prisma.raw(eligible('u.id'))}
            ORDER BY c.closed_at, c.due_at LIMIT ${waitingCounted}::int
          ) s JOIN categories k ON k.id = s.category_id GROUP BY k.slug, k.position ORDER BY k.position`,
      ),

    /** Leases the seat that is worth most to this reviewer; null when there is none for them. */
    async lease(
      filter: { datasetId: string; categoryId: string | null; languages: readonly string[] | null; holding: readonly string[] },
      userId: string,
      now: Date,
      until: Date,
    ): Promise<Lease | null> {
      const languages = filter.languages === null ? null : [...filter.languages];
      const values = [filter.datasetId, userId, filter.categoryId, languages, now, until, [...filter.holding]];
      for (let attempt = 0; attempt < attempts; attempt += 1) {
        const { rows } = await db.executePrepared(leaseSql, values);
        const found = leaseAttemptSchema.parse(rows[0]);
        if (found.id !== null) return found;
        if (found.seen === 0) return null;
      }
      return null;
    },

    /** Entries with a seat that has been open since before a moment and that nobody who reviews may take. */
    async stuck(openedBefore: Date, now: Date): Promise<string[]> {
      const { rows } = await db.executePrepared(stuckSql, [openedBefore, new Date(now.getTime() - activeReviewerMs), now]);
      return z
        .array(z.object({ id: z.string() }))
        .parse(rows)
        .map(({ id }) => id);
    },

    /** Extends a lease; null when the seat is no longer the reviewer's. */
    async extend(id: string, userId: string, until: Date): Promise<Lease | null> {
      const [row] = await queryRows(
        db.prisma,
        leaseRowSchema,
        Prisma.sql`
          UPDATE review_tasks SET lease_expires_at = ${until} WHERE id = ${id}::uuid AND leased_by_id = ${userId}::uuid AND closed_at IS NULL
          RETURNING id::text, entry_id::text, revision_id::text, lease_expires_at`,
      );
      return row ?? null;
    },

    /** False when the seat is not theirs. */
    async release(id: string, userId: string): Promise<boolean> {
      const { rows } = await db.executePrepared(
        'UPDATE review_tasks SET leased_by_id = NULL, lease_expires_at = NULL WHERE id = $1::uuid AND leased_by_id = $2::uuid AND closed_at IS NULL RETURNING 1',
        [id, userId],
      );
      return rows.length > 0;
    },

    /** Gives the seat back and keeps the revision out of this person's queue; false when the seat is not theirs. */
    async skip(id: string, userId: string, reason: string | null, now: Date): Promise<boolean> {
      const rows = await db.prisma.$queryRaw<unknown[]>`
        WITH given AS (
          UPDATE review_tasks SET leased_by_id = NULL, lease_expires_at = NULL WHERE id = ${id}::uuid AND leased_by_id = ${userId}::uuid AND closed_at IS NULL
          RETURNING revision_id, category_id
        ), kept AS (
          INSERT INTO review_skips (revision_id, user_id, reason, category_id, created_at)
          SELECT revision_id, ${userId}::uuid, ${reason}, category_id, ${now} FROM given ON CONFLICT DO NOTHING
        )
        SELECT 1 FROM given`;
      return rows.length > 0;
    },

    /**
     * The entry under review, the instruction reviewed with it, and the conversation above, first turn first. The entry itself
     * brings along where it belongs: names, guideline and rating dimensions. With `decided`, what was reviewed with it then.
     */
    nodes: (entryId: string, decided: boolean) =>
      queryPrepared(
        db,
        nodeRowSchema,
        Prisma.sql`
          WITH RECURSIVE up AS (
            SELECT id, parent_id, 'entry' AS place FROM entries WHERE id = ${entryId}::uuid
            UNION ALL
            SELECT p.id, p.parent_id, CASE WHEN p.reviewed_with_id = ${entryId}::uuid AND (p.status = 'in_review' OR ${decided}) THEN 'joint' ELSE 'path' END
            FROM up JOIN entries p ON p.id = up.parent_id
          )
          SELECT up.place, ${entryColumns},
            CASE WHEN up.place = 'entry' THEN jsonb_build_object('dataset_title', d.title, 'dimensions', d.dimensions, 'category_slug', c.slug,
              'category_title', c.title, 'guideline', c.guideline) END AS setting
          FROM up JOIN entries e ON e.id = up.id ${entryJoins} ORDER BY e.depth`,
      ),

    /**
     * For each entry the earlier revision that an edit is compared with: the last one that this reviewer judged, with what they
     * said, else the last one that anybody did; and what others asked for of it.
     */
    reviewedBefore: (entryIds: readonly string[], reviewerId: string) =>
      queryRows(
        db.prisma,
        revisionRowSchema.extend({ entry_id: z.string(), earlier: earlierSchema.nullable(), requests: reviewTaskSchema.shape.requests }),
        Prisma.sql`
          SELECT DISTINCT ON (v.entry_id) v.entry_id::text, ${revisionColumns},
            CASE WHEN mine.id IS NOT NULL THEN jsonb_build_object('verdict', mine.verdict, 'reason', mine.reason, 'note', mine.note, 'ratings', mine.ratings) END AS earlier,
            (SELECT coalesce(jsonb_agg(jsonb_build_object('reason', w.reason, 'note', w.note) ORDER BY w.created_at, w.id), '[]') FROM reviews w
              WHERE w.revision_id = v.id AND w.verdict <> 'approve' AND w.reviewer_id <> ${reviewerId}::uuid AND (w.reason IS NOT NULL OR w.note IS NOT NULL)) AS requests
          FROM revisions v JOIN entries e ON e.id = v.entry_id AND v.number < e.revision_number LEFT JOIN users vu ON vu.id = v.author_id
          LEFT JOIN reviews mine ON mine.revision_id = v.id AND mine.reviewer_id = ${reviewerId}::uuid
          WHERE v.entry_id = ANY(${[...entryIds]}::uuid[]) AND EXISTS (SELECT 1 FROM reviews w WHERE w.revision_id = v.id)
          ORDER BY v.entry_id, mine.id IS NOT NULL DESC, v.number DESC`,
      ),

    async task(tx: Transaction, id: string) {
      const [row] = await queryRows(
        tx,
        taskRowSchema,
        Prisma.sql`SELECT id::text, entry_id::text, revision_id::text, leased_by_id::text, closed_at IS NOT NULL AS closed FROM review_tasks WHERE id = ${id}::uuid`,
      );
      return row ?? null;
    },

    /** An entry and the instruction that points to it, as they are; call it after `lockEntries`. */
    locked: (tx: Transaction, entryId: string) =>
      queryRows(
        tx,
        lockedRowSchema,
        Prisma.sql`
          SELECT e.id::text, e.role::text, e.status::text, e.author_id::text, e.dataset_id::text, e.category_id::text, e.current_revision_id::text AS revision_id, e.revision_number,
            e.reviewed_with_id::text, e.escalated_at IS NOT NULL AS escalated, e.status_at, d.archived_at IS NOT NULL AS archived, d.policy_version, d.dimensions,
            CASE WHEN cardinality(d.learned_shares) > 0 THEN d.policy || jsonb_build_object('learnedShares', d.learned_shares) ELSE d.policy END AS policy,
            ARRAY(SELECT s.author_id::text FROM entries s WHERE s.parent_id = e.parent_id AND e.role = 'response' AND s.role = 'response' AND s.author_id IS NOT NULL) AS sibling_author_ids
          FROM entries e JOIN datasets d ON d.id = e.dataset_id
          WHERE e.id = ${entryId}::uuid OR e.id = (SELECT parent_id FROM entries WHERE id = ${entryId}::uuid AND role = 'response')`,
      ),

    /** Records verdicts; fewer rows than given when the reviewer has judged a revision before. */
    async add(
      tx: Transaction,
      reviews: readonly NewReview[],
      input: Pick<ReviewInput, 'note' | 'ratings'>,
      by: { reviewerId: string; taskId: string; at: Date },
    ): Promise<number> {
      const { count } = await tx.review.createMany({
        data: reviews.map((review) => ({
          ...review,
          evidence: [...review.evidence],
          note: input.note ?? null,
          ratings: input.ratings,
          reviewerId: by.reviewerId,
          taskId: by.taskId,
          createdAt: by.at,
        })),
        skipDuplicates: true,
      });
      return count;
    },

    /** Notes on the revisions that were decided how sure the reviews were, and under which policy. */
    async decided(tx: Transaction, revisions: readonly { revisionId: string; posterior: readonly number[]; policyVersion: number }[]) {
      for (const { revisionId, posterior, policyVersion } of revisions)
        await tx.revision.update({ where: { id: revisionId }, data: { posterior: [...posterior], policyVersion } });
    },

    /** The revisions are open again. */
    async reopened(tx: Transaction, revisionIds: readonly string[]) {
      await tx.revision.updateMany({ where: { id: { in: [...revisionIds] } }, data: { posterior: [], policyVersion: null } });
    },

    async close(tx: Transaction, taskId: string, at: Date): Promise<void> {
      await tx.reviewTask.update({ where: { id: taskId }, data: { closedAt: at, leasedById: null, leaseExpiresAt: null } });
    },

    /** The reviewer's verdicts that were given as one, by the id of one of them. */
    given: (tx: Transaction, reviewId: string, reviewerId: string) =>
      queryRows(
        tx,
        reviewRowSchema,
        Prisma.sql`
          SELECT w.id::text, w.entry_id::text, w.revision_id::text, w.task_id::text, w.verdict::text, w.created_at
          FROM reviews w JOIN reviews named ON named.task_id = w.task_id AND named.reviewer_id = w.reviewer_id
          WHERE named.id = ${reviewId}::uuid AND w.reviewer_id = ${reviewerId}::uuid`,
      ),

    async takeBack(tx: Transaction, reviewIds: readonly string[], taskId: string, lease: { userId: string; until: Date }): Promise<void> {
      await tx.review.deleteMany({ where: { id: { in: [...reviewIds] } } });
      await tx.reviewTask.update({
        where: { id: taskId },
        data: { closedAt: null, leasedById: lease.userId, leaseExpiresAt: lease.until },
      });
    },

    /** Verdicts a reviewer gave, newest first; a pair that was reviewed as one is one line. */
    mine: (reviewerId: string, after: readonly [string, string] | null, take: number) =>
      queryRows(
        db.prisma,
        mineRowSchema,
        Prisma.sql`
          SELECT w.id::text, w.entry_id::text, d.slug AS dataset_slug, ${excerptOf(Prisma.sql`coalesce(pv.text, v.text)`)} AS excerpt, w.verdict::text, w.reason, w.note, e.status::text, w.created_at
          FROM reviews w
          JOIN review_tasks t ON t.id = w.task_id AND t.entry_id = w.entry_id
          JOIN entries e ON e.id = w.entry_id
          JOIN datasets d ON d.id = e.dataset_id
          JOIN revisions v ON v.id = w.revision_id
          LEFT JOIN entries p ON p.id = e.parent_id AND e.role = 'response'
          LEFT JOIN revisions pv ON pv.id = p.current_revision_id
          WHERE w.reviewer_id = ${reviewerId}::uuid ${after === null ? Prisma.empty : Prisma.sql`AND (w.created_at, w.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`}
          ORDER BY w.created_at DESC, w.id DESC LIMIT ${take}::int`,
      ),
  };
}
