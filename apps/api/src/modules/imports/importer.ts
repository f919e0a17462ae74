import { detectFile, mappingFor, readRows, UnreadableFileError } from '@granary/corpus';
import type { Container } from '@granary/corpus';
import { inTransaction, maintainTables } from '@granary/db';
import type { Database, Transaction } from '@granary/db';
import { decideTransition, seatsWanted } from '@granary/domain';
import { unwatched, type DiskSpace } from '../../disk-space.ts';
import type { JobContext } from '../../jobs/jobs.ts';
import type { Storage } from '../../storage/storage.ts';
import { appendEvents } from '../events/log.ts';
import { insertRows } from './batch-repository.ts';
import type { AcceptedRow, BatchTarget } from './batch-repository.ts';
import { prepareRow } from './prepare-row.ts';
import type { RowRules } from './prepare-row.ts';
import type { ImportGround, ImportRepository, ImportRow, Issue } from './repository.ts';

type Deps = {
  db: Database;
  storage: Pick<Storage, 'get' | 'remove'>;
  repository: ImportRepository;
  clock: () => Date;
  batchRows?: number;
  /** Resolves once there is room for another batch. */
  whenEnough?: DiskSpace['whenEnough'];
};

/** The import is not wanted any more, or another process has taken it over. */
class ImportStoppedError extends Error {}
/** Trying again would end in the same way; the message is for whoever started the import. */
class ImportImpossibleError extends Error {}

/** Large enough to hide the way to the database, small enough to show progress and to lose little when broken off. */
const defaultBatchRows = 1_000;
/** Rows can be whole conversations: a batch also ends at this many entries or characters. */
const batchEntriesMax = 4_000;
const batchCharactersMax = 4_000_000;
const batchTimeoutMs = 5 * 60 * 1000;

type Run = { row: ImportRow; ground: ImportGround; container: Container; rules: RowRules; target: BatchTarget; strict: boolean };
type Stretch = { rows: AcceptedRow[]; issues: Issue[]; linesDone: number; bytesDone: number };

/**
 * Makes the function that brings one uploaded file into its dataset. Every batch is committed together with how far it
 * brought the import, so that a run which was killed is gone on with exactly behind it; and since known rows are passed over,
 * running twice adds nothing.
 */
