import { entryStatusSchema, type EntryStatus } from '@granary/contract';
import { Prisma, queryRows, type Database } from '@granary/db';
import * as z from 'zod';
import { matchesWords } from './search-sql.ts';

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
  review_count: z.int(),
  at: z.date(),
});
export type PairRow = z.infer<typeof rowSchema>;

/** Where to look: the datasets and categories that the filters name, and the languages of those datasets. */
export type Scope = { datasetIds: string[]; languages: string[]; /** Null without that filter. */ categoryIds: string[] | null };
export type PairFilters = {
  scope: Scope;
  q?: string;
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
  r.origin_name, r.origin_url, r.external_id, page.rating, page.review_count, page.at`;
const pairJoins = Prisma.sql`
  JOIN entries r ON r.id = page.id
  JOIN revisions rv ON rv.id = r.current_revision_id
  JOIN entries i ON i.id = r.parent_id
  JOIN revisions iv ON iv.id = i.current_revision_id
  JOIN datasets d ON d.id = r.dataset_id
  JOIN categories c ON c.id = r.category_id
  LEFT JOIN users u ON u.id = r.author_id`;

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

    /** Approved pairs, last approved first. */
    approved(filters: PairFilters, after: Key, take: number): Promise<PairRow[]> {
      const where = conditions(filters, 'p', Prisma.sql`(p.approved_at, p.response_id)`, Prisma.sql`p.approved_at`, after);
      const page = filters.q === undefined ? pageByDate(where, take) : pageByWords(where, wordsOf(filters, filters.q), take);
      return queryRows(
        db.prisma,
        rowSchema,
        Prisma.sql`WITH ${page} SELECT ${pairColumns} FROM page ${pairJoins} ORDER BY page.at DESC, page.id DESC`,
      );
    },

    /**
     * Responses in another status, last changed first, out of the `walk` next ones that the filters without words let
     * through: their words are not indexed, so a page with words may come out short. `walked` is the key of the last one
     * looked at, null when there are no more.
     */
    async others(filters: PairFilters, status: EntryStatus, after: Key, walk: number): Promise<{ rows: PairRow[]; walked: Key }> {
      const where = conditions(filters, 'e', Prisma.sql`(e.status_at, e.id)`, Prisma.sql`e.status_at`, after);
      where.push(Prisma.sql`e.status = ${status}::entry_status`, Prisma.sql`e.role = 'response'`);
      const wanted =
        filters.q === undefined
          ? Prisma.sql`true`
          : matchesWords(
              filters.q,
              languagesOf(filters),
              Prisma.sql`r.language`,
              (config) => Prisma.sql`to_tsvector(${config}, concat_ws(' ', iv.text, iv.context, rv.text))`,
            );
      const rows = await queryRows(
        db.prisma,
        rowSchema.extend({ wanted: z.boolean() }),
        Prisma.sql`
          WITH page AS MATERIALIZED (${filters.scope.datasetIds.length === 0 && filters.author === undefined ? perDataset(where, walk) : walkEntries(where, walk)})
          SELECT ${pairColumns}, ${wanted} AS wanted FROM page ${pairJoins} ORDER BY page.at DESC, page.id DESC`,
      );
      const last = rows.length === walk ? rows.at(-1) : undefined;
      return { rows: rows.filter((row) => row.wanted), walked: last === undefined ? null : [last.at.toISOString(), last.id] };
    },
  };
}

const pageColumns = Prisma.sql`p.response_id AS id, p.approved_at AS at, p.rating, p.review_count`;

const pageByDate = (where: Prisma.Sql[], take: number) => Prisma.sql`
  page AS MATERIALIZED (
    SELECT ${pageColumns} FROM pairs p WHERE ${Prisma.join(where, ' AND ')} ORDER BY p.approved_at DESC, p.response_id DESC LIMIT ${take}::int
  )`;

/** Pairs that a search walks along the date before it turns to the index of words. */
const walkNearest = 4_000;

/**
 * A frequent word has a page of hits among the nearest pairs; of a rare one the index of words has few hits in all, which are
 * then sorted. Neither way is good at the other's job and the planner cannot tell which it is (it knows the frequency of
 * common words only), so the first is tried as far as it is cheap. `far` is not run at all when `near` is a full page; its
 * sort key is an expression so that it never walks along the date.
 */
const pageByWords = (where: Prisma.Sql[], words: Prisma.Sql, take: number) => Prisma.sql`
  near AS MATERIALIZED (
    SELECT id, at, rating, review_count FROM (
      SELECT ${pageColumns}, ${words} AS hit FROM pairs p WHERE ${Prisma.join(where, ' AND ')} ORDER BY p.approved_at DESC, p.response_id DESC LIMIT ${walkNearest}::int
    ) walked WHERE hit LIMIT ${take}::int
  ), far AS MATERIALIZED (
    SELECT ${pageColumns} FROM pairs p WHERE (SELECT count(*) FROM near) < ${take}::int AND ${Prisma.join(where, ' AND ')} AND ${words}
    ORDER BY p.approved_at + interval '0' DESC, p.response_id DESC LIMIT ${take}::int
  ), page AS (
    SELECT * FROM near WHERE (SELECT count(*) FROM near) >= ${take}::int UNION ALL SELECT * FROM far
  )`;

const wordsOf = (filters: PairFilters, q: string) =>
  matchesWords(q, languagesOf(filters), Prisma.sql`p.language`, () => Prisma.sql`p.search`);
const languagesOf = ({ language, scope }: PairFilters) => (language === undefined ? scope.languages : [language]);

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
