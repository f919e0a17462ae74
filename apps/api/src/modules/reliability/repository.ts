import {
  agreementSchema,
  calibrationBinSchema,
  errorModels,
  reviewPolicySchema,
  reliabilitySchema,
  reviewerAgreementSchema,
  verdictSchema,
  type Agreement,
  type ReliabilityEstimate,
  type ReviewPolicy,
} from '@granary/contract';
import { Prisma, queryRows, type Database, type Transaction } from '@granary/db';
import * as z from 'zod';
import type { Estimated } from './estimate-reviewers.ts';
import type { LoggedVerdict } from './verdict-columns.ts';

const skillRowSchema = z.object({
  dataset_slug: z.string(),
  dataset_title: z.string(),
  counts: z.array(z.number()),
  reviews: z.int(),
  with_others: reviewerAgreementSchema.nullable(),
  calibration: reliabilitySchema.shape.calibration,
});
const loggedRowSchema = z.object({
  position: z.bigint(),
  kind: z.string(),
  revision_id: z.string(),
  actor_id: z.string().nullable(),
  verdict: verdictSchema.nullable(),
  expected: verdictSchema.nullable(),
  learned: z.boolean(),
  at: z.date(),
});
const lessonRowSchema = z.object({
  revision_id: z.string(),
  reviewer_id: z.string(),
  verdict: verdictSchema,
  learned: z.array(z.number()),
});
const calibrationRowSchema = z.object({
  revision_id: z.string(),
  reviewer_id: z.string(),
  verdict: verdictSchema,
  expected: verdictSchema,
});
/** Events per page: some megabytes at most. */
const pageRows = 20_000;
/** People per statement. */
const batch = 1_000;
const shown = 20;
/** People a forecast is played with: more change nothing. */
const crowdMost = 300;

export type ReliabilityRepository = ReturnType<typeof createReliabilityRepository>;

