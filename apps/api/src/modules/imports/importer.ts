import { limits } from '@granary/contract';
import { UnreadableFileError } from '@granary/corpus';
import { inTransaction, maintainTables } from '@granary/db';
import type { Database, Transaction } from '@granary/db';
import { decideTransition, seatsWanted } from '@granary/domain';
import { unwatched, type DiskSpace } from '../../disk-space.ts';
import { createPause } from '../../jobs/give-way.ts';
import type { RequestsUnderWay } from '../../jobs/give-way.ts';
import type { JobContext } from '../../jobs/jobs.ts';
import { ThreadDiedError } from '../../jobs/thread.ts';
import type { Storage } from '../../storage/storage.ts';
import type { RevisionService } from '../entries/revision-service.ts';
import { appendEvents } from '../events/log.ts';
import { insertRows, originOf } from './batch-repository.ts';
import type { BatchTarget, Revise } from './batch-repository.ts';
import { createBatchSize } from './batch-size.ts';
import { changedIn, changedIssues, conflictsWithin, forgetReadRows } from './changed-rows.ts';
import type { FileReader } from './file-reader.ts';
import { findKnownRows } from './known-rows.ts';
import type { AcceptedRow } from './known-rows.ts';
import type { RowRules } from './prepare-row.ts';
import { weightOf } from './read-task.ts';
import type { ImportGround, ImportRepository, ImportRow, Issue } from './repository.ts';

type Deps = {
  db: Database;
  storage: Pick<Storage, 'get' | 'remove'>;
  repository: ImportRepository;
  reader: Pick<FileReader, 'rows'>;
  /** Revises imported entries in the name of the person who started the import. */
  reviseImportedIn: RevisionService['reviseImportedIn'];
  /** Requests that go before the writing of rows, where that is done in this thread. */
  underWay: RequestsUnderWay;
  clock: () => Date;
  /** Most rows of a batch; without it, as many as suit the database. */
  batchRows?: number;
  /** Most rows that the report names. */
  reportRows?: number;
  /** Resolves once there is room for another batch. */
  whenEnough?: DiskSpace['whenEnough'];
};

/** The import is not wanted any more, or another process has taken it over. */
class ImportStoppedError extends Error {}
/** Trying again would end in the same way; the message is for whoever started the import. */
class ImportImpossibleError extends Error {}

/** Rows can be whole conversations: a batch also ends at this many entries. */
const batchEntriesMax = 4_000;
const batchTimeoutMs = 5 * 60 * 1000;
/** How often a run looks whether its import is still wanted. */
const wantedEveryMs = 1_000;
/** An import whose runs die so often has failed. */
const deathsMax = 3;

type Run = { row: ImportRow; ground: ImportGround; rules: RowRules; target: BatchTarget; strict: boolean };
type Batch = { rows: AcceptedRow[]; issues: Issue[]; normalised: number; linesDone: number; bytesDone: number; weight: number };

/**
 * Makes the function that brings one uploaded file into its dataset. Every batch is committed together with how far it
 * brought the import, so that a run which was killed is gone on with exactly behind it; and since known rows are skipped,
 * running twice adds nothing. Runs that die are counted with the import, whichever process they die in.
 */
