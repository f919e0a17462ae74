import type { SnapshotStatistics } from '@granary/contract';
import { notFound } from '../../errors.ts';
import type { createStatisticsRepository } from './statistics-repository.ts';

export type SnapshotStatisticsService = ReturnType<typeof createSnapshotStatisticsService>;

/** What there is to tell about published snapshots. Throws ApiError. */
export function createSnapshotStatisticsService({ ofSnapshot }: ReturnType<typeof createStatisticsRepository>) {
  return {
    async get(slug: string, number: number): Promise<{ statistics: SnapshotStatistics | null }> {
      const found = await ofSnapshot(slug, number);
      if (found === null) throw notFound(`published snapshot ${number} of ${slug}`);
      return found;
    },
  };
}
