import { fullRecordSchema, snapshotRowSchema } from '@granary/contract';
import type { RowFilter, SnapshotRow } from '@granary/contract';
import { contentHashOf } from '@granary/corpus';
import { Prisma, queryRows } from '@granary/db';
import type { Database } from '@granary/db';
import * as z from 'zod';
import type { Search } from '../../search/query.ts';
import { matches, mayMatch } from '../../search/search-sql.ts';
import { recordColumns, recordJoins } from './pinned-pairs.ts';

export type PublishedSnapshot = {
  id: string;
  number: number;
  datasetId: string;
  rows: number;
  /** Those of its dataset. */ languages: string[];
};
/** Names a pinned pair: its conversation and its response. */
type PairKey = { conversation_id: string; response_id: string };
/** Where the last page ended: the pair in the order of the files; in a sample the lap (1 after the end was reached) and the place. */
export type RowOrder =
  | { kind: 'file'; after: readonly [conversation: string, response: string] | null }
  | { kind: 'sample'; start: string; after: readonly [lap: number, place: string] | null };
export type RowQuery = { snapshot: PublishedSnapshot; filter: RowFilter; search: Search | null; order: RowOrder };
export type RowKey = PairKey & { at: readonly [string | number, string] };
export type RowRepository = ReturnType<typeof createRowRepository>;

/** A snapshot of at most so many rows is put into a sample's order as a whole. */
const sortedAtMost = 20_000;
const publishedSchema = z.object({ id: z.string(), number: z.int(), datasetId: z.string(), rows: z.int(), languages: z.array(z.string()) });
const keySchema = z.object({ conversation_id: z.string(), response_id: z.string(), lap: z.int(), place: z.string() });
const rowSchema = fullRecordSchema.omit({ content_hash: true }).extend({ since: snapshotRowSchema.shape.since });

const placeOf = (column: 'e.id' | 's.response_id') => Prisma.raw(`md5(${column}::text)::uuid`);
const columns = Prisma.raw(recordColumns);
const joins = Prisma.raw(recordJoins);

