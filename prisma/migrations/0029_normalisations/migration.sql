ALTER TABLE "datasets" ADD COLUMN     "normalisations" TEXT[] DEFAULT ARRAY[]::TEXT[];
ALTER TABLE "imports" ADD COLUMN     "normalised" INTEGER NOT NULL DEFAULT 0;
