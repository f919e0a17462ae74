import type { AiAssistance, CheckSeverity, EntryRole } from '@granary/contract';
import { countSlots } from '../entries/category-counts.ts';

/** What a batch of rows becomes, parents before children. */
export type Batch = {
  entries: {
    id: string;
    revision_id: string;
    category_id: string;
    role: EntryRole;
    parent_id: string | null;
    root_id: string;
    depth: number;
    language: string;
    reviewed_with_id: string | null;
    external_id: string;
    external_variant: number;
    text: string;
    context: string | null;
    ai_assistance: AiAssistance;
    /** `vectorOf` the text. */
    words: string;
    seats: number;
    line: number;
  }[];
  checks: { revision_id: string; kind: string; severity: CheckSeverity; details: Record<string, unknown> }[];
};

/** What is the same for every row of a batch. */
export type BatchFrame = {
  import_id: string;
  dataset_id: string;
  actor_id: string;
  status: 'in_review' | 'approved';
  event: string;
  origin_name: string;
  origin_url: string | null;
  licence: string;
  now: string;
};

/**
 * Writes a batch of an import in one statement and so in one round trip: entries with their first status, revisions, what the
 * checks found, review seats, the log, and the count of what waits for review. Gives back how many entries were new. `$1` is
 * `Batch['entries']`, `$2` is `Batch['checks']`, `$3` is a `BatchFrame`, each as JSON: the frame is joined to every row and
 * must not drag the texts along. It is a text, not a tagged template, so that the benchmark can run the same words.
 */
export const batchSql = `
WITH input AS MATERIALIZED (
  SELECT f.* FROM json_to_record($3::json) AS f(now timestamptz, import_id uuid, dataset_id uuid, actor_id uuid, status entry_status, event text,
    origin_name text, origin_url text, licence text)
), part AS MATERIALIZED (
  SELECT p.* FROM json_to_recordset($1::json) AS p(id uuid, revision_id uuid, category_id uuid, role entry_role, parent_id uuid, root_id uuid,
    depth int, language text, reviewed_with_id uuid, external_id text, external_variant int, text text, context text, ai_assistance ai_assistance, words tsvector, seats int, line int)
), entry AS (
  INSERT INTO entries (id, dataset_id, category_id, role, parent_id, root_id, depth, language, status, reviewed_with_id, current_revision_id, revision_number,
    licence, origin_name, origin_url, external_id, external_variant, import_id, created_at, status_at)
  SELECT p.id, i.dataset_id, p.category_id, p.role, p.parent_id, p.root_id, p.depth, p.language, i.status, p.reviewed_with_id, p.revision_id, 1,
    i.licence, i.origin_name, i.origin_url, p.external_id, p.external_variant, i.import_id, i.now, i.now
  FROM part p, input i
  ON CONFLICT (dataset_id, origin_name, external_id, external_variant) DO NOTHING
  RETURNING id
), revision AS (
  INSERT INTO revisions (id, entry_id, number, text, context, ai_assistance, created_at, words)
  SELECT p.revision_id, p.id, 1, p.text, p.context, p.ai_assistance, i.now, p.words FROM part p JOIN entry USING (id), input i
), finding AS (
  INSERT INTO checks (id, revision_id, kind, severity, details, created_at)
  SELECT gen_random_uuid(), c.revision_id, c.kind, c.severity, c.details, i.now
  FROM json_to_recordset($2::json) AS c(revision_id uuid, kind text, severity check_severity, details jsonb)
  JOIN part p USING (revision_id) JOIN entry e ON e.id = p.id, input i
), seat AS (
  INSERT INTO review_tasks (id, entry_id, revision_id, seat, dataset_id, category_id, language, author_ids, created_at, due_at)
  SELECT gen_random_uuid(), p.id, p.revision_id, n, i.dataset_id, p.category_id, p.language, '{}', i.now, i.now
  FROM part p JOIN entry USING (id) CROSS JOIN generate_series(1, p.seats) n, input i
), logged AS (
  INSERT INTO events (at, kind, actor_id, dataset_id, entry_id, revision_id, payload)
  SELECT i.now, i.event, i.actor_id, i.dataset_id, p.id, p.revision_id,
    jsonb_build_object('from', 'draft', 'to', i.status, 'importId', i.import_id, 'line', p.line)
  FROM part p JOIN entry USING (id), input i
), counted AS (
  INSERT INTO category_counts (category_id, slot, in_review)
  SELECT p.category_id, pg_backend_pid() % ${countSlots}, count(*) FROM part p JOIN entry USING (id), input i
  WHERE i.status = 'in_review' AND p.reviewed_with_id IS NULL GROUP BY p.category_id ORDER BY p.category_id
  ON CONFLICT (category_id, slot) DO UPDATE SET in_review = category_counts.in_review + excluded.in_review
)
SELECT count(*)::int AS added FROM entry`;
