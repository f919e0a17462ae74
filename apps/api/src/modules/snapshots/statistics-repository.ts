import { snapshotStatisticsSchema } from '@granary/contract';
import type { SnapshotStatistics } from '@granary/contract';
import type { Database } from '@granary/db';

/** What was reckoned of a published snapshot's pairs. */
export function createStatisticsRepository(db: Pick<Database, 'prisma'>) {
  return {
    /** Null when there is no such published snapshot; its statistics are null when it was built before they were kept. */
    async ofSnapshot(slug: string, number: number): Promise<{ statistics: SnapshotStatistics | null } | null> {
      const found = await db.prisma.snapshot.findFirst({
        where: { number, status: 'published', dataset: { slug } },
        select: { statistics: true },
      });
      return found && { statistics: snapshotStatisticsSchema.nullable().parse(found.statistics) };
    },
  };
}
