-- Browsers choose the ids of drafts. Two people may choose the same one: nobody learns from a refusal that an id is in use.
ALTER TABLE "drafts" DROP CONSTRAINT "drafts_pkey", ADD CONSTRAINT "drafts_pkey" PRIMARY KEY ("user_id", "id");
