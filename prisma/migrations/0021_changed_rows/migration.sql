-- Several texts may come in under one id of one origin, each as a variant of its own.
ALTER TABLE "entries" ADD COLUMN     "external_variant" INTEGER NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX "entries_dataset_id_origin_name_external_id_external_variant_key" ON "entries"("dataset_id", "origin_name", "external_id", "external_variant");
DROP INDEX "entries_dataset_id_origin_name_external_id_key";

ALTER TABLE "imports" ADD COLUMN     "revised" INTEGER NOT NULL DEFAULT 0;

CREATE TABLE "import_read_rows" (
    "import_id" UUID NOT NULL,
    "external_id" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "line" INTEGER NOT NULL,

    CONSTRAINT "import_read_rows_pkey" PRIMARY KEY ("import_id","external_id")
);
ALTER TABLE "import_read_rows" ADD CONSTRAINT "import_read_rows_import_id_fkey" FOREIGN KEY ("import_id") REFERENCES "imports"("id") ON DELETE CASCADE ON UPDATE CASCADE;
