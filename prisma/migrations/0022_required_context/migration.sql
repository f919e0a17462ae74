-- Categories whose instructions rest on a passage. The three of Dolly that always do begin so.
ALTER TABLE "categories" ADD COLUMN "requires_context" BOOLEAN NOT NULL DEFAULT false;
UPDATE "categories" SET "requires_context" = true WHERE "slug" IN ('closed_qa', 'information_extraction', 'summarization');