/** The rows of published snapshots, by index at any size. */
export function createRowRepository(db: Database) {
  return {
    async published(slug: string, number: number): Promise<PublishedSnapshot | null> {
      const [found] = await queryRows(
        db.prisma,
        publishedSchema,
        Prisma.sql`
          SELECT n.id::text, n.number, n.dataset_id::text AS "datasetId", n.rows_total AS rows, d.languages
          FROM snapshots n JOIN datasets d ON d.id = n.dataset_id WHERE d.slug = ${slug} AND n.number = ${number}::int AND n.status = 'published'`,
      );
      return found ?? null;
    },

    /** Numbers of the published snapshots that hold a pair, newest first. */
    async holding(slug: string, id: string): Promise<number[]> {
      const rows = await queryRows(
        db.prisma,
        z.object({ number: z.int() }),
        Prisma.sql`
          SELECT n.number FROM entries e JOIN datasets d ON d.id = e.dataset_id AND d.slug = ${slug}
          JOIN snapshots n ON n.dataset_id = d.id AND n.status = 'published'
          JOIN snapshot_pairs s ON s.snapshot_id = n.id AND s.conversation_id = e.root_id AND s.response_id = e.id
          WHERE e.id = ${id}::uuid ORDER BY n.number DESC`,
      );
      return rows.map(({ number }) => number);
    },

    /** One row with the revision that it was published in; null when the snapshot has no such row. */
    async get(snapshotId: string, id: string): Promise<(SnapshotRow & { revision_id: string }) | null> {
      const [row] = await queryRows(
        db.prisma,
        rowSchema.extend({ revision_id: z.string() }),
        Prisma.sql`
          SELECT ${columns}, ${since} AS since, rr.id::text AS revision_id
          FROM entries f JOIN snapshot_pairs s ON s.snapshot_id = ${snapshotId}::uuid AND s.conversation_id = f.root_id AND s.response_id = f.id ${joins}
          WHERE f.id = ${id}::uuid`,
      );
      return row === undefined ? null : withHash(row);
    },

    /** The rows named, in that order. */
    async rows(snapshotId: string, keys: readonly PairKey[]): Promise<SnapshotRow[]> {
      const rows = await queryRows(
        db.prisma,
        rowSchema,
        Prisma.sql`
          SELECT ${columns}, ${since} AS since
          FROM unnest(${keys.map((key) => key.conversation_id)}::uuid[], ${keys.map((key) => key.response_id)}::uuid[]) WITH ORDINALITY AS k(conversation_id, response_id, nth)
          JOIN snapshot_pairs s ON s.snapshot_id = ${snapshotId}::uuid AND s.conversation_id = k.conversation_id AND s.response_id = k.response_id ${joins}
          ORDER BY k.nth`,
      );
      return rows.map(withHash);
    },

    /** The first pairs that pass, out of the next `walk` of the order. */
    async walk(query: RowQuery, walk: number, take: number): Promise<RowKey[]> {
      const where = conditions(query.filter);
      if (query.search !== null) where.push(pairHas(query.search));
      const rows = await queryRows(
        db.prisma,
        keySchema,
        Prisma.sql`
          SELECT s.conversation_id::text, s.response_id::text, s.lap, s.place::text FROM (${walked(query, walk)}) s
          WHERE ${Prisma.join(where, ' AND ')} ORDER BY ${orderOf(query.order)} LIMIT ${take}::int`,
      );
      return rows.map((row) => toKey(query.order, row));
    },

    /** Where a walk of so many ends; null when there are no more than that. */
    async walkEnd(query: RowQuery, walk: number): Promise<RowKey['at'] | null> {
      const { order, snapshot } = query;
      if (order.kind === 'sample' && snapshot.rows <= sortedAtMost) return null;
      const ordered =
        order.kind === 'file'
          ? Prisma.sql`SELECT s.conversation_id, s.response_id, 0 AS lap, s.response_id AS place FROM snapshot_pairs s WHERE ${inFileOrder(snapshot.id, order.after)}
              ORDER BY s.conversation_id, s.response_id`
          : Prisma.sql`SELECT e.id AS conversation_id, e.id AS response_id, e.lap, e.place FROM (${inSampleOrder(snapshot.datasetId, order, walk + 1)}) e ORDER BY e.lap, e.place`;
      const rows = await queryRows(
        db.prisma,
        keySchema,
        Prisma.sql`SELECT w.conversation_id::text, w.response_id::text, w.lap, w.place::text FROM (${ordered} OFFSET ${walk - 1}::int LIMIT 2) w ORDER BY w.lap, ${
          order.kind === 'file' ? Prisma.sql`w.conversation_id, w.response_id` : Prisma.sql`w.place`
        }`,
      );
      const [last, more] = rows;
      return last === undefined || more === undefined ? null : toKey(order, last).at;
    },

    /** The first pairs that pass, by the index of words; null when more than `hitsAtMost` texts of all datasets have the words. */
    async search(query: RowQuery & { search: Search & { index: string } }, hitsAtMost: number, take: number): Promise<RowKey[] | null> {
      const { snapshot, filter, search, order } = query;
      const key =
        order.kind === 'file'
          ? Prisma.sql`0 AS lap, s.response_id AS place`
          : Prisma.sql`${lapOf(order.start)} AS lap, ${placeOf('s.response_id')} AS place`;
      const rows = await queryRows(
        db.prisma,
        z.object({ hits: z.int(), ...keySchema.partial().shape }).or(z.object({ hits: z.int(), response_id: z.null() })),
        Prisma.sql`
          WITH hit AS MATERIALIZED (
            SELECT v.id, v.entry_id FROM revisions v WHERE ${mayMatch('v.words', search.index)} LIMIT ${hitsAtMost + 1}::int
          ), found AS (
            SELECT DISTINCT s.conversation_id, s.response_id, ${key}
            FROM hit
            CROSS JOIN LATERAL (SELECT e.root_id FROM entries e WHERE e.id = hit.entry_id LIMIT 1) e
            CROSS JOIN LATERAL (
              SELECT * FROM snapshot_pairs p WHERE p.snapshot_id = ${snapshot.id}::uuid AND p.conversation_id = e.root_id ${rowByRow}
            ) s
            WHERE (SELECT count(*) FROM hit) <= ${hitsAtMost}::int AND hit.id IN (s.response_revision_id, s.instruction_revision_id) AND ${Prisma.join(conditions(filter), ' AND ')}
              AND (SELECT ${matches('v.words', search)} FROM revisions v WHERE v.id = hit.id)
          )
          SELECT (SELECT count(*)::int FROM hit) AS hits, s.conversation_id::text, s.response_id::text, s.lap, s.place::text
          FROM (SELECT 1) one LEFT JOIN (
            SELECT * FROM found s WHERE ${laterThan(order)} ORDER BY ${orderOf(order)} LIMIT ${take}::int
          ) s ON true ORDER BY ${orderOf(order)}`,
      );
      if ((rows[0]?.hits ?? 0) > hitsAtMost) return null;
      return rows.flatMap((row) => (row.response_id === null ? [] : [toKey(order, keySchema.parse(row))]));
    },
  };
}

/**
 * Ends a lateral query that is to be asked row by row. Without it the planner, who cannot tell how few rows will be left, reads all
 * pinned pairs into a hash at once.
 */
const rowByRow = Prisma.sql`OFFSET 0`;

const since = Prisma.sql`CASE
  WHEN 'retracted' IN (r.status::text, i.status::text) THEN 'retracted'
  WHEN r.current_revision_id <> rr.id OR i.current_revision_id <> ir.id THEN 'edited'
  WHEN NOT EXISTS (SELECT 1 FROM pairs p WHERE p.response_id = r.id) THEN 'removed' END`;

