import { strengthSchema } from '@granary/contract';
import { Prisma, queryPrepared, queryRows, type Database, type Transaction } from '@granary/db';
import * as z from 'zod';
import { entryColumns, entryJoins, entryRowSchema } from '../entries/entry-rows.ts';

const leaseRowSchema = z.object({ id: z.string(), a_id: z.string(), b_id: z.string(), lease_expires_at: z.date() });
export type ComparisonLease = z.infer<typeof leaseRowSchema>;
const attemptSchema = z.union([leaseRowSchema.extend({ seen: z.int() }), z.object({ id: z.null(), seen: z.int() })]);
const datasetRowSchema = z.object({ id: z.string(), slug: z.string(), title: z.string() });
const nodeRowSchema = entryRowSchema.extend({
  place: z.enum(['a', 'b', 'path']),
  dataset_title: z.string(),
  category_title: z.string(),
  guideline: z.string(),
});
const lockedRowSchema = z.object({
  id: z.string(),
  instruction_id: z.string(),
  dataset_id: z.string(),
  a_id: z.string(),
  b_id: z.string(),
  a_revision_id: z.string(),
  b_revision_id: z.string(),
  author_ids: z.array(z.string()),
  leased_by_id: z.string().nullable(),
});
const answerRowSchema = z.object({
  id: z.string(),
  instruction_id: z.string(),
  created_at: z.date(),
  /** The two as they can still be compared; none when one of them is no longer there as it was. */
  pair_id: z.string().nullable(),
});
const duelRowSchema = z.object({ a_id: z.string(), b_id: z.string(), a_wins: z.int(), b_wins: z.int(), ties: z.int() });

/** Comparisons at the head of the queue that are tried before asking again. */
const window = 8;
const attempts = 20;
/** Instructions that are asked for again at once. */
const dueMost = 1_000;
/** Beyond that the exact number says nothing more. */
const waitingCounted = 500;

export type Preference = 'a' | 'b' | 'tie' | 'both_bad';
export type ComparisonRepository = ReturnType<typeof createComparisonRepository>;

/** What keeps somebody from comparing a pair `c`: one response is theirs, or they have compared or passed on these versions. */
const comparable = (user: string) => `
  ${user} <> ALL(c.author_ids)
  AND NOT EXISTS (SELECT 1 FROM comparisons g WHERE g.user_id = ${user} AND g.a_revision_id = c.a_revision_id AND g.b_revision_id = c.b_revision_id OFFSET 0)
  AND NOT EXISTS (SELECT 1 FROM comparison_skips s WHERE s.user_id = ${user} AND s.a_revision_id = c.a_revision_id AND s.b_revision_id = c.b_revision_id OFFSET 0)`;

/**
 * Leases one comparison, in one statement: what the person holds already, else the one that would tell most of those they may compare. What somebody
 * else is leasing at this moment is passed over. `$1` dataset, `$2` person, `$3` category or null, `$4` languages or null (then those of their profile), `$5` now,
 * `$6` end of the lease, `$7` what the page has already. One row comes back in any case; without an id there was nothing, `seen` telling whether to ask again.
 */
const leaseSql = `
WITH me AS MATERIALIZED (
  SELECT coalesce($4::text[], CASE WHEN cardinality(u.languages) > 0 THEN u.languages END) AS languages FROM users u WHERE u.id = $2::uuid
), own AS MATERIALIZED (
  SELECT c.id FROM comparison_pairs c WHERE c.leased_by_id = $2::uuid AND c.dataset_id = $1::uuid AND c.lease_expires_at > $5::timestamptz AND c.id <> ALL($7::uuid[])
    AND ($3::uuid IS NULL OR c.category_id = $3::uuid) ORDER BY c.information DESC, c.id LIMIT 1
), head AS MATERIALIZED (
  SELECT c.id, c.information FROM comparison_pairs c
  WHERE NOT EXISTS (SELECT 1 FROM own) AND c.dataset_id = $1::uuid AND (c.lease_expires_at IS NULL OR c.lease_expires_at <= $5::timestamptz)
    AND ($3::uuid IS NULL OR c.category_id = $3::uuid) AND c.id <> ALL($7::uuid[])
    AND ((SELECT languages FROM me) IS NULL OR c.language = ANY((SELECT languages FROM me)::text[])) AND ${comparable('$2::uuid')}
  ORDER BY c.information DESC, c.id LIMIT ${window}
), free AS MATERIALIZED (
  SELECT c.id FROM head JOIN comparison_pairs c ON c.id = head.id WHERE c.lease_expires_at IS NULL OR c.lease_expires_at <= $5::timestamptz
  ORDER BY head.information DESC, c.id LIMIT 1 FOR UPDATE OF c SKIP LOCKED
), leased AS (
  UPDATE comparison_pairs c SET leased_by_id = $2::uuid, lease_expires_at = $6::timestamptz
  FROM (SELECT id FROM own UNION ALL SELECT id FROM free) pick WHERE c.id = pick.id
  RETURNING c.id::text, c.a_id::text, c.b_id::text, c.lease_expires_at
)
SELECT leased.*, (SELECT count(*)::int FROM head) AS seen FROM (SELECT 1) one LEFT JOIN leased ON true`;

