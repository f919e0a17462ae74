/**
 * Leases one review seat of a dataset, in one statement; texts, so that the benchmark can run the same words.
 * `$1` dataset, `$2` reviewer, `$3` category or null, `$4` languages or null, `$5` now, `$6` end of the lease.
 *
 * A seat that the reviewer holds already comes first, so that a reload gives the same task. Otherwise the oldest open seat
 * of a revision that is not theirs, that answers no instruction which they have answered too, that they have not reviewed or skipped, and of which they hold no other seat. A row that
 * somebody else is leasing at this moment is passed over, not waited for.
 *
 * `closed_at` (null in all of them) leads the order so that the queue's index gives it without a sort, and OFFSET 0 keeps the
 * planner from turning the exclusions into joins over the whole queue: with 100,000 seats open the first that fits is found
 * at once, instead of after reading them all.
 */
export const leaseSql = `
WITH own AS MATERIALIZED (
  SELECT t.id FROM review_tasks t
  WHERE t.leased_by_id = $2::uuid AND t.closed_at IS NULL AND t.dataset_id = $1::uuid AND t.lease_expires_at > $5::timestamptz
    AND ($3::uuid IS NULL OR t.category_id = $3::uuid) AND ($4::text[] IS NULL OR t.language = ANY($4::text[]))
  ORDER BY t.created_at LIMIT 1
), free AS MATERIALIZED (
  SELECT c.id FROM review_tasks c
  WHERE NOT EXISTS (SELECT 1 FROM own) AND c.dataset_id = $1::uuid AND c.closed_at IS NULL
    AND (c.lease_expires_at IS NULL OR c.lease_expires_at <= $5::timestamptz)
    AND ($3::uuid IS NULL OR c.category_id = $3::uuid) AND ($4::text[] IS NULL OR c.language = ANY($4::text[]))
    AND $2::uuid <> ALL(c.author_ids)
    AND NOT EXISTS (SELECT 1 FROM reviews w WHERE w.revision_id = c.revision_id AND w.reviewer_id = $2::uuid OFFSET 0)
    AND NOT EXISTS (SELECT 1 FROM review_skips s WHERE s.revision_id = c.revision_id AND s.user_id = $2::uuid OFFSET 0)
    AND NOT EXISTS (SELECT 1 FROM entries e JOIN entries s ON s.parent_id = e.parent_id AND s.role = 'response'
      WHERE e.id = c.entry_id AND e.role = 'response' AND s.author_id = $2::uuid OFFSET 0)
    AND NOT EXISTS (SELECT 1 FROM review_tasks o WHERE o.revision_id = c.revision_id AND o.id <> c.id AND o.closed_at IS NULL
      AND o.leased_by_id = $2::uuid AND o.lease_expires_at > $5::timestamptz OFFSET 0)
  ORDER BY c.closed_at, c.created_at, c.id LIMIT 1 FOR UPDATE SKIP LOCKED
)
UPDATE review_tasks t SET leased_by_id = $2::uuid, lease_expires_at = $6::timestamptz
FROM (SELECT id FROM own UNION ALL SELECT id FROM free) pick WHERE t.id = pick.id
RETURNING t.id::text, t.entry_id::text, t.revision_id::text, t.lease_expires_at`;
