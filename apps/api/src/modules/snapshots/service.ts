import { integer, type Page, type Selection, type Snapshot, type SnapshotCounts } from '@granary/contract';
import { inTransaction } from '@granary/db';
import type { Database, Transaction } from '@granary/db';
import { can } from '@granary/domain';
import * as z from 'zod';
import { ApiError, notFound } from '../../errors.ts';
import { decodeCursor, toPage } from '../../http/cursors.ts';
import type { Jobs } from '../../jobs/jobs.ts';
import type { Actor } from '../../plugins/auth.ts';
import type { Storage } from '../../storage/storage.ts';
import { appendEvents } from '../events/log.ts';
import { buildSnapshotJob } from './build-job.ts';
import type { SnapshotDataset, SnapshotRepository, SnapshotRow } from './repository.ts';

type Deps = {
  db: Pick<Database, 'prisma'>;
  repository: SnapshotRepository;
  storage: Pick<Storage, 'get' | 'downloadUrl'>;
  jobs: Pick<Jobs, 'send'>;
  clock: () => Date;
};
/** Makes a repeated request harmless: called inside the transaction with the answer. */
type Remember = (tx: Transaction, body: Snapshot) => Promise<void>;
export type SnapshotService = ReturnType<typeof createSnapshotService>;

const cursorSchema = z.tuple([integer({ min: 1 })]);
export const snapshotPath = (slug: string, number: number) => `/api/v1/datasets/${slug}/snapshots/${number}`;
export const snapshotFilePath = (slug: string, number: number, name: string) => `${snapshotPath(slug, number)}/files/${name}`;

