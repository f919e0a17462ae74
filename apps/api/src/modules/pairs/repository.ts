import { entryStatusSchema, type EntryStatus } from '@granary/contract';
import { Prisma, queryRows, type Database } from '@granary/db';
import * as z from 'zod';
import type { Search } from '../../search/query.ts';
import { plainMeans } from '../entries/rating-sql.ts';
import { otherPageByWords, pageByWords, pageColumns } from './page-by-words.ts';

const rowSchema = z.object({
  id: z.string(),
  instruction_id: z.string(),
  dataset_slug: z.string(),
  category: z.string(),
  language: z.string(),
  status: entryStatusSchema,
  instruction: z.string(),
  instruction_status: entryStatusSchema,
  instruction_author_id: z.string().nullable(),
  context: z.string().nullable(),
  response: z.string(),
  author_id: z.string().nullable(),
  author_name: z.string().nullable(),
  origin_name: z.string().nullable(),
  origin_url: z.string().nullable(),
  external_id: z.string().nullable(),
  rating: z.number().nullable(),
  raters: z.int(),
  comparisons: z.int(),
  alternatives: z.int(),
  root_id: z.string().nullable(),
  root_text: z.string().nullable(),
  root_status: entryStatusSchema.nullable(),
  root_author_id: z.string().nullable(),
  review_count: z.int(),
  at: z.date(),
});
export type PairRow = z.infer<typeof rowSchema>;
/** Comes with every row of a search, and alone when there is none. */
const walkedSchema = z.object({ walked_at: z.date().nullable(), walked_id: z.string().nullable() });

/** Where to look: the datasets and categories that the filters name, and the languages of those datasets. */
export type Scope = { datasetIds: string[]; languages: string[]; /** Null without that filter. */ categoryIds: string[] | null };
export type PairFilters = {
  scope: Scope;
  search?: Search;
  language?: string;
  author?: string;
  /** First moment included, and first one no longer included. */
  from?: Date;
  before?: Date;
};
export type Key = readonly [string, string] | null;
export type PairRepository = ReturnType<typeof createPairRepository>;

/** Of `page`, which has id, at, rating and review_count. */
const pairColumns = Prisma.sql`
  r.id::text, i.id::text AS instruction_id, d.slug AS dataset_slug, c.slug AS category, r.language, r.status::text, iv.text AS instruction,
  i.status::text AS instruction_status, i.author_id::text AS instruction_author_id, iv.context, rv.text AS response, r.author_id::text, u.display_name AS author_name,
  r.origin_name, r.origin_url, r.external_id, page.review_count, page.at,
  CASE WHEN page.rating IS NOT NULL THEN (SELECT plain.mean FROM ${plainMeans(Prisma.sql`r.current_revision_id`)} plain) END AS rating,
  coalesce((SELECT x.rating_count FROM pairs x WHERE x.response_id = r.id), 0) AS raters,
  coalesce((SELECT s.comparisons FROM response_strengths s WHERE s.response_id = r.id AND s.revision_id = r.current_revision_id), 0) AS comparisons,
  (SELECT count(*)::int FROM pairs a WHERE a.instruction_id = i.id AND a.response_id <> r.id) AS alternatives,
  root.id::text AS root_id, rootv.text AS root_text, root.status::text AS root_status, root.author_id::text AS root_author_id`;
const pairJoins = Prisma.sql`
  JOIN entries r ON r.id = page.id
  JOIN revisions rv ON rv.id = r.current_revision_id
  JOIN entries i ON i.id = r.parent_id
  JOIN revisions iv ON iv.id = i.current_revision_id
  JOIN datasets d ON d.id = r.dataset_id
  JOIN categories c ON c.id = r.category_id
  LEFT JOIN users u ON u.id = r.author_id
  LEFT JOIN entries root ON root.id = r.root_id AND r.depth > 1
  LEFT JOIN revisions rootv ON rootv.id = root.current_revision_id`;

