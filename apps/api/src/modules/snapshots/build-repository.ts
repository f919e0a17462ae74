import { selectionSchema } from '@granary/contract';
import type { Selection, SnapshotCounts, SnapshotStatistics, Split } from '@granary/contract';
import type { ChangelogEntry } from '@granary/corpus';
import { Prisma, queryRows } from '@granary/db';
import type { Database, Transaction } from '@granary/db';
import * as z from 'zod';
import { nilUuid, pinnedPageStatement } from './pinned-pairs.ts';
import type { PairsPage, PinnedPairs } from './pinned-pairs.ts';
import { selectedPairs } from './selection-sql.ts';

/** What a build has to know before it begins. */
export type BuildTask = NonNullable<Awaited<ReturnType<BuildRepository['begin']>>>;
type PrismaSnapshot = Prisma.SnapshotGetPayload<object>;
export type BuiltFile = {
  name: string;
  mediaType: string;
  format: string;
  encoding: string | null;
  split: Split | null;
  bytes: number;
  sha256: string;
  rows: number | null;
  storageKey: string;
};
export type BuildRepository = ReturnType<typeof createBuildRepository>;

const changesSchema = z.object({ added: z.int(), removed: z.int(), revised: z.int() });

const withDataset = {
  dataset: { include: { categories: { orderBy: [{ position: 'asc' }, { slug: 'asc' }] } } },
} satisfies Prisma.SnapshotInclude;

