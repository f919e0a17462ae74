import { vectorOf } from '@granary/api/measured';
import {
  authorCount,
  categories,
  datasetSlug,
  firstAuthor,
  firstReviewer,
  idOf,
  idSql,
  reviewerCount,
  spanBeginMs,
  spanEndMs,
  type IdKind,
} from './population.ts';
import type { RealRow } from './real-rows.ts';

/**
 * The SQL that fills a database. Pair number `i` is an instruction and its response, both from one real row; every value is
 * computed from `i`, so that tables can be filled in any order and at the same time.
 */
export function generateSql(size: number): { setup: string[]; tables: string[]; finish: string[] } {
  const pairs = Math.floor(size / 2);
  const ms = `${spanBeginMs} + i * ${Math.floor((spanEndMs - spanBeginMs) / Math.max(1, pairs))}::bigint`;
  const id = (kind: IdKind, number = 'i') => idSql(kind, number, ms);
  const at = `to_timestamp((${ms}) / 1000.0)`;
  const dataset = `'${idOf('dataset', 1)}'::uuid`;
  const fixed = (kind: IdKind, number: string) => idSql(kind, number, String(spanBeginMs));
  const author = fixed('user', `${firstAuthor} + (i * 7919) % ${authorCount}`);
  const reviewer = (seat: string) => fixed('user', `${firstReviewer} + (i * 104729 + ${seat} * 331) % ${reviewerCount}`);
  // The newest tenth waits for review; of the rest a few were rejected, sent back or (the response alone) taken back.
  const open = `i > ${pairs} - ${Math.ceil(pairs / 10)}`;
  const status = `(CASE WHEN ${open} THEN 'in_review' WHEN i % 200 < 6 THEN 'rejected' WHEN i % 200 < 9 THEN 'changes_requested'
    WHEN i % 200 = 9 THEN 'retracted' ELSE 'approved' END)`;
  const instructionStatus = `(CASE ${status} WHEN 'retracted' THEN 'approved' ELSE ${status} END)`;
  const verdict = `(CASE ${status} WHEN 'rejected' THEN 'reject' WHEN 'changes_requested' THEN 'request_changes' ELSE 'approve' END)`;
  // Labels only: the texts stay as they are.
  const language = `(CASE WHEN i % 20 < 15 THEN 'en' WHEN i % 20 < 17 THEN 'de' WHEN i % 20 = 17 THEN 'fr' WHEN i % 20 = 18 THEN 'es' ELSE 'it' END)`;
  const category = fixed('category', categoryNumber);
  const from = `FROM generate_series(1, ${pairs}::bigint) i`;
  const withBase = `${from} JOIN bench_base b ON b.k = (i * 31) % (SELECT count(*) FROM bench_base)`;

  const people = `FROM generate_series(${firstAuthor}, ${firstReviewer + reviewerCount - 1}) i`;

  return {
    setup: [
      `INSERT INTO users (id, email, password_hash, display_name, display_name_key, role, languages, created_at)
       SELECT ${fixed('user', 'i')}, 'volunteer-' || i || '@example.org', 'none', 'Volunteer ' || i, 'volunteer ' || i,
         (CASE WHEN i >= ${firstReviewer} THEN 'reviewer' ELSE 'contributor' END)::role, '{en}', to_timestamp(${spanBeginMs / 1000})
       ${people}`,
      `INSERT INTO sessions (id, user_id, current_token_hash, expires_at)
       SELECT ${fixed('session', 'i')}, ${fixed('user', 'i')}, 'bench-' || i, now() + interval '20 years' ${people}`,
      `INSERT INTO datasets (id, slug, title, description, licence, guidelines, terms, languages, dimensions, policy)
       VALUES (${dataset}, '${datasetSlug}', 'Benchmark', 'Generated for measurements.', 'CC-BY-SA-4.0', 'Write well.', 'Give what is yours.',
         '{en,de,fr,es,it}', '[{"slug":"helpfulness","title":"Helpfulness","description":""}]',
         '{"kind":"fixed","approvals":2,"rejections":2,"changeRequests":2,"maxReviews":5,"openReview":true}')`,
      `INSERT INTO categories (id, dataset_id, slug, title, guideline, target_count, position)
       SELECT ${fixed('category', 'i')}, ${dataset}, slug, slug, 'Follow the guidelines.', 100000, i
       FROM unnest(ARRAY[${categories.map(([slug]) => `'${slug}'`).join(', ')}]) WITH ORDINALITY AS c(slug, i)`,
      `INSERT INTO terms_acceptances (user_id, dataset_id, terms_version, licence)
       SELECT id, ${dataset}, 1, 'CC-BY-SA-4.0' FROM users`,
    ],
    tables: [
      `INSERT INTO events (at, kind, actor_id, dataset_id, entry_id, revision_id, payload)
       SELECT ${at} + step.after, step.kind, step.actor_id, ${dataset}, e.entry_id, e.revision_id, step.payload
       ${from}
       CROSS JOIN LATERAL (VALUES (${id('instruction')}, ${id('instructionRevision')}), (${id('response')}, ${id('responseRevision')})) e(entry_id, revision_id)
       CROSS JOIN LATERAL (
         SELECT interval '0' AS after, 'entry_submitted' AS kind, ${author} AS actor_id, '{"from":"draft","to":"in_review"}'::jsonb AS payload
         UNION ALL SELECT interval '1 hour', 'entry_reviewed', ${reviewer('1')}, jsonb_build_object('verdict', ${verdict}) WHERE NOT (${open})
         UNION ALL SELECT interval '2 hours', 'entry_' || ${status}, ${reviewer('2')}, jsonb_build_object('from', 'in_review', 'to', ${status}) WHERE NOT (${open})
       ) step`,
      `INSERT INTO revisions (id, entry_id, number, text, context, context_url, context_licence, author_id, created_at, words)
       SELECT v.id, v.entry_id, 1, v.text, v.context, CASE WHEN v.context IS NOT NULL THEN 'https://example.org/' || i END,
         CASE WHEN v.context IS NOT NULL THEN 'CC-BY-SA-4.0' END, ${author}, ${at}, v.words || ${numberVector}
       ${withBase}
       CROSS JOIN LATERAL (VALUES
         (${id('instructionRevision')}, ${id('instruction')}, b.instruction || ' (' || i || ')', b.context, b.instruction_words),
         (${id('responseRevision')}, ${id('response')}, b.response || E'\\n\\n(' || i || ')', NULL, b.response_words)) v(id, entry_id, text, context, words)`,
      `INSERT INTO entries (id, dataset_id, category_id, role, parent_id, root_id, depth, author_id, language, status, reviewed_with_id,
         current_revision_id, licence, terms_version, created_at, status_at)
       SELECT e.id, ${dataset}, ${category}, e.role::entry_role, e.parent_id, ${id('instruction')}, e.depth, ${author}, ${language}, e.status::entry_status,
         e.reviewed_with_id, e.revision_id, 'CC-BY-SA-4.0', 1, ${at}, ${at} + interval '2 hours'
       ${from}
       CROSS JOIN LATERAL (VALUES
         (${id('instruction')}, 'instruction', NULL::uuid, 0, ${id('response')}, ${id('instructionRevision')}, ${instructionStatus}),
         (${id('response')}, 'response', ${id('instruction')}, 1, NULL::uuid, ${id('responseRevision')}, ${status}))
         e(id, role, parent_id, depth, reviewed_with_id, revision_id, status)`,
      `INSERT INTO pairs (response_id, instruction_id, dataset_id, category_id, language, author_id, approved_at, rating, review_count, words)
       SELECT ${id('response')}, ${id('instruction')}, ${dataset}, ${category}, ${language}, ${author}, ${at} + interval '2 hours', 3 + i % 3, 2,
         b.instruction_words || b.response_words || ${numberVector}
       ${withBase} WHERE ${status} = 'approved'`,
      `INSERT INTO reviews (id, entry_id, revision_id, reviewer_id, task_id, verdict, reason, note, ratings, created_at)
       SELECT ${idSql('review', 'i * 4 + seat + e.part * 2', ms)}, e.entry_id, e.revision_id, ${reviewer('seat')}, ${idSql('task', 'i * 2 + seat', ms)}, ${verdict}::verdict,
         CASE ${verdict} WHEN 'reject' THEN 'incorrect' END, CASE ${verdict} WHEN 'request_changes' THEN 'Name your source.' END,
         CASE WHEN ${verdict} = 'approve' AND e.part = 1 THEN jsonb_build_object('helpfulness', 3 + i % 3) ELSE '{}' END, ${at} + seat * interval '1 hour'
       ${from} CROSS JOIN generate_series(1, 2) seat
       CROSS JOIN LATERAL (VALUES (0, ${id('instruction')}, ${id('instructionRevision')}), (1, ${id('response')}, ${id('responseRevision')})) e(part, entry_id, revision_id)
       WHERE NOT (${open})`,
      `INSERT INTO review_tasks (id, entry_id, revision_id, seat, dataset_id, category_id, language, author_ids, created_at, closed_at)
       SELECT ${idSql('task', 'i * 2 + seat', ms)}, ${id('response')}, ${id('responseRevision')}, seat, ${dataset}, ${category}, ${language},
         ARRAY[${author}], ${at}, CASE WHEN NOT (${open}) THEN ${at} + interval '2 hours' END
       ${from} CROSS JOIN generate_series(1, 2) seat`,
    ],
    finish: [
      `INSERT INTO open_instructions (instruction_id, dataset_id, category_id, language, approved_at)
       SELECT id, dataset_id, category_id, language, status_at FROM entries e
       WHERE role = 'instruction' AND status = 'approved' AND NOT EXISTS (SELECT 1 FROM pairs p WHERE p.instruction_id = e.id)`,
      `INSERT INTO dataset_contributors (dataset_id, user_id) SELECT DISTINCT dataset_id, author_id FROM pairs`,
      `INSERT INTO category_counts (category_id, slot, approved, in_review, open_instructions)
       SELECT c.id, 0, (SELECT count(*) FROM pairs p WHERE p.category_id = c.id),
         (SELECT count(*) FROM entries e WHERE e.category_id = c.id AND e.status = 'in_review' AND e.reviewed_with_id IS NULL),
         (SELECT count(*) FROM open_instructions o WHERE o.category_id = c.id)
       FROM categories c`,
      'DROP TABLE bench_base',
    ],
  };
}

