import { entryStatusSchema, rejectReasonSchema, verdictSchema, type CalibrationInput } from '@granary/contract';
import { Prisma, queryRows, type Database, type Transaction } from '@granary/db';
import * as z from 'zod';
import { inUse } from './usable-sql.ts';
import { excerptOf } from '../entries/entry-rows.ts';

const itemRowSchema = z.object({
  id: z.string(),
  entry_id: z.string(),
  revision_id: z.string(),
  dataset_id: z.string(),
  dataset_slug: z.string(),
  category: z.string(),
  language: z.string(),
  excerpt: z.string(),
  expected: verdictSchema,
  reason: rejectReasonSchema.nullable(),
  explanation: z.string(),
  created_by_id: z.string().nullable(),
  created_by_name: z.string().nullable(),
  created_at: z.date(),
  retired_at: z.date().nullable(),
  in_use: z.boolean(),
  answered: z.int(),
  met: z.int(),
});
export type ItemRow = z.infer<typeof itemRowSchema>;
const candidateRowSchema = z.object({
  dataset_id: z.string(),
  category_id: z.string(),
  language: z.string(),
  status: entryStatusSchema,
  revision_id: z.string(),
  reviewed_with_id: z.string().nullable(),
  author_id: z.string().nullable(),
  author_ids: z.array(z.string()),
});
const learnedRowSchema = z.object({ user_id: z.string(), verdict: verdictSchema });

const items = Prisma.sql`
  SELECT i.id::text, i.entry_id::text, i.revision_id::text, i.dataset_id::text, d.slug AS dataset_slug, c.slug AS category, i.language,
    ${excerptOf(Prisma.sql`coalesce(pv.text, v.text)`)} AS excerpt, i.expected::text, i.reason, i.explanation, i.created_by_id::text,
    u.display_name AS created_by_name, i.created_at, i.retired_at, ${inUse} AS in_use, given.answered, given.met
  FROM calibration_items i
  JOIN entries e ON e.id = i.entry_id
  JOIN datasets d ON d.id = i.dataset_id
  JOIN categories c ON c.id = i.category_id
  LEFT JOIN users u ON u.id = i.created_by_id
  JOIN revisions v ON v.id = i.revision_id
  LEFT JOIN entries p ON p.id = e.parent_id AND e.role = 'response'
  LEFT JOIN revisions pv ON pv.id = p.current_revision_id
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS answered, (count(*) FILTER (WHERE a.met))::int AS met FROM calibration_answers a WHERE a.item_id = i.id AND a.answered_at IS NOT NULL
  ) given`;

export type ItemRepository = ReturnType<typeof createItemRepository>;

export function createItemRepository(db: Database) {
  return {
    async datasetId(slug: string): Promise<string | null> {
      return (await db.prisma.dataset.findUnique({ where: { slug }, select: { id: true } }))?.id ?? null;
    },

    list: (datasetId: string, retired: boolean, after: readonly [string, string] | null, take: number) =>
      queryRows(
        db.prisma,
        itemRowSchema,
        Prisma.sql`
          ${items} WHERE i.dataset_id = ${datasetId}::uuid AND (i.retired_at IS NOT NULL) = ${retired}
            ${after === null ? Prisma.empty : Prisma.sql`AND (i.created_at, i.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`}
          ORDER BY i.created_at DESC, i.id DESC LIMIT ${take}::int`,
      ),

    async byId(client: Transaction, id: string): Promise<ItemRow | null> {
      const [row] = await queryRows(client, itemRowSchema, Prisma.sql`${items} WHERE i.id = ${id}::uuid`);
      return row ?? null;
    },

    /** The item that the current revision of an entry is, in use or retired. */
    async ofEntry(entryId: string): Promise<ItemRow | null> {
      const [row] = await queryRows(
        db.prisma,
        itemRowSchema,
        Prisma.sql`${items} WHERE i.entry_id = ${entryId}::uuid AND i.revision_id = e.current_revision_id`,
      );
      return row ?? null;
    },

    /** An entry as it may become an item; its authors are those of its instruction too. Call it after `lockEntries`. */
    async candidate(tx: Transaction, entryId: string) {
      const [row] = await queryRows(
        tx,
        candidateRowSchema,
        Prisma.sql`
          SELECT e.dataset_id::text, e.category_id::text, e.language, e.status::text, e.current_revision_id::text AS revision_id, e.reviewed_with_id::text, e.author_id::text,
            array_remove(ARRAY[e.author_id::text, (SELECT p.author_id::text FROM entries p WHERE p.id = e.parent_id AND e.role = 'response')], NULL) AS author_ids
          FROM entries e WHERE e.id = ${entryId}::uuid`,
      );
      return row ?? null;
    },

    /** Adds an item, or takes a retired one of the same revision into use again; null while one is in use. */
    async add(
      tx: Transaction,
      item: Omit<z.infer<typeof candidateRowSchema>, 'status' | 'reviewed_with_id' | 'author_id'> & {
        id: string;
        entryId: string;
        input: CalibrationInput;
        createdById: string;
        now: Date;
      },
    ): Promise<string | null> {
      const { input } = item;
      const [row] = await queryRows(
        tx,
        z.object({ id: z.string() }),
        Prisma.sql`
          INSERT INTO calibration_items (id, dataset_id, category_id, language, entry_id, revision_id, author_ids, expected, reason, explanation, created_by_id, created_at)
          VALUES (${item.id}::uuid, ${item.dataset_id}::uuid, ${item.category_id}::uuid, ${item.language}, ${item.entryId}::uuid, ${item.revision_id}::uuid,
            ${item.author_ids}::uuid[], ${input.expected}::verdict, ${input.reason ?? null}, ${input.explanation}, ${item.createdById}::uuid, ${item.now})
          ON CONFLICT (revision_id) DO UPDATE SET retired_at = NULL, expected = excluded.expected, reason = excluded.reason, explanation = excluded.explanation
          WHERE calibration_items.retired_at IS NOT NULL
          RETURNING id::text`,
      );
      return row?.id ?? null;
    },

    /** Locks an item; null without it. */
    async locked(tx: Transaction, id: string) {
      await tx.$queryRaw`SELECT 1 FROM calibration_items WHERE id = ${id}::uuid FOR UPDATE`;
      return this.byId(tx, id);
    },

    async change(tx: Transaction, id: string, { expected, reason, explanation }: CalibrationInput): Promise<void> {
      await tx.calibrationItem.update({ where: { id }, data: { expected, reason: reason ?? null, explanation } });
    },

    /** Holds the answers against another verdict; gives those that taught something. */
    async judgeAnew(tx: Transaction, id: string, expected: CalibrationInput['expected']) {
      await tx.$executeRaw`UPDATE calibration_answers SET met = (verdict = ${expected}::verdict) WHERE item_id = ${id}::uuid AND answered_at IS NOT NULL`;
      return queryRows(
        tx,
        learnedRowSchema,
        Prisma.sql`SELECT user_id::text, verdict::text FROM calibration_answers WHERE item_id = ${id}::uuid AND learned ORDER BY user_id`,
      );
    },

    async retire(tx: Transaction, id: string, now: Date): Promise<void> {
      await tx.calibrationItem.update({ where: { id }, data: { retiredAt: now } });
    },
  };
}
