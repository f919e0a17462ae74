import { countSlots } from './category-counts.ts';

/** What `submissionSql` takes as its one parameter, as JSON. */
export type Submission = {
  entries: {
    id: string;
    revision_id: string;
    dataset_id: string;
    category_id: string;
    role: 'instruction' | 'response';
    parent_id: string | null;
    root_id: string;
    depth: number;
    author_id: string;
    language: string;
    reviewed_with_id: string | null;
    licence: string;
    terms_version: number;
    text: string;
    context: string | null;
    context_url: string | null;
    context_licence: string | null;
    ai_assistance: string;
    /** `vectorOf` the text. */
    words: string;
    event: string;
  }[];
  checks: { id: string; revision_id: string; kind: string; severity: string; details: Record<string, unknown> }[];
  seats: { id: string; entry_id: string; revision_id: string; seat: number }[];
  /** None or one. */
  answers: { key: string; endpoint: string; request_hash: string; status: number; body: unknown }[];
  draft_id: string | null;
  actor_id: string;
  now: string;
};

/**
 * Hands in a contribution: all its rows in one statement and so in one round trip, one transaction and one flush of the log.
 * `$1` is a `Submission` as JSON. It is a text, not a tagged template, so that the benchmark can run the same words.
 */
export const submissionSql = `
WITH input AS MATERIALIZED (
  SELECT doc, (doc->>'now')::timestamptz AS at, (doc->>'actor_id')::uuid AS actor_id FROM (SELECT $1::jsonb AS doc) given
), part AS MATERIALIZED (
  SELECT p.*, input.at FROM input, jsonb_to_recordset(input.doc->'entries') AS p(id uuid, revision_id uuid, dataset_id uuid, category_id uuid, role entry_role,
    parent_id uuid, root_id uuid, depth int, author_id uuid, language text, reviewed_with_id uuid, licence text, terms_version int, text text,
    context text, context_url text, context_licence text, ai_assistance ai_assistance, words tsvector, event text)
), entry AS (
  INSERT INTO entries (id, dataset_id, category_id, role, parent_id, root_id, depth, author_id, language, status, reviewed_with_id,
    current_revision_id, revision_number, licence, terms_version, created_at, status_at)
  SELECT id, dataset_id, category_id, role, parent_id, root_id, depth, author_id, language, 'in_review', reviewed_with_id,
    revision_id, 1, licence, terms_version, at, at FROM part
), revision AS (
  INSERT INTO revisions (id, entry_id, number, text, context, context_url, context_licence, ai_assistance, author_id, created_at, words)
  SELECT revision_id, id, 1, text, context, context_url, context_licence, ai_assistance, author_id, at, words FROM part
), finding AS (
  INSERT INTO checks (id, revision_id, kind, severity, details, created_at)
  SELECT c.id, c.revision_id, c.kind, c.severity, c.details, input.at
  FROM input, jsonb_to_recordset(input.doc->'checks') AS c(id uuid, revision_id uuid, kind text, severity check_severity, details jsonb)
), seat AS (
  INSERT INTO review_tasks (id, entry_id, revision_id, seat, dataset_id, category_id, language, author_ids, created_at, due_at)
  SELECT s.id, s.entry_id, s.revision_id, s.seat, part.dataset_id, part.category_id, part.language, ARRAY[input.actor_id], input.at, input.at
  FROM input, jsonb_to_recordset(input.doc->'seats') AS s(id uuid, entry_id uuid, revision_id uuid, seat int) JOIN part ON part.id = s.entry_id
), event AS (
  INSERT INTO events (at, kind, actor_id, dataset_id, entry_id, revision_id, payload)
  SELECT at, event, author_id, dataset_id, id, revision_id, '{"from": "draft", "to": "in_review"}' FROM part
), counted AS (
  INSERT INTO category_counts (category_id, slot, in_review)
  SELECT category_id, pg_backend_pid() % ${countSlots}, 1 FROM part WHERE reviewed_with_id IS NULL
  ON CONFLICT (category_id, slot) DO UPDATE SET in_review = category_counts.in_review + 1
), answer AS (
  INSERT INTO idempotency_keys (user_id, key, endpoint, request_hash, status, body, created_at)
  SELECT input.actor_id, i.key, i.endpoint, i.request_hash, i.status, i.body, input.at
  FROM input, jsonb_to_recordset(input.doc->'answers') AS i(key text, endpoint text, request_hash text, status int, body jsonb)
)
DELETE FROM drafts USING input WHERE drafts.id = (input.doc->>'draft_id')::uuid AND drafts.user_id = input.actor_id`;
