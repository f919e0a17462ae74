import { selectionSchema } from '@granary/contract';
import type { SnapshotCounts, SnapshotStatistics, Split } from '@granary/contract';
import { Prisma, queryRows } from '@granary/db';
import type { Database, Transaction } from '@granary/db';
import * as z from 'zod';
import { createChangeCountsRepository } from './change-counts-repository.ts';
import { pinSnapshot } from './pin-repository.ts';
import { nilUuid, pinnedPageStatement } from './pinned-pairs.ts';
import type { PairsPage, PinnedPairs } from './pinned-pairs.ts';

/** What a build has to know before it begins. */
export type BuildTask = NonNullable<Awaited<ReturnType<BuildRepository['begin']>>>;
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
    pin: pinSnapshot,
    /**
     * Lets the planner know of the pinned pairs. Without figures it takes them for a few hundred and sorts all that are left for
     * every page; the embedded database never gathers any by itself.
     */
    async analyze(): Promise<void> {
      await db.prisma.$executeRaw`ANALYZE snapshot_pairs, snapshot_preferences`;
    },
    /** The same of the splits that were just settled. */
    async analyzeSplits(): Promise<void> {
      await db.prisma.$executeRaw`ANALYZE split_assignments, split_bands`;
    },
    async pinned(id: string): Promise<{ rowsTotal: number; withheld: number; eventPosition: number }> {
      const row = await db.prisma.snapshot.findUniqueOrThrow({
        where: { id },
        select: { rowsTotal: true, withheld: true, eventPosition: true },
      });
      return { rowsTotal: row.rowsTotal, withheld: row.withheld, eventPosition: Number(row.eventPosition ?? 0) };
    },
    /**
     * The next pinned pairs of whole conversations after the one named, as `decodePairs` takes them, in order; those of one split, or
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
    ...createChangeCountsRepository(db),
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
    /** Where the files of a published snapshot lie in storage. */
    async storedKeys(tx: Transaction, id: string): Promise<string[]> {
      const files = await tx.snapshotFile.findMany({ where: { snapshotId: id }, select: { storageKey: true } });
      return files.map(({ storageKey }) => storageKey);
    },
  };
}
