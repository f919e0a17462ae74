-- CreateTable
CREATE TABLE "collusion_flags" (
    "id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "a_id" UUID NOT NULL,
    "b_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "evidence" JSONB NOT NULL,
    "status" "flag_status" NOT NULL DEFAULT 'open',
    "resolver_id" UUID,
    "resolution" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "resolved_at" TIMESTAMPTZ(3),

    CONSTRAINT "collusion_flags_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "collusion_flags_status_created_at_id_idx" ON "collusion_flags"("status", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "collusion_flags_a_id_idx" ON "collusion_flags"("a_id");

-- CreateIndex
CREATE INDEX "collusion_flags_b_id_idx" ON "collusion_flags"("b_id");

-- CreateIndex
CREATE UNIQUE INDEX "collusion_flags_dataset_id_a_id_b_id_kind_key" ON "collusion_flags"("dataset_id", "a_id", "b_id", "kind");

-- AddForeignKey
ALTER TABLE "collusion_flags" ADD CONSTRAINT "collusion_flags_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "datasets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "collusion_flags" ADD CONSTRAINT "collusion_flags_a_id_fkey" FOREIGN KEY ("a_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "collusion_flags" ADD CONSTRAINT "collusion_flags_b_id_fkey" FOREIGN KEY ("b_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "collusion_flags" ADD CONSTRAINT "collusion_flags_resolver_id_fkey" FOREIGN KEY ("resolver_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;