/** The queries of a snapshot's build. */
export function createBuildRepository(db: Database) {
  return {
    /** Marks a waiting or interrupted build as running; null when it has ended in the meantime. */
    async begin(id: string) {
      const { count } = await db.prisma.snapshot.updateMany({
        where: { id, status: { in: ['queued', 'building'] } },
        data: { status: 'building', rowsDone: 0 },
      });
      if (count === 0) return null;
      const row = await db.prisma.snapshot.findUniqueOrThrow({ where: { id }, include: withDataset });
      return { ...row, selection: selectionSchema.parse(row.selection) };
    },
    /**
     * Settles what the snapshot holds, once and for all; call it in a REPEATABLE READ transaction that holds the snapshot's
     * row, so that pairs and event position tell of one moment. Resolves to the number of pairs.
     */
    async pin(tx: Transaction, snapshot: { id: string; datasetId: string; selection: Selection }): Promise<number> {
      const pairs = await tx.$executeRaw(pinStatement(snapshot));
      await tx.$executeRaw(pinPreferencesStatement(snapshot.id));
      await tx.$executeRaw`
        UPDATE snapshots SET stage = 'writing', rows_total = ${pairs},
          event_position = (SELECT coalesce(max(position), 0) FROM events WHERE dataset_id = ${snapshot.datasetId}::uuid)
        WHERE id = ${snapshot.id}::uuid`;
      return pairs;
    },
    /**
     * Lets the planner know of the pinned pairs. Without figures it takes them for a few hundred and sorts all that are left for
     * every page; the embedded database never gathers any by itself.
     */
    async analyze(): Promise<void> {
      await db.prisma.$executeRaw`ANALYZE snapshot_pairs, snapshot_preferences`;
    },
    async pinned(id: string): Promise<{ rowsTotal: number; eventPosition: number }> {
      const row = await db.prisma.snapshot.findUniqueOrThrow({ where: { id }, select: { rowsTotal: true, eventPosition: true } });
      return { rowsTotal: row.rowsTotal, eventPosition: Number(row.eventPosition ?? 0) };
    },
    /**
     * The next pinned pairs of whole conversations after the one named, as `decodePair` takes them, in order; those of one split, or
     * all. About `limit` pairs: the last conversation comes whole. Empty at the end.
     */
    async pairsPage(source: PinnedPairs, afterId: string | null, limit: number): Promise<PairsPage> {
      const { rows } = await db.executeSql(pinnedPageStatement(source), [source.snapshotId, afterId ?? nilUuid, limit, source.split]);
      return { pairs: rows.map((row) => row['pair'] as string), lastId: (rows.at(-1)?.['conversation_id'] as string | undefined) ?? null };
    },
    /** Whether any pair is preferred to another; where none is, they need not be looked for pair by pair. */
    async hasPreferences(id: string): Promise<boolean> {
      return (await db.prisma.snapshotPreference.findFirst({ where: { snapshotId: id }, select: { snapshotId: true } })) !== null;
    },
    /** Every rating dimension that occurs in the pinned pairs, in order. */
    async ratingDimensions(id: string): Promise<string[]> {
      const rows = await queryRows(
        db.prisma,
        z.object({ name: z.string() }),
        Prisma.sql`SELECT DISTINCT k COLLATE "C" AS name FROM snapshot_pairs, jsonb_object_keys(ratings) k WHERE snapshot_id = ${id}::uuid ORDER BY 1`,
      );
      return rows.map(({ name }) => name);
    },
    /** Writes progress down. False when the build is to stop: somebody cancelled it, or it has ended elsewhere. */
    async report(id: string, progress: { rowsDone: number } | { stage: 'storing' }): Promise<boolean> {
      const { count } = await db.prisma.snapshot.updateMany({ where: { id, status: 'building', cancelAsked: false }, data: progress });
      return count === 1;
    },
    /** Differences to the newest published snapshot of lower number, as the one entry of a changelog. */
    async changelog(
      snapshot: Pick<PrismaSnapshot, 'id' | 'datasetId' | 'number' | 'notes' | 'createdAt' | 'rowsTotal'>,
    ): Promise<ChangelogEntry[]> {
      const previous = await db.prisma.snapshot.findFirst({
        where: { datasetId: snapshot.datasetId, status: 'published', number: { lt: snapshot.number } },
        orderBy: { number: 'desc' },
        select: { id: true, number: true },
      });
      const { number, notes } = snapshot;
      const common = { snapshot: number, notes, createdAt: snapshot.createdAt.toISOString(), retracted: 0 };
      if (previous === null) return [{ ...common, since: null, added: snapshot.rowsTotal, edited: 0, removed: 0 }];
      const [changes] = await queryRows(db.prisma, changesSchema, changesStatement(previous.id, snapshot.id));
      return changes
        ? [{ ...common, since: previous.number, added: changes.added, edited: changes.revised, removed: changes.removed }]
        : [];
    },
    /** Makes the snapshot public, files and all. False when it was cancelled or has ended elsewhere. */
    async publish(
      tx: Transaction,
      id: string,
      built: {
        counts: SnapshotCounts;
        statistics: SnapshotStatistics;
        contentHash: string;
        files: readonly BuiltFile[];
        publishedAt: Date;
      },
    ): Promise<boolean> {
      const { counts, statistics, contentHash, publishedAt } = built;
      const { count } = await tx.snapshot.updateMany({
        where: { id, status: 'building', cancelAsked: false },
        data: { status: 'published', stage: 'done', rowsDone: counts.pairs, counts, statistics, contentHash, publishedAt, error: null },
      });
      if (count === 0) return false;
      await tx.snapshotFile.createMany({ data: built.files.map((file) => ({ snapshotId: id, ...file })) });
      return true;
    },
  };
}