/** Snapshots: what is published is for everyone, what is being made for those who may publish. Throws ApiError. */
export function createSnapshotService({ db, repository, storage, jobs, clock }: Deps) {
  return {
    async list(
      slug: string,
      { cursor, limit }: { cursor?: string | undefined; limit: number },
      actor: Actor | null,
    ): Promise<Page<Snapshot>> {
      const dataset = await findDataset(slug);
      const before = decodeCursor(cursor, cursorSchema)?.[0] ?? null;
      const rows = await repository.page(dataset.id, { before, limit: limit + 1, publishedOnly: !mayPublish(actor) });
      return toPage(rows, limit, (row) => [row.number], toSnapshot);
    },

    async get(slug: string, number: number, actor: Actor | null): Promise<Snapshot> {
      const row = await repository.byNumber(slug, number);
      if (row === null || (row.status !== 'published' && !mayPublish(actor))) throw missing(slug, number);
      return toSnapshot(row);
    },

    async preview(slug: string, selection: Selection): Promise<SnapshotCounts> {
      const dataset = await findDataset(slug);
      checkCategories(dataset.categories, selection);
      return repository.counts(dataset.id, selection);
    },

    /** Gives the snapshot its number and has it built. One of a dataset at a time. */
    async create(slug: string, wish: { selection: Selection; notes: string }, actor: Actor, remember: Remember): Promise<Snapshot> {
      const dataset = await findDataset(slug);
      checkCategories(dataset.categories, wish.selection);
      const { pairs } = await repository.counts(dataset.id, wish.selection);
      if (pairs === 0) throw new ApiError('selection_empty', 'No approved pair fits this selection.');
      const now = clock();
      const { id, snapshot, running } = await inTransaction(db, async (tx) => {
        await repository.lockDataset(tx, dataset.id);
        const other = await repository.runningOf(tx, dataset.id);
        if (other) return { id: other.id, running: other.number };
        const { id: newId, number } = await repository.add(tx, {
          datasetId: dataset.id,
          ...wish,
          createdById: actor.id,
          createdAt: now,
          rowsTotal: pairs,
        });
        const payload = { number, selection: wish.selection, pairs };
        await appendEvents(tx, [{ kind: 'snapshot_requested', actorId: actor.id, datasetId: dataset.id, payload }], now);
        const created = toSnapshot(await require(tx, slug, number));
        await remember(tx, created);
        return { id: newId, snapshot: created };
      });
      // Also for the one that runs already: if its job was lost, this brings it back.
      await sendJob(id);
      if (snapshot) return snapshot;
      throw new ApiError('snapshot_running', `Snapshot ${running} of this dataset is still being built. Wait for it, or cancel it.`, {
        data: { number: running },
      });
    },

    async cancel(slug: string, number: number, actor: Actor, remember: Remember): Promise<Snapshot> {
      const found = await repository.byNumber(slug, number);
      if (found === null) throw missing(slug, number);
      const snapshot = await inTransaction(db, async (tx) => {
        const { status, cancelAsked } = await repository.lock(tx, found.id);
        if (status !== 'queued' && status !== 'building')
          throw new ApiError('status_conflict', `Snapshot ${number} is ${status}; only one that is being built can be cancelled.`);
        if (!cancelAsked) {
          await repository.askToCancel(tx, found.id);
          // A build that has not begun ends here; one that runs stops itself.
          if (status === 'queued') await repository.end(tx, found.id, 'cancelled', null);
          await appendEvents(
            tx,
            [{ kind: 'snapshot_cancelled', actorId: actor.id, datasetId: found.datasetId, payload: { number } }],
            clock(),
          );
        }
        const cancelled = toSnapshot(await require(tx, slug, number));
        await remember(tx, cancelled);
        return cancelled;
      });
      if (snapshot.status === 'building') await sendJob(found.id);
      return snapshot;
    },

    async progress(slug: string, number: number): Promise<{ data: Snapshot; done: boolean }> {
      const row = await repository.byNumber(slug, number);
      if (row === null) throw missing(slug, number);
      return { data: toSnapshot(row), done: row.status !== 'queued' && row.status !== 'building' };
    },

    async latestNumber(slug: string): Promise<number> {
      const number = await repository.latestNumber(slug);
      if (number !== null) return number;
      await findDataset(slug);
      throw new ApiError('not_found', 'This dataset has no published snapshot yet.');
    },

    /** A published file and how to read it, or a part of it. */
    async file(slug: string, number: number, name: string) {
      const file = await repository.publishedFile(slug, number, name);
      if (file === null) throw notFound(`published file ${name} of snapshot ${number} of ${slug}`);
      return {
        ...file,
        read: (range: { start: number; end: number }) => storage.get(file.storageKey, range),
        /** Where the store hands it out itself; null where it comes through the server. */
        redirect: async (contentDisposition: string) =>
          (await storage.downloadUrl?.(file.storageKey, { contentType: file.mediaType, contentDisposition })) ?? null,
      };
    },

    /** Sees to it that every unfinished build has a job; for the start of a worker. */
    async resumeBuilds(): Promise<void> {
      for (const id of await repository.unfinished()) await sendJob(id);
    },
  };

  async function sendJob(snapshotId: string): Promise<void> {
    await jobs.send(buildSnapshotJob, { snapshotId }, { key: snapshotId });
  }

  async function findDataset(slug: string): Promise<SnapshotDataset & { categories: string[] }> {
    const dataset = await repository.dataset(slug);
    if (dataset === null) throw notFound(`dataset ${slug}`);
    return dataset;
  }

  async function require(tx: Transaction, slug: string, number: number): Promise<SnapshotRow> {
    const row = await repository.byNumber(slug, number, tx);
    if (row === null) throw missing(slug, number);
    return row;
  }
}

const mayPublish = (actor: Actor | null) => can(actor, 'snapshots:publish').allowed;
const missing = (slug: string, number: number) => notFound(`snapshot ${number} of ${slug}`);

/** A slug that is spelled wrong would otherwise select nothing and say nothing. */
function checkCategories(known: readonly string[], selection: Selection): void {
  const errors = selection.categories.flatMap((slug, index) =>
    known.includes(slug) ? [] : [{ path: `selection.categories.${index}`, message: `The dataset has no category "${slug}"` }],
  );
  if (errors.length > 0) throw new ApiError('validation_failed', errors.map(({ message }) => message).join('; '), { errors });
}

function toSnapshot(row: SnapshotRow): Snapshot {
  const { slug } = row.dataset;
  return {
    datasetSlug: slug,
    number: row.number,
    status: row.status,
    selection: row.selection,
    notes: row.notes,
    counts: row.counts,
    contentHash: row.contentHash,
    stage: row.stage,
    rowsDone: row.rowsDone,
    rowsTotal: row.rowsTotal,
    error: row.error,
    createdAt: row.createdAt.toISOString(),
    publishedAt: row.publishedAt?.toISOString() ?? null,
    files: row.files.map(({ name, mediaType, format, encoding, split, bytes, sha256, rows }) => ({
      name,
      mediaType,
      format,
      encoding,
      split,
      bytes,
      sha256,
      rows,
      url: snapshotFilePath(slug, row.number, name),
    })),
  };
}
