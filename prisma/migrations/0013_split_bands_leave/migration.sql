-- Bands of conversations that were deleted before this.
DELETE FROM "split_bands" x WHERE NOT EXISTS (SELECT 1 FROM "split_assignments" a WHERE a."conversation_id" = x."conversation_id");

-- Where a conversation's near-duplicates are found goes with it. Conversations are hardly ever deleted and assigned all the time, twenty bands
-- each: a foreign key would check every one of them, and need an index as large as the table. So what is deleted is looked for in the dataset's bands.
CREATE FUNCTION "remove_split_bands"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- With a whole dataset the bands go by their own foreign key.
    IF EXISTS (SELECT 1 FROM "datasets" d WHERE d."id" = OLD."dataset_id") THEN
        DELETE FROM "split_bands" x WHERE x."dataset_id" = OLD."dataset_id" AND x."conversation_id" = OLD."conversation_id";
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER "split_bands_leave" AFTER DELETE ON "split_assignments" FOR EACH ROW EXECUTE FUNCTION "remove_split_bands"();
