import type { EntryStatus, EventKind } from '@granary/contract';
import type { Transaction } from '@granary/db';
import { ApiError } from '../../errors.ts';
import { appendEvents } from '../events/log.ts';
import { settleAppeals } from './appeals.ts';
import { refreshPairs } from './projections.ts';
import { slotOfConnection } from './category-counts.ts';

/** A decided change of one entry. `seats` is how many review seats shall be open afterwards. */
export type Transition = {
  entryId: string;
  datasetId: string;
  /** The revision that is current after the change. */
  revisionId: string;
  from: EntryStatus | 'draft';
  to: EntryStatus;
  escalated: boolean;
  /** Entries that are reviewed with another one carry no seats of their own: 0 for them. */
  seats: number;
  /** `headStartHours` of what was said of the revision so far; 0 without it. */
  headStart?: number;
  /** `wantsProven` of what was said so far: its seats are kept for people who are proven. */
  provenOnly?: boolean;
  events: readonly EventKind[];
  actorId: string | null;
  payload?: Record<string, unknown>;
  /** With an edit: what moves along with the new revision. */
  edit?: { revisionNumber: number; categoryId: string; reviewedWithId: string | null };
};

/**
 * Locks the entries named, and the instructions of the responses among them, in one order for everybody: whoever reads
 * their state afterwards decides on what stays true until the transaction ends. Inserting below them is not hindered.
 */
export async function lockEntries(tx: Transaction, entryIds: readonly string[]): Promise<void> {
  const ids = [...entryIds];
  await tx.$executeRaw`
    SELECT id FROM entries
    WHERE id IN (SELECT unnest(${ids}::uuid[]) UNION SELECT parent_id FROM entries WHERE id = ANY(${ids}::uuid[]) AND role = 'response')
    ORDER BY id FOR NO KEY UPDATE`;
}

/**
 * Writes decided transitions: status, review seats, projections, counts and the log move together or not at all. The only
 * place that changes a status (handing in writes the first one). Call it with all entries of one decision at once (a pair
 * that is reviewed together). Throws `status_conflict` when an entry is no longer in the status the decision began from.
 */
export async function applyTransitions(tx: Transaction, transitions: readonly Transition[], now: Date): Promise<void> {
  if (transitions.length === 0) return;
  const ids = transitions.map((t) => t.entryId);
  const json = JSON.stringify(
    transitions.map((t) => ({
      entry_id: t.entryId,
      revision_id: t.revisionId,
      came_from: t.from,
      status: t.to,
      escalated: t.escalated,
      seats: t.seats,
      head_start: t.headStart ?? 0,
      proven_only: t.provenOnly ?? false,
      edited: t.edit !== undefined,
      revision_number: t.edit?.revisionNumber ?? null,
      category_id: t.edit?.categoryId ?? null,
      reviewed_with_id: t.edit?.reviewedWithId ?? null,
    })),
  );
  const at = now.toISOString();
  await lockEntries(tx, ids);
  await moveEntries(tx, json, at, transitions.length);
  await setSeats(tx, transitions, json, at);
  await refreshPairs(tx, ids);
  await appendEvents(tx, [...transitions.flatMap(eventsOf), ...(await settleAppeals(tx, transitions, now))], now);
}

function eventsOf(t: Transition) {
  return t.events.map((kind) => ({
    kind,
    actorId: t.actorId,
    datasetId: t.datasetId,
    entryId: t.entryId,
    revisionId: t.revisionId,
    payload: { ...t.payload, from: t.from, to: t.to },
  }));
}

