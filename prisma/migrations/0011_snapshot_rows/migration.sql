-- AlterTable
ALTER TABLE "flags" ADD COLUMN "snapshot_id" UUID;

-- AddForeignKey
ALTER TABLE "flags" ADD CONSTRAINT "flags_snapshot_id_fkey" FOREIGN KEY ("snapshot_id") REFERENCES "snapshots"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- Revisions never change, so that one index of words serves the rows of every snapshot.
CREATE INDEX "revisions_words_idx" ON "revisions" USING GIN (to_tsvector('simple', "text" || ' ' || coalesce("context", '')));

-- An order that tells nothing of the responses: a piece of it is a sample of them.
CREATE INDEX "entries_sample_idx" ON "entries" ("dataset_id", (md5("id"::text)::uuid)) WHERE "role" = 'response';
