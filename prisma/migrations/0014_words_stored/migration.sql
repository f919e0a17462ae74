-- What the search knows of a text is made by us and stored (decision 31). Texts that are there already get theirs from the workers,
-- after the upgrade and beside all other work: no statement here reads a row of the large tables.
DROP INDEX "pairs_search_idx";
DROP INDEX "revisions_words_idx";

-- AlterTable
ALTER TABLE "pairs" DROP COLUMN "search",
ADD COLUMN     "words" tsvector;

-- AlterTable
ALTER TABLE "revisions" ADD COLUMN     "words" tsvector;

-- A short list of what is not sorted in yet: each search reads it, and whoever fills it up sorts it in.
CREATE INDEX "pairs_words_idx" ON "pairs" USING GIN ("words") WITH (gin_pending_list_limit = 256);
CREATE INDEX "revisions_words_idx" ON "revisions" USING GIN ("words") WITH (gin_pending_list_limit = 256);

-- What is left for the workers to do.
CREATE INDEX "pairs_without_words_idx" ON "pairs" ("response_id") WHERE "words" IS NULL;
CREATE INDEX "revisions_without_words_idx" ON "revisions" ("id") WHERE "words" IS NULL;