/** One statement, and so one moment: everything of a pair that may change later is copied, and its revisions, which cannot, are named. */
function pinStatement({ id, datasetId, selection }: { id: string; datasetId: string; selection: Selection }): Prisma.Sql {
  return Prisma.sql`
    INSERT INTO snapshot_pairs (snapshot_id, conversation_id, response_id, turn, split, response_revision_id, instruction_revision_id, category, language, response_author,
      instruction_author, editors, ai_assistance, terms_version, reviews, approvals, posterior, rating, rating_count, ratings, strength, strength_error, comparisons, checks, approved_at)
    SELECT ${id}::uuid, r.root_id, r.id, (r.depth + 1) / 2, 'train', rr.id, ir.id, p.category, p.language, ra.display_name, ia.display_name,
      ARRAY(SELECT DISTINCT u.display_name COLLATE "C" AS name FROM revisions v JOIN entries x ON x.id = v.entry_id JOIN users u ON u.id = v.author_id
        WHERE v.entry_id IN (r.id, i.id) AND v.author_id IS DISTINCT FROM x.author_id AND v.number <= CASE WHEN v.entry_id = r.id THEN rr.number ELSE ir.number END ORDER BY name), greatest(rr.ai_assistance, ir.ai_assistance),
      r.terms_version, v.reviews, v.approvals, rr.posterior[1], p.rating, p.rating_count, p.ratings, q.strength, q.error, coalesce(q.comparisons, 0), coalesce(k.kinds, '{}'), p.approved_at
    FROM (SELECT p.*, c.slug AS category ${selectedPairs(datasetId, selection)}) p
    JOIN entries r ON r.id = p.response_id
    JOIN entries i ON i.id = p.instruction_id
    JOIN revisions rr ON rr.id = r.current_revision_id
    JOIN revisions ir ON ir.id = i.current_revision_id
    LEFT JOIN response_strengths q ON q.response_id = r.id AND q.revision_id = rr.id AND q.comparisons > 0
    LEFT JOIN users ra ON ra.id = r.author_id
    LEFT JOIN users ia ON ia.id = i.author_id
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS reviews, (count(*) FILTER (WHERE w.verdict = 'approve'))::int AS approvals
      FROM reviews w WHERE w.revision_id = rr.id
    ) v
    CROSS JOIN LATERAL (
      SELECT array_agg(DISTINCT f.kind COLLATE "C" ORDER BY f.kind COLLATE "C") AS kinds FROM checks f WHERE f.revision_id IN (rr.id, ir.id)
    ) k
    ORDER BY r.root_id, r.id`;
}

/** Of the pinned responses those that were compared with each other as they are pinned: the stronger one is chosen. */
function pinPreferencesStatement(id: string): Prisma.Sql {
  return Prisma.sql`
    INSERT INTO snapshot_preferences (snapshot_id, chosen_id, rejected_id, margin, margin_error, comparisons, ties, both_bad)
    SELECT ${id}::uuid, CASE WHEN a.strength > b.strength THEN a.response_id ELSE b.response_id END, CASE WHEN a.strength > b.strength THEN b.response_id ELSE a.response_id END,
      abs(a.strength - b.strength), sqrt(a.strength_error ^ 2 + b.strength_error ^ 2), g.comparisons, g.ties, g.both_bad
    FROM (
      SELECT c.a_id, c.b_id, c.a_revision_id, c.b_revision_id, count(*)::int AS comparisons, (count(*) FILTER (WHERE c.preference = 'tie'))::int AS ties,
        (count(*) FILTER (WHERE c.preference = 'both_bad'))::int AS both_bad
      FROM comparisons c WHERE c.dataset_id = (SELECT dataset_id FROM snapshots WHERE id = ${id}::uuid) GROUP BY 1, 2, 3, 4
    ) g
    JOIN snapshot_pairs a ON a.snapshot_id = ${id}::uuid AND a.response_id = g.a_id AND a.response_revision_id = g.a_revision_id
    JOIN snapshot_pairs b ON b.snapshot_id = ${id}::uuid AND b.response_id = g.b_id AND b.response_revision_id = g.b_revision_id
    WHERE a.strength <> b.strength`;
}

function changesStatement(previousId: string, id: string): Prisma.Sql {
  return Prisma.sql`
    SELECT (count(*) FILTER (WHERE o.response_id IS NULL))::int AS added, (count(*) FILTER (WHERE n.response_id IS NULL))::int AS removed,
      (count(*) FILTER (WHERE o.response_revision_id <> n.response_revision_id OR o.instruction_revision_id <> n.instruction_revision_id))::int AS revised
    FROM (SELECT * FROM snapshot_pairs WHERE snapshot_id = ${previousId}::uuid) o
    FULL JOIN (SELECT * FROM snapshot_pairs WHERE snapshot_id = ${id}::uuid) n ON n.response_id = o.response_id`;
}
