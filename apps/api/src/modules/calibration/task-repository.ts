import { qualificationNeeds, rejectReasonSchema, reviewPolicySchema, verdictSchema, type Verdict } from '@granary/contract';
import { Prisma, queryPrepared, queryRows, type Database, type Transaction } from '@granary/db';
import * as z from 'zod';
import { inUse, judgeable } from './usable-sql.ts';

const leaseRowSchema = z.object({ id: z.string(), entry_id: z.string(), revision_id: z.string(), lease_expires_at: z.date() });
export type CalibrationLease = z.infer<typeof leaseRowSchema>;
const standingRowSchema = z.object({
  /** Reviews and items that told something of the person here. */
  proven: z.int(),
  /** Items they could be asked about. */
  usable: z.int(),
  attempt: z.int().nullable(),
  needed: z.int().nullable(),
  passed: z.boolean(),
  failed_at: z.date().nullable(),
  answered: z.int(),
  met: z.int(),
  left: z.int(),
});
export type QualificationStanding = z.infer<typeof standingRowSchema>;
const taskRowSchema = z.object({
  id: z.string(),
  item_id: z.string(),
  attempt: z.int(),
  answered: z.boolean(),
  leased: z.boolean(),
  entry_id: z.string(),
  revision_id: z.string(),
  dataset_id: z.string(),
  dataset_slug: z.string(),
  dataset_title: z.string(),
  entry_status: z.enum(['in_review', 'approved', 'rejected', 'changes_requested', 'retracted']),
  policy: reviewPolicySchema,
  expected: verdictSchema,
  reason: rejectReasonSchema.nullable(),
  explanation: z.string(),
  in_use: z.boolean(),
  known_before: z.boolean(),
});
export type CalibrationTask = z.infer<typeof taskRowSchema>;
export type Filter = { datasetId: string; categoryId: string | null; languages: readonly string[] | null; holding: readonly string[] };

export type TaskRepository = ReturnType<typeof createTaskRepository>;

