import { splitSchema } from '@granary/contract';
import type { Selection, Split } from '@granary/contract';
import { Prisma, queryRows } from '@granary/db';
import type { Transaction } from '@granary/db';
import * as z from 'zod';
import { nilUuid } from './pinned-pairs.ts';
import { currentBands, isUnsigned, selectedPairs } from './selection-sql.ts';

export type SplitTarget = { datasetId: string; selection: Selection };
/** A conversation whose texts are not what it was assigned with, or that is not assigned at all. */
export type UnsignedRow = z.infer<typeof unsignedSchema>;
export type SignedRow = {
  id: string;
  clusterId: string;
  split: Split;
  revisionId: string;
  responseRevisionIds: readonly string[];
  bands: readonly number[];
  /** Of an edited conversation: the bands it had. */
  formerBands: readonly number[];
};

/** Nobody compares more of a text than this, whatever it holds. */
const readLength = 6_000;
const comparedText = (revision: string) =>
  Prisma.raw(`left(${revision}.text, ${readLength}) || E'\\n' || left(coalesce(${revision}.context, ''), ${readLength})`);

/** Of a conversation with more responses only so many are compared. */
const mostResponses = 20;
/** Responses of the conversation `root` as they are approved now, in the order of their ids: revisions and texts. */
const approvedResponses = (root: string) =>
  Prisma.raw(`(
  SELECT coalesce(array_agg(x.revision_id ORDER BY x.n), '{}') AS revision_ids, coalesce(array_agg(x.text ORDER BY x.n) FILTER (WHERE x.n <= ${mostResponses}), '{}') AS texts
  FROM (SELECT e.current_revision_id::text AS revision_id, left(w.text, ${readLength}) AS text, row_number() OVER (ORDER BY e.id) AS n
    FROM entries e JOIN revisions w ON w.id = e.current_revision_id WHERE e.root_id = ${root} AND e.role = 'response' AND e.status = 'approved') x)`);
/** Texts of the responses that an assignment `a` tells of. */
const signedResponses = Prisma.raw(`ARRAY(
  SELECT left(w.text, ${readLength}) FROM unnest(a.response_revision_ids[1:${mostResponses}]) WITH ORDINALITY AS s(id, n) JOIN revisions w ON w.id = s.id ORDER BY s.n)`);

const unsignedSchema = z.object({
  id: z.string(),
  revision_id: z.string(),
  text: z.string(),
  response_revision_ids: z.array(z.string()),
  responses: z.array(z.string()),
  cluster_id: z.string().nullable(),
  split: splitSchema.nullable(),
  former_text: z.string().nullable(),
  former_responses: z.array(z.string()),
  rechecked: z.boolean(),
});
const remadeSchema = z.object({
  id: z.string(),
  split: splitSchema,
  text: z.string(),
  response_revision_ids: z.array(z.string()),
  responses: z.array(z.string()),
});
export type RemadeRow = z.infer<typeof remadeSchema>;
const bandPlaceSchema = z.object({ band: z.int(), split: z.string(), conversation_id: z.string() });
export type BandPlace = z.infer<typeof bandPlaceSchema>;
const bandSchema = z.object({ band: z.int(), split: splitSchema, ids: z.array(z.string()) });
const memberSchema = z.object({
  id: z.string(),
  cluster_id: z.string(),
  split: splitSchema,
  text: z.string(),
  responses: z.array(z.string()),
});

