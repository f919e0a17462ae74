import type { ImportOptions } from '@granary/contract';
import { Prisma, queryRows } from '@granary/db';
import type { Transaction } from '@granary/db';
import { v7 as uuid } from 'uuid';
import * as z from 'zod';
import { vectorOf } from '../../search/text-vector.ts';
import { refreshPairs } from '../entries/projections.ts';
import { lockEntries } from '../entries/transition.ts';
import { batchSql, type Batch, type BatchFrame } from './batch-sql.ts';
import type { PreparedNode } from './prepare-row.ts';

const knownSchema = z.object({ external_id: z.string(), id: z.string(), root_id: z.string(), depth: z.int() });
type Known = z.infer<typeof knownSchema>;
export type AcceptedRow = { line: number; nodes: readonly PreparedNode[] };
/** What holds for every row of an import. */
export type BatchTarget = Pick<BatchFrame, 'import_id' | 'dataset_id' | 'actor_id' | 'status' | 'event'> &
  Pick<ImportOptions, 'originName' | 'originUrl' | 'licence'> & {
    /** Review seats of an entry that is reviewed by itself. */ seats: number;
  };

/**
 * Brings rows into the dataset and tells how many were new and how many were there already (with all their nodes). A
 * conversation that was imported before is only added to: what it has grown by since is hung where it belongs.
 */
export async function insertRows(tx: Transaction, rows: readonly AcceptedRow[], target: BatchTarget, now: Date) {
  if (rows.length === 0) return { added: 0, duplicates: 0 };
  // Two imports of one origin take turns, so that what is known stays known until the transaction ends.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`${target.dataset_id} ${target.originName}`}, 0))`;
  const known = await findKnown(tx, rows, target);
  const parts = createParts(known, target);
  let added = 0;
  for (const row of rows) if (parts.add(row) > 0) added += 1;
  if (parts.entries.length > 0) {
    if (parts.parents.length > 0) await lockEntries(tx, parts.parents);
    await write(tx, parts, target, now);
    if (target.status === 'approved')
      await refreshPairs(
        tx,
        parts.entries.map(({ id }) => id),
      );
  }
  return { added, duplicates: rows.length - added };
}

async function write(tx: Transaction, { entries, checks }: Batch, target: BatchTarget, now: Date): Promise<void> {
  const { originName, originUrl, seats: _seats, ...rest } = target;
  const frame: BatchFrame = { ...rest, origin_name: originName, origin_url: originUrl, now: now.toISOString() };
  const parameters = [entries, checks, frame].map((value) => JSON.stringify(value));
  const [result] = await tx.$queryRawUnsafe<{ added: number }[]>(batchSql, ...parameters);
  if (result?.added !== entries.length) throw new Error('Another program wrote entries of the same origin at the same time');
}

async function findKnown(tx: Transaction, rows: readonly AcceptedRow[], target: BatchTarget): Promise<Map<string, Known>> {
  const ids = rows.flatMap((row) => row.nodes.map(({ externalId }) => externalId));
  const found = await queryRows(
    tx,
    knownSchema,
    Prisma.sql`
      SELECT external_id, id::text, root_id::text, depth FROM entries
      WHERE dataset_id = ${target.dataset_id}::uuid AND origin_name = ${target.originName} AND external_id = ANY(${ids}::text[])`,
  );
  return new Map(found.map((entry) => [entry.external_id, entry]));
}

/** Gives ids to the nodes that are new and finds their places below those that are known. */
function createParts(known: Map<string, Known>, target: BatchTarget) {
  const entries: Batch['entries'] = [];
  const checks: Batch['checks'] = [];
  /** Known entries that get children. */
  const parents: string[] = [];

  return {
    entries,
    checks,
    parents,
    /** Adds the new nodes of a row and tells how many there were. */
    add({ line, nodes }: AcceptedRow): number {
      const ofThisRow = new Map<string, Batch['entries'][number]>();
      const places: Known[] = [];
      for (const node of nodes) {
        const there = known.get(node.externalId);
        const parent = node.parent === null ? undefined : places[node.parent];
        places.push(there ?? addNode(node, parent, line, ofThisRow));
      }
      return ofThisRow.size;
    },
  };

  function addNode(node: PreparedNode, parent: Known | undefined, line: number, ofThisRow: Map<string, Batch['entries'][number]>): Known {
    const id = uuid();
    const revisionId = uuid();
    const place: Known = {
      external_id: node.externalId,
      id,
      root_id: parent?.root_id ?? id,
      depth: parent === undefined ? 0 : parent.depth + 1,
    };
    known.set(node.externalId, place);
    const asked = ofThisRow.get(parent?.id ?? '');
    if (parent !== undefined && asked === undefined) parents.push(parent.id);
    // An instruction and the first response that comes with it are reviewed as one; further responses by themselves.
    if (node.role === 'response' && asked?.reviewed_with_id === null && target.status === 'in_review') {
      asked.reviewed_with_id = id;
      asked.seats = 0;
    }
    const entry: Batch['entries'][number] = {
      id,
      revision_id: revisionId,
      category_id: node.categoryId,
      role: node.role,
      parent_id: parent?.id ?? null,
      root_id: place.root_id,
      depth: place.depth,
      language: node.entryLanguage,
      reviewed_with_id: null,
      external_id: node.externalId,
      text: node.text,
      context: node.context,
      ai_assistance: node.aiAssistance,
      words: vectorOf({ text: node.text, context: node.context, language: node.entryLanguage }),
      seats: target.seats,
      line,
    };
    entries.push(entry);
    ofThisRow.set(id, entry);
    for (const { kind, severity, field, excerpt } of node.checks)
      checks.push({
        revision_id: revisionId,
        kind,
        severity,
        details: { field, ...(excerpt === undefined ? {} : { excerpt: excerpt.toWellFormed() }) },
      });
    return place;
  }
}
