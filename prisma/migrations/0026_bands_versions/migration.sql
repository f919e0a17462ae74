-- What is stored was made by version 1: a chore of the worker, or the next build, makes it again.
ALTER TABLE "split_assignments" ADD COLUMN     "bands_version" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "compared_version" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "response_revision_ids" UUID[] DEFAULT ARRAY[]::UUID[];
CREATE INDEX "split_assignments_dataset_id_bands_version_conversation_id_idx" ON "split_assignments"("dataset_id", "bands_version", "conversation_id");
