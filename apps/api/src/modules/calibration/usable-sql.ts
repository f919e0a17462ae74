import { Prisma } from '@granary/db';

/** An item `i` of entry `e` comes before reviewers: not retired, and the entry still stands as it was marked, decided, or came with its dataset for this alone. */
export const inUse = Prisma.sql`(i.retired_at IS NULL AND e.current_revision_id = i.revision_id
  AND (e.status IN ('approved', 'rejected', 'changes_requested') OR (e.status = 'retracted' AND i.created_by_id IS NULL)))`;

/**
 * Somebody may judge an item `i` of entry `e`: they neither wrote it nor another response to its instruction, nor marked it, nor have
 * judged any version of it as a reviewer, nor passed it on.
 */
export const judgeable = (userId: string) => Prisma.sql`(
  ${userId}::uuid <> ALL(i.author_ids) AND i.created_by_id IS DISTINCT FROM ${userId}::uuid
  AND NOT EXISTS (SELECT 1 FROM reviews w WHERE w.entry_id = i.entry_id AND w.reviewer_id = ${userId}::uuid)
  AND NOT EXISTS (SELECT 1 FROM review_skips k WHERE k.revision_id = i.revision_id AND k.user_id = ${userId}::uuid)
  AND NOT EXISTS (SELECT 1 FROM entries s WHERE s.parent_id = e.parent_id AND e.role = 'response' AND s.role = 'response' AND s.author_id = ${userId}::uuid))`;
