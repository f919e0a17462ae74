CREATE INDEX "review_skips_revision_id_idx" ON "review_skips"("revision_id");
