import type { ImportOptions, TextNormalisation } from '@granary/contract';
import { excerptOf } from '@granary/corpus';
import type { Transaction } from '@granary/db';
import { v7 as uuid } from 'uuid';
import { ApiError } from '../../errors.ts';
import { refreshPairs } from '../entries/projections.ts';
import { lockEntries } from '../entries/transition.ts';
import { batchSql, type Batch, type BatchFrame } from './batch-sql.ts';
import { changedIn, changedIssues, type Changed } from './changed-rows.ts';
import { findKnownRows, digestOf, type AcceptedRow, type KnownNode, type KnownRows, type Step } from './known-rows.ts';
import type { PreparedNode } from './prepare-row.ts';
import type { Issue } from './repository.ts';

/** What holds for every row of an import. */
export type BatchTarget = Pick<BatchFrame, 'import_id' | 'dataset_id' | 'actor_id' | 'status' | 'event'> &
  Pick<ImportOptions, 'originName' | 'originUrl' | 'licence' | 'changedRows'> & {
    /** Review seats of an entry that is reviewed by itself. */ seats: number;
    /** What the dataset does to texts on their way in. */ normalisations: readonly TextNormalisation[];
  };
/** Where rows of an import are looked for. */
export const originOf = ({ dataset_id: datasetId, originName, normalisations }: BatchTarget) => ({ datasetId, originName, normalisations });
/** A text for an entry that is there. */
type ImportedText = Pick<PreparedNode, 'text' | 'context' | 'aiAssistance'> & { id: string };
/** Gives what is there other texts; throws ApiError, before anything is written, where that cannot be. */
export type Revise = (tx: Transaction, texts: readonly ImportedText[], line: number) => Promise<void>;
/** What became of rows; every row is counted once, and has an issue where it was not taken. */
export type Inserted = { added: number; duplicates: number; revised: number; issues: Issue[] };

/**
 * Brings rows into the dataset and tells what became of them. A conversation that was imported before is only added to: what it has grown
 * by since is hung where it belongs. A row whose id is already known with a different text is reported, revises the existing entry, or is
 * added beside it, as the target says. Each row is taken or refused as a whole.
 */
export async function insertRows(
  tx: Transaction,
  rows: readonly AcceptedRow[],
  { target, now, revise }: { target: BatchTarget; now: Date; revise: Revise },
): Promise<Inserted> {
  if (rows.length === 0) return { added: 0, duplicates: 0, revised: 0, issues: [] };
  // Two imports of one origin take turns, so that what is known stays known until the transaction ends.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`${target.dataset_id} ${target.originName}`}, 0))`;
  const known = await findKnownRows(tx, rows, originOf(target));
  const parts = createParts(known, target);
  const outcomes = rows.map((row) => ({ row, ...parts.take(row) }));
  if (parts.entries.length > 0) {
    if (parts.parents.length > 0) await lockEntries(tx, parts.parents);
    await write(tx, parts, target, now);
    if (target.status === 'approved')
      await refreshPairs(
        tx,
        parts.entries.map(({ id }) => id),
      );
  }
  const issues = await changedIssues(
    tx,
    target.import_id,
    outcomes.flatMap(({ changed }) => changed ?? []),
  );
  let revised = 0;
  for (const { row, texts } of outcomes) {
    if (texts.length === 0) continue;
    const refused = await refusalOf(() => revise(tx, texts, row.line));
    if (refused === null) revised += 1;
    else issues.push({ line: row.line, field: 'id', message: refused, excerpt: excerptOf(texts[0]?.text ?? '') });
  }
  const added = outcomes.filter((outcome) => outcome.added > 0 && outcome.texts.length === 0).length;
  return { added, revised, duplicates: rows.length - added - revised - issues.length, issues };
}

/** Why something was refused, null when it was not. */
async function refusalOf(act: () => Promise<void>): Promise<string | null> {
  try {
    await act();
    return null;
  } catch (error) {
    if (error instanceof ApiError) return `Is known with another text, which cannot be revised: ${error.message}`;
    throw error;
  }
}

async function write(tx: Transaction, { entries, checks }: Batch, target: BatchTarget, now: Date): Promise<void> {
  const { originName, originUrl, seats: _seats, changedRows: _changedRows, normalisations: _normalisations, ...rest } = target;
  const frame: BatchFrame = { ...rest, origin_name: originName, origin_url: originUrl, now: now.toISOString() };
  const parameters = [entries, checks, frame].map((value) => JSON.stringify(value));
  const [result] = await tx.$queryRawUnsafe<{ added: number }[]>(batchSql, ...parameters);
  if (result?.added !== entries.length) throw new Error('Another program wrote entries of the same origin at the same time');
}

/** Gives ids to the nodes that are new and finds their places below those that are known. */
function createParts(known: KnownRows, target: BatchTarget) {
  const entries: Batch['entries'] = [];
  const checks: Batch['checks'] = [];
  /** Known entries that get children. */
  const parents: string[] = [];
  const how = target.changedRows;

  return {
    entries,
    checks,
    parents,
    /** Takes the new nodes of a row; tells how many there were, which texts what is there shall have, and what keeps the row out. */
    take(row: AcceptedRow): { added: number; texts: ImportedText[]; changed: Changed | null } {
      const steps = known.steps(row, how === 'revise');
      const changed = changedIn(row, steps, how);
      if (changed !== null) return { added: 0, texts: [], changed };
      const ofThisRow = new Map<string, Batch['entries'][number]>();
      const places: KnownNode[] = [];
      const texts: ImportedText[] = [];
      for (const [index, node] of row.nodes.entries()) {
        const step = steps[index] as Step;
        const there = step.kind === 'known' || (step.kind === 'changed' && how === 'revise') ? step.there : null;
        const parent = node.parent === null ? undefined : places[node.parent];
        places.push(there ?? addNode(node, parent, row.line, ofThisRow));
        if (there === null || step.kind !== 'changed') continue;
        there.texts.add(digestOf(node));
        texts.push({ id: there.id, text: node.text, context: node.context, aiAssistance: node.aiAssistance });
      }
      return { added: ofThisRow.size, texts, changed: null };
    },
  };

  function addNode(
    node: PreparedNode,
    parent: KnownNode | undefined,
    line: number,
    ofThisRow: Map<string, Batch['entries'][number]>,
  ): KnownNode {
    const revisionId = uuid();
    const place = known.add(node, parent, line);
    const { id } = place;
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
      external_variant: place.variant,
      text: node.text,
      context: node.context,
      ai_assistance: node.aiAssistance,
      words: node.words,
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
