-- AlterTable
ALTER TABLE "imports" ADD COLUMN     "deaths" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "run_line" INTEGER;
