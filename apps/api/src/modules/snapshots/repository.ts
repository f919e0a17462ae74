import { countsSchema, selectionSchema, snapshotStageSchema, splitSchema } from '@granary/contract';
import type { Selection, SnapshotCounts, SnapshotStatus } from '@granary/contract';
import { Prisma, queryRows } from '@granary/db';
import type { Database, Transaction } from '@granary/db';
import * as z from 'zod';
import { selectedPairs, toCounts } from './selection-sql.ts';

export type SnapshotDataset = { id: string; slug: string };
/** A snapshot with its files, as the service shows it. */
export type SnapshotRow = NonNullable<Awaited<ReturnType<SnapshotRepository['byNumber']>>>;
export type NewSnapshot = {
  datasetId: string;
  selection: Selection;
  notes: string;
  createdById: string;
  createdAt: Date;
  rowsTotal: number;
};
export type SnapshotRepository = ReturnType<typeof createSnapshotRepository>;

const running: SnapshotStatus[] = ['queued', 'building'];
const groupSchema = z.object({ category: z.string(), language: z.string(), pairs: z.int() });
const withFiles = { files: { orderBy: { name: 'asc' } }, dataset: { select: { slug: true } } } as const;

export function createSnapshotRepository(db: Database) {
  return {
    async dataset(slug: string): Promise<(SnapshotDataset & { categories: string[] }) | null> {
      const found = await db.prisma.dataset.findUnique({
        where: { slug },
        select: { id: true, slug: true, categories: { select: { slug: true } } },
      });
      return found && { id: found.id, slug: found.slug, categories: found.categories.map((category) => category.slug) };
    },
    /** What a selection holds now. */
    async counts(datasetId: string, selection: Selection): Promise<SnapshotCounts> {
      const groups = await queryRows(
        db.prisma,
        groupSchema,
        Prisma.sql`SELECT c.slug AS category, p.language, count(*)::int AS pairs ${selectedPairs(datasetId, selection)} GROUP BY c.slug, p.language`,
      );
      return toCounts(groups);
    },
    /** Newest first; `before` is the number of the last one seen. */
    page(datasetId: string, { before, limit, publishedOnly }: { before: number | null; limit: number; publishedOnly: boolean }) {
      return db.prisma.snapshot
        .findMany({
          where: {
            datasetId,
            ...(before === null ? {} : { number: { lt: before } }),
            ...(publishedOnly ? { status: 'published' } : {}),
          },
          orderBy: { number: 'desc' },
          take: limit,
          include: withFiles,
        })
        .then((rows) => rows.map(fromDatabase));
    },
    async byNumber(slug: string, number: number, client: Transaction = db.prisma) {
      const found = await client.snapshot.findFirst({ where: { number, dataset: { slug } }, include: withFiles });
      return found && fromDatabase(found);
    },
    async latestNumber(slug: string): Promise<number | null> {
      const found = await db.prisma.snapshot.findFirst({
        where: { status: 'published', dataset: { slug } },
        orderBy: { number: 'desc' },
        select: { number: true },
      });
      return found?.number ?? null;
    },
    async publishedFile(slug: string, number: number, name: string) {
      const found = await db.prisma.snapshotFile.findFirst({
        where: { name, snapshot: { number, status: 'published', dataset: { slug } } },
      });
      return found && { ...found, bytes: Number(found.bytes) };
    },

    /** Until the transaction ends, nobody else begins a snapshot of this dataset: its numbers and its one running build are settled here. */
    async lockDataset(tx: Transaction, datasetId: string): Promise<void> {
      await tx.$queryRaw`SELECT 1 FROM datasets WHERE id = ${datasetId}::uuid FOR UPDATE`;
    },
    async runningOf(tx: Transaction, datasetId: string): Promise<{ id: string; number: number } | null> {
      return tx.snapshot.findFirst({ where: { datasetId, status: { in: running } }, select: { id: true, number: true } });
    },
    async add(tx: Transaction, snapshot: NewSnapshot): Promise<{ id: string; number: number }> {
      const last = await tx.snapshot.aggregate({ where: { datasetId: snapshot.datasetId }, _max: { number: true } });
      const number = (last._max.number ?? 0) + 1;
      const { id } = await tx.snapshot.create({ data: { ...snapshot, number }, select: { id: true } });
      return { id, number };
    },
    /** Holds the snapshot's row until the transaction ends, and tells what it says. */
    async lock(tx: Transaction, id: string): Promise<{ status: SnapshotStatus; cancelAsked: boolean; stage: string }> {
      await tx.$queryRaw`SELECT 1 FROM snapshots WHERE id = ${id}::uuid FOR UPDATE`;
      return tx.snapshot.findUniqueOrThrow({ where: { id }, select: { status: true, cancelAsked: true, stage: true } });
    },
    async askToCancel(tx: Transaction, id: string): Promise<void> {
      await tx.snapshot.update({ where: { id }, data: { cancelAsked: true } });
    },
    /** Ends a build that brought nothing; what it had pinned goes too. */
    async end(tx: Transaction, id: string, status: 'cancelled' | 'failed', error: string | null): Promise<void> {
      await tx.snapshotPair.deleteMany({ where: { snapshotId: id } });
      await tx.snapshotPreference.deleteMany({ where: { snapshotId: id } });
      await tx.snapshotChange.deleteMany({ where: { snapshotId: id } });
      await tx.snapshotChangeCount.deleteMany({ where: { snapshotId: id } });
      await tx.snapshot.update({ where: { id }, data: { status, error } });
    },
    /** Builds that somebody still has to do or to finish. */
    async unfinished(): Promise<string[]> {
      const rows = await db.prisma.snapshot.findMany({
        where: { status: { in: running } },
        select: { id: true },
        orderBy: { createdAt: 'asc' },
      });
      return rows.map(({ id }) => id);
    },
  };
}

function fromDatabase(row: Prisma.SnapshotGetPayload<{ include: typeof withFiles }>) {
  return {
    ...row,
    selection: selectionSchema.parse(row.selection),
    counts: countsSchema.nullable().parse(row.counts),
    stage: snapshotStageSchema.parse(row.stage),
    files: row.files.map(({ bytes, split, ...file }) =>
      Object.assign(file, { bytes: Number(bytes), split: splitSchema.nullable().parse(split) }),
    ),
  };
}
