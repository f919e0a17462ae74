ALTER TABLE "datasets" ADD COLUMN     "learned_shares" DOUBLE PRECISION[] DEFAULT ARRAY[]::DOUBLE PRECISION[];
ALTER TABLE "reviewer_category_skills" ADD COLUMN     "counts" DOUBLE PRECISION[] DEFAULT ARRAY[]::DOUBLE PRECISION[];
ALTER TABLE "reliability_estimates" ADD COLUMN     "calibration" JSONB,
ADD COLUMN     "converged" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "model" TEXT;
