-- CreateEnum
CREATE TYPE "preference" AS ENUM ('a', 'b', 'tie', 'both_bad');

-- CreateTable
CREATE TABLE "comparison_pairs" (
    "id" UUID NOT NULL,
    "instruction_id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "category_id" UUID NOT NULL,
    "language" TEXT NOT NULL,
    "a_id" UUID NOT NULL,
    "b_id" UUID NOT NULL,
    "a_revision_id" UUID NOT NULL,
    "b_revision_id" UUID NOT NULL,
    "author_ids" UUID[],
    "information" DOUBLE PRECISION NOT NULL,
    "leased_by_id" UUID,
    "lease_expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "comparison_pairs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "comparisons" (
    "id" UUID NOT NULL,
    "instruction_id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "a_id" UUID NOT NULL,
    "b_id" UUID NOT NULL,
    "a_revision_id" UUID NOT NULL,
    "b_revision_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "preference" "preference" NOT NULL,
    "a_first" BOOLEAN NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "comparisons_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "comparison_skips" (
    "user_id" UUID NOT NULL,
    "a_revision_id" UUID NOT NULL,
    "b_revision_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "comparison_skips_pkey" PRIMARY KEY ("user_id","a_revision_id","b_revision_id")
);

-- CreateTable
CREATE TABLE "response_strengths" (
    "response_id" UUID NOT NULL,
    "instruction_id" UUID NOT NULL,
    "revision_id" UUID NOT NULL,
    "strength" DOUBLE PRECISION NOT NULL,
    "error" DOUBLE PRECISION NOT NULL,
    "comparisons" INTEGER NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "response_strengths_pkey" PRIMARY KEY ("response_id")
);

-- CreateIndex
CREATE INDEX "comparison_pairs_instruction_id_idx" ON "comparison_pairs"("instruction_id");

-- CreateIndex
CREATE INDEX "comparison_pairs_dataset_id_information_id_idx" ON "comparison_pairs"("dataset_id", "information" DESC, "id");

-- CreateIndex
CREATE INDEX "comparison_pairs_leased_by_id_idx" ON "comparison_pairs"("leased_by_id");

-- CreateIndex
CREATE UNIQUE INDEX "comparison_pairs_a_id_b_id_key" ON "comparison_pairs"("a_id", "b_id");

-- CreateIndex
CREATE INDEX "comparisons_instruction_id_idx" ON "comparisons"("instruction_id");

-- CreateIndex
CREATE INDEX "comparisons_a_revision_id_b_revision_id_idx" ON "comparisons"("a_revision_id", "b_revision_id");

-- CreateIndex
CREATE UNIQUE INDEX "comparisons_user_id_a_revision_id_b_revision_id_key" ON "comparisons"("user_id", "a_revision_id", "b_revision_id");

-- CreateIndex
CREATE INDEX "response_strengths_instruction_id_idx" ON "response_strengths"("instruction_id");

-- AddForeignKey
ALTER TABLE "comparison_pairs" ADD CONSTRAINT "comparison_pairs_instruction_id_fkey" FOREIGN KEY ("instruction_id") REFERENCES "entries"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "comparison_pairs" ADD CONSTRAINT "comparison_pairs_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "datasets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "comparison_pairs" ADD CONSTRAINT "comparison_pairs_category_id_fkey" FOREIGN KEY ("category_id") REFERENCES "categories"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "comparisons" ADD CONSTRAINT "comparisons_instruction_id_fkey" FOREIGN KEY ("instruction_id") REFERENCES "entries"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "comparisons" ADD CONSTRAINT "comparisons_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "datasets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "comparisons" ADD CONSTRAINT "comparisons_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "comparison_skips" ADD CONSTRAINT "comparison_skips_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "response_strengths" ADD CONSTRAINT "response_strengths_response_id_fkey" FOREIGN KEY ("response_id") REFERENCES "entries"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What is approved already can be compared as well; nothing is known of any of it (the gain is the domain's for two unknown ones).
INSERT INTO "comparison_pairs" ("id", "instruction_id", "dataset_id", "category_id", "language", "a_id", "b_id", "a_revision_id", "b_revision_id", "author_ids", "information")
SELECT gen_random_uuid(), a."instruction_id", a."dataset_id", a."category_id", a."language", a."response_id", b."response_id", a."current_revision_id", b."current_revision_id",
  array_remove(ARRAY[a."writer_id", b."writer_id"], NULL), 0.5 * ln(1 + 4.5 / 6)
FROM (
  SELECT p.*, r."current_revision_id", r."author_id" AS "writer_id", row_number() OVER (PARTITION BY p."instruction_id" ORDER BY p."approved_at" DESC, p."response_id" DESC) AS n
  FROM "pairs" p JOIN "entries" r ON r."id" = p."response_id"
  WHERE p."instruction_id" IN (SELECT "instruction_id" FROM "pairs" GROUP BY "instruction_id" HAVING count(*) > 1)
) a JOIN (
  SELECT p."instruction_id", p."response_id", r."current_revision_id", r."author_id" AS "writer_id", row_number() OVER (PARTITION BY p."instruction_id" ORDER BY p."approved_at" DESC, p."response_id" DESC) AS n
  FROM "pairs" p JOIN "entries" r ON r."id" = p."response_id"
  WHERE p."instruction_id" IN (SELECT "instruction_id" FROM "pairs" GROUP BY "instruction_id" HAVING count(*) > 1)
) b ON b."instruction_id" = a."instruction_id" AND a."response_id" < b."response_id"
WHERE a.n <= 10 AND b.n <= 10;