export function createTaskRepository(db: Database) {
  return {
    /** Where somebody stands with the qualification of a dataset. */
    async standing(client: Transaction, datasetId: string, userId: string): Promise<QualificationStanding> {
      const [row] = await queryRows(
        client,
        standingRowSchema,
        Prisma.sql`
          SELECT coalesce((SELECT s.reviews FROM reviewer_skills s WHERE s.dataset_id = ${datasetId}::uuid AND s.user_id = ${userId}::uuid), 0) AS proven,
            (SELECT count(*)::int FROM calibration_items i JOIN entries e ON e.id = i.entry_id
              WHERE i.dataset_id = ${datasetId}::uuid AND ${inUse} AND ${judgeable(userId)}) AS usable,
            q.attempt, q.needed, q.passed_at IS NOT NULL AS passed, q.failed_at, coalesce(given.answered, 0) AS answered, coalesce(given.met, 0) AS met, coalesce(given.open, 0) AS "left"
          FROM (SELECT 1) one
          LEFT JOIN qualifications q ON q.dataset_id = ${datasetId}::uuid AND q.user_id = ${userId}::uuid
          LEFT JOIN LATERAL (
            SELECT (count(*) FILTER (WHERE a.answered_at IS NOT NULL))::int AS answered, (count(*) FILTER (WHERE a.met))::int AS met,
              (count(*) FILTER (WHERE a.answered_at IS NULL AND ${inUse}))::int AS open
            FROM calibration_answers a JOIN calibration_items i ON i.id = a.item_id AND i.dataset_id = ${datasetId}::uuid JOIN entries e ON e.id = i.entry_id
            WHERE a.user_id = ${userId}::uuid AND a.attempt = q.attempt
          ) given ON true`,
      );
      if (row === undefined) throw new Error('A standing is always told');
      return row;
    },

    /** Whether anything in a dataset could be mixed into a queue or make a qualification: read with every task, so it reads no more than that. */
    async anyItems(datasetId: string): Promise<boolean> {
      const rows = await queryPrepared(
        db,
        z.object({ found: z.int() }),
        Prisma.sql`SELECT 1 AS found FROM calibration_items WHERE dataset_id = ${datasetId}::uuid AND retired_at IS NULL LIMIT 1`,
      );
      return rows.length > 0;
    },

    /** Begins an attempt with so many items: those that the person has met least often. */
    async begin(
      tx: Transaction,
      {
        datasetId,
        userId,
        attempt,
        needed,
        count,
        now,
      }: { datasetId: string; userId: string; attempt: number; needed: number; count: number; now: Date },
    ): Promise<void> {
      await tx.$executeRaw`
        INSERT INTO qualifications (dataset_id, user_id, attempt, needed, started_at) VALUES (${datasetId}::uuid, ${userId}::uuid, ${attempt}::int, ${needed}::int, ${now})
        ON CONFLICT (dataset_id, user_id) DO UPDATE SET attempt = excluded.attempt, needed = excluded.needed, started_at = excluded.started_at, failed_at = NULL`;
      await tx.$executeRaw`
        INSERT INTO calibration_answers (id, item_id, user_id, attempt, created_at)
        SELECT gen_random_uuid(), i.id, ${userId}::uuid, ${attempt}::int, ${now} FROM calibration_items i JOIN entries e ON e.id = i.entry_id
        WHERE i.dataset_id = ${datasetId}::uuid AND ${inUse} AND ${judgeable(userId)}
        ORDER BY (SELECT count(*) FROM calibration_answers a WHERE a.item_id = i.id AND a.user_id = ${userId}::uuid AND a.answered_at IS NOT NULL), hashtextextended(i.id::text || ${userId}::text, ${attempt}::int)
        LIMIT ${count}::int
        ON CONFLICT DO NOTHING`;
    },

    /** Serialises what one person does about their qualification in a dataset. */
    async lockPerson(tx: Transaction, datasetId: string, userId: string): Promise<void> {
      await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`qualification ${datasetId} ${userId}`}, 0))::text`;
    },

    async close(tx: Transaction, datasetId: string, userId: string, state: 'passed' | 'failed', now: Date): Promise<void> {
      const data = state === 'passed' ? { passedAt: now, failedAt: null } : { failedAt: now };
      await tx.qualification.update({ where: { datasetId_userId: { datasetId, userId } }, data });
    },

    /** Leases the next open text of an attempt that the page does not hold yet. */
    async leaseOfAttempt(filter: Filter, userId: string, attempt: number, until: Date): Promise<CalibrationLease | null> {
      const [row] = await queryRows(
        db.prisma,
        leaseRowSchema,
        Prisma.sql`
          UPDATE calibration_answers a SET lease_expires_at = ${until} FROM calibration_items i
          WHERE i.id = a.item_id AND a.id = (
            SELECT a.id FROM calibration_answers a JOIN calibration_items i ON i.id = a.item_id JOIN entries e ON e.id = i.entry_id
            WHERE a.user_id = ${userId}::uuid AND a.attempt = ${attempt}::int AND i.dataset_id = ${filter.datasetId}::uuid AND a.answered_at IS NULL AND ${inUse}
              AND a.id <> ALL(${[...filter.holding]}::uuid[])
            ORDER BY a.lease_expires_at DESC NULLS LAST, a.created_at,
              (SELECT count(*) FROM calibration_answers o WHERE o.item_id = a.item_id AND o.user_id = a.user_id AND o.answered_at IS NOT NULL), a.id LIMIT 1)
          RETURNING a.id::text, i.entry_id::text, i.revision_id::text, a.lease_expires_at`,
      );
      return row ?? null;
    },

    /** The mixed-in task that somebody holds and the page does not name. */
    async heldMixed(filter: Filter, userId: string, now: Date): Promise<CalibrationLease | null> {
      const [row] = await queryRows(
        db.prisma,
        leaseRowSchema,
        Prisma.sql`
          SELECT a.id::text, i.entry_id::text, i.revision_id::text, a.lease_expires_at FROM calibration_answers a
          JOIN calibration_items i ON i.id = a.item_id JOIN entries e ON e.id = i.entry_id
          WHERE a.user_id = ${userId}::uuid AND a.attempt = 0 AND i.dataset_id = ${filter.datasetId}::uuid AND a.answered_at IS NULL AND a.lease_expires_at > ${now}
            AND ${inUse} AND a.id <> ALL(${[...filter.holding]}::uuid[]) AND (${filter.categoryId}::uuid IS NULL OR i.category_id = ${filter.categoryId}::uuid)
          ORDER BY a.created_at LIMIT 1`,
      );
      return row ?? null;
    },

    /** Leases an item that this person has not met, the one met by fewest first; null when there is none for them. */
    async leaseMixed(filter: Filter, userId: string, now: Date, until: Date): Promise<CalibrationLease | null> {
      const languages = filter.languages === null ? null : [...filter.languages];
      const [row] = await queryRows(
        db.prisma,
        leaseRowSchema,
        Prisma.sql`
          WITH me AS (
            SELECT coalesce(${languages}::text[], CASE WHEN cardinality(u.languages) > 0 THEN u.languages END) AS languages FROM users u WHERE u.id = ${userId}::uuid
          ), pick AS (
            SELECT i.id, i.entry_id, i.revision_id FROM calibration_items i JOIN entries e ON e.id = i.entry_id CROSS JOIN me
            WHERE i.dataset_id = ${filter.datasetId}::uuid AND ${inUse} AND ${judgeable(userId)}
              AND (${filter.categoryId}::uuid IS NULL OR i.category_id = ${filter.categoryId}::uuid)
              AND (me.languages IS NULL OR i.language = ANY(me.languages))
              AND NOT EXISTS (SELECT 1 FROM calibration_answers a WHERE a.item_id = i.id AND a.user_id = ${userId}::uuid
                AND (a.answered_at IS NOT NULL OR a.attempt > 0 OR a.id = ANY(${[...filter.holding]}::uuid[])))
            ORDER BY (SELECT count(*) FROM calibration_answers a WHERE a.item_id = i.id), hashtextextended(i.id::text || ${userId}::text, 0) LIMIT 1
          )
          INSERT INTO calibration_answers (id, item_id, user_id, attempt, lease_expires_at, created_at)
          SELECT gen_random_uuid(), id, ${userId}::uuid, 0, ${until}, ${now} FROM pick
          ON CONFLICT (user_id, item_id, attempt) DO UPDATE SET lease_expires_at = excluded.lease_expires_at WHERE calibration_answers.answered_at IS NULL
          RETURNING id::text, (SELECT entry_id::text FROM pick), (SELECT revision_id::text FROM pick), lease_expires_at`,
      );
      return row ?? null;
    },

    async extend(id: string, userId: string, until: Date): Promise<Date | null> {
      const { count } = await db.prisma.calibrationAnswer.updateMany({
        where: { id, userId, answeredAt: null, leaseExpiresAt: { not: null } },
        data: { leaseExpiresAt: until },
      });
      return count === 0 ? null : until;
    },

    async release(id: string, userId: string): Promise<void> {
      await db.prisma.calibrationAnswer.updateMany({ where: { id, userId, answeredAt: null }, data: { leaseExpiresAt: null } });
    },

    /** Puts a text of an attempt behind the others; a mixed-in one does not come to this person again. False when it is not theirs. */
    async skip(id: string, userId: string, reason: string | null, now: Date): Promise<boolean> {
      const rows = await db.prisma.$queryRaw<unknown[]>`
        WITH given AS (
          UPDATE calibration_answers a SET lease_expires_at = NULL, created_at = ${now} FROM calibration_items i
          WHERE a.id = ${id}::uuid AND a.user_id = ${userId}::uuid AND a.answered_at IS NULL AND a.lease_expires_at IS NOT NULL AND i.id = a.item_id
          RETURNING a.attempt, i.revision_id, i.category_id
        ), kept AS (
          INSERT INTO review_skips (revision_id, user_id, reason, category_id, created_at)
          SELECT revision_id, ${userId}::uuid, ${reason}, category_id, ${now} FROM given WHERE attempt = 0 ON CONFLICT DO NOTHING
        )
        SELECT 1 FROM given`;
      return rows.length > 0;
    },

    /** A task of somebody with what is expected of it, locked; null when there is none. */
    async task(tx: Transaction, id: string, userId: string): Promise<CalibrationTask | null> {
      await tx.$queryRaw`SELECT 1 FROM calibration_answers WHERE id = ${id}::uuid AND user_id = ${userId}::uuid FOR UPDATE`;
      const [row] = await queryRows(
        tx,
        taskRowSchema,
        Prisma.sql`
          SELECT a.id::text, a.item_id::text, a.attempt, a.answered_at IS NOT NULL AS answered, a.lease_expires_at IS NOT NULL AS leased, i.entry_id::text, i.revision_id::text,
            i.dataset_id::text, d.slug AS dataset_slug, d.title AS dataset_title, e.status::text AS entry_status, d.policy, i.expected::text, i.reason, i.explanation, ${inUse} AS in_use,
            EXISTS (SELECT 1 FROM calibration_answers o WHERE o.item_id = a.item_id AND o.user_id = a.user_id AND o.id <> a.id AND o.answered_at IS NOT NULL) AS known_before
          FROM calibration_answers a JOIN calibration_items i ON i.id = a.item_id JOIN entries e ON e.id = i.entry_id JOIN datasets d ON d.id = i.dataset_id
          WHERE a.id = ${id}::uuid AND a.user_id = ${userId}::uuid`,
      );
      return row ?? null;
    },

    async answer(tx: Transaction, id: string, given: { verdict: Verdict; met: boolean; learned: boolean }, now: Date): Promise<void> {
      await tx.calibrationAnswer.update({ where: { id }, data: { ...given, answeredAt: now, leaseExpiresAt: null } });
    },
  };
}

/** A dataset with fewer items in use has no qualification. */
export const { leastItems, provenReviews, retryHours } = qualificationNeeds;
