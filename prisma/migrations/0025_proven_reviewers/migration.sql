ALTER TABLE "reviews" ADD COLUMN     "proven" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "review_tasks" ADD COLUMN     "proven_only" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "calibration_items" ALTER COLUMN "created_by_id" DROP NOT NULL;
