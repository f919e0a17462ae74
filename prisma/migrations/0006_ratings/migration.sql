-- AlterTable
ALTER TABLE "pairs" ADD COLUMN     "rating_count" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "ratings" JSONB NOT NULL DEFAULT '{}';

-- AlterTable
ALTER TABLE "snapshot_pairs" ADD COLUMN     "rating_count" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "ratings" (
    "revision_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "ratings" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ratings_pkey" PRIMARY KEY ("revision_id","user_id")
);

-- CreateTable
CREATE TABLE "rater_biases" (
    "dataset_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "bias" DOUBLE PRECISION NOT NULL,
    "scores" INTEGER NOT NULL,

    CONSTRAINT "rater_biases_pkey" PRIMARY KEY ("dataset_id","user_id")
);

-- CreateTable
CREATE TABLE "rating_estimates" (
    "dataset_id" UUID NOT NULL,
    "means" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "rating_estimates_pkey" PRIMARY KEY ("dataset_id")
);

-- CreateIndex
CREATE INDEX "ratings_user_id_idx" ON "ratings"("user_id");

-- CreateIndex
CREATE INDEX "ratings_dataset_id_updated_at_idx" ON "ratings"("dataset_id", "updated_at");

-- CreateIndex
CREATE INDEX "rater_biases_user_id_idx" ON "rater_biases"("user_id");

-- AddForeignKey
ALTER TABLE "ratings" ADD CONSTRAINT "ratings_revision_id_fkey" FOREIGN KEY ("revision_id") REFERENCES "revisions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ratings" ADD CONSTRAINT "ratings_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ratings" ADD CONSTRAINT "ratings_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "datasets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rater_biases" ADD CONSTRAINT "rater_biases_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "datasets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rater_biases" ADD CONSTRAINT "rater_biases_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rating_estimates" ADD CONSTRAINT "rating_estimates_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "datasets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What is rated already becomes a Bayesian mean as well (nothing is known of its raters yet).
UPDATE "pairs" p SET "rating" = v.rating, "ratings" = v.ratings, "rating_count" = v.raters
FROM "entries" r CROSS JOIN LATERAL (
  WITH given AS (
    SELECT w."reviewer_id", w."ratings" FROM "reviews" w WHERE w."revision_id" = r."current_revision_id" AND w."verdict" = 'approve' AND w."ratings" <> '{}'
  ), found AS (
    SELECT s.key AS dimension, (2 * 3.5 + sum(s.value::numeric)) / (2 + count(*)) AS mean
    FROM given CROSS JOIN LATERAL jsonb_each_text(given."ratings") s GROUP BY s.key
  )
  SELECT (SELECT round(avg(mean), 4)::float8 FROM found) AS rating, (SELECT coalesce(jsonb_object_agg(dimension, round(mean, 4)), '{}') FROM found) AS ratings,
    (SELECT count(*)::int FROM given) AS raters
) v
WHERE r."id" = p."response_id" AND p."rating" IS NOT NULL;
