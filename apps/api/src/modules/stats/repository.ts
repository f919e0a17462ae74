import { statsSchema } from '@granary/contract';
import { Prisma, queryRows, type Database } from '@granary/db';

export type StatsRepository = ReturnType<typeof createStatsRepository>;

export function createStatsRepository(db: Database) {
  return {
    /** The figures now. A verdict on both parts of a pair is one review. Languages are found by skipping through the index, one step each. */
    async read(weekAgo: Date) {
      const since = weekAgo.toISOString();
      const [row] = await queryRows(
        db.prisma,
        statsSchema,
        Prisma.sql`
          SELECT n.approved, n.in_review AS "inReview",
            (SELECT count(DISTINCT user_id)::int FROM dataset_contributors) AS contributors,
            (SELECT count(DISTINCT coalesce(task_id, id))::int FROM reviews WHERE created_at >= ${since}::timestamptz) AS "reviewsThisWeek",
            (SELECT count(*)::int FROM pairs WHERE approved_at >= ${since}::timestamptz) AS "approvedThisWeek",
            (SELECT count(*)::int FROM snapshots WHERE status = 'published') AS snapshots,
            (WITH RECURSIVE step AS (
              SELECT d.id AS dataset_id, (SELECT min(p.language) FROM pairs p WHERE p.dataset_id = d.id) AS language FROM datasets d
              UNION ALL
              SELECT step.dataset_id, (SELECT min(p.language) FROM pairs p WHERE p.dataset_id = step.dataset_id AND p.language > step.language) FROM step WHERE step.language IS NOT NULL
            ) SELECT count(DISTINCT language)::int FROM step) AS languages
          FROM (SELECT coalesce(sum(approved), 0)::int AS approved, coalesce(sum(in_review), 0)::int AS in_review FROM category_counts) n`,
      );
      if (row === undefined) throw new Error('An aggregate always has a row');
      return row;
    },
  };
}