export function createImporter({ db, storage, repository, clock, batchRows = defaultBatchRows, whenEnough = unwatched.whenEnough }: Deps) {
  return async function runImport(importId: string, { signal, lastTry }: JobContext): Promise<void> {
    const row = await repository.begin(importId);
    if (row === null) return;
    try {
      const run = await prepare(row);
      if (run.strict && row.linesDone === 0) await refuseBadRows(run, signal);
      await importRows(run, signal);
      // Who comes to review finds tables that the planner knows. What fails here is done by the worker within minutes.
      await maintainTables(db).catch(() => {});
      await end(row, 'done', null);
      await storage.remove(row.storageKey);
    } catch (error) {
      if (error instanceof ImportStoppedError) return end(row, 'cancelled', null);
      // The process is going down, or the database was away: the job is tried again.
      const final = error instanceof ImportImpossibleError || error instanceof UnreadableFileError;
      if (!final && (signal.aborted || !lastTry)) throw error;
      await end(row, 'failed', failureText(error, final));
    }
  };

  async function prepare(row: ImportRow): Promise<Run> {
    const ground = await repository.ground({ id: row.datasetId });
    if (ground === null || row.options === null) throw new ImportImpossibleError('The dataset of this import is gone.');
    const { options } = row;
    const { container, columns } = await detectFile(() => storage.get(row.storageKey));
    const decision = decideTransition(
      { status: 'draft', authorId: null, escalated: false },
      { kind: 'import', as: options.status },
      null,
      ground.policy,
      clock(),
    );
    if (!decision.ok) throw new ImportImpossibleError(decision.detail);
    const target: BatchTarget = {
      import_id: row.id,
      dataset_id: ground.id,
      actor_id: row.createdById,
      status: options.status,
      event: decision.events[0] ?? 'entry_imported',
      originName: options.originName,
      originUrl: options.originUrl,
      licence: options.licence,
      seats: options.status === 'in_review' ? seatsWanted(ground.policy, []) : 0,
    };
    const rules = { ...options, mapping: mappingFor(options.format, columns, options.mapping) };
    return { row, ground, container, rules, target, strict: options.strict };
  }

  /** Strict imports read the file twice: first to see that every row is good. */
  async function refuseBadRows(run: Run, signal: AbortSignal): Promise<void> {
    const { id } = run.row;
    await inTransaction(db, (tx) => repository.removeIssues(tx, id));
    let bad = 0;
    for await (const { issues, bytesDone } of stretches(run, 0, signal)) {
      bad += issues.length;
      await inTransaction(db, async (tx) => {
        await refuseUnwanted(tx, id, 0);
        await repository.addIssues(tx, id, issues);
        await repository.setProgress(tx, id, { bytesDone, bad });
      });
    }
    if (bad > 0)
      throw new ImportImpossibleError(`${bad === 1 ? 'One row is' : `${bad} rows are`} bad, so nothing was taken. The report names each.`);
  }

  async function importRows(run: Run, signal: AbortSignal): Promise<void> {
    const { id } = run.row;
    let { linesDone } = run.row;
    // While the database writes one batch, the next is read and measured.
    let writing = Promise.resolve();
    try {
      for await (const stretch of stretches(run, linesDone, signal)) {
        await writing;
        signal.throwIfAborted();
        await whenEnough(signal);
        writing = commit(run, stretch, linesDone);
        // Awaited in the next round; until then a failure is nobody's.
        writing.catch(() => {});
        linesDone = stretch.linesDone;
      }
    } finally {
      await writing;
    }
    await inTransaction(db, async (tx) => {
      await refuseUnwanted(tx, id, linesDone);
      await repository.setProgress(tx, id, { bytesDone: run.row.bytes });
    });
  }

  async function commit({ row, target }: Run, { rows, issues, linesDone, bytesDone }: Stretch, linesBefore: number): Promise<void> {
    const work = async (tx: Transaction) => {
      const current = await refuseUnwanted(tx, row.id, linesBefore);
      const { added, duplicates } = await insertRows(tx, rows, target, clock());
      await repository.addIssues(tx, row.id, issues);
      await repository.setProgress(tx, row.id, {
        linesDone,
        bytesDone,
        added: current.added + added,
        duplicates: current.duplicates + duplicates,
        bad: current.bad + issues.length,
      });
    };
    await inTransaction(db, work, { timeoutMs: batchTimeoutMs });
  }

  /** Throws when the import was cancelled, or when it is not where this run left it: then another process works on it. */
  async function refuseUnwanted(tx: Transaction, id: string, linesDone: number): Promise<ImportRow> {
    const current = await repository.lock(tx, id);
    if (current === null || current.status !== 'running' || current.cancelAsked || current.linesDone !== linesDone)
      throw new ImportStoppedError();
    return current;
  }

  /** Reads, measures and groups the rows behind a line. */
  async function* stretches(run: Run, afterLine: number, signal: AbortSignal): AsyncGenerator<Stretch> {
    const { container, rules, ground } = run;
    const fresh = (): Stretch & { entries: number; characters: number } => ({
      rows: [],
      issues: [],
      linesDone: afterLine,
      bytesDone: 0,
      entries: 0,
      characters: 0,
    });
    let stretch = fresh();
    for await (const read of readRows(await storage.get(run.row.storageKey), { container, afterLine })) {
      signal.throwIfAborted();
      const { line, bytesSoFar, nodes, issue } = prepareRow(read, rules, ground);
      if (issue) stretch.issues.push(issue);
      else {
        stretch.rows.push({ line, nodes });
        stretch.entries += nodes.length;
        for (const node of nodes) stretch.characters += node.text.length + (node.context?.length ?? 0);
      }
      stretch.linesDone = line;
      stretch.bytesDone = bytesSoFar;
      const size = stretch.rows.length + stretch.issues.length;
      if (size >= batchRows || stretch.entries >= batchEntriesMax || stretch.characters >= batchCharactersMax) {
        yield stretch;
        stretch = fresh();
      }
    }
    if (stretch.rows.length + stretch.issues.length > 0) yield stretch;
  }

  /** Writes how the run ended, unless another process has taken over or ended it already. */
  async function end(row: ImportRow, status: 'done' | 'failed' | 'cancelled', error: string | null): Promise<void> {
    await inTransaction(db, async (tx) => {
      const current = await repository.lock(tx, row.id);
      if (current?.status !== 'running' || (status === 'cancelled' && !current.cancelAsked)) return;
      const now = clock();
      await repository.end(tx, row.id, status, error, now);
      const { added, duplicates, bad, datasetId } = current;
      const payload = { importId: row.id, status, added, duplicates, bad, error };
      await appendEvents(tx, [{ kind: 'import_finished', actorId: row.createdById, datasetId, payload }], now);
    });
  }
}

function failureText(error: unknown, final: boolean): string {
  const reason = (error instanceof Error ? error.message : String(error)).slice(0, 500);
  return final ? reason : `The import failed several times, the last time with: ${reason}. Start it again to go on where it stopped.`;
}
