import type { Selection } from '@granary/contract';
import { Prisma } from '@granary/db';
import type { Transaction } from '@granary/db';
import { pinArrivalsStatement, pinCountsStatement, pinDeparturesStatement } from './pin-changes-sql.ts';
import { isUnsigned, selectedPairs } from './selection-sql.ts';

type Pinned = { id: string; datasetId: string; number: number; selection: Selection };

/**
 * Settles what the snapshot holds, once and for all; call it in a REPEATABLE READ transaction that holds the snapshot's
 * row, so that pairs and event position tell of one moment. Pairs of conversations whose first instruction is not compared, or cannot be in one split
 * with its near-duplicates, are withheld; the snapshot counts them. Resolves to the number of pairs.
 */
export async function pinSnapshot(tx: Transaction, snapshot: Pinned): Promise<number> {
  const pairs = await tx.$executeRaw(pinStatement(snapshot));
  await tx.$executeRaw(pinPreferencesStatement(snapshot.id));
  await tx.$executeRaw`
    UPDATE snapshots SET stage = 'writing', rows_total = ${pairs},
      withheld = (SELECT count(*) ${selectedPairs(snapshot.datasetId, snapshot.selection)}) - ${pairs},
      event_position = (SELECT coalesce(max(position), 0) FROM events WHERE dataset_id = ${snapshot.datasetId}::uuid)
    WHERE id = ${snapshot.id}::uuid`;
  await pinChanges(tx, snapshot);
  return pairs;
}

/** What differs from the published snapshot before, and why, as it is known now: nothing of it may change later. */
async function pinChanges(tx: Transaction, { id, datasetId, number, selection }: Pinned): Promise<void> {
  const before = await tx.snapshot.findFirst({
    where: { datasetId, status: 'published', number: { lt: number } },
    orderBy: { number: 'desc' },
    select: { id: true, number: true },
  });
  if (before === null) return;
  const step = { id, beforeId: before.id, datasetId, selection };
  await tx.$executeRaw(pinArrivalsStatement(step));
  await tx.$executeRaw(pinDeparturesStatement(step));
  await tx.$executeRaw(pinCountsStatement({ id, since: before.number }));
}

/** One statement, and so one moment: everything of a pair that may change later is copied, and its revisions, which cannot, are named. */
function pinStatement({ id, datasetId, selection }: Pinned): Prisma.Sql {
  return Prisma.sql`
    INSERT INTO snapshot_pairs (snapshot_id, conversation_id, response_id, turn, split, response_revision_id, instruction_revision_id, category, language, response_author,
      instruction_author, editors, ai_assistance, terms_version, reviews, approvals, posterior, rating, rating_count, ratings, strength, strength_error, comparisons, checks, approved_at)
    SELECT ${id}::uuid, r.root_id, r.id, (r.depth + 1) / 2, a.split, rr.id, ir.id, p.category, p.language, CASE WHEN ra.attribution = 'pseudonym' THEN ra.display_name END, CASE WHEN ia.attribution = 'pseudonym' THEN ia.display_name END,
      ARRAY(SELECT DISTINCT u.display_name COLLATE "C" AS name FROM revisions v JOIN entries x ON x.id = v.entry_id JOIN users u ON u.id = v.author_id
        WHERE v.entry_id IN (r.id, i.id) AND v.author_id IS DISTINCT FROM x.author_id AND u.attribution = 'pseudonym' AND v.number <= CASE WHEN v.entry_id = r.id THEN rr.number ELSE ir.number END ORDER BY name), greatest(rr.ai_assistance, ir.ai_assistance),
      r.terms_version, v.reviews, v.approvals, rr.posterior[1], p.rating, p.rating_count, p.ratings, q.strength, q.error, coalesce(q.comparisons, 0), coalesce(k.kinds, '{}'), p.approved_at
    FROM (SELECT p.*, c.slug AS category ${selectedPairs(datasetId, selection)}) p
    JOIN entries r ON r.id = p.response_id
    JOIN entries i ON i.id = p.instruction_id
    JOIN entries root ON root.id = r.root_id
    JOIN split_assignments a ON a.conversation_id = r.root_id
    JOIN revisions rr ON rr.id = r.current_revision_id
    JOIN revisions ir ON ir.id = i.current_revision_id
    LEFT JOIN response_strengths q ON q.response_id = r.id AND q.revision_id = rr.id AND q.comparisons > 0
    LEFT JOIN users ra ON ra.id = r.author_id
    LEFT JOIN users ia ON ia.id = i.author_id
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS reviews, (count(*) FILTER (WHERE w.verdict = 'approve'))::int AS approvals
      FROM reviews w WHERE w.revision_id = rr.id
    ) v
    CROSS JOIN LATERAL (
      SELECT array_agg(DISTINCT f.kind COLLATE "C" ORDER BY f.kind COLLATE "C") AS kinds FROM checks f WHERE f.revision_id IN (rr.id, ir.id)
    ) k
    WHERE NOT ${isUnsigned}
    ORDER BY r.root_id, r.id`;
}

/**
 * Of the pinned responses those that were compared with each other as they are pinned: the stronger one is chosen. Ties alone prefer nothing, whatever
 * comparisons with others make of the two strengths. The errors of the differences are estimated before; where one came to be missing since, the two strengths
 * are taken for independent, which makes it too large rather than losing the preference.
 */
function pinPreferencesStatement(id: string): Prisma.Sql {
  return Prisma.sql`
    INSERT INTO snapshot_preferences (snapshot_id, chosen_id, rejected_id, margin, margin_error, comparisons, ties, both_bad)
    SELECT ${id}::uuid, CASE WHEN a.strength > b.strength THEN a.response_id ELSE b.response_id END, CASE WHEN a.strength > b.strength THEN b.response_id ELSE a.response_id END,
      abs(a.strength - b.strength), coalesce(c.strength_difference_error, sqrt(a.strength_error ^ 2 + b.strength_error ^ 2)), g.comparisons, g.ties, g.both_bad
    FROM (
      SELECT c.a_id, c.b_id, c.a_revision_id, c.b_revision_id, count(*)::int AS comparisons, (count(*) FILTER (WHERE c.preference = 'tie'))::int AS ties,
        (count(*) FILTER (WHERE c.preference = 'both_bad'))::int AS both_bad
      FROM comparisons c WHERE c.dataset_id = (SELECT dataset_id FROM snapshots WHERE id = ${id}::uuid) GROUP BY 1, 2, 3, 4
    ) g
    JOIN snapshot_pairs a ON a.snapshot_id = ${id}::uuid AND a.response_id = g.a_id AND a.response_revision_id = g.a_revision_id
    JOIN snapshot_pairs b ON b.snapshot_id = ${id}::uuid AND b.response_id = g.b_id AND b.response_revision_id = g.b_revision_id
    JOIN comparison_pairs c ON c.a_id = g.a_id AND c.b_id = g.b_id AND c.a_revision_id = g.a_revision_id AND c.b_revision_id = g.b_revision_id
    WHERE a.strength <> b.strength AND g.comparisons > g.ties`;
}