/** 1 to 8, in Dolly's shares; multiplied so that neighbours differ. */
const categoryNumber = `(CASE ${categories
  .map((_, index) => `WHEN (i * 37) % 100 < ${categories.slice(0, index + 1).reduce((sum, [, share]) => sum + share, 0)} THEN ${index + 1}`)
  .join(' ')} END)`;

/** The number that tells copies apart, as a word. */
const numberVector = `(quote_literal(i) || ':1')::tsvector`;

/** The real rows, each with what the search knows of it: computed once here instead of once for each copy. */
export const createBaseTable = `CREATE TABLE bench_base AS
  SELECT (r.k - 1)::int AS k, r.row->>'instruction' AS instruction, nullif(r.row->>'context', '') AS context, r.row->>'response' AS response,
    (r.row->>'instruction_words')::tsvector AS instruction_words, (r.row->>'response_words')::tsvector AS response_words
  FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS r(row, k)`;

/** What `createBaseTable` takes as its one parameter. */
export const baseRows = (rows: readonly RealRow[]): string =>
  JSON.stringify(
    rows.map((row) => ({
      ...row,
      instruction_words: vectorOf({ text: row.instruction, context: row.context === '' ? null : row.context, language: 'en' }),
      response_words: vectorOf({ text: row.response, context: null, language: 'en' }),
    })),
  );
