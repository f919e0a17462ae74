import { collusionFlagSchema, type CollusionFlag } from '@granary/contract';
import { Prisma, queryRows, type Database, type Transaction } from '@granary/db';
import * as z from 'zod';

const judgedSchema = z.object({
  entryId: z.string(),
  authorId: z.string(),
  reviewerId: z.string(),
  approved: z.boolean(),
  language: z.string(),
  writtenAt: z.date(),
});
const flagRowSchema = z.object({
  id: z.string(),
  dataset_slug: z.string(),
  dataset_title: z.string(),
  dataset_id: z.string(),
  a_id: z.string(),
  a_name: z.string(),
  b_id: z.string(),
  b_name: z.string(),
  kind: collusionFlagSchema.shape.kind,
  evidence: collusionFlagSchema.shape.evidence,
  status: collusionFlagSchema.shape.status,
  resolver_id: z.string().nullable(),
  resolver_name: z.string().nullable(),
  resolution: z.string().nullable(),
  created_at: z.date(),
  resolved_at: z.date().nullable(),
});
export type CollusionRow = z.infer<typeof flagRowSchema>;
export type Suspicion = Pick<CollusionFlag, 'kind' | 'evidence'> & { aId: string; bId: string };
export type CollusionRepository = ReturnType<typeof createCollusionRepository>;

/** Reviews of a dataset that are looked at: the newest. */
const reviewsRead = 100_000;
const flags = Prisma.sql`
  SELECT f.id::text, d.slug AS dataset_slug, d.title AS dataset_title, d.id::text AS dataset_id, f.a_id::text, a.display_name AS a_name, f.b_id::text, b.display_name AS b_name, f.kind,
    f.evidence, f.status::text, f.resolver_id::text, r.display_name AS resolver_name, f.resolution, f.created_at, f.resolved_at
  FROM collusion_flags f JOIN datasets d ON d.id = f.dataset_id JOIN users a ON a.id = f.a_id JOIN users b ON b.id = f.b_id LEFT JOIN users r ON r.id = f.resolver_id`;

export function createCollusionRepository(db: Database) {
  return {
    /** Datasets with reviews since a moment. */
    async reviewedSince(since: Date): Promise<string[]> {
      const rows = await queryRows(
        db.prisma,
        z.object({ id: z.string() }),
        Prisma.sql`
          SELECT d.id::text FROM datasets d WHERE d.archived_at IS NULL
            AND EXISTS (SELECT 1 FROM reviews w JOIN entries e ON e.id = w.entry_id WHERE e.dataset_id = d.id AND w.created_at > ${since}) ORDER BY d.id`,
      );
      return rows.map(({ id }) => id);
    },

    /** Reviews since a moment of what somebody wrote; a pair that was judged as one counts once. */
    judged: (datasetId: string, since: Date) =>
      queryRows(
        db.prisma,
        judgedSchema,
        Prisma.sql`
          SELECT w.entry_id::text AS "entryId", e.author_id::text AS "authorId", w.reviewer_id::text AS "reviewerId", w.verdict = 'approve' AS approved, e.language, v.created_at AS "writtenAt"
          FROM reviews w JOIN entries e ON e.id = w.entry_id JOIN revisions v ON v.id = w.revision_id JOIN review_tasks t ON t.id = w.task_id AND t.entry_id = w.entry_id
          WHERE e.dataset_id = ${datasetId}::uuid AND e.author_id IS NOT NULL AND w.created_at > ${since} ORDER BY w.created_at DESC, w.id LIMIT ${reviewsRead}::int`,
      ),

    /** Opens a suspicion, or renews the evidence of an open one. True when it is new. */
    async open(tx: Transaction, datasetId: string, { aId, bId, kind, evidence }: Suspicion, now: Date): Promise<boolean> {
      const rows = await tx.$queryRaw<{ fresh: boolean }[]>`
        INSERT INTO collusion_flags (id, dataset_id, a_id, b_id, kind, evidence, created_at)
        VALUES (gen_random_uuid(), ${datasetId}::uuid, ${aId}::uuid, ${bId}::uuid, ${kind}, ${JSON.stringify(evidence)}::jsonb, ${now})
        ON CONFLICT (dataset_id, a_id, b_id, kind) DO UPDATE SET evidence = excluded.evidence WHERE collusion_flags.status = 'open'
        RETURNING (xmax = 0) AS fresh`;
      return rows[0]?.fresh === true;
    },

    list: (status: string, after: readonly [string, string] | null, take: number) =>
      queryRows(
        db.prisma,
        flagRowSchema,
        Prisma.sql`
          ${flags} WHERE f.status = ${status}::flag_status ${after === null ? Prisma.empty : Prisma.sql`AND (f.created_at, f.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`}
          ORDER BY f.created_at DESC, f.id DESC LIMIT ${take}::int`,
      ),

    async byId(tx: Transaction, id: string): Promise<CollusionRow | null> {
      const [row] = await queryRows(tx, flagRowSchema, Prisma.sql`${flags} WHERE f.id = ${id}::uuid`);
      return row ?? null;
    },

    /** False when it is closed already. */
    async close(
      tx: Transaction,
      id: string,
      status: 'upheld' | 'dismissed',
      by: { resolverId: string; reason: string; at: Date },
    ): Promise<boolean> {
      const { count } = await tx.collusionFlag.updateMany({
        where: { id, status: 'open' },
        data: { status, resolverId: by.resolverId, resolution: by.reason, resolvedAt: by.at },
      });
      return count > 0;
    },
  };
}