/** Sets the statuses and keeps the counts of what waits for review. The rows are locked: `old` is what `changed` began from. */
async function moveEntries(tx: Transaction, json: string, at: string, expected: number): Promise<void> {
  const moved = await tx.$queryRaw<{ moved: number }[]>`
    WITH t AS (
      SELECT * FROM jsonb_to_recordset(${json}::jsonb) AS t(entry_id uuid, revision_id uuid, came_from text, status text, escalated boolean,
        edited boolean, revision_number int, category_id uuid, reviewed_with_id uuid)
    ), old AS (
      SELECT e.id, e.category_id, (t.came_from <> 'draft' AND e.status = 'in_review' AND e.reviewed_with_id IS NULL)::int AS waiting
      FROM t JOIN entries e ON e.id = t.entry_id
    ), changed AS (
      UPDATE entries e SET
        status = t.status::entry_status,
        status_at = CASE WHEN e.status = t.status::entry_status AND e.current_revision_id = t.revision_id THEN e.status_at ELSE ${at}::timestamptz END,
        current_revision_id = t.revision_id,
        escalated_at = CASE WHEN t.escalated THEN coalesce(e.escalated_at, ${at}::timestamptz) END,
        revision_number = coalesce(t.revision_number, e.revision_number),
        category_id = coalesce(t.category_id, e.category_id),
        reviewed_with_id = CASE WHEN t.edited THEN t.reviewed_with_id ELSE e.reviewed_with_id END
      FROM t WHERE e.id = t.entry_id AND (t.came_from = 'draft' OR e.status::text = t.came_from)
      RETURNING e.id, e.category_id, (e.status = 'in_review' AND e.reviewed_with_id IS NULL)::int AS waiting
    ), counted AS (
      INSERT INTO category_counts (category_id, slot, in_review)
      SELECT d.category_id, ${slotOfConnection}, sum(d.waiting)
      FROM (SELECT category_id, waiting FROM changed UNION ALL SELECT o.category_id, -o.waiting FROM old o JOIN changed c ON c.id = o.id) d
      GROUP BY d.category_id HAVING sum(d.waiting) <> 0 ORDER BY d.category_id
      ON CONFLICT (category_id, slot) DO UPDATE SET in_review = category_counts.in_review + excluded.in_review
    )
    SELECT count(*)::int AS moved FROM changed`;
  if (moved[0]?.moved !== expected) throw new ApiError('status_conflict', 'The entry was decided or changed in the meantime.');
}

/** Closes seats that are no longer wanted (another revision, a decision) and opens those that are missing. */
async function setSeats(tx: Transaction, transitions: readonly Transition[], json: string, at: string): Promise<void> {
  // Named beside the records, of which the planner expects a hundred and would rather read every seat there is.
  const entryIds = transitions.map((t) => t.entryId);
  const revisionIds = transitions.map((t) => t.revisionId);
  await tx.$executeRaw`
    UPDATE review_tasks r SET closed_at = ${at}::timestamptz, leased_by_id = NULL, lease_expires_at = NULL
    FROM jsonb_to_recordset(${json}::jsonb) AS t(entry_id uuid, revision_id uuid, seats int)
    WHERE r.entry_id = ANY(${entryIds}::uuid[]) AND r.entry_id = t.entry_id AND r.closed_at IS NULL AND (r.revision_id <> t.revision_id OR t.seats = 0)`;
  await tx.$executeRaw`
    INSERT INTO review_tasks (id, entry_id, revision_id, seat, dataset_id, category_id, language, author_ids, created_at, due_at)
    SELECT gen_random_uuid(), e.id, t.revision_id, have.seats + n, e.dataset_id, e.category_id, e.language,
      ARRAY(
        SELECT x.author_id FROM entries x WHERE (x.id = e.id OR x.reviewed_with_id = e.id) AND x.author_id IS NOT NULL
        UNION SELECT v.author_id FROM revisions v JOIN entries x ON x.id = v.entry_id WHERE (x.id = e.id OR x.reviewed_with_id = e.id) AND v.author_id IS NOT NULL
      ), ${at}::timestamptz,
      coalesce(have.since, ${at}::timestamptz)
    FROM jsonb_to_recordset(${json}::jsonb) AS t(entry_id uuid, revision_id uuid, seats int)
    JOIN entries e ON e.id = t.entry_id
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS seats, (count(*) FILTER (WHERE r.closed_at IS NULL))::int AS open, min(r.created_at) AS since
      FROM review_tasks r WHERE r.revision_id = t.revision_id
    ) have
    CROSS JOIN LATERAL generate_series(1, t.seats - have.open) n`;
  // Every seat of a revision waits since its first one was opened.
  await tx.$executeRaw`
    UPDATE review_tasks r SET due_at = first.since - make_interval(hours => 1) * t.head_start, proven_only = t.proven_only
    FROM jsonb_to_recordset(${json}::jsonb) AS t(revision_id uuid, head_start float8, proven_only boolean)
    CROSS JOIN LATERAL (SELECT min(f.created_at) AS since FROM review_tasks f WHERE f.revision_id = t.revision_id) first
    WHERE r.revision_id = ANY(${revisionIds}::uuid[]) AND r.revision_id = t.revision_id AND r.closed_at IS NULL
      AND (r.due_at, r.proven_only) IS DISTINCT FROM (first.since - make_interval(hours => 1) * t.head_start, t.proven_only)`;
}
