import { planOutcomes, publishingPlanSchema, roleSchema, selectionSchema } from '@granary/contract';
import type { PlanOutcome, PublishingPlan, Selection } from '@granary/contract';
import { Prisma, queryRows } from '@granary/db';
import type { Database, Transaction } from '@granary/db';
import * as z from 'zod';
import { isUnsigned, selectedPairs } from '../snapshots/selection-sql.ts';

export type PlanRepository = ReturnType<typeof createPlanRepository>;
export type PlanRow = z.output<typeof rowSchema>;
/** A plan that this process alone may act on until `lease`. */
export type ClaimedPlan = PlanRow & { lease: Date; dataset_slug: string };
/** What came of a plan that was due; without `outcome` it was only looked at. */
export type Settlement = { nextAt: Date | null; at: Date; outcome?: PlanOutcome; number?: number };
/** A published snapshot as a plan is measured against it: what is approved after `until` is not in it. */
export type Reference = { id: string; number: number; selection: Selection; until: Date };

const rowSchema = z
  .object({
    dataset_id: z.string(),
    mode: publishingPlanSchema.shape.mode,
    weekday: z.int(),
    hour: z.int(),
    approvals: z.int(),
    selection: selectionSchema,
    notes: z.string(),
    set_by_id: z.string(),
    set_by_name: z.string(),
    set_by_role: roleSchema,
    set_by_status: z.enum(['active', 'suspended']),
    set_at: z.date(),
    next_at: z.date().nullable(),
    last_at: z.date().nullable(),
    last_outcome: z.enum(planOutcomes).nullable(),
    last_snapshot: z.int().nullable(),
  })
  .strip();
const claimedSchema = rowSchema.extend({ dataset_slug: z.string() });

const columns = Prisma.sql`l.dataset_id::text, l.mode::text, l.weekday, l.hour, l.approvals, l.selection, l.notes, l.set_by_id::text, u.display_name AS set_by_name,
  u.role::text AS set_by_role, u.status::text AS set_by_status, l.set_at, l.next_at, l.last_at, l.last_outcome, l.last_snapshot`;
/** Snapshots of other selections may lie between; nobody looks further back than this. */
const referencesAtMost = 200;

