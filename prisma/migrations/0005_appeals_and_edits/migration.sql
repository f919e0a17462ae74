-- CreateEnum
CREATE TYPE "appeal_status" AS ENUM ('open', 'upheld', 'dismissed', 'withdrawn');

-- CreateEnum
CREATE TYPE "proposal_status" AS ENUM ('open', 'accepted', 'declined', 'withdrawn', 'outdated');

-- AlterTable
ALTER TABLE "revisions" ADD COLUMN     "accepted_by_id" UUID,
ADD COLUMN     "appealed_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "snapshot_pairs" ADD COLUMN     "editors" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- CreateTable
CREATE TABLE "appeals" (
    "entry_id" UUID NOT NULL,
    "revision_id" UUID NOT NULL,
    "author_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "status" "appeal_status" NOT NULL DEFAULT 'open',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "appeals_pkey" PRIMARY KEY ("entry_id")
);

-- CreateTable
CREATE TABLE "edit_proposals" (
    "id" UUID NOT NULL,
    "entry_id" UUID NOT NULL,
    "built_on" INTEGER NOT NULL,
    "proposer_id" UUID NOT NULL,
    "content" JSONB NOT NULL,
    "status" "proposal_status" NOT NULL DEFAULT 'open',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closed_at" TIMESTAMPTZ(3),
    "closed_by_id" UUID,
    "reason" TEXT,

    CONSTRAINT "edit_proposals_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "appeals_status_created_at_entry_id_idx" ON "appeals"("status", "created_at", "entry_id");

-- CreateIndex
CREATE INDEX "appeals_author_id_idx" ON "appeals"("author_id");

-- CreateIndex
CREATE INDEX "edit_proposals_entry_id_status_idx" ON "edit_proposals"("entry_id", "status");

-- CreateIndex
CREATE INDEX "edit_proposals_proposer_id_created_at_id_idx" ON "edit_proposals"("proposer_id", "created_at" DESC, "id" DESC);

-- AddForeignKey
ALTER TABLE "appeals" ADD CONSTRAINT "appeals_entry_id_fkey" FOREIGN KEY ("entry_id") REFERENCES "entries"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "appeals" ADD CONSTRAINT "appeals_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "edit_proposals" ADD CONSTRAINT "edit_proposals_entry_id_fkey" FOREIGN KEY ("entry_id") REFERENCES "entries"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "edit_proposals" ADD CONSTRAINT "edit_proposals_proposer_id_fkey" FOREIGN KEY ("proposer_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "edit_proposals" ADD CONSTRAINT "edit_proposals_closed_by_id_fkey" FOREIGN KEY ("closed_by_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;
