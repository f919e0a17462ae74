-- Finds texts that say the same, whatever their capitals and blanks. The expression is that of `normalised` in the entries' repository.
CREATE INDEX "revisions_same_text_idx" ON "revisions" (md5(lower(btrim(regexp_replace("text", '\s+', ' ', 'g')))));