/** From here on until the transaction ends nobody else assigns splits in this dataset. */
export async function lockSplits(tx: Transaction, datasetId: string): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`splits ${datasetId}`}, 0))::text`;
}

/** The next selected conversations to compare after the one named, in the order of their ids. */
export function unsignedConversations(
  tx: Transaction,
  { datasetId, selection }: SplitTarget,
  afterId: string | null,
  limit: number,
): Promise<UnsignedRow[]> {
  return queryRows(
    tx,
    unsignedSchema,
    Prisma.sql`
      SELECT root.id::text AS id, v.id::text AS revision_id, ${comparedText('v')} AS text, n.revision_ids AS response_revision_ids, n.texts AS responses, a.cluster_id::text, a.split,
        ${comparedText('o')} AS former_text, ${signedResponses} AS former_responses, coalesce(a.compared_version < ${currentBands}::int, false) AS rechecked
      FROM (
        SELECT root.id, root.current_revision_id, root.status FROM entries root LEFT JOIN split_assignments a ON a.conversation_id = root.id
        WHERE root.dataset_id = ${datasetId}::uuid AND root.depth = 0 AND root.id > ${afterId ?? nilUuid}::uuid AND ${isUnsigned}
          AND EXISTS (
            SELECT 1 FROM entries r CROSS JOIN LATERAL (SELECT 1 ${selectedPairs(datasetId, selection)} AND p.response_id = r.id OFFSET 0) s
            WHERE r.root_id = root.id AND r.role = 'response'
          )
        ORDER BY root.id LIMIT ${limit}::int
      ) root
      JOIN revisions v ON v.id = root.current_revision_id
      LEFT JOIN split_assignments a ON a.conversation_id = root.id
      LEFT JOIN revisions o ON o.id = a.revision_id
      CROSS JOIN LATERAL ${approvedResponses('root.id')} n
      ORDER BY root.id`,
  );
}

/** For each band that occurs, the first members of each split that have it, by id. */
export function membersWithBands(
  tx: Transaction,
  datasetId: string,
  bands: readonly number[],
  limit: number,
): Promise<z.infer<typeof bandSchema>[]> {
  return queryRows(
    tx,
    bandSchema,
    Prisma.sql`
      SELECT b.band, s.split, m.ids
      FROM unnest(${[...bands]}::int[]) AS b(band)
      CROSS JOIN LATERAL (SELECT 1 FROM split_bands x WHERE x.dataset_id = ${datasetId}::uuid AND x.band = b.band LIMIT 1) known
      CROSS JOIN unnest(ARRAY['train', 'validation', 'test']) AS s(split)
      CROSS JOIN LATERAL (
        SELECT array_agg(x.id ORDER BY x.id) AS ids FROM (
          SELECT x.conversation_id::text AS id FROM split_bands x WHERE x.dataset_id = ${datasetId}::uuid AND x.band = b.band AND x.split = s.split
          ORDER BY x.conversation_id LIMIT ${limit}::int
        ) x
      ) m
      WHERE m.ids IS NOT NULL`,
  );
}

/** Members with the text that their bands tell of. */
export function splitMembers(tx: Transaction, ids: readonly string[]): Promise<z.infer<typeof memberSchema>[]> {
  return queryRows(
    tx,
    memberSchema,
    Prisma.sql`
      SELECT a.conversation_id::text AS id, a.cluster_id::text, a.split, ${comparedText('v')} AS text, ${signedResponses} AS responses
      FROM split_assignments a JOIN revisions v ON v.id = a.revision_id WHERE a.conversation_id = ANY(${[...ids]}::uuid[])`,
  );
}

/** Writes assignments down, and where their texts are found from now on. An assignment that is there keeps its cluster and split. */
export async function writeAssignments(tx: Transaction, datasetId: string, rows: readonly SignedRow[]): Promise<void> {
  const edited = rows.filter(({ formerBands }) => formerBands.length > 0);
  if (edited.length > 0)
    await tx.$executeRaw`
      DELETE FROM split_bands x USING unnest(${edited.flatMap(({ id, formerBands }) => formerBands.map(() => id))}::uuid[],
        ${edited.flatMap(({ split, formerBands }) => formerBands.map(() => split))}::text[], ${edited.flatMap(({ formerBands }) => [...formerBands])}::int[]) AS f(id, split, band)
      WHERE x.dataset_id = ${datasetId}::uuid AND x.band = f.band AND x.split = f.split AND x.conversation_id = f.id`;
  await tx.$executeRaw`
    INSERT INTO split_assignments (conversation_id, dataset_id, cluster_id, split, revision_id, response_revision_ids, bands_version, compared_version)
    SELECT n.id, ${datasetId}::uuid, n.cluster_id, n.split, n.revision_id, n.response_revision_ids::uuid[], ${currentBands}::int, ${currentBands}::int
    FROM unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ clusterId }) => clusterId)}::uuid[], ${rows.map(({ split }) => split)}::text[],
      ${rows.map(({ revisionId }) => revisionId)}::uuid[], ${rows.map(({ responseRevisionIds }) => `{${responseRevisionIds.join(',')}}`)}::text[])
      AS n(id, cluster_id, split, revision_id, response_revision_ids)
    ON CONFLICT (conversation_id) DO UPDATE SET revision_id = excluded.revision_id, response_revision_ids = excluded.response_revision_ids,
      compared_version = excluded.compared_version`;
  await addBands(tx, datasetId, rows);
}

/** The next conversations whose bands another version has made; `removeOutdatedBands` comes first. */
export function outdatedBands(tx: Transaction, datasetId: string, limit: number): Promise<RemadeRow[]> {
  return queryRows(
    tx,
    remadeSchema,
    Prisma.sql`
      SELECT a.conversation_id::text AS id, a.split, ${comparedText('v')} AS text, n.revision_ids AS response_revision_ids, n.texts AS responses
      FROM split_assignments a JOIN revisions v ON v.id = a.revision_id CROSS JOIN LATERAL ${approvedResponses('a.conversation_id')} n
      WHERE a.dataset_id = ${datasetId}::uuid AND a.bands_version < ${currentBands}::int ORDER BY a.conversation_id LIMIT ${limit}::int`,
  );
}

/**
 * Removes the next bands after the place named that another version has made of a dataset, as long as none of it are made again yet. Resolves to the place of the
 * last one; null when there are no more.
 */
export async function removeOutdatedBands(
  tx: Transaction,
  datasetId: string,
  after: BandPlace | null,
  limit: number,
): Promise<BandPlace | null> {
  // From the place named: what was removed lies in the index for a while, and would be passed by again and again.
  const [last] = await queryRows(
    tx,
    bandPlaceSchema,
    Prisma.sql`
      WITH next AS MATERIALIZED (
        SELECT x.band, x.split, x.conversation_id FROM split_bands x WHERE x.dataset_id = ${datasetId}::uuid
          ${after === null ? Prisma.empty : Prisma.sql`AND (x.band, x.split, x.conversation_id) > (${after.band}::int, ${after.split}::text, ${after.conversation_id}::uuid)`}
          AND NOT EXISTS (SELECT 1 FROM split_assignments a WHERE a.dataset_id = ${datasetId}::uuid AND a.bands_version >= ${currentBands}::int)
        ORDER BY x.band, x.split, x.conversation_id LIMIT ${limit}::int
      ), removed AS (
        DELETE FROM split_bands x USING next n
        WHERE x.dataset_id = ${datasetId}::uuid AND x.band = n.band AND x.split = n.split AND x.conversation_id = n.conversation_id
      )
      SELECT n.band, n.split, n.conversation_id::text FROM next n ORDER BY n.band DESC, n.split DESC, n.conversation_id DESC LIMIT 1`,
  );
  return last ?? null;
}

/** Whether another version has made bands of a dataset. */
export async function hasOutdatedBands(tx: Transaction, datasetId: string): Promise<boolean> {
  return (
    (await tx.splitAssignment.findFirst({ where: { datasetId, bandsVersion: { lt: currentBands } }, select: { bandsVersion: true } })) !==
    null
  );
}

/** Writes bands that were made again; the conversations are still to be compared. */
export async function writeRemade(
  tx: Transaction,
  datasetId: string,
  rows: readonly (Pick<SignedRow, 'id' | 'split' | 'bands'> & Pick<RemadeRow, 'response_revision_ids'>)[],
): Promise<void> {
  await tx.$executeRaw`
    UPDATE split_assignments a SET bands_version = ${currentBands}::int, response_revision_ids = n.response_revision_ids::uuid[]
    FROM unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ response_revision_ids: ids }) => `{${ids.join(',')}}`)}::text[]) AS n(id, response_revision_ids)
    WHERE a.conversation_id = n.id`;
  await addBands(tx, datasetId, rows);
}

/** Datasets with bands that another version has made. */
export async function datasetsWithOutdatedBands(tx: Transaction): Promise<string[]> {
  const rows = await queryRows(
    tx,
    z.object({ id: z.string() }),
    Prisma.sql`
      SELECT d.id::text FROM datasets d
      WHERE EXISTS (SELECT 1 FROM split_assignments a WHERE a.dataset_id = d.id AND a.bands_version < ${currentBands}::int) ORDER BY d.id`,
  );
  return rows.map(({ id }) => id);
}

async function addBands(tx: Transaction, datasetId: string, rows: readonly Pick<SignedRow, 'id' | 'split' | 'bands'>[]): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO split_bands (dataset_id, band, split, conversation_id)
    SELECT ${datasetId}::uuid, n.band, n.split, n.id
    FROM unnest(${rows.flatMap(({ id, bands }) => bands.map(() => id))}::uuid[], ${rows.flatMap(({ split, bands }) => bands.map(() => split))}::text[],
      ${rows.flatMap(({ bands }) => [...bands])}::int[]) AS n(id, split, band)
    ON CONFLICT DO NOTHING`;
}
