-- DropIndex
DROP INDEX "review_tasks_dataset_id_closed_at_created_at_id_idx";

-- AlterTable
ALTER TABLE "review_skips" ADD COLUMN     "category_id" UUID,
ADD COLUMN     "reason" TEXT;

-- AlterTable
ALTER TABLE "review_tasks" ADD COLUMN     "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- What waits keeps its place.
UPDATE "review_tasks" SET "due_at" = "created_at" WHERE "closed_at" IS NULL;

-- AlterTable
ALTER TABLE "reviewer_skills" ADD COLUMN     "with_others" JSONB;

-- CreateTable
CREATE TABLE "reviewer_category_skills" (
    "category_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "met" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "reviews" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "reviewer_category_skills_pkey" PRIMARY KEY ("user_id","category_id")
);

-- CreateIndex
CREATE INDEX "reviewer_category_skills_category_id_idx" ON "reviewer_category_skills"("category_id");

-- CreateIndex
CREATE INDEX "review_tasks_dataset_id_closed_at_due_at_id_idx" ON "review_tasks"("dataset_id", "closed_at", "due_at", "id");

-- AddForeignKey
ALTER TABLE "reviewer_category_skills" ADD CONSTRAINT "reviewer_category_skills_category_id_fkey" FOREIGN KEY ("category_id") REFERENCES "categories"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reviewer_category_skills" ADD CONSTRAINT "reviewer_category_skills_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
