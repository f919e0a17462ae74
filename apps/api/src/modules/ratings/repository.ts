import { ratingDimensionSchema } from '@granary/contract';
import { Prisma, queryRows, type Database, type Transaction } from '@granary/db';
import * as z from 'zod';
import { plainMeans, ratingsGiven, refreshRatings } from '../entries/rating-sql.ts';

const scoresSchema = z.record(z.string(), z.number());
const ratedRowSchema = z.object({
  dataset_id: z.string(),
  revision_id: z.string(),
  author_id: z.string().nullable(),
  archived: z.boolean(),
  dimensions: z.array(ratingDimensionSchema),
  rating: z.number().nullable(),
  mean: z.number().nullable(),
  scores: z.int(),
  means: scoresSchema,
  raters: z.int(),
  mine: scoresSchema.nullable(),
});
export type RatedEntry = z.infer<typeof ratedRowSchema>;
const givenRowSchema = z.object({ response_id: z.string(), user_id: z.string(), ratings: scoresSchema });
/** Pairs per page, when all ratings of a dataset are read. */
const pageRows = 2_000;
/** Raters per statement. */
const batch = 1_000;

export type RatingRepository = ReturnType<typeof createRatingRepository>;

export function createRatingRepository(db: Database) {
  return {
    /** An approved response with its ratings; null when there is none of that id. */
    async rated(client: Transaction, entryId: string, userId: string | null): Promise<RatedEntry | null> {
      const [row] = await queryRows(
        client,
        ratedRowSchema,
        Prisma.sql`
          SELECT r.dataset_id::text, r.current_revision_id::text AS revision_id, r.author_id::text, d.archived_at IS NOT NULL AS archived, d.dimensions, p.rating, plain.mean, plain.scores, plain.means,
            p.rating_count AS raters, (SELECT t.ratings FROM ratings t WHERE t.revision_id = r.current_revision_id AND t.user_id = ${userId}::uuid) AS mine
          FROM pairs p JOIN entries r ON r.id = p.response_id JOIN datasets d ON d.id = r.dataset_id
          CROSS JOIN LATERAL ${plainMeans(Prisma.sql`r.current_revision_id`)} plain WHERE p.response_id = ${entryId}::uuid`,
      );
      return row ?? null;
    },

    /** Keeps what somebody gives to a revision, in place of what they gave before. */
    async put(
      tx: Transaction,
      rating: { revisionId: string; userId: string; datasetId: string; ratings: Record<string, number>; now: Date },
    ) {
      const { revisionId, userId, datasetId, ratings, now } = rating;
      await tx.rating.upsert({
        where: { revisionId_userId: { revisionId, userId } },
        create: { revisionId, userId, datasetId, ratings, createdAt: now, updatedAt: now },
        update: { ratings, updatedAt: now },
      });
    },

    async remove(tx: Transaction, revisionId: string, userId: string): Promise<void> {
      await tx.rating.deleteMany({ where: { revisionId, userId } });
    },

    async refresh(tx: Transaction, responseId: string): Promise<void> {
      await refreshRatings(tx, Prisma.sql`p.response_id = ${responseId}::uuid`);
    },

    /** Datasets with ratings that are newer than their last estimate, where that is from before a moment. */
    async due(before: Date): Promise<string[]> {
      const rows = await queryRows(
        db.prisma,
        z.object({ id: z.string() }),
        Prisma.sql`
          SELECT d.id::text FROM datasets d LEFT JOIN rating_estimates m ON m.dataset_id = d.id
          WHERE d.archived_at IS NULL AND (m.updated_at IS NULL OR m.updated_at < ${before})
            AND EXISTS (SELECT 1 FROM ratings t WHERE t.dataset_id = d.id AND t.updated_at > coalesce(m.updated_at, '-infinity'))
          ORDER BY d.id`,
      );
      return rows.map(({ id }) => id);
    },

    /** All ratings of the approved responses of a dataset, a page of responses at a time. */
    async *given(datasetId: string): AsyncGenerator<z.infer<typeof givenRowSchema>[]> {
      let after = '00000000-0000-0000-0000-000000000000';
      for (;;) {
        const pairs = await queryRows(
          db.prisma,
          z.object({ id: z.string() }),
          Prisma.sql`SELECT p.response_id::text AS id FROM pairs p WHERE p.dataset_id = ${datasetId}::uuid AND p.response_id > ${after}::uuid ORDER BY p.response_id LIMIT ${pageRows}::int`,
        );
        const ids = pairs.map(({ id }) => id);
        if (ids.length === 0) return;
        yield await queryRows(
          db.prisma,
          givenRowSchema,
          Prisma.sql`
            SELECT r.id::text AS response_id, g.user_id::text, g.ratings FROM entries r CROSS JOIN LATERAL ${ratingsGiven(Prisma.sql`r.current_revision_id`)} g
            WHERE r.id = ANY(${ids}::uuid[]) ORDER BY r.id, g.user_id`,
        );
        after = ids.at(-1) ?? after;
      }
    },

    /** Puts an estimate in force, and brings all pairs of the dataset in step with it. */
    async putEstimate(
      tx: Transaction,
      datasetId: string,
      {
        raters,
        means,
        now,
      }: { raters: readonly { userId: string; bias: number; scores: number }[]; means: Record<string, number>; now: Date },
    ): Promise<void> {
      await tx.raterBias.deleteMany({ where: { datasetId } });
      for (let from = 0; from < raters.length; from += batch)
        await tx.raterBias.createMany({ data: raters.slice(from, from + batch).map((rater) => ({ datasetId, ...rater })) });
      await tx.ratingEstimate.upsert({
        where: { datasetId },
        create: { datasetId, means, updatedAt: now },
        update: { means, updatedAt: now },
      });
      await refreshRatings(
        tx,
        Prisma.sql`p.dataset_id = ${datasetId}::uuid AND (p.rating_count > 0 OR EXISTS (SELECT 1 FROM ratings t WHERE t.revision_id = r.current_revision_id))`,
      );
    },
  };
}
