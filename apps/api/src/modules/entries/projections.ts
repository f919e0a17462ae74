import { Prisma, type Transaction } from '@granary/db';
import { slotOfConnection } from './category-counts.ts';
import { refreshComparisonPairs } from './comparison-pairs.ts';
import { ratingOf } from './rating-sql.ts';

/**
 * Brings `pairs` and `open_instructions`, and the counts of both, in step with the entries named (instructions or
 * responses): a pair is there exactly while its response and its instruction are both approved; an instruction is open
 * exactly while it is approved and has no pair. What can be compared follows the pairs. The entries must be locked (`lockEntries`).
 */
export async function refreshPairs(tx: Transaction, entryIds: readonly string[]): Promise<void> {
  const ids = [...entryIds];
  await removePairs(tx, ids);
  await addPairs(tx, ids);
  await refreshOpenInstructions(tx, ids);
  await refreshComparisonPairs(tx, ids);
}

async function removePairs(tx: Transaction, ids: string[]): Promise<void> {
  await tx.$executeRaw`
    WITH touched AS (
      SELECT response_id FROM pairs WHERE response_id = ANY(${ids}::uuid[]) UNION SELECT response_id FROM pairs WHERE instruction_id = ANY(${ids}::uuid[])
    ), gone AS (
      DELETE FROM pairs p USING touched, entries r, entries i
      WHERE p.response_id = touched.response_id AND r.id = p.response_id AND i.id = p.instruction_id AND (r.status <> 'approved' OR i.status <> 'approved')
      RETURNING p.category_id
    )
    INSERT INTO category_counts (category_id, slot, approved)
    SELECT category_id, ${slotOfConnection}, -count(*) FROM gone GROUP BY category_id ORDER BY category_id
    ON CONFLICT (category_id, slot) DO UPDATE SET approved = category_counts.approved + excluded.approved`;
}

async function addPairs(tx: Transaction, ids: string[]): Promise<void> {
  await tx.$executeRaw`
    WITH touched AS (
      SELECT id FROM entries WHERE id = ANY(${ids}::uuid[]) AND role = 'response' UNION SELECT id FROM entries WHERE parent_id = ANY(${ids}::uuid[]) AND role = 'response'
    ), written AS (
      INSERT INTO pairs (response_id, instruction_id, dataset_id, category_id, language, author_id, approved_at, rating, ratings, rating_count, review_count, words)
      SELECT r.id, i.id, r.dataset_id, r.category_id, r.language, r.author_id, greatest(r.status_at, i.status_at), g.rating, g.ratings, g.raters, v.reviews,
        ir.words || rr.words
      FROM touched
      JOIN entries r ON r.id = touched.id AND r.status = 'approved'
      JOIN entries i ON i.id = r.parent_id AND i.status = 'approved'
      JOIN revisions rr ON rr.id = r.current_revision_id
      JOIN revisions ir ON ir.id = i.current_revision_id
      CROSS JOIN LATERAL (
        SELECT count(*)::int AS reviews FROM reviews w WHERE w.revision_id = r.current_revision_id AND w.verdict = 'approve'
      ) v
      CROSS JOIN LATERAL ${ratingOf(Prisma.sql`r.current_revision_id`, Prisma.sql`r.dataset_id`)} g
      ON CONFLICT (response_id) DO UPDATE SET
        category_id = excluded.category_id, language = excluded.language, approved_at = excluded.approved_at,
        rating = excluded.rating, ratings = excluded.ratings, rating_count = excluded.rating_count, review_count = excluded.review_count, words = excluded.words
      RETURNING response_id, instruction_id, dataset_id, category_id, xmax = 0 AS added
    ), thanked AS (
      INSERT INTO dataset_contributors (dataset_id, user_id)
      SELECT DISTINCT w.dataset_id, a.id FROM written w JOIN entries e ON e.id IN (w.response_id, w.instruction_id)
      CROSS JOIN LATERAL (SELECT e.author_id AS id UNION SELECT v.author_id FROM revisions v WHERE v.entry_id = e.id AND v.accepted_by_id IS NOT NULL) a
      WHERE w.added AND a.id IS NOT NULL ORDER BY 1, 2
      ON CONFLICT DO NOTHING
    )
    INSERT INTO category_counts (category_id, slot, approved)
    SELECT category_id, ${slotOfConnection}, count(*) FROM written WHERE added GROUP BY category_id ORDER BY category_id
    ON CONFLICT (category_id, slot) DO UPDATE SET approved = category_counts.approved + excluded.approved`;
}

async function refreshOpenInstructions(tx: Transaction, ids: string[]): Promise<void> {
  await tx.$executeRaw`
    WITH touched AS (
      SELECT id FROM entries WHERE id = ANY(${ids}::uuid[]) AND role = 'instruction' UNION SELECT parent_id FROM entries WHERE id = ANY(${ids}::uuid[]) AND role = 'response'
    ), state AS (
      SELECT i.id, i.dataset_id, i.category_id, i.language, i.status_at,
        i.status = 'approved' AND NOT EXISTS (SELECT 1 FROM pairs p WHERE p.instruction_id = i.id) AS open
      FROM touched JOIN entries i ON i.id = touched.id
    ), gone AS (
      DELETE FROM open_instructions o USING state WHERE o.instruction_id = state.id AND NOT state.open RETURNING o.category_id
    ), added AS (
      INSERT INTO open_instructions (instruction_id, dataset_id, category_id, language, approved_at)
      SELECT id, dataset_id, category_id, language, status_at FROM state WHERE open
      ON CONFLICT (instruction_id) DO NOTHING RETURNING category_id
    )
    INSERT INTO category_counts (category_id, slot, open_instructions)
    SELECT d.category_id, ${slotOfConnection}, sum(d.change)
    FROM (SELECT category_id, 1 AS change FROM added UNION ALL SELECT category_id, -1 FROM gone) d
    GROUP BY d.category_id HAVING sum(d.change) <> 0 ORDER BY d.category_id
    ON CONFLICT (category_id, slot) DO UPDATE SET open_instructions = category_counts.open_instructions + excluded.open_instructions`;
}