export function createPlanRepository(db: Pick<Database, 'prisma'>) {
  return {
    /** Undefined without such a dataset, null without a plan. */
    async of(slug: string): Promise<{ datasetId: string; plan: PlanRow | null } | undefined> {
      const dataset = await db.prisma.dataset.findUnique({ where: { slug }, select: { id: true } });
      if (dataset === null) return undefined;
      const [plan] = await queryRows(
        db.prisma,
        rowSchema,
        Prisma.sql`SELECT ${columns} FROM publishing_plans l JOIN users u ON u.id = l.set_by_id WHERE l.dataset_id = ${dataset.id}::uuid`,
      );
      return { datasetId: dataset.id, plan: plan ?? null };
    },
    /** What came of an earlier plan stays. */
    async put(tx: Transaction, datasetId: string, plan: PublishingPlan, set: { by: string; at: Date; nextAt: Date | null }): Promise<void> {
      const data = { ...plan, setById: set.by, setAt: set.at, nextAt: set.nextAt };
      await tx.publishingPlan.upsert({ where: { datasetId }, create: { datasetId, ...data }, update: data });
    },
    /** Takes the plan that has been due for longest, for this process alone until `lease`; null when none is due. */
    async claimDue(now: Date, lease: Date): Promise<ClaimedPlan | null> {
      const [claimed] = await queryRows(
        db.prisma,
        claimedSchema,
        Prisma.sql`
          WITH due AS (
            SELECT dataset_id FROM publishing_plans WHERE next_at <= ${now}::timestamptz ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED
          ), taken AS (
            UPDATE publishing_plans l SET next_at = ${lease}::timestamptz FROM due WHERE l.dataset_id = due.dataset_id RETURNING l.*
          )
          SELECT ${columns}, d.slug AS dataset_slug FROM taken l JOIN users u ON u.id = l.set_by_id JOIN datasets d ON d.id = l.dataset_id`,
      );
      return claimed ? { ...claimed, lease } : null;
    },
    /** Writes down what came of a claimed plan. False when somebody changed it, or another process took it over, since. */
    async settle(tx: Transaction, { dataset_id: datasetId, lease }: ClaimedPlan, settlement: Settlement): Promise<boolean> {
      const { nextAt, at, outcome, number } = settlement;
      const told = outcome === undefined ? {} : { lastAt: at, lastOutcome: outcome, lastSnapshot: number ?? null };
      const { count } = await tx.publishingPlan.updateMany({ where: { datasetId, nextAt: lease }, data: { nextAt, ...told } });
      return count === 1;
    },
    /** Published snapshots, newest first. */
    async references(datasetId: string): Promise<Reference[]> {
      return queryRows(
        db.prisma,
        z.object({ id: z.string(), number: z.int(), selection: selectionSchema, until: z.date() }),
        Prisma.sql`SELECT s.id::text, s.number, s.selection, coalesce((SELECT e.at FROM events e WHERE e.position = s.event_position), s.created_at) AS until
          FROM snapshots s WHERE s.dataset_id = ${datasetId}::uuid AND s.status = 'published' ORDER BY s.number DESC LIMIT ${referencesAtMost}::int`,
      );
    },
    /** Pairs of a selection approved after `since`, up to `atMost`: the index by time gives them newest first. */
    async approvedSince(datasetId: string, selection: Selection, since: Date | null, atMost: number): Promise<number> {
      const later = since === null ? Prisma.empty : Prisma.sql`AND p.approved_at > ${since}::timestamptz`;
      const [row] = await queryRows(
        db.prisma,
        z.object({ pairs: z.int() }),
        Prisma.sql`SELECT count(*)::int AS pairs FROM (SELECT 1 ${selectedPairs(datasetId, selection)} ${later} LIMIT ${atMost}::int) p`,
      );
      return row?.pairs ?? 0;
    },
    /** Whether a snapshot of this selection would hold what that one holds. Reads all pairs: for plans that are due. */
    async isUnchanged(datasetId: string, selection: Selection, reference: Pick<Reference, 'id' | 'until'>): Promise<boolean> {
      const [row] = await queryRows(db.prisma, z.object({ unchanged: z.boolean() }), unchangedStatement(datasetId, selection, reference));
      return row?.unchanged ?? false;
    },
  };
}

/**
 * Pairs that have no split are in no snapshot: they are those that the reference withheld as long as they are as many and none of them was approved
 * since. Counts instead of asking whether there is any: for the first row alone the planner would join row by row, which takes for ever when there is none.
 */
function unchangedStatement(datasetId: string, selection: Selection, { id, until }: Pick<Reference, 'id' | 'until'>): Prisma.Sql {
  return Prisma.sql`
    WITH selected AS MATERIALIZED (
      SELECT p.response_id, r.current_revision_id AS response_revision_id, i.current_revision_id AS instruction_revision_id, p.category, p.language,
        p.approved_at, p.rating, p.rating_count, coalesce(q.comparisons, 0) AS comparisons, ${isUnsigned} AS withheld
      FROM (SELECT p.*, c.slug AS category ${selectedPairs(datasetId, selection)}) p
      JOIN entries r ON r.id = p.response_id
      JOIN entries i ON i.id = p.instruction_id
      JOIN entries root ON root.id = r.root_id
      LEFT JOIN split_assignments a ON a.conversation_id = r.root_id
      LEFT JOIN response_strengths q ON q.response_id = r.id AND q.revision_id = r.current_revision_id
    )
    SELECT (
      SELECT count(*) = (SELECT s.withheld FROM snapshots s WHERE s.id = ${id}::uuid) AND bool_and(w.approved_at <= ${until}::timestamptz) IS NOT FALSE
      FROM selected w WHERE w.withheld
    ) AND (
      SELECT count(*) = 0
      FROM (SELECT * FROM selected WHERE NOT withheld) n
      FULL JOIN (SELECT * FROM snapshot_pairs WHERE snapshot_id = ${id}::uuid) b ON b.response_id = n.response_id
      WHERE n.response_id IS NULL OR b.response_id IS NULL
        OR ROW(n.response_revision_id, n.instruction_revision_id, n.category, n.language, n.approved_at, n.rating, n.rating_count, n.comparisons)
          IS DISTINCT FROM ROW(b.response_revision_id, b.instruction_revision_id, b.category, b.language, b.approved_at, b.rating, b.rating_count, b.comparisons)
    ) AS unchanged`;
}
