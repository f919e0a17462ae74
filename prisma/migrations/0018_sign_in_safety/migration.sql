-- Names that look alike. The skeletons of existing names are filled in by the next start: SQL cannot make them.
ALTER TABLE "users" ADD COLUMN "display_name_skeleton" TEXT;
CREATE UNIQUE INDEX "users_display_name_skeleton_key" ON "users"("display_name_skeleton");

-- Tokens without an end get a year from now.
ALTER TABLE "access_tokens" ADD COLUMN "expiry_imposed" BOOLEAN NOT NULL DEFAULT false;
UPDATE "access_tokens" SET "expires_at" = now() + interval '365 days', "expiry_imposed" = true WHERE "expires_at" IS NULL;
ALTER TABLE "access_tokens" ALTER COLUMN "expires_at" SET DEFAULT (now() + '90 days'::interval);
ALTER TABLE "access_tokens" ALTER COLUMN "expires_at" SET NOT NULL;

-- Sessions end 90 days after their sign-in, however often they are refreshed.
UPDATE "sessions" SET "expires_at" = least("expires_at", "created_at" + interval '90 days');

CREATE TABLE "sign_in_failures" (
    "key" TEXT NOT NULL,
    "failures" INTEGER NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,
    "blocked_until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sign_in_failures_pkey" PRIMARY KEY ("key")
);
CREATE INDEX "sign_in_failures_last_at_idx" ON "sign_in_failures"("last_at");
