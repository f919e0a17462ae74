import type { SnapshotRecord } from '@granary/contract';

/** Which pairs are asked for; empty lists and null mean all. */
export type PairFilter = { categories: readonly string[]; languages: readonly string[]; minRating: number | null };

export const allPairs: PairFilter = { categories: [], languages: [], minRating: null };

/** Tells whether a pair is asked for. With `minRating`, those that nobody rated are not. */
export function createPairFilter({ categories, languages, minRating }: PairFilter): (pair: SnapshotRecord) => boolean {
  const inCategory = new Set(categories);
  const inLanguage = new Set(languages);
  return (pair) =>
    (inCategory.size === 0 || inCategory.has(pair.category)) &&
    (inLanguage.size === 0 || inLanguage.has(pair.language)) &&
    (minRating === null || (pair.rating !== null && pair.rating >= minRating));
}