export function createImporter({
  db,
  storage,
  repository,
  reader,
  reviseImportedIn,
  underWay,
  clock,
  batchRows,
  reportRows = limits.importReportRowsMax,
  whenEnough = unwatched.whenEnough,
}: Deps) {
  /** What the report still has room for, after `bad` rows. */
  const named = (issues: readonly Issue[], bad: number) => issues.slice(0, Math.max(0, reportRows - bad));

  return async function runImport(importId: string, context: JobContext): Promise<void> {
    const row = await repository.begin(importId);
    if (row === null) return;
    const watch = watchWanted(importId);
    try {
      if (row.deaths >= deathsMax) throw new ImportImpossibleError(deathText('The process ended', row));
      const run = await prepare(row);
      const either = AbortSignal.any([context.signal, watch.signal]);
      if (run.strict && row.linesDone === 0) await refuseBadRows(run, either);
      await importRows(run, either);
      // Who comes to review finds tables that the planner knows. What fails here is done by the worker within minutes.
      await maintainTables(db).catch(() => {});
      await end(row, 'done', null);
      await storage.remove(row.storageKey);
    } catch (error) {
      await settle(row, error, context);
    } finally {
      watch.stop();
    }
  };

  /** Ends the import after an error, or throws the error so that the job is tried again. */
  async function settle(row: ImportRow, error: unknown, { signal, lastTry, onFinalFailure }: JobContext): Promise<void> {
    // Another process has brought it to its end meanwhile, and has removed the file that this one was reading.
    const present = await repository.byId(row.id).catch(() => null);
    if (present?.status === 'done') return;
    if (error instanceof ImportStoppedError) return end(row, 'cancelled', null);
    const died = error instanceof ThreadDiedError;
    // Without the database, the next run counts this one.
    const left = await repository.leave(row.id, died).catch(() => row);
    if (died && left.deaths >= deathsMax) {
      await end(row, 'failed', deathText(`Reading the file failed (${error.message})`, left));
      return onFinalFailure?.(error);
    }
    // The process is going down, or the database was away: the job is tried again.
    const final = error instanceof ImportImpossibleError || error instanceof UnreadableFileError;
    if (!final && (signal.aborted || !lastTry)) throw error;
    await end(row, 'failed', failureText(error, final));
    onFinalFailure?.(error);
  }

  /** Looks now and then whether the import was cancelled, also while a thread reads without finding a row. */
  function watchWanted(importId: string) {
    const stopped = new AbortController();
    const timer = setInterval(() => {
      repository.isWanted(importId).then(
        (isWanted) => isWanted || stopped.abort(new ImportStoppedError()),
        () => {},
      );
    }, wantedEveryMs);
    return { signal: stopped.signal, stop: () => clearInterval(timer) };
  }

  async function prepare(row: ImportRow): Promise<Run> {
    const ground = await repository.ground({ id: row.datasetId });
    if (ground === null || row.options === null) throw new ImportImpossibleError('The dataset of this import is gone.');
    const { options } = row;
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
      changedRows: options.changedRows,
      normalisations: ground.normalisations,
      seats: options.status === 'in_review' ? seatsWanted(ground.policy, []) : 0,
    };
    return { row, ground, rules: options, target, strict: options.strict };
  }

  /** Strict imports read the file twice: first to see that every row is good. */
  async function refuseBadRows(run: Run, signal: AbortSignal): Promise<void> {
    const { id } = run.row;
    await inTransaction(db, (tx) => repository.removeIssues(tx, id));
    let bad = 0;
    await inTransaction(db, (tx) => forgetReadRows(tx, id), { timeoutMs: batchTimeoutMs });
    for await (const { rows, issues: unfit, bytesDone } of batches(run, 0, signal)) {
      const before = bad;
      await inTransaction(db, async (tx) => {
        await refuseUnwanted(tx, id, 0);
        const issues = [...unfit, ...(await changedAmong(tx, run, rows))];
        bad = before + issues.length;
        await repository.addIssues(tx, id, named(issues, before));
        await repository.setProgress(tx, id, { bytesDone, bad });
      });
    }
    if (bad > 0)
      throw new ImportImpossibleError(
        `${bad === 1 ? 'One row is' : `${bad} rows are`} bad, so nothing was taken. The report names ${bad > reportRows ? `the first ${reportRows}` : 'each'}.`,
      );
  }

  /** Rows that the report would name because their id is known with another text, in the dataset or earlier in the file. */
  async function changedAmong(tx: Transaction, { target, row }: Run, rows: readonly AcceptedRow[]): Promise<Issue[]> {
    if (target.changedRows === 'add' || rows.length === 0) return [];
    const known = await findKnownRows(tx, rows, originOf(target));
    const there = await changedIssues(
      tx,
      row.id,
      rows.flatMap((given) => changedIn(given, known.steps(given, target.changedRows === 'revise'), target.changedRows) ?? []),
    );
    if (target.changedRows === 'revise') return there;
    const named = new Set(there.map(({ line }) => line));
    return [...there, ...(await conflictsWithin(tx, row.id, rows)).filter(({ line }) => !named.has(line))];
  }

  async function importRows(run: Run, signal: AbortSignal): Promise<void> {
    const { id } = run.row;
    let { linesDone } = run.row;
    for await (const batch of batches(run, linesDone, signal)) {
      await whenEnough(signal);
      await commit(run, batch, linesDone);
      linesDone = batch.linesDone;
    }
    await inTransaction(db, async (tx) => {
      await refuseUnwanted(tx, id, linesDone);
      await repository.setProgress(tx, id, { bytesDone: run.row.bytes });
    });
  }

  async function commit(
    { row, target }: Run,
    { rows, issues, normalised, linesDone, bytesDone }: Batch,
    linesBefore: number,
  ): Promise<void> {
    const work = async (tx: Transaction) => {
      const current = await refuseUnwanted(tx, row.id, linesBefore);
      const {
        added,
        duplicates,
        revised,
        issues: changed,
      } = await insertRows(tx, rows, { target, now: clock(), revise: reviserFor(target) });
      const all = [...issues, ...changed];
      await repository.addIssues(tx, row.id, named(all, current.bad));
      await repository.setProgress(tx, row.id, {
        linesDone,
        bytesDone,
        added: current.added + added,
        duplicates: current.duplicates + duplicates,
        revised: current.revised + revised,
        normalised: current.normalised + normalised,
        bad: current.bad + all.length,
      });
    };
    await inTransaction(db, work, { timeoutMs: batchTimeoutMs });
  }

  function reviserFor(target: BatchTarget): Revise {
    const actor = { id: target.actor_id, role: 'admin', scopes: null } as const;
    return (tx, texts, line) => reviseImportedIn(tx, actor, texts, { as: target.status, payload: { importId: target.import_id, line } });
  }

  /** Throws when the import was cancelled, or when it is not where this run left it: then another process works on it. */
  async function refuseUnwanted(tx: Transaction, id: string, linesDone: number): Promise<ImportRow> {
    const current = await repository.lock(tx, id);
    if (current === null || current.status !== 'running' || current.cancelAsked || current.linesDone !== linesDone)
      throw new ImportStoppedError();
    return current;
  }

  /** Groups the rows behind a line. How long a batch is kept tells how large the next one may be, and requests have their turn in between. */
  async function* batches({ row, ground, rules }: Run, afterLine: number, signal: AbortSignal): AsyncGenerator<Batch> {
    const size = createBatchSize(db.kind, batchRows);
    const pause = createPause(underWay);
    let [batch, limit, entries] = [newBatch(afterLine), size.next(), 0];
    const finish = async function* (): AsyncGenerator<Batch> {
      signal.throwIfAborted();
      const began = performance.now();
      yield batch;
      size.learn(batch.weight, performance.now() - began);
      [batch, limit, entries] = [newBatch(batch.linesDone), size.next(), 0];
      await pause();
    };
    const { categories, languages, normalisations } = ground;
    const task = { ground: { categories, languages, normalisations }, rules, afterLine };
    for await (const prepared of reader.rows(() => storage.get(row.storageKey), task, signal))
      for (const read of prepared) {
        if (read.issue) batch.issues.push(read.issue);
        else batch.rows.push(read);
        batch.normalised += Number(read.normalised ?? false);
        entries += read.nodes?.length ?? 0;
        batch.linesDone = read.line;
        batch.bytesDone = read.bytesSoFar;
        batch.weight += weightOf(read);
        const rows = batch.rows.length + batch.issues.length;
        if (rows >= limit.rows || entries >= batchEntriesMax || batch.weight >= limit.weight) yield* finish();
      }
    if (batch.rows.length + batch.issues.length > 0) yield* finish();
  }

  /** Writes how the run ended, unless another process has taken over or ended it already. */
  async function end(row: ImportRow, status: 'done' | 'failed' | 'cancelled', error: string | null): Promise<void> {
    if (row.options?.strict) await inTransaction(db, (tx) => forgetReadRows(tx, row.id), { timeoutMs: batchTimeoutMs });
    await inTransaction(db, async (tx) => {
      const current = await repository.lock(tx, row.id);
      if (current?.status !== 'running' || (status === 'cancelled' && !current.cancelAsked)) return;
      const now = clock();
      await repository.end(tx, row.id, status, error, now);
      const { added, duplicates, revised, bad, datasetId } = current;
      const payload = { importId: row.id, status, added, duplicates, revised, bad, error };
      await appendEvents(tx, [{ kind: 'import_finished', actorId: row.createdById, datasetId, payload }], now);
    });
  }
}

function newBatch(linesDone: number): Batch {
  return { rows: [], issues: [], normalised: 0, linesDone, bytesDone: 0, weight: 0 };
}

function deathText(what: string, { deaths, linesDone }: Pick<ImportRow, 'deaths' | 'linesDone'>): string {
  return `${what} ${deaths} times without getting beyond line ${linesDone}. Remove or shorten the rows after that line, or split the file, and import it again.`;
}

function failureText(error: unknown, final: boolean): string {
  const reason = (error instanceof Error ? error.message : String(error)).slice(0, 500);
  return final ? reason : `The import failed several times, the last time with: ${reason}. Start it again to go on where it stopped.`;
}