/** Of a pair `c`: its responses have strengths, and the error of their difference is still to be estimated, as it is after an upgrade. */
const errorMissing = Prisma.sql`
  c.strength_difference_error IS NULL AND EXISTS (SELECT 1 FROM response_strengths s WHERE s.instruction_id = c.instruction_id AND s.comparisons > 0)`;

export function createComparisonRepository(db: Database) {
  return {
    /** Datasets with something to compare. */
    datasets: () =>
      queryPrepared(
        db,
        datasetRowSchema,
        Prisma.sql`
          SELECT d.id::text, d.slug, d.title FROM datasets d
          WHERE d.archived_at IS NULL AND EXISTS (SELECT 1 FROM comparison_pairs c WHERE c.dataset_id = d.id) ORDER BY d.slug`,
      ),

    async dataset(slug: string) {
      const [row] = await queryPrepared(
        db,
        datasetRowSchema,
        Prisma.sql`SELECT id::text, slug, title FROM datasets WHERE slug = ${slug} AND archived_at IS NULL`,
      );
      return row ?? null;
    },

    async categoryId(datasetId: string, slug: string): Promise<string | null> {
      return (await db.prisma.category.findUnique({ where: { datasetId_slug: { datasetId, slug } }, select: { id: true } }))?.id ?? null;
    },

    async waiting(datasetId: string, userId: string, now: Date): Promise<number> {
      const [row] = await queryRows(
        db.prisma,
        z.object({ waiting: z.int() }),
        Prisma.sql`
          SELECT count(*)::int AS waiting FROM (
            SELECT 1 FROM comparison_pairs c JOIN users u ON u.id = ${userId}::uuid AND (cardinality(u.languages) = 0 OR c.language = ANY(u.languages))
            WHERE c.dataset_id = ${datasetId}::uuid AND (c.lease_expires_at IS NULL OR c.lease_expires_at <= ${now} OR c.leased_by_id = u.id) AND ${Prisma.raw(comparable('u.id'))}
            LIMIT ${waitingCounted}::int) w`,
      );
      return row?.waiting ?? 0;
    },

    async lease(
      filter: { datasetId: string; categoryId: string | null; languages: readonly string[] | null; holding: readonly string[] },
      userId: string,
      now: Date,
      until: Date,
    ): Promise<ComparisonLease | null> {
      const languages = filter.languages === null ? null : [...filter.languages];
      const values = [filter.datasetId, userId, filter.categoryId, languages, now, until, [...filter.holding]];
      for (let attempt = 0; attempt < attempts; attempt += 1) {
        const { rows } = await db.executePrepared(leaseSql, values);
        const found = attemptSchema.parse(rows[0]);
        if (found.id !== null) return found;
        if (found.seen === 0) return null;
      }
      return null;
    },

    /** Both responses, and the conversation down to their instruction, first turn first. */
    nodes: ({ a_id: aId, b_id: bId }: ComparisonLease) =>
      queryPrepared(
        db,
        nodeRowSchema,
        Prisma.sql`
          WITH RECURSIVE up AS (
            SELECT parent_id AS id FROM entries WHERE id = ${aId}::uuid UNION ALL SELECT p.parent_id FROM up JOIN entries p ON p.id = up.id WHERE p.parent_id IS NOT NULL
          )
          SELECT n.place, ${entryColumns}, d.title AS dataset_title, c.title AS category_title, c.guideline
          FROM (SELECT id, 'path' AS place FROM up UNION ALL SELECT ${aId}::uuid, 'a' UNION ALL SELECT ${bId}::uuid, 'b') n
          JOIN entries e ON e.id = n.id ${entryJoins} ORDER BY e.depth, n.place`,
      ),

    async extend(id: string, userId: string, until: Date): Promise<boolean> {
      const { count } = await db.prisma.comparisonPair.updateMany({ where: { id, leasedById: userId }, data: { leaseExpiresAt: until } });
      return count > 0;
    },

    async release(id: string, userId: string): Promise<void> {
      await db.prisma.comparisonPair.updateMany({ where: { id, leasedById: userId }, data: { leasedById: null, leaseExpiresAt: null } });
    },

    async skip(id: string, userId: string, now: Date): Promise<boolean> {
      const rows = await db.prisma.$queryRaw<unknown[]>`
        WITH given AS (
          UPDATE comparison_pairs SET leased_by_id = NULL, lease_expires_at = NULL WHERE id = ${id}::uuid AND leased_by_id = ${userId}::uuid RETURNING a_revision_id, b_revision_id
        ), kept AS (
          INSERT INTO comparison_skips (user_id, a_revision_id, b_revision_id, created_at) SELECT ${userId}::uuid, a_revision_id, b_revision_id, ${now} FROM given ON CONFLICT DO NOTHING
        )
        SELECT 1 FROM given`;
      return rows.length > 0;
    },

    /** Locks what somebody may be comparing; null when it is not there any more. */
    async locked(tx: Transaction, id: string) {
      const [row] = await queryRows(
        tx,
        lockedRowSchema,
        Prisma.sql`
          SELECT id::text, instruction_id::text, dataset_id::text, a_id::text, b_id::text, a_revision_id::text, b_revision_id::text, author_ids::text[], leased_by_id::text
          FROM comparison_pairs WHERE id = ${id}::uuid FOR UPDATE`,
      );
      return row ?? null;
    },

    /** Keeps an answer and gives the lease back; null when this person has compared these versions already. */
    async add(
      tx: Transaction,
      pair: z.infer<typeof lockedRowSchema>,
      answer: { id: string; userId: string; preference: Preference; aFirst: boolean; createdAt: Date },
    ): Promise<string | null> {
      const { count } = await tx.comparison.createMany({
        data: [
          {
            ...answer,
            instructionId: pair.instruction_id,
            datasetId: pair.dataset_id,
            aId: pair.a_id,
            bId: pair.b_id,
            aRevisionId: pair.a_revision_id,
            bRevisionId: pair.b_revision_id,
          },
        ],
        skipDuplicates: true,
      });
      await tx.comparisonPair.update({ where: { id: pair.id }, data: { leasedById: null, leaseExpiresAt: null } });
      return count === 0 ? null : answer.id;
    },

    async answer(tx: Transaction, id: string, userId: string) {
      const [row] = await queryRows(
        tx,
        answerRowSchema,
        Prisma.sql`
          SELECT g.id::text, g.instruction_id::text, g.created_at, c.id::text AS pair_id FROM comparisons g
          LEFT JOIN comparison_pairs c ON c.a_id = g.a_id AND c.b_id = g.b_id AND c.a_revision_id = g.a_revision_id AND c.b_revision_id = g.b_revision_id
          WHERE g.id = ${id}::uuid AND g.user_id = ${userId}::uuid`,
      );
      return row ?? null;
    },

    /** Takes an answer back; its person holds the comparison again. Null when somebody else is at it. */
    async takeBack(
      tx: Transaction,
      id: string,
      pairId: string,
      lease: { userId: string; now: Date; until: Date },
    ): Promise<ComparisonLease | null> {
      await tx.comparison.delete({ where: { id } });
      const [row] = await queryRows(
        tx,
        leaseRowSchema,
        Prisma.sql`
          UPDATE comparison_pairs SET leased_by_id = ${lease.userId}::uuid, lease_expires_at = ${lease.until}
          WHERE id = ${pairId}::uuid AND (leased_by_id IS NULL OR leased_by_id = ${lease.userId}::uuid OR lease_expires_at <= ${lease.now})
          RETURNING id::text, a_id::text, b_id::text, lease_expires_at`,
      );
      return row ?? null;
    },

    /** The responses to an instruction that can be compared, as they are now, and how comparisons of these versions fell. */
    async standing(tx: Transaction, instructionId: string) {
      const responses = await queryRows(
        tx,
        z.object({ id: z.string(), revision_id: z.string() }),
        Prisma.sql`
          SELECT DISTINCT r.id::text, r.current_revision_id::text AS revision_id FROM comparison_pairs c JOIN entries r ON r.id IN (c.a_id, c.b_id)
          WHERE c.instruction_id = ${instructionId}::uuid ORDER BY 1`,
      );
      const duels = await queryRows(
        tx,
        duelRowSchema,
        Prisma.sql`
          SELECT g.a_id::text, g.b_id::text, (count(*) FILTER (WHERE g.preference = 'a'))::int AS a_wins, (count(*) FILTER (WHERE g.preference = 'b'))::int AS b_wins,
            (count(*) FILTER (WHERE g.preference IN ('tie', 'both_bad')))::int AS ties
          FROM comparison_pairs c JOIN comparisons g ON g.a_revision_id = c.a_revision_id AND g.b_revision_id = c.b_revision_id
          WHERE c.instruction_id = ${instructionId}::uuid GROUP BY g.a_id, g.b_id ORDER BY g.a_id, g.b_id`,
      );
      return { responses, duels };
    },

    /** Serialises the reckoning of one instruction. */
    async lockInstruction(tx: Transaction, instructionId: string): Promise<void> {
      await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`strengths ${instructionId}`}, 0))::text`;
    },

    async putStrengths(
      tx: Transaction,
      instructionId: string,
      found: {
        strengths: readonly { responseId: string; revisionId: string; strength: number; error: number; comparisons: number }[];
        pairs: readonly { aId: string; bId: string; information: number; differenceError: number }[];
        now: Date;
      },
    ): Promise<void> {
      await tx.responseStrength.deleteMany({ where: { instructionId } });
      await tx.responseStrength.createMany({ data: found.strengths.map((each) => ({ ...each, instructionId, updatedAt: found.now })) });
      await tx.$executeRaw`
        UPDATE comparison_pairs c SET information = g.information, strength_difference_error = g."differenceError"
        FROM jsonb_to_recordset(${JSON.stringify(found.pairs)}::jsonb) AS g("aId" uuid, "bId" uuid, information float8, "differenceError" float8)
        WHERE c.a_id = g."aId" AND c.b_id = g."bId"`;
    },

    /** Instructions with answers between two moments that their strengths do not hold yet, or with strengths of which the errors are missing. */
    async due(from: Date, to: Date): Promise<string[]> {
      const rows = await queryRows(
        db.prisma,
        z.object({ id: z.string() }),
        Prisma.sql`
          SELECT g.instruction_id::text AS id FROM comparisons g
          WHERE g.created_at > ${from} AND g.created_at < ${to}
            AND NOT EXISTS (SELECT 1 FROM response_strengths s WHERE s.instruction_id = g.instruction_id AND s.updated_at >= g.created_at)
          UNION SELECT c.instruction_id::text FROM comparison_pairs c WHERE ${errorMissing}
          ORDER BY 1 LIMIT ${dueMost}::int`,
      );
      return rows.map(({ id }) => id);
    },

    /** The next instructions of a dataset after the one named that have strengths of which the errors are missing. */
    async withoutErrors(datasetId: string, afterId: string | null): Promise<string[]> {
      const rows = await queryRows(
        db.prisma,
        z.object({ id: z.string() }),
        Prisma.sql`
          SELECT due.id::text FROM (
            SELECT DISTINCT c.instruction_id AS id FROM comparison_pairs c
            WHERE c.dataset_id = ${datasetId}::uuid ${afterId === null ? Prisma.empty : Prisma.sql`AND c.instruction_id > ${afterId}::uuid`} AND ${errorMissing} ORDER BY 1 LIMIT ${dueMost}::int
          ) due ORDER BY due.id`,
      );
      return rows.map(({ id }) => id);
    },

    /** What decides who may know of an entry, and the instruction that its responses answer; null without such an entry. */
    async asked(entryId: string) {
      const entry = await db.prisma.entry.findUnique({
        where: { id: entryId },
        select: { id: true, role: true, parentId: true, status: true, authorId: true },
      });
      return entry && { ...entry, instructionId: entry.role === 'instruction' ? entry.id : entry.parentId };
    },

    /** Strengths of the responses to an instruction that are still as they were compared, strongest first. */
    strengths(instructionId: string | null) {
      return queryRows(
        db.prisma,
        strengthSchema,
        Prisma.sql`
          SELECT s.response_id::text AS "responseId", s.strength, s.error, s.comparisons FROM response_strengths s
          JOIN pairs p ON p.response_id = s.response_id JOIN entries r ON r.id = s.response_id AND r.current_revision_id = s.revision_id
          WHERE s.instruction_id = ${instructionId}::uuid AND s.comparisons > 0 ORDER BY s.strength DESC, s.response_id`,
      );
    },
  };
}
