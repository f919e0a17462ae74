-- Browsing by rating, and by how often a response was compared.
CREATE INDEX "pairs_rating_response_id_idx" ON "pairs"("rating" DESC, "response_id" DESC);
CREATE INDEX "pairs_dataset_id_rating_response_id_idx" ON "pairs"("dataset_id", "rating" DESC, "response_id" DESC);
CREATE INDEX "response_strengths_comparisons_response_id_idx" ON "response_strengths"("comparisons" DESC, "response_id" DESC);
