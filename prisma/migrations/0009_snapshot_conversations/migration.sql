-- What was pinned before belongs to conversations too; until now nothing was split.
ALTER TABLE "snapshot_pairs" ADD COLUMN "conversation_id" UUID,
ADD COLUMN "turn" INTEGER,
ADD COLUMN "split" TEXT NOT NULL DEFAULT 'train';
UPDATE "snapshot_pairs" p SET "conversation_id" = e."root_id", "turn" = (e."depth" + 1) / 2 FROM "entries" e WHERE e."id" = p."response_id";
DELETE FROM "snapshot_pairs" WHERE "conversation_id" IS NULL;
ALTER TABLE "snapshot_pairs" ALTER COLUMN "conversation_id" SET NOT NULL,
ALTER COLUMN "turn" SET NOT NULL,
ALTER COLUMN "split" DROP DEFAULT,
DROP CONSTRAINT "snapshot_pairs_pkey",
ADD CONSTRAINT "snapshot_pairs_pkey" PRIMARY KEY ("snapshot_id", "conversation_id", "response_id");

-- AlterTable
ALTER TABLE "snapshot_files" ADD COLUMN "encoding" TEXT,
ADD COLUMN "split" TEXT;
UPDATE "snapshot_files" SET "encoding" = 'jsonl.gz' WHERE "rows" IS NOT NULL;

-- AlterTable
ALTER TABLE "snapshots" ADD COLUMN "statistics" JSONB;
