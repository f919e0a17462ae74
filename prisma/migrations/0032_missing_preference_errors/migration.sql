-- Whose strengths are to be estimated again is asked every few minutes, and before each snapshot is pinned.
CREATE INDEX "comparison_pairs_without_error_idx" ON "comparison_pairs" ("instruction_id") WHERE "strength_difference_error" IS NULL;
