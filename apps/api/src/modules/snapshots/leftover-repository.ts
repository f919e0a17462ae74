import type { Database } from '@granary/db';

export type LeftoverRepository = ReturnType<typeof createLeftoverRepository>;

export function createLeftoverRepository(db: Pick<Database, 'prisma'>) {
  return {
    /** Snapshots that are being built, or are to be. */
    async running(): Promise<{ slug: string; number: number }[]> {
      const rows = await db.prisma.snapshot.findMany({
        where: { status: { in: ['queued', 'building'] } },
        select: { number: true, dataset: { select: { slug: true } } },
      });
      return rows.map(({ number, dataset }) => ({ slug: dataset.slug, number }));
    },
    /** Which of these storage keys are files of published snapshots. */
    async publishedAmong(keys: readonly string[]): Promise<Set<string>> {
      const rows = await db.prisma.snapshotFile.findMany({
        where: { storageKey: { in: [...keys] }, snapshot: { status: 'published' } },
        select: { storageKey: true },
      });
      return new Set(rows.map(({ storageKey }) => storageKey));
    },
  };
}
