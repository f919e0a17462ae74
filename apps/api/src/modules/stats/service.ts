import type { endpoints, EndpointOutput } from '@granary/contract';
import type { StatsRepository } from './repository.ts';

export type StatsService = ReturnType<typeof createStatsService>;
type Stats = EndpointOutput<typeof endpoints.stats.get>;

const weekMs = 7 * 86_400_000;

/** Figures for the landing page. They decide nothing, so each process may show the same ones for `freshMs`. */
export function createStatsService({ stats, clock, freshMs = 10_000 }: { stats: StatsRepository; clock: () => Date; freshMs?: number }) {
  let kept: { until: number; figures: Promise<Stats> } | undefined;
  return {
    get(): Promise<Stats> {
      const now = clock().getTime();
      if (kept === undefined || kept.until <= now) {
        const figures = stats.read(new Date(now - weekMs));
        kept = { until: now + freshMs, figures };
        figures.catch(() => (kept = undefined));
      }
      return kept.figures;
    },
  };
}
