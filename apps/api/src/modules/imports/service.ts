import { limits } from '@granary/contract';
import type { Import, ImportOptions, ImportPreview, Page } from '@granary/contract';
import { UnreadableFileError } from '@granary/corpus';
import { inTransaction } from '@granary/db';
import type { Database, Transaction } from '@granary/db';
import { v7 as uuid } from 'uuid';
import { ApiError, notFound } from '../../errors.ts';
import { decodeCursor, timeAndIdSchema, toPage } from '../../http/cursors.ts';
import type { Jobs } from '../../jobs/jobs.ts';
import type { Actor } from '../../plugins/auth.ts';
import type { Storage } from '../../storage/storage.ts';
import { appendEvents } from '../events/log.ts';
import { runImportJob } from './import-job.ts';
import { findKnownRows } from './known-rows.ts';
import type { RowRules } from './prepare-row.ts';
import { withKnown } from './preview.ts';
import { writeReport } from './report.ts';
import type { FileReader } from './file-reader.ts';
import type { ImportGround, ImportRepository, ImportRow } from './repository.ts';

type Deps = {
  db: Database;
  repository: ImportRepository;
  storage: Storage;
  jobs: Pick<Jobs, 'send'>;
  reader: Pick<FileReader, 'preview'>;
  clock: () => Date;
  /** Largest file, in bytes. */
  bytesMax?: number;
};
/** Makes a repeated request harmless: called inside the transaction with the answer. */
type Remember = (tx: Transaction, body: Import) => Promise<void>;
export type ImportService = ReturnType<typeof createImportService>;

const isWaiting = ({ status }: Pick<ImportRow, 'status'>) => status === 'queued' || status === 'running';

