import { randomUUID } from 'node:crypto';
import { contentHash } from '@granary/corpus';
import { inTransaction, maintainTables } from '@granary/db';
import type { Database } from '@granary/db';
import type { JobContext } from '../../jobs/jobs.ts';
import type { Storage } from '../../storage/storage.ts';
import type { ComparisonService } from '../comparisons/service.ts';
import { appendEvents } from '../events/log.ts';
import { createAttributionRepository } from './attribution-repository.ts';
import type { BuildRepository, BuildTask, BuiltFile } from './build-repository.ts';
import { writeChangeFiles } from './changes-for-build.ts';
import type { ChangesRepository } from './changes-repository.ts';
import { writeDataFiles } from './data-files.ts';
import type { DataFiles } from './data-files.ts';
import { writeDescriptions } from './descriptions.ts';
import { removeStoredFiles, snapshotFolder } from './file-keys.ts';
import { createPolicyRepository } from './policy-repository.ts';
import type { Renderer } from './renderer.ts';
import type { SnapshotRepository } from './repository.ts';
import type { SplitAssigner } from './split-assigner.ts';

type Deps = {
  db: Database;
  storage: Storage;
  repository: BuildRepository;
  splits: SplitAssigner;
  comparisons: Pick<ComparisonService, 'estimateErrors'>;
  changes: ChangesRepository;
  render: Renderer['render'];
  snapshots: Pick<SnapshotRepository, 'lock' | 'end'>;
  clock: () => Date;
  /** Address of the deployment, for the card; none when it is not configured. */
  publicUrl: string | undefined;
};

/** The build is not wanted any more: cancelled, or ended by another process. */
class BuildStoppedError extends Error {}
/** Trying again would end in the same way; the message is for whoever asked for the snapshot. */
class BuildImpossibleError extends Error {}

const progressEveryMs = 300;
/** Selecting a million pairs takes a good part of a minute. */
const pinTimeoutMs = 30 * 60 * 1000;

/**
 * Makes the function that builds one snapshot, from pinning its pairs to publishing it. Safe to run again, after it was
 * broken off or beside itself: every attempt writes under names of its own, and only one can publish.
 */
