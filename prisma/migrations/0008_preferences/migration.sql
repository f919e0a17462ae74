-- AlterTable
ALTER TABLE "snapshot_pairs" ADD COLUMN     "comparisons" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "strength" DOUBLE PRECISION,
ADD COLUMN     "strength_error" DOUBLE PRECISION;

-- CreateTable
CREATE TABLE "snapshot_preferences" (
    "snapshot_id" UUID NOT NULL,
    "chosen_id" UUID NOT NULL,
    "rejected_id" UUID NOT NULL,
    "margin" DOUBLE PRECISION NOT NULL,
    "margin_error" DOUBLE PRECISION NOT NULL,
    "comparisons" INTEGER NOT NULL,
    "ties" INTEGER NOT NULL,
    "both_bad" INTEGER NOT NULL,

    CONSTRAINT "snapshot_preferences_pkey" PRIMARY KEY ("snapshot_id","chosen_id","rejected_id")
);

-- CreateIndex
CREATE INDEX "comparisons_dataset_id_idx" ON "comparisons"("dataset_id");

-- AddForeignKey
ALTER TABLE "snapshot_preferences" ADD CONSTRAINT "snapshot_preferences_snapshot_id_fkey" FOREIGN KEY ("snapshot_id") REFERENCES "snapshots"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- CreateIndex
CREATE INDEX "comparisons_created_at_idx" ON "comparisons"("created_at");
