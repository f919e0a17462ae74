import { Prisma, queryRows, type Database } from '@granary/db';
import * as z from 'zod';

const rowSchema = z.object({
  id: z.string(),
  displayName: z.string(),
  joinedAt: z.date(),
  inSnapshots: z.int(),
  reviews: z.int(),
  byCategory: z.array(z.object({ category: z.string(), approved: z.int() })),
});

export type ContributorRepository = ReturnType<typeof createContributorRepository>;

export function createContributorRepository(db: Database) {
  return {
    /** Null without such a user. `inSnapshots` counts responses that at least one published snapshot holds, retracted since or not. */
    async byId(id: string) {
      const [row] = await queryRows(
        db.prisma,
        rowSchema,
        Prisma.sql`
          SELECT u.id::text, u.display_name AS "displayName", u.created_at AS "joinedAt",
            (SELECT count(*)::int FROM entries e WHERE e.author_id = u.id AND e.role = 'response' AND EXISTS (
              SELECT 1 FROM snapshots s JOIN snapshot_pairs sp ON sp.snapshot_id = s.id
              WHERE s.dataset_id = e.dataset_id AND s.status = 'published' AND sp.response_id = e.id)) AS "inSnapshots",
            (SELECT count(DISTINCT coalesce(w.task_id, w.id))::int FROM reviews w WHERE w.reviewer_id = u.id) AS reviews,
            (SELECT coalesce(jsonb_agg(jsonb_build_object('category', n.slug, 'approved', n.approved) ORDER BY n.approved DESC, n.slug), '[]')
              FROM (SELECT c.slug, count(*)::int AS approved FROM pairs p JOIN categories c ON c.id = p.category_id WHERE p.author_id = u.id GROUP BY c.slug) n) AS "byCategory"
          FROM users u WHERE u.id = ${id}::uuid`,
      );
      return row ?? null;
    },
  };
}
