import { Prisma } from '@granary/db';
import type { Search } from '../../search/query.ts';
import { matches, mayMatch } from '../../search/search-sql.ts';

/** Of `page`, which has id, at, rating and review_count. */
export const pageColumns = Prisma.sql`p.response_id AS id, p.approved_at AS at, p.rating, p.review_count`;

/** Pairs that a search walks along the date before it asks the index of words, and after that has found too many. */
const walkNear = 200;
const walkFar = 4_000;
/** Pairs with the words that are looked at one by one; more frequent words are soon met along the date. */
const hitsMax = 3_000;

/**
 * A frequent word has a page of hits among the nearest pairs; of a rare one the index has few in all, which are then sorted. Neither
 * way is good at the other's job, and the planner cannot tell which word it is (it knows the commonest only). So each is tried as far as it is
 * cheap: the nearest pairs; if they do not fill the page, the index; if that has more than can be looked at, further pairs along the date. What
 * is not needed is not run. Gives `page` and `walked`, the place of the last pair looked at where the page may have come out short.
 */
export function pageByWords(where: Prisma.Sql[], search: Search, take: number): Prisma.Sql {
  const filters = Prisma.join(where, ' AND ');
  const walk = (when: Prisma.Sql, most: number) => Prisma.sql`
    SELECT ${pageColumns}, ${matches('p.words', search)} AS hit FROM pairs p WHERE ${when} AND ${filters} ORDER BY p.approved_at DESC, p.response_id DESC LIMIT ${most}::int`;
  const wanting = Prisma.sql`(SELECT count(*) FROM near) < ${take}::int AND (SELECT count(*) FROM nearest) = ${walkNear}::int`;
  const looked =
    search.index === null
      ? Prisma.sql`SELECT ${pageColumns} FROM pairs p WHERE false`
      : Prisma.sql`
        SELECT ${pageColumns} FROM pairs p WHERE ${wanting} AND ${filters} AND ${mayMatch('p.words', search.index)} LIMIT ${hitsMax + 1}::int`;
  const tooMany = search.index === null ? Prisma.sql`true` : Prisma.sql`(SELECT count(*) FROM hits) > ${hitsMax}::int`;
  return Prisma.sql`
    nearest AS MATERIALIZED (${walk(Prisma.sql`true`, walkNear)}),
    near AS MATERIALIZED (SELECT * FROM nearest WHERE hit LIMIT ${take}::int),
    hits AS MATERIALIZED (${looked}),
    further AS MATERIALIZED (${walk(Prisma.sql`${wanting} AND ${tooMany}`, walkFar)}),
    page AS MATERIALIZED (
      SELECT id, at, rating, review_count FROM (
        SELECT id, at, rating, review_count FROM near WHERE NOT (${wanting})
        UNION ALL SELECT h.id, h.at, h.rating, h.review_count FROM hits h JOIN pairs p ON p.response_id = h.id
          WHERE ${matches('p.words', search)} AND ${wanting} AND NOT (${tooMany})
        UNION ALL SELECT id, at, rating, review_count FROM further WHERE hit
      ) found ORDER BY at DESC, id DESC LIMIT ${take}::int
    ),
    walked AS (
      SELECT at, id FROM further WHERE (SELECT count(*) FROM further) = ${walkFar}::int AND (SELECT count(*) FROM page) < ${take}::int ORDER BY at, id LIMIT 1
    )`;
}

/** The same for pairs without an index of words: of the `walk` next ones (id, at, rating, review_count) those with the words. */
export function otherPageByWords(next: Prisma.Sql, search: Search, take: number, walk: number): Prisma.Sql {
  return Prisma.sql`
    looked AS MATERIALIZED (
      SELECT n.*, ${matches('(iv.words || rv.words)', search)} AS hit FROM (${next}) n
      JOIN entries r ON r.id = n.id JOIN revisions rv ON rv.id = r.current_revision_id
      JOIN entries i ON i.id = r.parent_id JOIN revisions iv ON iv.id = i.current_revision_id
    ),
    page AS MATERIALIZED (SELECT id, at, rating, review_count FROM looked WHERE hit ORDER BY at DESC, id DESC LIMIT ${take}::int),
    walked AS (
      SELECT at, id FROM looked WHERE (SELECT count(*) FROM looked) = ${walk}::int AND (SELECT count(*) FROM page) < ${take}::int ORDER BY at, id LIMIT 1
    )`;
}
