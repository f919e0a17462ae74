-- AlterTable
ALTER TABLE "snapshots" ADD COLUMN     "withheld" INTEGER NOT NULL DEFAULT 0;

-- A build under way pinned its pairs before there were splits and changes: it pins them anew.
DELETE FROM "snapshot_preferences" p USING "snapshots" s WHERE s."id" = p."snapshot_id" AND s."status" IN ('queued', 'building');
DELETE FROM "snapshot_pairs" p USING "snapshots" s WHERE s."id" = p."snapshot_id" AND s."status" IN ('queued', 'building');
UPDATE "snapshots" SET "stage" = 'selecting', "rows_total" = 0, "event_position" = NULL WHERE "status" IN ('queued', 'building');

-- AlterTable
ALTER TABLE "users" ADD COLUMN     "attribution" TEXT NOT NULL DEFAULT 'pseudonym';

-- CreateTable
CREATE TABLE "split_assignments" (
    "conversation_id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "cluster_id" UUID NOT NULL,
    "split" TEXT NOT NULL,
    "revision_id" UUID NOT NULL,

    CONSTRAINT "split_assignments_pkey" PRIMARY KEY ("conversation_id")
);

-- CreateTable
CREATE TABLE "split_bands" (
    "dataset_id" UUID NOT NULL,
    "band" INTEGER NOT NULL,
    "split" TEXT NOT NULL,
    "conversation_id" UUID NOT NULL,

    CONSTRAINT "split_bands_pkey" PRIMARY KEY ("dataset_id","band","split","conversation_id")
);

-- CreateTable
CREATE TABLE "snapshot_changes" (
    "conversation_id" UUID NOT NULL,
    "response_id" UUID NOT NULL,
    "snapshot_id" UUID NOT NULL,
    "change" TEXT NOT NULL,
    "held" BOOLEAN NOT NULL,
    "reason" TEXT,
    "at" TIMESTAMPTZ(3),

    CONSTRAINT "snapshot_changes_pkey" PRIMARY KEY ("conversation_id","response_id","snapshot_id")
);

-- CreateTable
CREATE TABLE "snapshot_change_counts" (
    "snapshot_id" UUID NOT NULL,
    "since" INTEGER NOT NULL,
    "added" INTEGER NOT NULL,
    "edited" INTEGER NOT NULL,
    "retracted" INTEGER NOT NULL,
    "removed" INTEGER NOT NULL,

    CONSTRAINT "snapshot_change_counts_pkey" PRIMARY KEY ("snapshot_id","since")
);

-- CreateIndex
CREATE INDEX "snapshot_changes_snapshot_id_change_conversation_id_respons_idx" ON "snapshot_changes"("snapshot_id", "change", "conversation_id", "response_id");

-- AddForeignKey
ALTER TABLE "split_assignments" ADD CONSTRAINT "split_assignments_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "entries"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "split_bands" ADD CONSTRAINT "split_bands_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "datasets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "snapshot_changes" ADD CONSTRAINT "snapshot_changes_snapshot_id_fkey" FOREIGN KEY ("snapshot_id") REFERENCES "snapshots"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "snapshot_change_counts" ADD CONSTRAINT "snapshot_change_counts_snapshot_id_fkey" FOREIGN KEY ("snapshot_id") REFERENCES "snapshots"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What changed between the snapshots that are published already; why, as far as it is known by now.
WITH steps AS (
    SELECT "id", "number", "dataset_id", lag("id") OVER (PARTITION BY "dataset_id" ORDER BY "number") AS "before" FROM "snapshots" WHERE "status" = 'published'
)
INSERT INTO "snapshot_changes" ("conversation_id", "response_id", "snapshot_id", "change", "held")
SELECT n."conversation_id", n."response_id", s."id",
    CASE WHEN o."response_id" IS NOT NULL THEN 'edited'
        WHEN EXISTS (SELECT 1 FROM "steps" e JOIN "snapshot_pairs" x ON x."snapshot_id" = e."id" WHERE e."dataset_id" = s."dataset_id" AND e."number" < s."number"
            AND x."conversation_id" = n."conversation_id" AND x."response_id" = n."response_id") THEN 'returned'
        ELSE 'added' END, o."response_id" IS NOT NULL
FROM steps s
JOIN "snapshot_pairs" n ON n."snapshot_id" = s."id"
LEFT JOIN "snapshot_pairs" o ON o."snapshot_id" = s."before" AND o."conversation_id" = n."conversation_id" AND o."response_id" = n."response_id"
WHERE s."before" IS NOT NULL
    AND (o."response_id" IS NULL OR o."response_revision_id" <> n."response_revision_id" OR o."instruction_revision_id" <> n."instruction_revision_id");

WITH steps AS (
    SELECT "id", lag("id") OVER (PARTITION BY "dataset_id" ORDER BY "number") AS "before" FROM "snapshots" WHERE "status" = 'published'
)
INSERT INTO "snapshot_changes" ("conversation_id", "response_id", "snapshot_id", "change", "held", "reason", "at")
SELECT o."conversation_id", o."response_id", s."id",
    CASE WHEN g."status" = 'retracted' THEN 'retracted' ELSE 'removed' END, true,
    CASE WHEN g."status" IS NULL OR g."status" = 'approved' THEN 'not_selected' WHEN g."status" <> 'retracted' THEN g."status"
        ELSE coalesce(nullif(v."payload"->>'reason', ''), CASE WHEN v."actor_id" = g."author_id" THEN 'retracted_by_author' ELSE 'retracted_by_moderation' END) END,
    CASE WHEN g."status" = 'retracted' THEN coalesce(v."at", g."status_at") WHEN g."status" <> 'approved' THEN g."status_at" END
FROM steps s
JOIN "snapshot_pairs" o ON o."snapshot_id" = s."before"
LEFT JOIN "snapshot_pairs" n ON n."snapshot_id" = s."id" AND n."conversation_id" = o."conversation_id" AND n."response_id" = o."response_id"
LEFT JOIN LATERAL (
    SELECT x."id", x."status"::text AS "status", x."author_id", x."status_at" FROM "entries" r JOIN "entries" x ON x."id" IN (r."id", r."parent_id")
    WHERE r."id" = o."response_id" ORDER BY x."status" = 'retracted' DESC, x."status" <> 'approved' DESC, x."role" DESC LIMIT 1
) g ON true
LEFT JOIN LATERAL (
    SELECT e."payload", e."at", e."actor_id" FROM "events" e WHERE e."entry_id" = g."id" AND e."kind" = 'entry_retracted' ORDER BY e."position" DESC LIMIT 1
) v ON true
WHERE n."response_id" IS NULL;

INSERT INTO "snapshot_change_counts" ("snapshot_id", "since", "added", "edited", "retracted", "removed")
SELECT s."id", s."since", count(*) FILTER (WHERE c."change" IN ('added', 'returned')), count(*) FILTER (WHERE c."change" = 'edited'),
    count(*) FILTER (WHERE c."change" = 'retracted'), count(*) FILTER (WHERE c."change" = 'removed')
FROM (SELECT "id", lag("number") OVER (PARTITION BY "dataset_id" ORDER BY "number") AS "since" FROM "snapshots" WHERE "status" = 'published') s
LEFT JOIN "snapshot_changes" c ON c."snapshot_id" = s."id"
WHERE s."since" IS NOT NULL
GROUP BY s."id", s."since";
