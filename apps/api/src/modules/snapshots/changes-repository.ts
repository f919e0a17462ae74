import { changeCountsSchema, changeKindSchema, fullRecordSchema } from '@granary/contract';
import type { ChangeCounts, FullRecord } from '@granary/contract';
import { contentHashOf } from '@granary/corpus';
import { Prisma, queryRows } from '@granary/db';
import type { Database } from '@granary/db';
import * as z from 'zod';
import { nilUuid, recordColumns, recordJoins } from './pinned-pairs.ts';

export type ChangesRepository = ReturnType<typeof createChangesRepository>;
export type Endpoint = { id: string; number: number };
/** Two snapshots of a dataset, and every published one after the earlier up to the later, in order: what changed is pinned from each to the next. */
export type Span = { earlier: Endpoint; later: Endpoint; steps: readonly string[] };
export type PairKey = { conversation_id: string; response_id: string };
/** A pair that some step of the span changed. `change` is null when it is the same in both ends, or in neither. */
export type ChangedKey = z.infer<typeof changedSchema>;
type ChangeKind = z.infer<typeof changeKindSchema>;

const changedSchema = z.object({
  conversation_id: z.string(),
  response_id: z.string(),
  change: changeKindSchema.nullable(),
  reason: z.string().nullable(),
  at: z.date().nullable(),
});
const rowSchema = fullRecordSchema.omit({ content_hash: true });
const retractedSchema = z.object({
  conversation_id: z.string(),
  id: z.string(),
  last_snapshot: z.int(),
  reason: z.string(),
  at: z.date().nullable(),
  instruction: z.string(),
  context: z.string(),
  response: z.string(),
});
const countedSchema = z.object({ change: changeKindSchema, pairs: z.int() });

/** What the steps can tell of a pair that differs in such a way between the ends of a span. */
const stepKinds = {
  added: ['added', 'returned'],
  edited: ['edited', 'returned'],
  retracted: ['retracted'],
  removed: ['removed'],
} as const satisfies Record<ChangeKind, readonly string[]>;
const allStepKinds = [...new Set(Object.values(stepKinds).flat())];

const columns = Prisma.raw(recordColumns);
const joins = Prisma.raw(recordJoins);

/** The pair `k` as a snapshot holds it, by its key and never by a join that reads the whole snapshot: a new one is not in the planner's statistics. */
const pinnedPair = (snapshotId: string) => Prisma.sql`(
  SELECT * FROM snapshot_pairs p WHERE p.snapshot_id = ${snapshotId}::uuid AND p.conversation_id = k.conversation_id AND p.response_id = k.response_id OFFSET 0
)`;

/** What differs between snapshots, by what was pinned: it never changes once the later one is published. */
export function createChangesRepository(db: Pick<Database, 'prisma'>) {
  return {
    async published(slug: string, number: number): Promise<(Endpoint & { datasetId: string; contentHash: string }) | null> {
      const found = await db.prisma.snapshot.findFirst({
        where: { number, status: 'published', dataset: { slug } },
        select: { id: true, number: true, datasetId: true, contentHash: true },
      });
      return found && { ...found, contentHash: found.contentHash ?? '' };
    },
    /** The published snapshot before one of a number; null when there is none. */
    async before(datasetId: string, number: number): Promise<Endpoint | null> {
      return db.prisma.snapshot.findFirst({
        where: { datasetId, status: 'published', number: { lt: number } },
        orderBy: { number: 'desc' },
        select: { id: true, number: true },
      });
    },
    /** The later end may be one that is still being built. */
    async span(datasetId: string, earlier: Endpoint, later: Endpoint): Promise<Span> {
      const between = await db.prisma.snapshot.findMany({
        where: { datasetId, status: 'published', number: { gt: earlier.number, lt: later.number } },
        orderBy: { number: 'asc' },
        select: { id: true },
      });
      return { earlier, later, steps: [...between.map(({ id }) => id), later.id] };
    },

    /** Counted once, then remembered. */
    async counts(span: Span): Promise<ChangeCounts> {
      const where = { snapshotId: span.later.id, since: span.earlier.number };
      const known = await db.prisma.snapshotChangeCount.findUnique({ where: { snapshotId_since: where } });
      if (known !== null) return changeCountsSchema.parse(known);
      const rows = await queryRows(
        db.prisma,
        countedSchema,
        Prisma.sql`SELECT d.change, count(*)::int AS pairs FROM (${differences(span, everyKey(span))}) d WHERE d.change IS NOT NULL GROUP BY d.change`,
      );
      const counts = { added: 0, edited: 0, retracted: 0, removed: 0 };
      for (const { change, pairs } of rows) counts[change] = pairs;
      await db.prisma.snapshotChangeCount.createMany({ data: [{ ...where, ...counts }], skipDuplicates: true });
      return counts;
    },

    /** The next pairs that a step of the span changed, in order; no more than `limit`, fewer only at the end. */
    keys(span: Span, kind: ChangeKind | null, after: PairKey | null, limit: number): Promise<ChangedKey[]> {
      return queryRows(db.prisma, changedSchema, differences(span, nextKeys(span, kind, after, limit)));
    },

    /** The rows of a snapshot that are named, by the ids of their responses. */
    async rows(snapshotId: string, keys: readonly PairKey[]): Promise<Map<string, FullRecord>> {
      if (keys.length === 0) return new Map();
      const rows = await queryRows(
        db.prisma,
        rowSchema,
        Prisma.sql`
          SELECT ${columns} FROM unnest(${keys.map((key) => key.conversation_id)}::uuid[], ${keys.map((key) => key.response_id)}::uuid[]) AS k(conversation_id, response_id)
          CROSS JOIN LATERAL ${pinnedPair(snapshotId)} s ${joins}`,
      );
      return new Map(rows.map((row) => [row.id, fullRecordSchema.parse({ ...row, content_hash: contentHashOf(row) })]));
    },

    /** The next rows of earlier snapshots that are retracted by the time of this one, in the order of the files. */
    retracted({ id, number, datasetId }: Endpoint & { datasetId: string }, after: PairKey | null, limit: number) {
      return queryRows(db.prisma, retractedSchema, retractedStatement({ id, number, datasetId }, after, limit));
    },
  };
}

