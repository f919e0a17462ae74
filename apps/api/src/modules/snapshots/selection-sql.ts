import type { Selection, SnapshotCounts } from '@granary/contract';
import { Prisma } from '@granary/db';
import { bandsVersion } from '@granary/domain';

/** `FROM … WHERE …` over the pairs `p` of a dataset that a selection holds, with their category `c`. */
export function selectedPairs(datasetId: string, selection: Selection): Prisma.Sql {
  const { categories, languages, minRating, ratedOnly, minRatings, minComparisons, from, to } = selection;
  const conditions = [Prisma.sql`p.dataset_id = ${datasetId}::uuid`];
  if (categories.length > 0) conditions.push(Prisma.sql`c.slug = ANY(${categories}::text[])`);
  if (languages.length > 0) conditions.push(Prisma.sql`p.language = ANY(${languages}::text[])`);
  if (minRating !== null) conditions.push(Prisma.sql`(p.rating >= ${minRating}::float8 OR p.rating IS NULL)`);
  if (ratedOnly) conditions.push(Prisma.sql`p.rating IS NOT NULL`);
  if (minRatings > 0) conditions.push(Prisma.sql`p.rating_count >= ${minRatings}::int`);
  if (minComparisons > 0)
    conditions.push(
      Prisma.sql`EXISTS (SELECT 1 FROM response_strengths s JOIN entries r ON r.id = s.response_id AND r.current_revision_id = s.revision_id
        WHERE s.response_id = p.response_id AND s.comparisons >= ${minComparisons}::int)`,
    );
  if (from !== null) conditions.push(Prisma.sql`p.approved_at >= ${from}::date::timestamp AT TIME ZONE 'UTC'`);
  if (to !== null) conditions.push(Prisma.sql`p.approved_at < (${to}::date + 1)::timestamp AT TIME ZONE 'UTC'`);
  return Prisma.sql`FROM pairs p JOIN categories c ON c.id = p.category_id WHERE ${Prisma.join(conditions, ' AND ')}`;
}

/** The version of bands and comparisons that statements hold what is stored against. */
export const currentBands = bandsVersion;

/**
 * Whether the conversation of the first instruction `root` has to be compared before it may go into a snapshot, by its assignment `a`: it is new, its first
 * instruction or a response was edited or added, or texts are compared in another way by now. A text that is not approved is in no snapshot; the assignment tells of the
 * one before.
 */
export const isUnsigned = Prisma.raw(
  `(a.conversation_id IS NULL OR a.compared_version < ${currentBands} OR (a.revision_id <> root.current_revision_id AND root.status = 'approved')
    OR EXISTS (SELECT 1 FROM entries x WHERE x.root_id = root.id AND x.role = 'response' AND x.status = 'approved' AND x.current_revision_id <> ALL(a.response_revision_ids)))`,
);

/** Adds groups up; in the order of the names' bytes, which no database's collation can change. */
export function toCounts(groups: readonly { category: string; language: string; pairs: number }[]): SnapshotCounts {
  const byCategory = sumBy(groups, 'category').map(([category, pairs]) => ({ category, pairs }));
  const byLanguage = sumBy(groups, 'language').map(([language, pairs]) => ({ language, pairs }));
  return { pairs: groups.reduce((sum, group) => sum + group.pairs, 0), byCategory, byLanguage };
}

function sumBy<K extends 'category' | 'language'>(groups: readonly (Record<K, string> & { pairs: number })[], key: K): [string, number][] {
  const sums = new Map<string, number>();
  for (const group of groups) sums.set(group[key], (sums.get(group[key]) ?? 0) + group.pairs);
  return [...sums.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
}
