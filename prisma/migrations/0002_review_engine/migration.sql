-- CreateEnum
CREATE TYPE "estimate_status" AS ENUM ('queued', 'done', 'failed');

-- AlterTable
ALTER TABLE "datasets" ADD COLUMN     "policy_version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "reviews" ADD COLUMN     "evidence" DOUBLE PRECISION[] DEFAULT ARRAY[]::DOUBLE PRECISION[],
ADD COLUMN     "learned" DOUBLE PRECISION[] DEFAULT ARRAY[]::DOUBLE PRECISION[];

-- AlterTable
ALTER TABLE "revisions" ADD COLUMN     "policy_version" INTEGER,
ADD COLUMN     "posterior" DOUBLE PRECISION[] DEFAULT ARRAY[]::DOUBLE PRECISION[];

-- AlterTable
ALTER TABLE "snapshot_pairs" ADD COLUMN     "posterior" DOUBLE PRECISION;

-- CreateTable
CREATE TABLE "policy_versions" (
    "dataset_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "policy" JSONB NOT NULL,
    "created_by_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "policy_versions_pkey" PRIMARY KEY ("dataset_id","version")
);

-- CreateTable
CREATE TABLE "reviewer_skills" (
    "dataset_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "counts" DOUBLE PRECISION[],
    "reviews" INTEGER NOT NULL DEFAULT 0,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "reviewer_skills_pkey" PRIMARY KEY ("dataset_id","user_id")
);

-- CreateTable
CREATE TABLE "reliability_estimates" (
    "id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "created_by_id" UUID,
    "status" "estimate_status" NOT NULL DEFAULT 'queued',
    "event_position" BIGINT,
    "verdicts" INTEGER NOT NULL DEFAULT 0,
    "reviewers" INTEGER NOT NULL DEFAULT 0,
    "revisions" INTEGER NOT NULL DEFAULT 0,
    "rounds" INTEGER NOT NULL DEFAULT 0,
    "approval_share" DOUBLE PRECISION,
    "agreement" JSONB,
    "digest" TEXT,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "reliability_estimates_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "reviewer_skills_user_id_idx" ON "reviewer_skills"("user_id");

-- CreateIndex
CREATE INDEX "reliability_estimates_dataset_id_created_at_idx" ON "reliability_estimates"("dataset_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "reliability_estimates_status_idx" ON "reliability_estimates"("status");

-- AddForeignKey
ALTER TABLE "policy_versions" ADD CONSTRAINT "policy_versions_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "datasets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "policy_versions" ADD CONSTRAINT "policy_versions_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reviewer_skills" ADD CONSTRAINT "reviewer_skills_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "datasets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reviewer_skills" ADD CONSTRAINT "reviewer_skills_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reliability_estimates" ADD CONSTRAINT "reliability_estimates_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "datasets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reliability_estimates" ADD CONSTRAINT "reliability_estimates_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- Every dataset keeps the policy it has as its first version.
INSERT INTO "policy_versions" ("dataset_id", "version", "policy", "created_at") SELECT "id", 1, "policy", "created_at" FROM "datasets";