export function createPairRepository(db: Database) {
  return {
    /** Null when there is no such dataset. */
    async scope(dataset: string | undefined, category: string | undefined): Promise<Scope | null> {
      const found = await queryRows(
        db.prisma,
        z.object({ id: z.string(), languages: z.array(z.string()), category_id: z.string().nullable() }),
        Prisma.sql`
          SELECT d.id::text, d.languages, c.id::text AS category_id FROM datasets d LEFT JOIN categories c ON c.dataset_id = d.id AND c.slug = ${category ?? null}
          ${dataset === undefined ? Prisma.empty : Prisma.sql`WHERE d.slug = ${dataset}`}`,
      );
      if (dataset !== undefined && found.length === 0) return null;
      return {
        datasetIds: dataset === undefined ? [] : found.map(({ id }) => id),
        languages: [...new Set(found.flatMap(({ languages }) => languages))].toSorted(),
        categoryIds: category === undefined ? null : found.map(({ category_id: id }) => id).filter((id) => id !== null),
      };
    },

    /** Approved pairs, last approved first. With words a page may come out short: `walked` is then the key to go on from, else null. */
    async approved(filters: PairFilters, after: Key, take: number): Promise<{ rows: PairRow[]; walked: Key }> {
      const where = conditions(filters, 'p', Prisma.sql`(p.approved_at, p.response_id)`, Prisma.sql`p.approved_at`, after);
      if (filters.search !== undefined) return searched(pageByWords(where, filters.search, take));
      return { rows: await listed(pageByDate(where, take)), walked: null };
    },

    /** Approved pairs that were rated or compared, the best or the most compared first; `after` is the last value and id. */
    sorted(
      filters: PairFilters,
      sort: 'rating' | 'comparisons',
      after: readonly [number, string] | null,
      take: number,
    ): Promise<(PairRow & { value: number })[]> {
      const [value, id, type] =
        sort === 'rating'
          ? [Prisma.sql`p.rating`, Prisma.sql`p.response_id`, Prisma.sql`float8`]
          : [Prisma.sql`s.comparisons`, Prisma.sql`s.response_id`, Prisma.sql`int`];
      const where = conditions(filters, 'p', Prisma.sql`(p.approved_at, p.response_id)`, Prisma.sql`p.approved_at`, null);
      where.push(sort === 'rating' ? Prisma.sql`p.rating IS NOT NULL` : Prisma.sql`s.comparisons > 0`);
      if (after !== null) where.push(Prisma.sql`(${value}, ${id}) < (${after[0]}::${type}, ${after[1]}::uuid)`);
      const source =
        sort === 'rating'
          ? Prisma.sql`pairs p`
          : Prisma.sql`response_strengths s JOIN entries r ON r.id = s.response_id AND r.current_revision_id = s.revision_id
              JOIN pairs p ON p.response_id = s.response_id`;
      return queryRows(
        db.prisma,
        rowSchema.extend({ value: z.number() }),
        Prisma.sql`
          WITH page AS MATERIALIZED (
            SELECT ${pageColumns}, ${value}::float8 AS value FROM ${source} WHERE ${Prisma.join(where, ' AND ')} ORDER BY ${value} DESC, ${id} DESC LIMIT ${take}::int
          )
          SELECT ${pairColumns}, page.value FROM page ${pairJoins} ORDER BY page.value DESC, page.id DESC`,
      );
    },

    /** Approved pairs that pass the filters, counted to one more than `most`. The counts that are kept know datasets and categories. */
    async count(filters: PairFilters, most: number): Promise<number> {
      const { scope, language, author, from, before } = filters;
      const known = language === undefined && author === undefined && from === undefined && before === undefined;
      const where = conditions(filters, 'p', Prisma.sql`p.response_id`, Prisma.sql`p.approved_at`, null);
      const [dataset] = scope.datasetIds;
      const [row] = await queryRows(
        db.prisma,
        z.object({ count: z.int() }),
        known
          ? Prisma.sql`
            SELECT coalesce(sum(k.approved), 0)::int AS count FROM category_counts k JOIN categories c ON c.id = k.category_id
            WHERE ${dataset === undefined ? Prisma.sql`true` : Prisma.sql`c.dataset_id = ${dataset}::uuid`}
              AND ${scope.categoryIds === null ? Prisma.sql`true` : Prisma.sql`c.id = ANY(${scope.categoryIds}::uuid[])`}`
          : Prisma.sql`SELECT count(*)::int AS count FROM (SELECT 1 FROM pairs p WHERE ${Prisma.join(where, ' AND ')} LIMIT ${most + 1}::int) counted`,
      );
      return row?.count ?? 0;
    },

    /**
     * Responses in another status, last changed first. Their words are not indexed: with words, only the next `walk` ones are looked at, so
     * that a page may come out short. `walked` is then the key to go on from, else null.
     */
    async others(
      filters: PairFilters,
      status: EntryStatus,
      after: Key,
      take: number,
      walk: number,
    ): Promise<{ rows: PairRow[]; walked: Key }> {
      const where = conditions(filters, 'e', Prisma.sql`(e.status_at, e.id)`, Prisma.sql`e.status_at`, after);
      where.push(Prisma.sql`e.status = ${status}::entry_status`, Prisma.sql`e.role = 'response'`);
      const { search, scope, author } = filters;
      const next = (most: number) =>
        scope.datasetIds.length === 0 && author === undefined ? perDataset(where, most) : walkEntries(where, most);
      if (search === undefined) return { rows: await listed(Prisma.sql`page AS MATERIALIZED (${next(take)})`), walked: null };
      return searched(otherPageByWords(next(walk), search, take, walk));
    },
  };

  /** The pairs of a `page`. */
  function listed(page: Prisma.Sql): Promise<PairRow[]> {
    return queryRows(
      db.prisma,
      rowSchema,
      Prisma.sql`WITH ${page} SELECT ${pairColumns} FROM page ${pairJoins} ORDER BY page.at DESC, page.id DESC`,
    );
  }

  /** The pairs of a `page` that comes with where it was `walked` to. */
  async function searched(page: Prisma.Sql): Promise<{ rows: PairRow[]; walked: Key }> {
    const found = await queryRows(
      db.prisma,
      rowSchema.extend(walkedSchema.shape).or(walkedSchema.extend({ id: z.null() })),
      Prisma.sql`
        WITH ${page}
        SELECT walked.at AS walked_at, walked.id::text AS walked_id, pair.*
        FROM (SELECT 1) one LEFT JOIN walked ON true LEFT JOIN (
          SELECT ${pairColumns} FROM page ${pairJoins}
        ) pair ON true ORDER BY pair.at DESC, pair.id DESC`,
    );
    const [{ walked_at: at, walked_id: id } = { walked_at: null, walked_id: null }] = found;
    return { rows: found.filter((row) => row.id !== null), walked: at === null || id === null ? null : [at.toISOString(), id] };
  }
}

