import { Prisma, type Transaction } from '@granary/db';
import { ratingPrior } from '@granary/domain';

/**
 * Everybody's ratings of a revision, one row per person with the dimensions: those of volunteers and those that approving reviewers gave along, the newer
 * where somebody did both.
 */
export const ratingsGiven = (revisionId: Prisma.Sql) => Prisma.sql`(
  SELECT DISTINCT ON (x.user_id) x.user_id, x.ratings FROM (
    SELECT w.reviewer_id AS user_id, w.ratings, w.created_at AS at FROM reviews w WHERE w.revision_id = ${revisionId} AND w.verdict = 'approve' AND w.ratings <> '{}'
    UNION ALL SELECT t.user_id, t.ratings, t.updated_at FROM ratings t WHERE t.revision_id = ${revisionId}
  ) x ORDER BY x.user_id, x.at DESC)`;

/** Plain means of what was given to a revision: `mean` over all scores, how many those are, and the mean of each dimension. */
export const plainMeans = (revisionId: Prisma.Sql) => Prisma.sql`(
  WITH scores AS (SELECT s.key AS dimension, s.value::float8 AS score FROM ${ratingsGiven(revisionId)} g CROSS JOIN LATERAL jsonb_each_text(g.ratings) s)
  SELECT (SELECT round(avg(score)::numeric, 4)::float8 FROM scores) AS mean, (SELECT count(*)::int FROM scores) AS scores,
    (SELECT coalesce(jsonb_object_agg(dimension, mean), '{}') FROM (SELECT dimension, round(avg(score)::numeric, 4) AS mean FROM scores GROUP BY dimension) d) AS means)`;

/**
 * The rating of a revision: `rating` (mean of its dimensions), `ratings` (of each) and `raters`. The formula is the domain's `bayesianMean`, with
 * the biases and means that the last estimate found.
 */
export const ratingOf = (revisionId: Prisma.Sql, datasetId: Prisma.Sql) => Prisma.sql`(
  WITH given AS MATERIALIZED (SELECT g.user_id, g.ratings FROM ${ratingsGiven(revisionId)} g), found AS (
    SELECT s.key AS dimension, least(5, greatest(1,
      (${ratingPrior.itemScores}::float8 * coalesce((m.means->>s.key)::float8, ${ratingPrior.mean}::float8) + sum(s.value::float8 - coalesce(b.bias, 0)))
        / (${ratingPrior.itemScores}::float8 + count(*)))) AS mean
    FROM given CROSS JOIN LATERAL jsonb_each_text(given.ratings) s
    LEFT JOIN rater_biases b ON b.dataset_id = ${datasetId} AND b.user_id = given.user_id
    LEFT JOIN rating_estimates m ON m.dataset_id = ${datasetId}
    GROUP BY s.key, m.means
  )
  SELECT (SELECT round(avg(mean)::numeric, 4)::float8 FROM found) AS rating,
    (SELECT coalesce(jsonb_object_agg(dimension, round(mean::numeric, 4)), '{}') FROM found) AS ratings,
    (SELECT count(*)::int FROM given) AS raters)`;

/** Brings the ratings of pairs in step with what was given; `condition` is on `p`. Resolves to how many changed. */
export function refreshRatings(tx: Transaction, condition: Prisma.Sql): Promise<number> {
  return tx.$executeRaw`
    UPDATE pairs p SET rating = v.rating, ratings = v.ratings, rating_count = v.raters
    FROM entries r CROSS JOIN LATERAL ${ratingOf(Prisma.sql`r.current_revision_id`, Prisma.sql`r.dataset_id`)} v
    WHERE r.id = p.response_id AND (${condition}) AND (p.rating IS DISTINCT FROM v.rating OR p.ratings IS DISTINCT FROM v.ratings OR p.rating_count <> v.raters)`;
}
