-- CreateTable
CREATE TABLE "calibration_items" (
    "id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "category_id" UUID NOT NULL,
    "language" TEXT NOT NULL,
    "entry_id" UUID NOT NULL,
    "revision_id" UUID NOT NULL,
    "author_ids" UUID[],
    "expected" "verdict" NOT NULL,
    "reason" TEXT,
    "explanation" TEXT NOT NULL,
    "created_by_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "calibration_items_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "calibration_answers" (
    "id" UUID NOT NULL,
    "item_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "lease_expires_at" TIMESTAMPTZ(3),
    "verdict" "verdict",
    "met" BOOLEAN,
    "learned" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "answered_at" TIMESTAMPTZ(3),

    CONSTRAINT "calibration_answers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "qualifications" (
    "dataset_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "attempt" INTEGER NOT NULL DEFAULT 1,
    "needed" INTEGER NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "passed_at" TIMESTAMPTZ(3),
    "failed_at" TIMESTAMPTZ(3),

    CONSTRAINT "qualifications_pkey" PRIMARY KEY ("dataset_id","user_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "calibration_items_revision_id_key" ON "calibration_items"("revision_id");

-- CreateIndex
CREATE INDEX "calibration_items_dataset_id_retired_at_created_at_id_idx" ON "calibration_items"("dataset_id", "retired_at", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "calibration_items_entry_id_idx" ON "calibration_items"("entry_id");

-- CreateIndex
CREATE INDEX "calibration_answers_item_id_idx" ON "calibration_answers"("item_id");

-- CreateIndex
CREATE UNIQUE INDEX "calibration_answers_user_id_item_id_attempt_key" ON "calibration_answers"("user_id", "item_id", "attempt");

-- CreateIndex
CREATE INDEX "qualifications_user_id_idx" ON "qualifications"("user_id");

-- AddForeignKey
ALTER TABLE "calibration_items" ADD CONSTRAINT "calibration_items_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "datasets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "calibration_items" ADD CONSTRAINT "calibration_items_category_id_fkey" FOREIGN KEY ("category_id") REFERENCES "categories"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "calibration_items" ADD CONSTRAINT "calibration_items_entry_id_fkey" FOREIGN KEY ("entry_id") REFERENCES "entries"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "calibration_items" ADD CONSTRAINT "calibration_items_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "calibration_answers" ADD CONSTRAINT "calibration_answers_item_id_fkey" FOREIGN KEY ("item_id") REFERENCES "calibration_items"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "calibration_answers" ADD CONSTRAINT "calibration_answers_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "qualifications" ADD CONSTRAINT "qualifications_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "datasets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "qualifications" ADD CONSTRAINT "qualifications_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
