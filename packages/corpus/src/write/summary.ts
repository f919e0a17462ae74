import type { FullRecord, SnapshotCounts, SnapshotStatistics } from '@granary/contract';
import { createStatistics } from './statistics.ts';

/** Texts of one source under one licence. `origin` is null for what was written on the platform. */
export type SourceShare = { origin: string | null; url: string | null; licence: string; pairs: number };

/** What a card tells about the pairs of a snapshot. */
export type CorpusSummary = {
  counts: SnapshotCounts;
  statistics: SnapshotStatistics;
  /** By source and licence of the response, the largest first. */
  sources: SourceShare[];
  /** Licences of the passages in `context`, the commonest first. */
  contextLicences: { licence: string; pairs: number }[];
  /** Days (UTC) of the first and the last approval; null without pairs. */
  approved: { from: string; to: string } | null;
  /** Every rating dimension that occurs, in order. */
  ratingDimensions: string[];
};

/**
 * Counts pairs as they pass by. Those of a conversation come together; beyond that the order makes no difference. The result is plain
 * data, which may cross from one thread to another.
 */
export function createSummary(): { add(records: readonly FullRecord[]): void; result(): CorpusSummary } {
  const statistics = createStatistics();
  const sources = new Map<string, SourceShare>();
  const contextLicences = new Map<string, number>();
  const dimensions = new Set<string>();
  let first = '';
  let last = '';

  function add(record: FullRecord): void {
    if (first === '' || record.approved_at < first) first = record.approved_at;
    if (record.approved_at > last) last = record.approved_at;
    if (record.context !== '') increase(contextLicences, record.context_licence ?? 'unknown');
    for (const dimension in record.ratings) dimensions.add(dimension);
    const key = `${record.origin ?? ''}\u0000${record.origin_url ?? ''}\u0000${record.response_licence}`;
    const source = sources.get(key);
    if (source) source.pairs += 1;
    else sources.set(key, { origin: record.origin, url: record.origin_url, licence: record.response_licence, pairs: 1 });
  }

  return {
    add(records) {
      records.forEach(statistics.add);
      records.forEach(add);
    },
    result: () => ({
      ...countsAndStatistics(statistics.result()),
      sources: [...sources.entries()].sort(([a, x], [b, y]) => y.pairs - x.pairs || compare(a, b)).map(([, source]) => source),
      contextLicences: [...contextLicences.entries()]
        .sort(([a, x], [b, y]) => y - x || compare(a, b))
        .map(([licence, count]) => ({ licence, pairs: count })),
      approved: last === '' ? null : { from: first.slice(0, 10), to: last.slice(0, 10) },
      ratingDimensions: [...dimensions].sort(),
    }),
  };
}

const increase = (counts: Map<string, number>, name: string) => void counts.set(name, (counts.get(name) ?? 0) + 1);
const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));

/** The counts are in the order of their names, the statistics in that of a reader's interest. */
function countsAndStatistics(statistics: SnapshotStatistics): Pick<CorpusSummary, 'counts' | 'statistics'> {
  const { pairs } = statistics;
  const byCategory = statistics.byCategory.toSorted((a, b) => compare(a.category, b.category));
  const byLanguage = statistics.byLanguage.toSorted((a, b) => compare(a.language, b.language));
  return { counts: { pairs, byCategory, byLanguage }, statistics };
}
