import type { ContextShare, ContributorCounts, ContributorShare, SourceShare } from '@granary/corpus';
import { Prisma, queryRows } from '@granary/db';
import type { Database } from '@granary/db';
import * as z from 'zod';
import { recordJoins } from './pinned-pairs.ts';

export type AttributionRepository = ReturnType<typeof createAttributionRepository>;

/** Names and addresses can be as many as pairs: they are read in pages, each by the last one of the page before. */
const defaultPageSize = 20_000;
const countsSchema = z.object({ named: z.int(), anonymousPairs: z.int(), importedPairs: z.int() });
const sourceSchema = z.object({ origin: z.string().nullable(), url: z.string().nullable(), licence: z.string(), pairs: z.int() });
const contextSchema = z.object({ url: z.string().nullable(), licence: z.string().nullable(), pairs: z.int() });
const contributorSchema = z.object({ name: z.string(), written: z.int(), edited: z.int() });

/**
 * Who and what the pinned pairs of a snapshot owe credit to. Everything is counted by the database from what was pinned, in the order
 * of bytes, so that it is the same on every database and at every time.
 */
export function createAttributionRepository(db: Pick<Database, 'prisma'>, pageSize = defaultPageSize) {
  return {
    async counts(snapshotId: string): Promise<ContributorCounts> {
      const [counts] = await queryRows(db.prisma, countsSchema, countsStatement(snapshotId));
      return counts ?? { named: 0, anonymousPairs: 0, importedPairs: 0 };
    },
    /** By source, its address and the licence of the response. */
    sources: (snapshotId: string): AsyncGenerator<SourceShare[]> =>
      inPages(
        sourceSchema,
        pageSize,
        ({ origin, url, licence }) => [origin ?? '', url ?? '', licence],
        (after) => sourcesStatement(snapshotId, after, pageSize),
      ),
    /** Passages by where they come from and their licence. */
    contexts: (snapshotId: string): AsyncGenerator<ContextShare[]> =>
      inPages(
        contextSchema,
        pageSize,
        ({ url, licence }) => [url ?? '', licence ?? ''],
        (after) => contextsStatement(snapshotId, after, pageSize),
      ),
    contributors: (snapshotId: string): AsyncGenerator<ContributorShare[]> =>
      inPages(
        contributorSchema,
        pageSize,
        ({ name }) => [name],
        ([after]) => contributorsStatement(snapshotId, after ?? '', pageSize),
      ),
  };

  /** `keyOf` tells what a row is ordered by; nothing comes before the empty texts, which a first page is asked for with. */
  async function* inPages<Row>(
    schema: z.ZodType<Row>,
    limit: number,
    keyOf: (row: Row) => string[],
    statement: (after: string[]) => Prisma.Sql,
  ): AsyncGenerator<Row[]> {
    let after: string[] = [];
    for (;;) {
      const rows = await queryRows(db.prisma, schema, statement(after));
      if (rows.length > 0) yield rows;
      const last = rows.at(-1);
      if (last === undefined || rows.length < limit) return;
      after = keyOf(last);
    }
  }
}

/** The pinned pairs with what never changes of their texts. */
const pinned = (snapshotId: string) => Prisma.sql`
  FROM snapshot_pairs s ${Prisma.raw(recordJoins)}
  WHERE s.snapshot_id = ${snapshotId}::uuid`;

/** Names, without an order of their own: counting needs none. */
const names = (snapshotId: string) => Prisma.sql`
  SELECT response_author AS name FROM snapshot_pairs WHERE snapshot_id = ${snapshotId}::uuid
  UNION SELECT instruction_author FROM snapshot_pairs WHERE snapshot_id = ${snapshotId}::uuid
  UNION SELECT unnest(editors) FROM snapshot_pairs WHERE snapshot_id = ${snapshotId}::uuid`;

function countsStatement(snapshotId: string): Prisma.Sql {
  return Prisma.sql`
    SELECT (SELECT count(name)::int FROM (${names(snapshotId)}) n WHERE name <> '') AS named,
      (count(*) FILTER (WHERE (s.response_author IS NULL AND r.origin_name IS NULL) OR (s.instruction_author IS NULL AND i.origin_name IS NULL)))::int AS "anonymousPairs",
      (count(*) FILTER (WHERE r.origin_name IS NOT NULL OR i.origin_name IS NOT NULL))::int AS "importedPairs"
    ${pinned(snapshotId)}`;
}

function sourcesStatement(snapshotId: string, [origin = '', url = '', licence = '']: string[], limit: number): Prisma.Sql {
  return Prisma.sql`
    SELECT origin, url, licence, count(*)::int AS pairs FROM (
      SELECT CASE WHEN r.origin_name IS NULL THEN i.origin_name ELSE r.origin_name END AS origin,
        CASE WHEN r.origin_name IS NULL THEN i.origin_url ELSE r.origin_url END AS url, r.licence
      ${pinned(snapshotId)}
    ) p
    WHERE (coalesce(origin, '') COLLATE "C", coalesce(url, '') COLLATE "C", licence COLLATE "C") > (${origin}, ${url}, ${licence})
    GROUP BY origin, url, licence
    ORDER BY coalesce(origin, '') COLLATE "C", coalesce(url, '') COLLATE "C", licence COLLATE "C" LIMIT ${limit}`;
}

function contextsStatement(snapshotId: string, after: string[], limit: number): Prisma.Sql {
  const [url = '', licence = ''] = after;
  return Prisma.sql`
    SELECT nullif(url, '') AS url, nullif(licence, '') AS licence, pairs FROM (
      SELECT coalesce(ir.context_url, '') AS url, coalesce(ir.context_licence, '') AS licence, count(*)::int AS pairs
      FROM snapshot_pairs s JOIN revisions ir ON ir.id = s.instruction_revision_id
      WHERE s.snapshot_id = ${snapshotId}::uuid AND ir.context <> ''
      GROUP BY 1, 2
    ) c
    WHERE ${after.length === 0} OR (url COLLATE "C", licence COLLATE "C") > (${url}, ${licence})
    ORDER BY url COLLATE "C", licence COLLATE "C" LIMIT ${limit}`;
}

/** A pair whose two texts are by one person counts once for them. */
function contributorsStatement(snapshotId: string, after: string, limit: number): Prisma.Sql {
  return Prisma.sql`
    SELECT name, sum(written)::int AS written, sum(edited)::int AS edited FROM (
      SELECT response_author AS name, 1 AS written, 0 AS edited FROM snapshot_pairs WHERE snapshot_id = ${snapshotId}::uuid
      UNION ALL
      SELECT instruction_author, 1, 0 FROM snapshot_pairs
      WHERE snapshot_id = ${snapshotId}::uuid AND instruction_author IS DISTINCT FROM response_author
      UNION ALL
      SELECT unnest(editors), 0, 1 FROM snapshot_pairs WHERE snapshot_id = ${snapshotId}::uuid
    ) c
    WHERE name COLLATE "C" > ${after}
    GROUP BY name ORDER BY name COLLATE "C" LIMIT ${limit}`;
}
