import { fullRecordSchema, selectionSchema } from '@granary/contract';
import type { FullRecord, SnapshotCounts, SnapshotRecord, Split } from '@granary/contract';
import { contentHashOf } from '@granary/corpus';
import type { SnapshotConversation } from '@granary/corpus';
import { Prisma, queryRows } from '@granary/db';
import type { Database, Transaction } from '@granary/db';
import * as z from 'zod';
import { createChangeCountsRepository } from './change-counts-repository.ts';
import { pinSnapshot } from './pin-repository.ts';

/** What a build has to know before it begins. */
export type BuildTask = NonNullable<Awaited<ReturnType<BuildRepository['begin']>>>;
export type BuiltFile = {
  name: string;
  mediaType: string;
  format: string;
  encoding: string | null;
  split: Split | null;
  bytes: number;
  sha256: string;
  rows: number | null;
  storageKey: string;
};
export type BuildRepository = ReturnType<typeof createBuildRepository>;

const withDataset = {
  dataset: { include: { categories: { orderBy: [{ position: 'asc' }, { slug: 'asc' }] } } },
} satisfies Prisma.SnapshotInclude;

/** The queries of a snapshot's build. */
export function createBuildRepository(db: Database) {
  return {
    /** Marks a waiting or interrupted build as running; null when it has ended in the meantime. */
    async begin(id: string) {
      const { count } = await db.prisma.snapshot.updateMany({
        where: { id, status: { in: ['queued', 'building'] } },
        data: { status: 'building', rowsDone: 0 },
      });
      if (count === 0) return null;
      const row = await db.prisma.snapshot.findUniqueOrThrow({ where: { id }, include: withDataset });
      return { ...row, selection: selectionSchema.parse(row.selection) };
    },
    pin: pinSnapshot,
    /**
     * Lets the planner know of the pinned pairs. Without figures it takes them for a few hundred and sorts all that are left for
     * every page; the embedded database never gathers any by itself.
     */
    async analyze(): Promise<void> {
      await db.prisma.$executeRaw`ANALYZE snapshot_pairs, snapshot_preferences`;
    },
    async pinned(id: string): Promise<{ rowsTotal: number; withheld: number; eventPosition: number }> {
      const row = await db.prisma.snapshot.findUniqueOrThrow({
        where: { id },
        select: { rowsTotal: true, withheld: true, eventPosition: true },
      });
      return { rowsTotal: row.rowsTotal, withheld: row.withheld, eventPosition: Number(row.eventPosition ?? 0) };
    },
    /**
     * The next pinned conversations after the one named, whole, in the order of their ids; those of one split, or all. About `limit`
     * pairs: the last conversation comes whole. Empty at the end.
     */
    async conversations(id: string, split: Split | null, afterId: string | null, limit: number): Promise<SnapshotConversation[]> {
      const { rows } = await db.executeSql(recordsStatement, [id, afterId ?? '00000000-0000-0000-0000-000000000000', limit, split]);
      // The statement settles the columns' types, so that one row speaks for all; checking each would take as long as writing it.
      if (rows[0] !== undefined) fullRecordSchema.omit({ content_hash: true }).parse(rows[0]);
      return toConversations(rows as Omit<SnapshotRecord, 'content_hash'>[]);
    },
    /** Every rating dimension that occurs in the pinned pairs, in order. */
    async ratingDimensions(id: string): Promise<string[]> {
      const rows = await queryRows(
        db.prisma,
        z.object({ name: z.string() }),
        Prisma.sql`SELECT DISTINCT k COLLATE "C" AS name FROM snapshot_pairs, jsonb_object_keys(ratings) k WHERE snapshot_id = ${id}::uuid ORDER BY 1`,
      );
      return rows.map(({ name }) => name);
    },
    /** Writes progress down. False when the build is to stop: somebody cancelled it, or it has ended elsewhere. */
    async report(id: string, progress: { rowsDone: number } | { stage: 'storing' }): Promise<boolean> {
      const { count } = await db.prisma.snapshot.updateMany({ where: { id, status: 'building', cancelAsked: false }, data: progress });
      return count === 1;
    },
    ...createChangeCountsRepository(db),
    /** Makes the snapshot public, files and all. False when it was cancelled or has ended elsewhere. */
    async publish(
      tx: Transaction,
      id: string,
      built: { counts: SnapshotCounts; contentHash: string; files: readonly BuiltFile[]; publishedAt: Date },
    ): Promise<boolean> {
      const { counts, contentHash, publishedAt } = built;
      const { count } = await tx.snapshot.updateMany({
        where: { id, status: 'building', cancelAsked: false },
        data: { status: 'published', stage: 'done', rowsDone: counts.pairs, counts, contentHash, publishedAt, error: null },
      });
      if (count === 0) return false;
      await tx.snapshotFile.createMany({ data: built.files.map((file) => ({ snapshotId: id, ...file })) });
      return true;
    },
  };
}