export function createSnapshotBuilder({
  db,
  storage,
  repository,
  splits,
  comparisons,
  changes,
  render,
  snapshots,
  clock,
  publicUrl,
}: Deps) {
  const attribution = createAttributionRepository(db);
  const policies = createPolicyRepository(db);
  return async function buildSnapshot(snapshotId: string, { signal, lastTry, onFinalFailure }: JobContext): Promise<void> {
    const task = await repository.begin(snapshotId);
    if (task === null) return;
    const folder = snapshotFolder(task.dataset.slug, task.number);
    const attempt = `${folder}${randomUUID().slice(0, 8)}/`;
    try {
      await buildAndPublish(task, attempt, signal);
    } catch (error) {
      // The process is going down: the job is tried again by another.
      if (signal.aborted) throw error;
      const stopped = error instanceof BuildStoppedError;
      if (!stopped && !lastTry && !(error instanceof BuildImpossibleError)) {
        await removeUnpublished(task, attempt);
        throw error;
      }
      await end(task, stopped ? null : failureText(error));
      if (!stopped) onFinalFailure?.(error);
      await removeUnpublished(task, stopped ? attempt : folder);
    }
  };

  async function buildAndPublish(task: BuildTask, attempt: string, signal: AbortSignal): Promise<void> {
    if (task.cancelAsked) throw new BuildStoppedError();
    const notStopped = createProgress(task.id, 0);
    // What follows reads tables that may have grown in the last minute. Without the figures it is slow, not wrong.
    await maintainTables(db).catch(() => {});
    await splits.assign(task, { signal, onBatch: () => notStopped(0) });
    await repository.analyzeSplits();
    // A preference whose error nobody has estimated yet would be pinned with one that is too large.
    await comparisons.estimateErrors(task.datasetId, async () => {
      signal.throwIfAborted();
      await notStopped(0);
    });
    await pin(task);
    await repository.analyze();
    const { rowsTotal, withheld, eventPosition } = await repository.pinned(task.id);
    const keyOf = (fileName: string) => attempt + fileName;
    const data = await writeDataFiles({
      snapshot: {
        id: task.id,
        pairs: rowsTotal,
        preferences: await repository.hasPreferences(task.id),
        ratingDimensions: await repository.ratingDimensions(task.id),
      },
      render,
      signal,
      storage,
      keyOf,
      onProgress: createProgress(task.id, rowsTotal),
    });
    if (data.summary.counts.pairs !== rowsTotal)
      throw new BuildImpossibleError('Pairs of this snapshot were deleted while it was built. Publish it again.');
    if (!(await repository.report(task.id, { stage: 'storing' }))) throw new BuildStoppedError();
    const changeFiles = await writeChangeFiles({ snapshot: task, repository: changes, storage, keyOf });
    const described = await writeDescriptions({
      task,
      data,
      eventPosition,
      changelog: await repository.changelog(task),
      withheld,
      otherFiles: changeFiles,
      attribution,
      policies,
      filesUrl: publicUrl === undefined ? null : `${publicUrl}/api/v1/datasets/${task.dataset.slug}/snapshots/${task.number}/files`,
      storage,
      keyOf,
    });
    signal.throwIfAborted();
    await publish(task, { data, otherFiles: [...changeFiles, ...described], withheld });
    const kept = [...data.files, ...changeFiles, ...described].map((file) => file.storageKey);
    // What cannot be tidied up now is collected later: the snapshot is published, and nothing may look like a failure any more.
    await removeStoredFiles(storage, snapshotFolder(task.dataset.slug, task.number), kept).catch(() => {});
  }

  /** The connection may have broken before the database could say that it had published: the lock waits until that is settled. */
  async function removeUnpublished(task: BuildTask, folder: string): Promise<void> {
    const kept = await inTransaction(db, async (tx) => {
      const { status } = await snapshots.lock(tx, task.id);
      return status === 'published' ? repository.storedKeys(tx, task.id) : [];
    });
    await removeStoredFiles(storage, folder, kept);
  }

  async function pin(task: BuildTask): Promise<void> {
    const work = async (tx: Parameters<BuildRepository['pin']>[0]) => {
      const { status, cancelAsked, stage } = await snapshots.lock(tx, task.id);
      if (status !== 'building' || cancelAsked) throw new BuildStoppedError();
      // An attempt that was broken off has pinned the pairs already.
      if (stage !== 'selecting') return;
      await splits.assignIn(tx, task);
      if ((await repository.pin(tx, task)) === 0) throw new BuildImpossibleError('The selection holds no pairs any more.');
    };
    await inTransaction(db, work, { isolation: 'RepeatableRead', timeoutMs: pinTimeoutMs });
  }

  function createProgress(id: string, rowsTotal: number): (share: number) => Promise<void> {
    let reportedAt = -Infinity;
    return async (share) => {
      if (performance.now() - reportedAt < progressEveryMs) return;
      reportedAt = performance.now();
      if (!(await repository.report(id, { rowsDone: Math.floor(share * rowsTotal) }))) throw new BuildStoppedError();
    };
  }

  async function publish(
    task: BuildTask,
    { data, otherFiles, withheld }: { data: DataFiles; otherFiles: readonly BuiltFile[]; withheld: number },
  ): Promise<void> {
    const publishedAt = clock();
    const hash = contentHash(data.files);
    const { counts, statistics } = data.summary;
    await inTransaction(db, async (tx) => {
      const published = await repository.publish(tx, task.id, {
        counts,
        statistics,
        contentHash: hash,
        files: [...data.files, ...otherFiles],
        publishedAt,
      });
      if (!published) throw new BuildStoppedError();
      const payload = { number: task.number, pairs: counts.pairs, withheld, contentHash: hash };
      await appendEvents(tx, [{ kind: 'snapshot_published', actorId: task.createdById, datasetId: task.datasetId, payload }], publishedAt);
    });
  }

  /** `error` is null for a build that was stopped; the log learned of a cancellation when it was asked for. */
  async function end(task: BuildTask, error: string | null): Promise<void> {
    await inTransaction(db, async (tx) => {
      const { status, cancelAsked } = await snapshots.lock(tx, task.id);
      if (status !== 'building') return;
      if (cancelAsked) return snapshots.end(tx, task.id, 'cancelled', null);
      await snapshots.end(tx, task.id, 'failed', error);
      await appendEvents(
        tx,
        [{ kind: 'snapshot_failed', actorId: null, datasetId: task.datasetId, payload: { number: task.number, error } }],
        clock(),
      );
    });
  }
}

function failureText(error: unknown): string {
  if (error instanceof BuildImpossibleError) return error.message;
  const reason = error instanceof Error ? error.message : String(error);
  return `The build failed several times, the last time with: ${reason.slice(0, 500)}`;
}
