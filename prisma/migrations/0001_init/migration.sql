-- CreateEnum
CREATE TYPE "role" AS ENUM ('contributor', 'reviewer', 'moderator', 'admin');

-- CreateEnum
CREATE TYPE "user_status" AS ENUM ('active', 'suspended');

-- CreateEnum
CREATE TYPE "link_kind" AS ENUM ('setup', 'password_reset', 'email_change');

-- CreateEnum
CREATE TYPE "entry_role" AS ENUM ('instruction', 'response');

-- CreateEnum
CREATE TYPE "entry_status" AS ENUM ('in_review', 'approved', 'rejected', 'changes_requested', 'retracted');

-- CreateEnum
CREATE TYPE "ai_assistance" AS ENUM ('none', 'wording', 'drafted');

-- CreateEnum
CREATE TYPE "check_severity" AS ENUM ('info', 'warn', 'block');

-- CreateEnum
CREATE TYPE "import_status" AS ENUM ('uploaded', 'queued', 'running', 'done', 'failed', 'cancelled');

-- CreateEnum
CREATE TYPE "flag_status" AS ENUM ('open', 'upheld', 'dismissed');

-- CreateEnum
CREATE TYPE "verdict" AS ENUM ('approve', 'reject', 'request_changes');

-- CreateEnum
CREATE TYPE "snapshot_status" AS ENUM ('queued', 'building', 'published', 'failed', 'cancelled');

-- CreateTable
CREATE TABLE "users" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "email_verified_at" TIMESTAMPTZ(3),
    "password_hash" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "display_name_key" TEXT NOT NULL,
    "role" "role" NOT NULL DEFAULT 'contributor',
    "status" "user_status" NOT NULL DEFAULT 'active',
    "suspended_reason" TEXT,
    "languages" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sessions" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "current_token_hash" TEXT NOT NULL,
    "previous_token_hash" TEXT,
    "rotated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "user_agent" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),
    "revoked_reason" TEXT,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "access_tokens" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "scopes" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "access_tokens_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "one_time_links" (
    "id" UUID NOT NULL,
    "kind" "link_kind" NOT NULL,
    "user_id" UUID,
    "token_hash" TEXT,
    "email" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "one_time_links_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "terms_acceptances" (
    "user_id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "terms_version" INTEGER NOT NULL,
    "licence" TEXT NOT NULL,
    "accepted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "terms_acceptances_pkey" PRIMARY KEY ("user_id","dataset_id","terms_version")
);

-- CreateTable
CREATE TABLE "rate_limits" (
    "key" TEXT NOT NULL,
    "window_start" TIMESTAMPTZ(3) NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "rate_limits_pkey" PRIMARY KEY ("key","window_start")
);

-- CreateTable
CREATE TABLE "idempotency_keys" (
    "user_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "endpoint" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "status" INTEGER NOT NULL,
    "body" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("user_id","key")
);