function withHash<T extends z.output<typeof rowSchema>>(row: T): T & { content_hash: string } {
  return { ...row, content_hash: contentHashOf(row) };
}

const toKey = ({ kind }: RowOrder, { conversation_id, response_id, lap, place }: z.output<typeof keySchema>): RowKey => ({
  conversation_id,
  response_id,
  at: kind === 'file' ? [conversation_id, response_id] : [lap, place],
});

const orderOf = ({ kind }: RowOrder) => (kind === 'file' ? Prisma.sql`s.conversation_id, s.response_id` : Prisma.sql`s.lap, s.place`);
const lapOf = (start: string) => Prisma.sql`(${placeOf('s.response_id')} < ${start}::uuid)::int`;

/** Of `s`, which has the key's columns. */
function laterThan(order: RowOrder): Prisma.Sql {
  if (order.after === null) return Prisma.sql`true`;
  return order.kind === 'file'
    ? Prisma.sql`(s.conversation_id, s.response_id) > (${order.after[0]}::uuid, ${order.after[1]}::uuid)`
    : Prisma.sql`(s.lap, s.place) > (${order.after[0]}::int, ${order.after[1]}::uuid)`;
}

function conditions({ split, category, language, min_rating: minRating }: RowFilter): Prisma.Sql[] {
  const where = [Prisma.sql`true`];
  if (split !== undefined) where.push(Prisma.sql`s.split = ${split}`);
  if (category.length > 0) where.push(Prisma.sql`s.category = ANY(${category}::text[])`);
  if (language.length > 0) where.push(Prisma.sql`s.language = ANY(${language}::text[])`);
  if (minRating !== undefined) where.push(Prisma.sql`s.rating >= ${minRating}::float8`);
  return where;
}

/** An aggregate, so that the planner asks it row by row and never turns to the index of words for it. */
const pairHas = (search: Search) => Prisma.sql`(
  SELECT bool_or(${matches('v.words', search)}) FROM revisions v WHERE v.id IN (s.response_revision_id, s.instruction_revision_id))`;

/** The next `walk` pairs of the order, with the key's columns. */
function walked({ snapshot, order }: RowQuery, walk: number): Prisma.Sql {
  if (order.kind === 'file')
    return Prisma.sql`
      SELECT s.*, 0 AS lap, s.response_id AS place FROM snapshot_pairs s WHERE ${inFileOrder(snapshot.id, order.after)}
      ORDER BY s.conversation_id, s.response_id LIMIT ${walk}::int`;
  if (snapshot.rows <= sortedAtMost)
    return Prisma.sql`
      SELECT * FROM (SELECT s.*, ${lapOf(order.start)} AS lap, ${placeOf('s.response_id')} AS place FROM snapshot_pairs s WHERE s.snapshot_id = ${snapshot.id}::uuid) s
      WHERE ${laterThan(order)}`;
  return Prisma.sql`
    SELECT s.*, e.lap, e.place FROM (${inSampleOrder(snapshot.datasetId, order, walk)}) e
    CROSS JOIN LATERAL (
      SELECT * FROM snapshot_pairs p WHERE p.snapshot_id = ${snapshot.id}::uuid AND p.conversation_id = e.root_id AND p.response_id = e.id ${rowByRow}
    ) s`;
}

const inFileOrder = (snapshotId: string, after: readonly [string, string] | null) =>
  Prisma.sql`s.snapshot_id = ${snapshotId}::uuid AND ${
    after === null ? Prisma.sql`true` : Prisma.sql`(s.conversation_id, s.response_id) > (${after[0]}::uuid, ${after[1]}::uuid)`
  }`;

/**
 * The next responses of a dataset by the hash of their ids, from the start to the end and on from the beginning. A stretch of them is
 * a simple random sample; but two seeds may begin close to each other and then show some of the same rows.
 */
function inSampleOrder(datasetId: string, { start, after }: RowOrder & { kind: 'sample' }, walk: number): Prisma.Sql {
  const place = placeOf('e.id');
  const stretch = (lap: 0 | 1, condition: Prisma.Sql) => Prisma.sql`(
    SELECT e.id, e.root_id, ${lap}::int AS lap, ${place} AS place FROM entries e WHERE e.dataset_id = ${datasetId}::uuid AND e.role = 'response' AND ${condition}
    ORDER BY ${place} LIMIT ${walk}::int)`;
  const behind = after === null ? null : Prisma.sql`${place} > ${after[1]}::uuid`;
  const second = stretch(1, Prisma.sql`${place} < ${start}::uuid AND ${after?.[0] === 1 && behind !== null ? behind : Prisma.sql`true`}`);
  if (after?.[0] === 1) return Prisma.sql`SELECT * FROM ${second} laps`;
  return Prisma.sql`SELECT * FROM (${stretch(0, behind ?? Prisma.sql`${place} >= ${start}::uuid`)} UNION ALL ${second}) laps LIMIT ${walk}::int`;
}
