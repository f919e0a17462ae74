import { changeCountsSchema } from '@granary/contract';
import type { Database } from '@granary/db';

type Snapshot = { datasetId: string; number: number };

/** How much each snapshot changed against the published one before it, as it was counted when it was pinned. */
export function createChangeCountsRepository(db: Pick<Database, 'prisma'>) {
  return {
    /** Published snapshots up to this one, and this one, newest first. The first has nothing before it (`since` is null): all its pairs are new. */
    async changelog({ datasetId, number }: Snapshot) {
      const rows = await db.prisma.snapshot.findMany({
        where: { datasetId, OR: [{ number: { lt: number }, status: 'published' }, { number }] },
        orderBy: { number: 'desc' },
        select: { number: true, notes: true, createdAt: true, rowsTotal: true, countedChanges: true },
      });
      return rows.map(({ number: snapshot, notes, createdAt, rowsTotal, countedChanges }, index) => {
        const since = rows[index + 1]?.number ?? null;
        const first = { added: rowsTotal, edited: 0, retracted: 0, removed: 0 };
        const counts = since === null ? first : changeCountsSchema.parse(countedChanges.find((each) => each.since === since));
        return { snapshot, since, ...counts, notes, createdAt: createdAt.toISOString() };
      });
    },
  };
}