-- CreateTable
CREATE TABLE "settings" (
    "name" TEXT NOT NULL,
    "value" JSONB NOT NULL,

    CONSTRAINT "settings_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "datasets" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "licence" TEXT NOT NULL,
    "guidelines" TEXT NOT NULL,
    "terms" TEXT NOT NULL,
    "terms_version" INTEGER NOT NULL DEFAULT 1,
    "languages" TEXT[],
    "dimensions" JSONB NOT NULL,
    "policy" JSONB NOT NULL,
    "is_demo" BOOLEAN NOT NULL DEFAULT false,
    "archived_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "datasets_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "categories" (
    "id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "guideline" TEXT NOT NULL,
    "good_example" JSONB,
    "bad_example" JSONB,
    "target_count" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,

    CONSTRAINT "categories_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "category_counts" (
    "category_id" UUID NOT NULL,
    "slot" INTEGER NOT NULL,
    "approved" INTEGER NOT NULL DEFAULT 0,
    "in_review" INTEGER NOT NULL DEFAULT 0,
    "open_instructions" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "category_counts_pkey" PRIMARY KEY ("category_id","slot")
);

-- CreateTable
CREATE TABLE "dataset_contributors" (
    "dataset_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,

    CONSTRAINT "dataset_contributors_pkey" PRIMARY KEY ("dataset_id","user_id")
);

-- CreateTable
CREATE TABLE "entries" (
    "id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "category_id" UUID NOT NULL,
    "role" "entry_role" NOT NULL,
    "parent_id" UUID,
    "root_id" UUID NOT NULL,
    "depth" INTEGER NOT NULL,
    "author_id" UUID,
    "language" TEXT NOT NULL,
    "status" "entry_status" NOT NULL,
    "reviewed_with_id" UUID,
    "current_revision_id" UUID NOT NULL,
    "revision_number" INTEGER NOT NULL DEFAULT 1,
    "licence" TEXT NOT NULL,
    "terms_version" INTEGER,
    "origin_name" TEXT,
    "origin_url" TEXT,
    "external_id" TEXT,
    "import_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "escalated_at" TIMESTAMPTZ(3),
    "status_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "entries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "revisions" (
    "id" UUID NOT NULL,
    "entry_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    "context" TEXT,
    "context_url" TEXT,
    "context_licence" TEXT,
    "ai_assistance" "ai_assistance" NOT NULL DEFAULT 'none',
    "author_id" UUID,
    "note" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "revisions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "checks" (
    "id" UUID NOT NULL,
    "revision_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "severity" "check_severity" NOT NULL,
    "details" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "checks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "drafts" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "content" JSONB NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "drafts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "pairs" (
    "response_id" UUID NOT NULL,
    "instruction_id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "category_id" UUID NOT NULL,
    "language" TEXT NOT NULL,
    "author_id" UUID,
    "approved_at" TIMESTAMPTZ(3) NOT NULL,
    "rating" DOUBLE PRECISION,
    "review_count" INTEGER NOT NULL DEFAULT 0,
    "search" tsvector NOT NULL,

    CONSTRAINT "pairs_pkey" PRIMARY KEY ("response_id")
);

-- CreateTable
CREATE TABLE "open_instructions" (
    "instruction_id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "category_id" UUID NOT NULL,
    "language" TEXT NOT NULL,
    "approved_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "open_instructions_pkey" PRIMARY KEY ("instruction_id")
);

-- CreateTable
CREATE TABLE "events" (
    "position" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "kind" TEXT NOT NULL,
    "actor_id" UUID,
    "dataset_id" UUID,
    "entry_id" UUID,
    "revision_id" UUID,
    "user_id" UUID,
    "payload" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "events_pkey" PRIMARY KEY ("position")
);

-- CreateTable
CREATE TABLE "imports" (
    "id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "created_by_id" UUID NOT NULL,
    "status" "import_status" NOT NULL DEFAULT 'uploaded',
    "file_name" TEXT NOT NULL,
    "storage_key" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "format" TEXT NOT NULL,
    "options" JSONB NOT NULL,
    "lines_done" INTEGER NOT NULL DEFAULT 0,
    "bytes_done" BIGINT NOT NULL DEFAULT 0,
    "added" INTEGER NOT NULL DEFAULT 0,
    "duplicates" INTEGER NOT NULL DEFAULT 0,
    "bad" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,
    "cancel_asked" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "imports_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "import_issues" (
    "import_id" UUID NOT NULL,
    "line" INTEGER NOT NULL,
    "field" TEXT,
    "message" TEXT NOT NULL,
    "excerpt" TEXT NOT NULL,

    CONSTRAINT "import_issues_pkey" PRIMARY KEY ("import_id","line")
);

-- CreateTable
CREATE TABLE "flags" (
    "id" UUID NOT NULL,
    "entry_id" UUID NOT NULL,
    "reporter_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "note" TEXT,
    "status" "flag_status" NOT NULL DEFAULT 'open',
    "resolver_id" UUID,
    "resolution" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "resolved_at" TIMESTAMPTZ(3),

    CONSTRAINT "flags_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "review_tasks" (
    "id" UUID NOT NULL,
    "entry_id" UUID NOT NULL,
    "revision_id" UUID NOT NULL,
    "seat" INTEGER NOT NULL,
    "dataset_id" UUID NOT NULL,
    "category_id" UUID NOT NULL,
    "language" TEXT NOT NULL,
    "author_ids" UUID[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "leased_by_id" UUID,
    "lease_expires_at" TIMESTAMPTZ(3),
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "review_tasks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reviews" (
    "id" UUID NOT NULL,
    "entry_id" UUID NOT NULL,
    "revision_id" UUID NOT NULL,
    "reviewer_id" UUID NOT NULL,
    "task_id" UUID,
    "verdict" "verdict" NOT NULL,
    "reason" TEXT,
    "note" TEXT,
    "ratings" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "reviews_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "review_skips" (
    "revision_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "review_skips_pkey" PRIMARY KEY ("user_id","revision_id")
);

-- CreateTable
CREATE TABLE "snapshots" (
    "id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "status" "snapshot_status" NOT NULL DEFAULT 'queued',
    "selection" JSONB NOT NULL,
    "notes" TEXT NOT NULL DEFAULT '',
    "created_by_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "event_position" BIGINT,
    "counts" JSONB,
    "content_hash" TEXT,
    "rows_done" INTEGER NOT NULL DEFAULT 0,
    "rows_total" INTEGER NOT NULL DEFAULT 0,
    "stage" TEXT NOT NULL DEFAULT 'selecting',
    "error" TEXT,
    "cancel_asked" BOOLEAN NOT NULL DEFAULT false,
    "published_at" TIMESTAMPTZ(3),

    CONSTRAINT "snapshots_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "snapshot_files" (
    "snapshot_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "media_type" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "sha256" TEXT NOT NULL,
    "rows" INTEGER,
    "storage_key" TEXT NOT NULL,

    CONSTRAINT "snapshot_files_pkey" PRIMARY KEY ("snapshot_id","name")
);

-- CreateTable
CREATE TABLE "snapshot_pairs" (
    "snapshot_id" UUID NOT NULL,
    "response_id" UUID NOT NULL,
    "response_revision_id" UUID NOT NULL,
    "instruction_revision_id" UUID NOT NULL,
    "category" TEXT NOT NULL,
    "language" TEXT NOT NULL,
    "response_author" TEXT,
    "instruction_author" TEXT,
    "ai_assistance" "ai_assistance" NOT NULL,
    "terms_version" INTEGER,
    "reviews" INTEGER NOT NULL,
    "approvals" INTEGER NOT NULL,
    "rating" DOUBLE PRECISION,
    "ratings" JSONB NOT NULL,
    "checks" TEXT[],
    "approved_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "snapshot_pairs_pkey" PRIMARY KEY ("snapshot_id","response_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

-- CreateIndex
CREATE UNIQUE INDEX "users_display_name_key_key" ON "users"("display_name_key");

-- CreateIndex
CREATE INDEX "users_created_at_id_idx" ON "users"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "sessions_current_token_hash_key" ON "sessions"("current_token_hash");

-- CreateIndex
CREATE INDEX "sessions_user_id_idx" ON "sessions"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "access_tokens_token_hash_key" ON "access_tokens"("token_hash");

-- CreateIndex
CREATE INDEX "access_tokens_user_id_idx" ON "access_tokens"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "one_time_links_token_hash_key" ON "one_time_links"("token_hash");

-- CreateIndex
CREATE INDEX "one_time_links_kind_created_at_idx" ON "one_time_links"("kind", "created_at");

-- CreateIndex
CREATE INDEX "one_time_links_user_id_idx" ON "one_time_links"("user_id");

-- CreateIndex
CREATE INDEX "rate_limits_window_start_idx" ON "rate_limits"("window_start");

-- CreateIndex
CREATE INDEX "idempotency_keys_created_at_idx" ON "idempotency_keys"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "datasets_slug_key" ON "datasets"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "categories_dataset_id_slug_key" ON "categories"("dataset_id", "slug");

-- CreateIndex
CREATE INDEX "entries_parent_id_idx" ON "entries"("parent_id");

-- CreateIndex
CREATE INDEX "entries_root_id_idx" ON "entries"("root_id");

-- CreateIndex
CREATE INDEX "entries_reviewed_with_id_idx" ON "entries"("reviewed_with_id");

-- CreateIndex
CREATE INDEX "entries_import_id_idx" ON "entries"("import_id");

-- CreateIndex
CREATE INDEX "entries_author_id_created_at_id_idx" ON "entries"("author_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "entries_dataset_id_status_role_status_at_id_idx" ON "entries"("dataset_id", "status", "role", "status_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "entries_escalated_at_id_idx" ON "entries"("escalated_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "entries_dataset_id_origin_name_external_id_key" ON "entries"("dataset_id", "origin_name", "external_id");

-- CreateIndex
CREATE UNIQUE INDEX "revisions_entry_id_number_key" ON "revisions"("entry_id", "number");

-- CreateIndex
CREATE INDEX "checks_revision_id_idx" ON "checks"("revision_id");

-- CreateIndex
CREATE INDEX "drafts_user_id_updated_at_idx" ON "drafts"("user_id", "updated_at" DESC);

-- CreateIndex
CREATE INDEX "pairs_instruction_id_idx" ON "pairs"("instruction_id");

-- CreateIndex
CREATE INDEX "pairs_approved_at_response_id_idx" ON "pairs"("approved_at" DESC, "response_id" DESC);

-- CreateIndex
CREATE INDEX "pairs_dataset_id_approved_at_response_id_idx" ON "pairs"("dataset_id", "approved_at" DESC, "response_id" DESC);

-- CreateIndex
CREATE INDEX "pairs_dataset_id_category_id_approved_at_response_id_idx" ON "pairs"("dataset_id", "category_id", "approved_at" DESC, "response_id" DESC);

-- CreateIndex
CREATE INDEX "pairs_dataset_id_language_approved_at_response_id_idx" ON "pairs"("dataset_id", "language", "approved_at" DESC, "response_id" DESC);

-- CreateIndex
CREATE INDEX "pairs_author_id_approved_at_response_id_idx" ON "pairs"("author_id", "approved_at" DESC, "response_id" DESC);

-- CreateIndex
CREATE INDEX "pairs_search_idx" ON "pairs" USING GIN ("search");

-- CreateIndex
CREATE INDEX "open_instructions_dataset_id_approved_at_instruction_id_idx" ON "open_instructions"("dataset_id", "approved_at" DESC, "instruction_id" DESC);

-- CreateIndex
CREATE INDEX "open_instructions_dataset_id_category_id_approved_at_instru_idx" ON "open_instructions"("dataset_id", "category_id", "approved_at" DESC, "instruction_id" DESC);

-- CreateIndex
CREATE INDEX "events_entry_id_position_idx" ON "events"("entry_id", "position");

-- CreateIndex
CREATE INDEX "events_user_id_position_idx" ON "events"("user_id", "position");

-- CreateIndex
CREATE INDEX "events_actor_id_position_idx" ON "events"("actor_id", "position");

-- CreateIndex
CREATE INDEX "events_dataset_id_position_idx" ON "events"("dataset_id", "position");

-- CreateIndex
CREATE INDEX "imports_dataset_id_created_at_idx" ON "imports"("dataset_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "imports_status_idx" ON "imports"("status");

-- CreateIndex
CREATE INDEX "flags_status_created_at_id_idx" ON "flags"("status", "created_at", "id");

-- CreateIndex
CREATE INDEX "flags_entry_id_idx" ON "flags"("entry_id");

-- CreateIndex
CREATE INDEX "flags_reporter_id_idx" ON "flags"("reporter_id");

-- CreateIndex
CREATE INDEX "review_tasks_entry_id_idx" ON "review_tasks"("entry_id");

-- CreateIndex
CREATE INDEX "review_tasks_dataset_id_closed_at_created_at_id_idx" ON "review_tasks"("dataset_id", "closed_at", "created_at", "id");

-- CreateIndex
CREATE INDEX "review_tasks_leased_by_id_closed_at_idx" ON "review_tasks"("leased_by_id", "closed_at");

-- CreateIndex
CREATE UNIQUE INDEX "review_tasks_revision_id_seat_key" ON "review_tasks"("revision_id", "seat");

-- CreateIndex
CREATE INDEX "reviews_reviewer_id_created_at_idx" ON "reviews"("reviewer_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "reviews_created_at_idx" ON "reviews"("created_at");

-- CreateIndex
CREATE INDEX "reviews_entry_id_idx" ON "reviews"("entry_id");

-- CreateIndex
CREATE UNIQUE INDEX "reviews_revision_id_reviewer_id_key" ON "reviews"("revision_id", "reviewer_id");

-- CreateIndex
CREATE INDEX "snapshots_status_idx" ON "snapshots"("status");

-- CreateIndex
CREATE UNIQUE INDEX "snapshots_dataset_id_number_key" ON "snapshots"("dataset_id", "number");

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_tokens" ADD CONSTRAINT "access_tokens_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "one_time_links" ADD CONSTRAINT "one_time_links_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "terms_acceptances" ADD CONSTRAINT "terms_acceptances_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "terms_acceptances" ADD CONSTRAINT "terms_acceptances_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "datasets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "categories" ADD CONSTRAINT "categories_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "datasets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "category_counts" ADD CONSTRAINT "category_counts_category_id_fkey" FOREIGN KEY ("category_id") REFERENCES "categories"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "entries" ADD CONSTRAINT "entries_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "datasets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "entries" ADD CONSTRAINT "entries_category_id_fkey" FOREIGN KEY ("category_id") REFERENCES "categories"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "entries" ADD CONSTRAINT "entries_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "entries" ADD CONSTRAINT "entries_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "entries"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "entries" ADD CONSTRAINT "entries_import_id_fkey" FOREIGN KEY ("import_id") REFERENCES "imports"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "revisions" ADD CONSTRAINT "revisions_entry_id_fkey" FOREIGN KEY ("entry_id") REFERENCES "entries"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "checks" ADD CONSTRAINT "checks_revision_id_fkey" FOREIGN KEY ("revision_id") REFERENCES "revisions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "drafts" ADD CONSTRAINT "drafts_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "drafts" ADD CONSTRAINT "drafts_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "datasets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pairs" ADD CONSTRAINT "pairs_response_id_fkey" FOREIGN KEY ("response_id") REFERENCES "entries"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pairs" ADD CONSTRAINT "pairs_instruction_id_fkey" FOREIGN KEY ("instruction_id") REFERENCES "entries"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pairs" ADD CONSTRAINT "pairs_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "datasets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pairs" ADD CONSTRAINT "pairs_category_id_fkey" FOREIGN KEY ("category_id") REFERENCES "categories"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "open_instructions" ADD CONSTRAINT "open_instructions_instruction_id_fkey" FOREIGN KEY ("instruction_id") REFERENCES "entries"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "events" ADD CONSTRAINT "events_actor_id_fkey" FOREIGN KEY ("actor_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "events" ADD CONSTRAINT "events_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "events" ADD CONSTRAINT "events_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "datasets"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "events" ADD CONSTRAINT "events_entry_id_fkey" FOREIGN KEY ("entry_id") REFERENCES "entries"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "imports" ADD CONSTRAINT "imports_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "datasets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "imports" ADD CONSTRAINT "imports_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "import_issues" ADD CONSTRAINT "import_issues_import_id_fkey" FOREIGN KEY ("import_id") REFERENCES "imports"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "flags" ADD CONSTRAINT "flags_entry_id_fkey" FOREIGN KEY ("entry_id") REFERENCES "entries"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "flags" ADD CONSTRAINT "flags_reporter_id_fkey" FOREIGN KEY ("reporter_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "flags" ADD CONSTRAINT "flags_resolver_id_fkey" FOREIGN KEY ("resolver_id") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "review_tasks" ADD CONSTRAINT "review_tasks_entry_id_fkey" FOREIGN KEY ("entry_id") REFERENCES "entries"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "review_tasks" ADD CONSTRAINT "review_tasks_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "datasets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "review_tasks" ADD CONSTRAINT "review_tasks_category_id_fkey" FOREIGN KEY ("category_id") REFERENCES "categories"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reviews" ADD CONSTRAINT "reviews_entry_id_fkey" FOREIGN KEY ("entry_id") REFERENCES "entries"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reviews" ADD CONSTRAINT "reviews_revision_id_fkey" FOREIGN KEY ("revision_id") REFERENCES "revisions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reviews" ADD CONSTRAINT "reviews_reviewer_id_fkey" FOREIGN KEY ("reviewer_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "review_skips" ADD CONSTRAINT "review_skips_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "snapshots" ADD CONSTRAINT "snapshots_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "datasets"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "snapshots" ADD CONSTRAINT "snapshots_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "snapshot_files" ADD CONSTRAINT "snapshot_files_snapshot_id_fkey" FOREIGN KEY ("snapshot_id") REFERENCES "snapshots"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "snapshot_pairs" ADD CONSTRAINT "snapshot_pairs_snapshot_id_fkey" FOREIGN KEY ("snapshot_id") REFERENCES "snapshots"("id") ON DELETE CASCADE ON UPDATE CASCADE;
