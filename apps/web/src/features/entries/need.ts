import type { Category } from '@granary/contract';

/** Share of the target that is reached, 0–1; categories without a target count as reached. */
export function coverage(category: Pick<Category, 'approved' | 'inReview' | 'targetCount'>): number {
  return category.targetCount === 0 ? 1 : Math.min(1, category.approved / category.targetCount);
}

/** Most needed first: least covered, what is under review counting half; the dataset's own order decides between equals. */
export function byNeed<T extends Pick<Category, 'approved' | 'inReview' | 'targetCount'>>(categories: readonly T[]): T[] {
  const weight = (category: T) => (category.targetCount === 0 ? 2 : (category.approved + category.inReview / 2) / category.targetCount);
  return categories.toSorted((a, b) => weight(a) - weight(b));
}
