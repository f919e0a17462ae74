import type { FullRecord, SnapshotCounts } from '@granary/contract';

/** Texts of one source under one licence. `origin` is null for what was written on the platform. */
export type SourceShare = { origin: string | null; url: string | null; licence: string; pairs: number };

/** What a card tells about the pairs of a snapshot. */
export type CorpusSummary = {
  counts: SnapshotCounts;
  /** By source and licence of the response, the largest first. */
  sources: SourceShare[];
  /** Licences of the passages in `context`, the commonest first. */
  contextLicences: { licence: string; pairs: number }[];
  /** Pairs by how far AI helped, and pairs of follow-up turns. */
  aiAssistance: Record<FullRecord['ai_assistance'], number>;
  followUps: number;
  /** Every rating dimension that occurs, in order. */
  ratingDimensions: string[];
};

/** Counts records as they pass by; the order they come in makes no difference. */
export function createSummary(): { add(records: readonly FullRecord[]): void; result(): CorpusSummary } {
  const categories = new Map<string, number>();
  const languages = new Map<string, number>();
  const sources = new Map<string, SourceShare>();
  const contextLicences = new Map<string, number>();
  const dimensions = new Set<string>();
  const aiAssistance = { none: 0, wording: 0, drafted: 0 };
  let pairs = 0;
  let followUps = 0;

  function add(record: FullRecord): void {
    pairs += 1;
    if (record.turn > 1) followUps += 1;
    aiAssistance[record.ai_assistance] += 1;
    increase(categories, record.category);
    increase(languages, record.language);
    if (record.context !== '') increase(contextLicences, record.context_licence ?? 'unknown');
    for (const dimension in record.ratings) dimensions.add(dimension);
    const key = `${record.origin ?? ''}\u0000${record.origin_url ?? ''}\u0000${record.response_licence}`;
    const source = sources.get(key);
    if (source) source.pairs += 1;
    else sources.set(key, { origin: record.origin, url: record.origin_url, licence: record.response_licence, pairs: 1 });
  }

  return {
    add: (records) => records.forEach(add),
    result: () => ({
      counts: {
        pairs,
        byCategory: byName(categories).map(([category, count]) => ({ category, pairs: count })),
        byLanguage: byName(languages).map(([language, count]) => ({ language, pairs: count })),
      },
      sources: [...sources.entries()].sort(([a, x], [b, y]) => y.pairs - x.pairs || compare(a, b)).map(([, source]) => source),
      contextLicences: [...contextLicences.entries()]
        .sort(([a, x], [b, y]) => y - x || compare(a, b))
        .map(([licence, count]) => ({ licence, pairs: count })),
      aiAssistance: { ...aiAssistance },
      followUps,
      ratingDimensions: [...dimensions].sort(),
    }),
  };
}

const increase = (counts: Map<string, number>, name: string) => void counts.set(name, (counts.get(name) ?? 0) + 1);
const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));
const byName = (counts: Map<string, number>) => [...counts.entries()].sort(([a], [b]) => compare(a, b));
