import { Prisma } from '@granary/db';
import type { Selection } from '@granary/contract';
import { selectedPairs } from './selection-sql.ts';

type Step = { id: string; beforeId: string; datasetId: string; selection: Selection };

/*
 * The pins of a snapshot are looked up pair by pair, by their key: what was pinned a moment ago no statistics know of, and whoever plans a join takes
 * a million rows for one. (`OFFSET 0` and a subquery for a value are what keeps the planner from making a join of them.)
 */
const samePair = Prisma.raw('o.conversation_id = n.conversation_id AND o.response_id = n.response_id');
const revisionDiffers = Prisma.raw(
  '(o.response_revision_id <> n.response_revision_id OR o.instruction_revision_id <> n.instruction_revision_id)',
);
/** What earlier published snapshots of the dataset tell of the pair `n`, newest first. */
const earlier = ({ datasetId }: Step) =>
  Prisma.sql`FROM snapshot_changes c JOIN snapshots x ON x.id = c.snapshot_id AND x.dataset_id = ${datasetId}::uuid AND x.status = 'published'`;

/** Pairs that came, came back or were edited. */
export function pinArrivalsStatement(step: Step): Prisma.Sql {
  return Prisma.sql`
    INSERT INTO snapshot_changes (conversation_id, response_id, snapshot_id, change, held)
    SELECT n.conversation_id, n.response_id, n.snapshot_id,
      CASE WHEN o.response_id IS NOT NULL THEN 'edited'
        WHEN EXISTS (SELECT 1 ${earlier(step)} WHERE c.conversation_id = n.conversation_id AND c.response_id = n.response_id) THEN 'returned' ELSE 'added' END,
      o.response_id IS NOT NULL
    FROM snapshot_pairs n
    LEFT JOIN LATERAL (SELECT * FROM snapshot_pairs o WHERE o.snapshot_id = ${step.beforeId}::uuid AND ${samePair} OFFSET 0) o ON true
    WHERE n.snapshot_id = ${step.id}::uuid AND (o.response_id IS NULL OR ${revisionDiffers})`;
}

/**
 * Pairs that the snapshot before held and this one does not, with the reason as the database has it now; and pairs that had left earlier, where
 * the reason is another by now: what was sent back then may have been retracted since. A retracted instruction takes its responses with it.
 */
export function pinDeparturesStatement(step: Step): Prisma.Sql {
  const lacks = (snapshotId: string) =>
    Prisma.sql`(SELECT n.response_id FROM snapshot_pairs n WHERE n.snapshot_id = ${snapshotId}::uuid AND ${samePair}) IS NULL`;
  return Prisma.sql`
    INSERT INTO snapshot_changes (conversation_id, response_id, snapshot_id, change, held, reason, at)
    SELECT g.conversation_id, g.response_id, ${step.id}::uuid, g.change, g.held, g.reason, g.at
    FROM (
      SELECT o.conversation_id, o.response_id, o.held,
        CASE WHEN x.status = 'retracted' THEN 'retracted' ELSE 'removed' END AS change,
        CASE WHEN x.status IS NULL THEN 'deleted'
          WHEN x.status = 'retracted' THEN coalesce(nullif(v.reason, ''), CASE WHEN v.actor_id = x.author_id THEN 'retracted_by_author' ELSE 'retracted_by_moderation' END)
          WHEN x.status <> 'approved' THEN x.status::text
          WHEN EXISTS (SELECT 1 ${selectedPairs(step.datasetId, step.selection)} AND p.response_id = o.response_id) THEN 'withheld'
          ELSE 'not_selected' END AS reason,
        CASE WHEN x.status = 'retracted' THEN coalesce(v.at, x.status_at) WHEN x.status <> 'approved' THEN x.status_at END AS at
      FROM (
        SELECT o.conversation_id, o.response_id, true AS held FROM snapshot_pairs o WHERE o.snapshot_id = ${step.beforeId}::uuid AND ${lacks(step.id)}
        UNION ALL
        SELECT o.conversation_id, o.response_id, false FROM (SELECT DISTINCT c.conversation_id, c.response_id ${earlier(step)} WHERE c.change IN ('retracted', 'removed')) o
        WHERE ${lacks(step.id)} AND ${lacks(step.beforeId)}
      ) o
      LEFT JOIN LATERAL (
        SELECT y.id, y.status, y.author_id, y.status_at FROM entries r JOIN entries y ON y.id IN (r.id, r.parent_id)
        WHERE r.id = o.response_id ORDER BY y.status = 'retracted' DESC, y.status <> 'approved' DESC, y.role DESC LIMIT 1
      ) x ON true
      LEFT JOIN LATERAL (
        SELECT e.payload->>'reason' AS reason, e.at, e.actor_id FROM events e WHERE e.entry_id = x.id AND e.kind = 'entry_retracted' ORDER BY e.position DESC LIMIT 1
      ) v ON x.status = 'retracted'
    ) g
    LEFT JOIN LATERAL (
      SELECT c.change, c.reason, c.at ${earlier(step)} WHERE c.conversation_id = g.conversation_id AND c.response_id = g.response_id AND c.change IN ('retracted', 'removed')
      ORDER BY x.number DESC LIMIT 1
    ) known ON NOT g.held
    WHERE g.held OR (g.change, g.reason, g.at) IS DISTINCT FROM (known.change, known.reason, known.at)`;
}

export function pinCountsStatement({ id, since }: { id: string; since: number }): Prisma.Sql {
  return Prisma.sql`
    INSERT INTO snapshot_change_counts (snapshot_id, since, added, edited, retracted, removed)
    SELECT ${id}::uuid, ${since}::int, count(*) FILTER (WHERE change IN ('added', 'returned')), count(*) FILTER (WHERE change = 'edited'),
      count(*) FILTER (WHERE change = 'retracted' AND held), count(*) FILTER (WHERE change = 'removed' AND held)
    FROM snapshot_changes WHERE snapshot_id = ${id}::uuid`;
}