/** Files of pairs on their way into a dataset: upload, preview, start, cancel, progress, report. Throws ApiError. */
export function createImportService({ db, repository, storage, jobs, reader, clock, bytesMax = limits.importBytesMax }: Deps) {
  return {
    /** Stores the file as it arrives and looks at its first rows. Throws `not_found`, `body_too_large`, `import_unreadable`. */
    async upload(
      slug: string,
      fileName: string,
      content: AsyncIterable<Uint8Array>,
      actor: Actor,
    ): Promise<{ import: Import; preview: ImportPreview }> {
      const ground = await findGround(slug);
      const id = uuid();
      const storageKey = `imports/${id}/source`;
      try {
        const stored = await storage.put(storageKey, capped(content, bytesMax));
        const shown = await preview(storageKey, ground, null);
        const row = await repository.add({
          id,
          datasetId: ground.id,
          createdById: actor.id,
          fileName: fileName.toWellFormed().replace(/\p{Cc}/gu, ''),
          storageKey,
          ...stored,
          format: shown.format,
          createdAt: clock(),
        });
        return { import: toImport(row), preview: shown };
      } catch (error) {
        await storage.remove(storageKey);
        throw error;
      }
    },

    async list(slug: string, { cursor, limit }: { cursor?: string | undefined; limit: number }): Promise<Page<Import>> {
      const { id } = await findGround(slug);
      const rows = await repository.page(id, decodeCursor(cursor, timeAndIdSchema), limit + 1);
      return toPage(rows, limit, (row) => [row.createdAt.toISOString(), row.id], toImport);
    },

    async get(id: string): Promise<Import> {
      return toImport(await find(id));
    },

    /** Throws `not_found`, `import_unreadable`. */
    async preview(id: string, { originName, ...rules }: RowRules & { originName?: string | undefined }): Promise<ImportPreview> {
      const row = await find(id);
      if (row.status === 'done') throw new ApiError('import_unreadable', 'The import is done, and its file was removed.');
      const ground = await groundOf(row);
      return preview(row.storageKey, ground, rules, originName);
    },

    /**
     * Queues the import. After a failure or a cancellation it goes on where it stopped, as long as the options are the same;
     * with other options it begins again, and rows that are in already count as duplicates.
     */
    async start(id: string, options: ImportOptions, actor: Actor, remember: Remember): Promise<Import> {
      checkOptions(options, await groundOf(await find(id)));
      const started = await inTransaction(db, async (tx) => {
        const row = await lock(tx, id);
        if (isWaiting(row) || row.status === 'done')
          throw new ApiError('import_state', row.status === 'done' ? 'This import is done.' : 'This import is under way already.');
        const goesOn = row.linesDone > 0 && JSON.stringify(row.options) === JSON.stringify(options);
        await repository.enqueue(tx, id, options, !goesOn);
        const payload = { importId: id, fileName: row.fileName, originName: options.originName, fromLine: goesOn ? row.linesDone : 0 };
        await appendEvents(tx, [{ kind: 'import_started', actorId: actor.id, datasetId: row.datasetId, payload }], clock());
        const queued = toImport(await lock(tx, id));
        await remember(tx, queued);
        return queued;
      });
      await sendJob(id);
      return started;
    },

    /** Stops an import; what is in stays in. One that has not begun ends at once, a running one with its present batch. */
    async cancel(id: string, actor: Actor, remember: Remember): Promise<Import> {
      const cancelled = await inTransaction(db, async (tx) => {
        const row = await lock(tx, id);
        if (row.status !== 'uploaded' && !isWaiting(row))
          throw new ApiError('import_state', `This import is ${row.status}; there is nothing to stop.`);
        await repository.askToCancel(tx, id);
        if (row.status !== 'running') {
          const now = clock();
          await repository.end(tx, id, 'cancelled', null, now);
          const { added, duplicates, revised, bad } = row;
          const payload = { importId: id, status: 'cancelled', added, duplicates, revised, bad };
          await appendEvents(tx, [{ kind: 'import_finished', actorId: actor.id, datasetId: row.datasetId, payload }], now);
        }
        const answer = toImport(await lock(tx, id));
        await remember(tx, answer);
        return answer;
      });
      // If its job was lost, this brings it back to see that it is not wanted any more.
      if (cancelled.status === 'running') await sendJob(id);
      return cancelled;
    },

    async progress(id: string): Promise<{ data: Import; done: boolean }> {
      const row = await find(id);
      return { data: toImport(row), done: !isWaiting(row) };
    },

    async report(id: string): Promise<{ fileName: string; content: AsyncGenerator<string> }> {
      const row = await find(id);
      return { fileName: `import-${row.id}-report.csv`, content: writeReport(repository.issues(id), row) };
    },

    /** Sees to it that every unfinished import has a job; for the start of a worker. */
    async resumeImports(): Promise<void> {
      for (const id of await repository.unfinished()) await sendJob(id);
    },
  };

  /** Without an origin, rows are compared with each other only. */
  async function preview(
    storageKey: string,
    { id: datasetId, categories, languages, normalisations }: ImportGround,
    rules: RowRules | null,
    originName = '',
  ): Promise<ImportPreview> {
    try {
      const read = await reader.preview(() => storage.get(storageKey), { ground: { categories, languages, normalisations }, rules });
      return withKnown(read, await findKnownRows(db.prisma, read.accepted, { datasetId, originName, normalisations }));
    } catch (error) {
      if (error instanceof UnreadableFileError) throw new ApiError('import_unreadable', error.message, { cause: error });
      throw error;
    }
  }
  async function sendJob(importId: string): Promise<void> {
    await jobs.send(runImportJob, { importId }, { key: importId });
  }
  async function findGround(slug: string): Promise<ImportGround> {
    return (await repository.ground({ slug })) ?? Promise.reject(notFound(`dataset ${slug}`));
  }
  async function groundOf(row: ImportRow): Promise<ImportGround> {
    return (await repository.ground({ id: row.datasetId })) ?? Promise.reject(notFound('such dataset'));
  }
  async function find(id: string): Promise<ImportRow> {
    return (await repository.byId(id)) ?? Promise.reject(notFound('such import'));
  }
  async function lock(tx: Transaction, id: string): Promise<ImportRow> {
    return (await repository.lock(tx, id)) ?? Promise.reject(notFound('such import'));
  }
}

/** What the contract cannot know: the dataset's own categories and languages. */
function checkOptions(options: ImportOptions, ground: ImportGround): void {
  if (ground.archived) throw new ApiError('import_state', 'The dataset is archived and takes no more rows.');
  const errors: { path: string; message: string }[] = [];
  if (options.defaultCategory !== null && !ground.categories.has(options.defaultCategory))
    errors.push({ path: 'defaultCategory', message: `The dataset has the categories ${[...ground.categories.keys()].join(', ')}` });
  if (!ground.languages.includes(options.defaultLanguage))
    errors.push({ path: 'defaultLanguage', message: `The dataset takes ${ground.languages.join(', ')}` });
  if (errors.length > 0)
    throw new ApiError('validation_failed', errors.map(({ path, message }) => `${path}: ${message}`).join('; '), { errors });
}

async function* capped(content: AsyncIterable<Uint8Array>, bytesMax: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of content) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax)
      throw new ApiError('body_too_large', `A file may have at most ${bytesMax} bytes. Compress it with gzip, or split it.`);
    yield chunk;
  }
}

function toImport(row: ImportRow): Import {
  const { dataset, createdAt, finishedAt, ...rest } = row;
  return { ...rest, datasetSlug: dataset.slug, createdAt: createdAt.toISOString(), finishedAt: finishedAt?.toISOString() ?? null };
}