const pageByDate = (where: Prisma.Sql[], take: number) => Prisma.sql`
  page AS MATERIALIZED (
    SELECT ${pageColumns} FROM pairs p WHERE ${Prisma.join(where, ' AND ')} ORDER BY p.approved_at DESC, p.response_id DESC LIMIT ${take}::int
  )`;

/** What both tables answer from their own columns. */
function conditions(
  { scope, language, author, from, before }: PairFilters,
  table: 'p' | 'e',
  key: Prisma.Sql,
  at: Prisma.Sql,
  after: Key,
): Prisma.Sql[] {
  const column = (name: string) => Prisma.raw(`${table}.${name}`);
  const where = [Prisma.sql`true`];
  const [dataset] = scope.datasetIds;
  if (dataset !== undefined) where.push(Prisma.sql`${column('dataset_id')} = ${dataset}::uuid`);
  // A single id lets the index on the category give the order as well.
  if (scope.categoryIds !== null)
    where.push(
      scope.categoryIds.length === 1
        ? Prisma.sql`${column('category_id')} = ${scope.categoryIds[0]}::uuid`
        : Prisma.sql`${column('category_id')} = ANY(${scope.categoryIds}::uuid[])`,
    );
  if (language !== undefined) where.push(Prisma.sql`${column('language')} = ${language}`);
  if (author !== undefined) where.push(Prisma.sql`${column('author_id')} = ${author}::uuid`);
  if (from !== undefined) where.push(Prisma.sql`${at} >= ${from.toISOString()}::timestamptz`);
  if (before !== undefined) where.push(Prisma.sql`${at} < ${before.toISOString()}::timestamptz`);
  if (after !== null) where.push(Prisma.sql`${key} < (${after[0]}::timestamptz, ${after[1]}::uuid)`);
  return where;
}

const walkEntries = (where: Prisma.Sql[], walk: number) => Prisma.sql`
  SELECT e.id, e.status_at AS at, NULL::float8 AS rating, 0 AS review_count FROM entries e WHERE ${Prisma.join(where, ' AND ')}
  ORDER BY e.status_at DESC, e.id DESC LIMIT ${walk}::int`;

/** The index on the status begins with the dataset: each dataset gives its newest, and they are merged. */
const perDataset = (where: Prisma.Sql[], walk: number) => Prisma.sql`
  SELECT f.* FROM datasets d CROSS JOIN LATERAL (${walkEntries([...where, Prisma.sql`e.dataset_id = d.id`], walk)}) f
  ORDER BY f.at DESC, f.id DESC LIMIT ${walk}::int`;