export function createReliabilityRepository(db: Database) {
  return {
    /** What is known of somebody in every dataset, most reviewed first. */
    skills: (userId: string) =>
      queryRows(
        db.prisma,
        skillRowSchema,
        Prisma.sql`
          SELECT d.slug AS dataset_slug, d.title AS dataset_title, s.counts, s.reviews, s.with_others,
            (SELECT jsonb_build_object('answered', count(*), 'met', count(*) FILTER (WHERE a.met)) FROM calibration_answers a
              JOIN calibration_items i ON i.id = a.item_id WHERE i.dataset_id = d.id AND a.user_id = s.user_id AND a.answered_at IS NOT NULL) AS calibration
          FROM reviewer_skills s JOIN datasets d ON d.id = s.dataset_id WHERE s.user_id = ${userId}::uuid AND s.reviews > 0 ORDER BY s.reviews DESC, d.slug`,
      ),

    /** What is known of those who review a dataset most. */
    crowd: (datasetId: string) =>
      db.prisma.reviewerSkill.findMany({
        where: { datasetId, reviews: { gt: 0 } },
        orderBy: [{ reviews: 'desc' }, { userId: 'asc' }],
        take: crowdMost,
        select: { counts: true, reviews: true },
      }),

    /** Share of good work in the last estimate that found any. */
    async approvalShare(datasetId: string): Promise<number | null> {
      const where = { datasetId, status: 'done' as const, approvalShare: { not: null } };
      const last = await db.prisma.reliabilityEstimate.findFirst({
        where,
        orderBy: { createdAt: 'desc' },
        select: { approvalShare: true },
      });
      return last?.approvalShare ?? null;
    },

    async userExists(id: string): Promise<boolean> {
      return (await db.prisma.user.count({ where: { id } })) > 0;
    },

    async datasetId(slug: string): Promise<string | null> {
      return (await db.prisma.dataset.findUnique({ where: { slug }, select: { id: true } }))?.id ?? null;
    },

    async estimates(datasetId: string): Promise<ReliabilityEstimate[]> {
      const rows = await db.prisma.reliabilityEstimate.findMany({ where: { datasetId }, orderBy: { createdAt: 'desc' }, take: shown });
      return rows.map(toEstimate);
    },

    /** Adds an estimate that waits for its turn; null while another one of the dataset does. */
    async request(tx: Transaction, datasetId: string, createdById: string | null, now: Date): Promise<ReliabilityEstimate | null> {
      await tx.$queryRaw`SELECT 1 FROM datasets WHERE id = ${datasetId}::uuid FOR NO KEY UPDATE`;
      if ((await tx.reliabilityEstimate.count({ where: { datasetId, status: 'queued' } })) > 0) return null;
      return toEstimate(await tx.reliabilityEstimate.create({ data: { datasetId, createdById, createdAt: now } }));
    },

    /** Datasets that have new verdicts, and whose last estimate is from before a moment. */
    async due(before: Date): Promise<string[]> {
      const rows = await queryRows(
        db.prisma,
        z.object({ slug: z.string() }),
        Prisma.sql`
          SELECT d.slug FROM datasets d
          LEFT JOIN LATERAL (
            SELECT r.created_at, r.status FROM reliability_estimates r WHERE r.dataset_id = d.id ORDER BY r.created_at DESC LIMIT 1
          ) last ON true
          WHERE d.archived_at IS NULL
            AND (last.created_at IS NULL OR (last.status <> 'queued' AND last.created_at < ${before}))
            AND EXISTS (SELECT 1 FROM reviews w JOIN entries e ON e.id = w.entry_id WHERE e.dataset_id = d.id AND w.created_at > coalesce(last.created_at, '-infinity'))
          ORDER BY d.slug`,
      );
      return rows.map(({ slug }) => slug);
    },

    queued: () => db.prisma.reliabilityEstimate.findMany({ where: { status: 'queued' }, select: { id: true } }),

    /** The dataset of an estimate that is still to be made. */
    async waiting(id: string): Promise<{ datasetId: string; createdById: string | null } | null> {
      return db.prisma.reliabilityEstimate.findFirst({ where: { id, status: 'queued' }, select: { datasetId: true, createdById: true } });
    },

    /** Last event of a dataset from before a moment; 0 without any. */
    async positionBefore(datasetId: string, before: Date): Promise<bigint> {
      const { _max: last } = await db.prisma.event.aggregate({ where: { datasetId, at: { lt: before } }, _max: { position: true } });
      return last.position ?? 0n;
    },

    /** Verdicts and decisions of a dataset up to a position, in the order of the log; those on an instruction that went along with its response are left out. */
    async *verdicts(datasetId: string, upTo: bigint): AsyncGenerator<LoggedVerdict> {
      for (let after = 0n; ;) {
        const rows = await queryRows(
          db.prisma,
          loggedRowSchema,
          Prisma.sql`
            SELECT position, kind, revision_id::text, actor_id::text, payload->>'verdict' AS verdict, payload->>'expected' AS expected,
              coalesce((payload->>'learned')::boolean, false) AS learned, at FROM events
            WHERE dataset_id = ${datasetId}::uuid AND position > ${after} AND position <= ${upTo} AND revision_id IS NOT NULL
              AND kind IN ('entry_reviewed', 'review_undone', 'entry_approved', 'entry_rejected', 'entry_changes_requested', 'entry_reopened', 'entry_appealed',
                'calibration_answered', 'calibration_changed') AND payload->'jointly' IS NULL
            ORDER BY position LIMIT ${pageRows}::int`,
        );
        for (const row of rows)
          yield {
            kind: row.kind,
            revisionId: row.revision_id,
            actorId: row.actor_id,
            verdict: row.verdict,
            expected: row.expected,
            learned: row.learned,
            at: row.at,
          };
        if (rows.length < pageRows) return;
        after = rows[rows.length - 1]?.position ?? upTo;
      }
    },

    /** The policy of a dataset as its admin set it. */
    async policy(datasetId: string): Promise<ReviewPolicy> {
      const { policy } = await db.prisma.dataset.findUniqueOrThrow({ where: { id: datasetId }, select: { policy: true } });
      return reviewPolicySchema.parse(policy);
    },

    /** Category of each revision and how probable each outcome was when reviews decided it, in the order given. */
    async about(revisionIds: readonly string[]): Promise<{ categories: string[]; claims: number[][] }> {
      const found: { categories: string[]; claims: number[][] } = { categories: [], claims: [] };
      for (let from = 0; from < revisionIds.length; from += pageRows) {
        const rows = await queryRows(
          db.prisma,
          z.object({ slug: z.string(), posterior: z.array(z.number()) }),
          Prisma.sql`
            SELECT c.slug, v.posterior FROM unnest(${revisionIds.slice(from, from + pageRows)}::uuid[]) WITH ORDINALITY AS r(id, n)
            JOIN revisions v ON v.id = r.id JOIN entries e ON e.id = v.entry_id JOIN categories c ON c.id = e.category_id ORDER BY r.n`,
        );
        for (const { slug, posterior } of rows) {
          found.categories.push(slug);
          found.claims.push(posterior);
        }
      }
      return found;
    },

    /** What the last estimate found of how reviewers agree. */
    async agreement(datasetId: string): Promise<{ agreement: Agreement; estimatedAt: string } | null> {
      const row = await db.prisma.reliabilityEstimate.findFirst({ where: { datasetId, status: 'done' }, orderBy: { createdAt: 'desc' } });
      if (!row?.finishedAt || row.agreement === null) return null;
      return { agreement: agreementSchema.parse(row.agreement), estimatedAt: row.finishedAt.toISOString() };
    },

    /** Puts an estimate in the place of what was known of everybody. Nobody learns meanwhile. */
    async replaceSkills(tx: Transaction, datasetId: string, { reviewers, byCategory, withOthers }: Estimated, now: Date): Promise<void> {
      await tx.$executeRaw`LOCK TABLE reviewer_skills IN SHARE ROW EXCLUSIVE MODE`;
      await tx.reviewerSkill.deleteMany({ where: { datasetId } });
      for (let from = 0; from < reviewers.length; from += batch) {
        await tx.reviewerSkill.createMany({
          data: reviewers.slice(from, from + batch).map(({ reviewerId, counts, reviews }) => ({
            datasetId,
            userId: reviewerId,
            counts,
            reviews,
            withOthers: withOthers.get(reviewerId) ?? Prisma.DbNull,
            updatedAt: now,
          })),
        });
      }
      const categories = await tx.category.findMany({ where: { datasetId }, select: { id: true, slug: true } });
      const idOf = new Map(categories.map(({ id, slug }) => [slug, id]));
      await tx.reviewerCategorySkill.deleteMany({ where: { categoryId: { in: [...idOf.values()] } } });
      for (let from = 0; from < byCategory.length; from += batch) {
        await tx.reviewerCategorySkill.createMany({
          data: byCategory.slice(from, from + batch).map(({ reviewerId, category, met, reviews, counts }) => ({
            categoryId: idOf.get(category) ?? '',
            userId: reviewerId,
            met,
            reviews,
            counts,
          })),
        });
      }
    },

    /** Reviews that a decision after a position has taught something of. */
    lessonsSince: (tx: Transaction, datasetId: string, position: bigint) =>
      queryRows(
        tx,
        lessonRowSchema,
        Prisma.sql`
          SELECT w.revision_id::text, w.reviewer_id::text, w.verdict::text, w.learned FROM reviews w
          WHERE cardinality(w.learned) > 0 AND w.revision_id IN (
            SELECT h.revision_id FROM events h WHERE h.dataset_id = ${datasetId}::uuid AND h.position > ${position}
              AND h.kind IN ('entry_approved', 'entry_rejected', 'entry_changes_requested'))`,
      ),

    /** What calibration items have taught after a position. */
    calibrationSince: (tx: Transaction, datasetId: string, position: bigint) =>
      queryRows(
        tx,
        calibrationRowSchema,
        Prisma.sql`
          SELECT h.revision_id::text, h.actor_id::text AS reviewer_id, h.payload->>'verdict' AS verdict, i.expected::text
          FROM events h JOIN calibration_items i ON i.id = (h.payload->>'itemId')::uuid
          WHERE h.dataset_id = ${datasetId}::uuid AND h.position > ${position} AND h.kind = 'calibration_answered' AND (h.payload->>'learned')::boolean ORDER BY h.position`,
      ),

    /** Keeps what an estimate found, and has the dataset expect what it found of the outcomes. */
    async finish(tx: Transaction, id: string, position: bigint, estimated: Estimated, now: Date): Promise<void> {
      const { approvalShare, rounds, revisions, verdicts, agreement, digest, reviewers, converged, model, calibration, learnedShares } =
        estimated;
      await tx.reliabilityEstimate.update({
        where: { id },
        data: {
          approvalShare,
          rounds,
          revisions,
          verdicts,
          agreement,
          digest,
          converged,
          model,
          calibration,
          status: 'done',
          eventPosition: position,
          reviewers: reviewers.length,
          finishedAt: now,
        },
      });
      if (learnedShares.length > 0) await tx.dataset.updateMany({ where: { estimates: { some: { id } } }, data: { learnedShares } });
    },

    async fail(id: string, error: string, now: Date): Promise<void> {
      await db.prisma.reliabilityEstimate.update({ where: { id }, data: { status: 'failed', error, finishedAt: now } });
    },
  };
}

type EstimateRow = NonNullable<Awaited<ReturnType<Database['prisma']['reliabilityEstimate']['findUnique']>>>;

function toEstimate(row: EstimateRow): ReliabilityEstimate {
  const { datasetId: _, createdById: __, agreement: ___, eventPosition, createdAt, finishedAt, model, calibration, ...rest } = row;
  return {
    ...rest,
    model: z.enum(errorModels).nullable().parse(model),
    calibration: z.array(calibrationBinSchema).nullable().parse(calibration),
    eventPosition: eventPosition === null ? null : Number(eventPosition),
    createdAt: createdAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  };
}
