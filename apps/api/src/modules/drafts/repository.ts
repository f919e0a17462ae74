import { draftContentSchema, type Draft, type DraftContent } from '@granary/contract';
import { Prisma, queryRows, type Database } from '@granary/db';
import * as z from 'zod';

const rowSchema = z
  .object({
    id: z.string(),
    datasetSlug: z.string(),
    content: draftContentSchema,
    version: z.int(),
    createdAt: z.date(),
    updatedAt: z.date(),
  })
  .transform((row): Draft => ({ ...row, createdAt: row.createdAt.toISOString(), updatedAt: row.updatedAt.toISOString() }));
const columns = Prisma.sql`w.id::text, d.slug AS "datasetSlug", w.content, w.version, w.created_at AS "createdAt", w.updated_at AS "updatedAt"`;

export type DraftRepository = ReturnType<typeof createDraftRepository>;
export type DraftSave = { id: string; userId: string; datasetSlug: string; content: DraftContent; baseVersion: number; now: Date };

export function createDraftRepository(db: Database) {
  return {
    list: (userId: string): Promise<Draft[]> =>
      queryRows(
        db.prisma,
        rowSchema,
        Prisma.sql`SELECT ${columns} FROM drafts w JOIN datasets d ON d.id = w.dataset_id WHERE w.user_id = ${userId}::uuid ORDER BY w.updated_at DESC, w.id`,
      ),

    async get(userId: string, id: string): Promise<Draft | null> {
      const [row] = await queryRows(
        db.prisma,
        rowSchema,
        Prisma.sql`SELECT ${columns} FROM drafts w JOIN datasets d ON d.id = w.dataset_id WHERE w.id = ${id}::uuid AND w.user_id = ${userId}::uuid`,
      );
      return row ?? null;
    },

    /** Adds a draft unless the user has one of this id, or `max` of them, already; null when nothing was written. */
    async add({ id, userId, datasetSlug, content, now }: DraftSave, max: number): Promise<Draft | null> {
      const at = now.toISOString();
      const [row] = await queryRows(
        db.prisma,
        rowSchema,
        Prisma.sql`
          WITH w AS (
            INSERT INTO drafts (id, user_id, dataset_id, content, version, created_at, updated_at)
            SELECT ${id}::uuid, ${userId}::uuid, d.id, ${JSON.stringify(content)}::jsonb, 1, ${at}::timestamptz, ${at}::timestamptz FROM datasets d
            WHERE d.slug = ${datasetSlug} AND (SELECT count(*) FROM drafts WHERE user_id = ${userId}::uuid) < ${max}::int
            ON CONFLICT (user_id, id) DO NOTHING RETURNING *
          )
          SELECT ${columns} FROM w JOIN datasets d ON d.id = w.dataset_id`,
      );
      return row ?? null;
    },

    /** Writes the version after `baseVersion`; null when that is not the present one. */
    async replace({ id, userId, datasetSlug, content, baseVersion, now }: DraftSave): Promise<Draft | null> {
      const [row] = await queryRows(
        db.prisma,
        rowSchema,
        Prisma.sql`
          WITH w AS (
            UPDATE drafts SET content = ${JSON.stringify(content)}::jsonb, version = drafts.version + 1, updated_at = ${now.toISOString()}::timestamptz, dataset_id = d.id
            FROM datasets d WHERE d.slug = ${datasetSlug} AND drafts.id = ${id}::uuid AND drafts.user_id = ${userId}::uuid AND drafts.version = ${baseVersion}::int
            RETURNING drafts.*
          )
          SELECT ${columns} FROM w JOIN datasets d ON d.id = w.dataset_id`,
      );
      return row ?? null;
    },

    async remove(userId: string, id: string): Promise<boolean> {
      const { count } = await db.prisma.draft.deleteMany({ where: { id, userId } });
      return count === 1;
    },

    count: (userId: string): Promise<number> => db.prisma.draft.count({ where: { userId } }),
    hasDataset: async (slug: string): Promise<boolean> => (await db.prisma.dataset.count({ where: { slug } })) === 1,
  };
}