const everyKey = ({ steps }: Span) =>
  Prisma.sql`SELECT DISTINCT c.conversation_id, c.response_id FROM snapshot_changes c WHERE c.snapshot_id = ANY(${[...steps]}::uuid[])`;

/** Each step's next ones by its index, so that a page costs what it shows and not what there is. */
function nextKeys({ steps }: Span, kind: ChangeKind | null, after: PairKey | null, limit: number): Prisma.Sql {
  const kinds: string[] = kind === null ? allStepKinds : [...stepKinds[kind]];
  const last = [after?.conversation_id ?? nilUuid, after?.response_id ?? nilUuid];
  return Prisma.sql`
    SELECT DISTINCT x.conversation_id, x.response_id
    FROM unnest(${[...steps]}::uuid[]) AS s(id) CROSS JOIN unnest(${kinds}::text[]) AS f(change)
    CROSS JOIN LATERAL (
      SELECT c.conversation_id, c.response_id FROM snapshot_changes c
      WHERE c.snapshot_id = s.id AND c.change = f.change AND (c.conversation_id, c.response_id) > (${last[0]}::uuid, ${last[1]}::uuid)
      ORDER BY c.conversation_id, c.response_id LIMIT ${limit}::int
    ) x
    ORDER BY x.conversation_id, x.response_id LIMIT ${limit}::int`;
}

/** How the pairs named differ between the ends; of what is gone, what the last step that tells of it says. */
function differences({ earlier, later, steps }: Span, keys: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    SELECT k.conversation_id::text, k.response_id::text,
      CASE WHEN o.response_id IS NULL AND n.response_id IS NULL THEN NULL
        WHEN o.response_id IS NULL THEN 'added'
        WHEN n.response_id IS NULL THEN g.change
        WHEN o.response_revision_id <> n.response_revision_id OR o.instruction_revision_id <> n.instruction_revision_id THEN 'edited' END AS change,
      g.reason, coalesce(g.at, n.approved_at) AS at
    FROM (${keys}) k
    LEFT JOIN LATERAL ${pinnedPair(earlier.id)} o ON true
    LEFT JOIN LATERAL ${pinnedPair(later.id)} n ON true
    LEFT JOIN LATERAL (
      SELECT c.change, c.reason, c.at FROM snapshot_changes c
      WHERE c.conversation_id = k.conversation_id AND c.response_id = k.response_id AND c.snapshot_id = ANY(${[...steps]}::uuid[]) AND c.change IN ('retracted', 'removed')
      ORDER BY array_position(${[...steps]}::uuid[], c.snapshot_id) DESC LIMIT 1
    ) g ON n.response_id IS NULL
    ORDER BY k.conversation_id, k.response_id`;
}

function retractedStatement({ id, number, datasetId }: Endpoint & { datasetId: string }, after: PairKey | null, limit: number): Prisma.Sql {
  const told = Prisma.sql`snapshot_changes c JOIN snapshots x ON x.id = c.snapshot_id AND x.dataset_id = ${datasetId}::uuid AND x.number <= ${number}::int
    AND (x.status = 'published' OR x.id = ${id}::uuid)`;
  return Prisma.sql`
    SELECT k.conversation_id::text, k.response_id::text AS id, l.number AS last_snapshot, g.reason, g.at, ir.text AS instruction, coalesce(ir.context, '') AS context, rr.text AS response
    FROM (
      SELECT DISTINCT c.conversation_id, c.response_id FROM ${told}
      WHERE c.change = 'retracted' AND (c.conversation_id, c.response_id) > (${after?.conversation_id ?? nilUuid}::uuid, ${after?.response_id ?? nilUuid}::uuid)
        AND (SELECT n.response_id FROM snapshot_pairs n WHERE n.snapshot_id = ${id}::uuid AND n.conversation_id = c.conversation_id AND n.response_id = c.response_id) IS NULL
        AND NOT EXISTS (
          SELECT 1 FROM snapshot_changes d JOIN snapshots y ON y.id = d.snapshot_id AND (y.status = 'published' OR y.id = ${id}::uuid) AND y.number <= ${number}::int
          WHERE d.conversation_id = c.conversation_id AND d.response_id = c.response_id AND y.number > x.number AND d.change <> 'retracted'
        )
      ORDER BY c.conversation_id, c.response_id LIMIT ${limit}::int
    ) k
    CROSS JOIN LATERAL (
      SELECT c.reason, c.at FROM ${told} WHERE c.conversation_id = k.conversation_id AND c.response_id = k.response_id AND c.change = 'retracted' ORDER BY x.number DESC LIMIT 1
    ) g
    CROSS JOIN LATERAL (
      SELECT x.number, s.response_revision_id, s.instruction_revision_id FROM snapshots x JOIN snapshot_pairs s ON s.snapshot_id = x.id
      WHERE x.dataset_id = ${datasetId}::uuid AND x.status = 'published' AND x.number < ${number}::int AND s.conversation_id = k.conversation_id AND s.response_id = k.response_id
      ORDER BY x.number DESC LIMIT 1
    ) l
    JOIN revisions rr ON rr.id = l.response_revision_id
    JOIN revisions ir ON ir.id = l.instruction_revision_id
    ORDER BY k.conversation_id, k.response_id`;
}