const isoTime = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
/** Of an imported response, else of an imported instruction. */
const origin = (column: string) => `CASE WHEN r.origin_name IS NULL THEN i.${column} ELSE r.${column} END`;
export const fullColumns = {
  id: 'r.id',
  split: 's.split',
  instruction_id: 'i.id',
  conversation_id: 's.conversation_id',
  turn: 's.turn',
  parent_response_id: 'i.parent_id',
  instruction: 'ir.text',
  context: `coalesce(ir.context, '')`,
  response: 'rr.text',
  category: 's.category',
  language: 's.language',
  instruction_licence: 'i.licence',
  response_licence: 'r.licence',
  context_url: 'ir.context_url',
  context_licence: 'ir.context_licence',
  instruction_author: 's.instruction_author',
  response_author: 's.response_author',
  editors: 's.editors',
  origin: origin('origin_name'),
  origin_url: origin('origin_url'),
  external_id: origin('external_id'),
  ai_assistance: 's.ai_assistance::text',
  terms_version: 's.terms_version',
  instruction_revision: 'ir.number',
  response_revision: 'rr.number',
  reviews: 's.reviews',
  approvals: 's.approvals',
  agreement: 'round(s.approvals::numeric / nullif(s.reviews, 0), 4)::float8',
  posterior: 'round(s.posterior::numeric, 4)::float8',
  rating: 'round(s.rating::numeric, 4)::float8',
  rating_count: 's.rating_count',
  ratings: 's.ratings',
  strength: 'round(s.strength::numeric, 4)::float8',
  strength_error: 'round(s.strength_error::numeric, 4)::float8',
  comparisons: 's.comparisons',
  checks: 's.checks',
  created_at: isoTime('r.created_at'),
  approved_at: isoTime('s.approved_at'),
} satisfies Record<Exclude<keyof FullRecord, 'content_hash'>, string>;

const recordsStatement = `
  SELECT ${Object.entries(fullColumns)
    .map(([name, expression]) => `${expression} AS ${name}`)
    .join(', ')}, (
      SELECT coalesce(jsonb_agg(jsonb_build_object('rejected_id', f.rejected_id, 'margin', round(f.margin::numeric, 4),
        'margin_error', round(f.margin_error::numeric, 4), 'comparisons', f.comparisons, 'ties', f.ties, 'both_bad', f.both_bad) ORDER BY f.rejected_id), '[]')
      FROM snapshot_preferences f WHERE f.snapshot_id = s.snapshot_id AND f.chosen_id = s.response_id
    ) AS preferences
  FROM (
    SELECT * FROM snapshot_pairs WHERE snapshot_id = $1::uuid AND conversation_id > $2::uuid AND ($4::text IS NULL OR split = $4::text)
    ORDER BY conversation_id FETCH FIRST ($3::int) ROWS WITH TIES
  ) s
  JOIN revisions rr ON rr.id = s.response_revision_id
  JOIN revisions ir ON ir.id = s.instruction_revision_id
  JOIN entries r ON r.id = rr.entry_id
  JOIN entries i ON i.id = ir.entry_id
  ORDER BY s.conversation_id, s.turn, s.response_id`;

/** Cuts pairs that come in order into their conversations. */
function toConversations(pairs: Omit<SnapshotRecord, 'content_hash'>[]): SnapshotConversation[] {
  const conversations: { id: string; split: Split; pairs: SnapshotRecord[] }[] = [];
  for (const pair of pairs) {
    const record = Object.assign(pair, { content_hash: contentHashOf(pair) });
    const last = conversations.at(-1);
    if (last?.id === record.conversation_id) last.pairs.push(record);
    else conversations.push({ id: record.conversation_id, split: record.split, pairs: [record] });
  }
  return conversations;
}
