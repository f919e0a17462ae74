import type { Transaction } from '@granary/db';
import { expectedGain, strengthsOf } from '@granary/domain';

/** Responses to one instruction that are compared with each other: more would ask for more comparisons than anybody makes. */
const mostCompared = 10;
/** What comparing two of which nothing is known is expected to tell. */
const unknownGain = expectedGain(strengthsOf(2, []), 0, 1);

/**
 * Brings what can be compared in step with the approved pairs of the instructions that the entries named are, or answer: two responses are
 * there together exactly while both are approved. Call it after `pairs` is in step. A new version of a response is a new thing to compare.
 */
export async function refreshComparisonPairs(tx: Transaction, entryIds: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    WITH touched AS (
      SELECT id FROM entries WHERE id = ANY(${[...entryIds]}::uuid[]) AND role = 'instruction'
      UNION SELECT parent_id FROM entries WHERE id = ANY(${[...entryIds]}::uuid[]) AND role = 'response'
    ), compared AS (
      SELECT p.*, r.current_revision_id, r.author_id AS writer_id, row_number() OVER (PARTITION BY p.instruction_id ORDER BY p.approved_at DESC, p.response_id DESC) AS n
      FROM touched JOIN pairs p ON p.instruction_id = touched.id JOIN entries r ON r.id = p.response_id
    ), wanted AS (
      SELECT a.instruction_id, a.dataset_id, a.category_id, a.language, a.response_id AS a_id, b.response_id AS b_id, a.current_revision_id AS a_revision_id,
        b.current_revision_id AS b_revision_id, array_remove(ARRAY[a.writer_id, b.writer_id], NULL) AS author_ids
      FROM compared a JOIN compared b ON b.instruction_id = a.instruction_id AND a.response_id < b.response_id
      WHERE a.n <= ${mostCompared}::int AND b.n <= ${mostCompared}::int
    ), gone AS (
      DELETE FROM comparison_pairs c USING touched WHERE c.instruction_id = touched.id
        AND NOT EXISTS (SELECT 1 FROM wanted w WHERE w.a_id = c.a_id AND w.b_id = c.b_id)
    )
    INSERT INTO comparison_pairs (id, instruction_id, dataset_id, category_id, language, a_id, b_id, a_revision_id, b_revision_id, author_ids, information)
    SELECT gen_random_uuid(), instruction_id, dataset_id, category_id, language, a_id, b_id, a_revision_id, b_revision_id, author_ids, ${unknownGain}::float8 FROM wanted
    ON CONFLICT (a_id, b_id) DO UPDATE SET category_id = excluded.category_id, a_revision_id = excluded.a_revision_id, b_revision_id = excluded.b_revision_id,
      information = CASE WHEN comparison_pairs.a_revision_id = excluded.a_revision_id AND comparison_pairs.b_revision_id = excluded.b_revision_id
        THEN comparison_pairs.information ELSE excluded.information END,
      strength_difference_error = CASE WHEN comparison_pairs.a_revision_id = excluded.a_revision_id AND comparison_pairs.b_revision_id = excluded.b_revision_id
        THEN comparison_pairs.strength_difference_error END`;
}
