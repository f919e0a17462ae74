import { cpSync, existsSync, readdirSync, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { unaccent } from '@electric-sql/pglite/contrib/unaccent';
import { copyFolder } from './copy-folder.ts';
import type { Driver, ExecuteSql, Listen } from './driver.ts';
import { DatabaseUnusableError, RestoreUnfinishedError } from './errors.ts';
import type { FolderLock } from './folder-lock.ts';
import { lockFolder } from './folder-lock.ts';
import { createPGliteAdapterFactory } from './pglite-adapter.ts';
import { makePrivate } from './private-files.ts';

export interface PGliteOptions {
  /** PostgreSQL's own folder; none keeps everything in memory. */
  folder?: string;
  /** A prepared folder to start a new database from, which saves creating a cluster (4 s). */
  baseFolder?: string;
}

/** The folder itself, and what lies next to it for its lock. */
const ownSuffixes = ['', '.lock', '.lock-journal', '.holder.json'];

/** A server that is started again right after it was told to stop meets itself, still closing its database. */
const restartWaitMs = 2_000;

/** Opens the embedded database, alone on its folder. Throws `DataFolderLockedError` when another process has it, `DatabaseUnusableError` when it holds something else. */
export async function openPGliteDriver(options: PGliteOptions): Promise<Driver> {
  const folder = options.folder === undefined ? undefined : resolve(options.folder);
  const lock = folder === undefined ? undefined : lockFolder(folder, restartWaitMs);
  try {
    if (folder === undefined) return createDriver(await openPGlite(), folder, lock);
    refuseHalfRestored(folder);
    refuseForeignFolder(folder);
    if (options.baseFolder !== undefined) await startFromBase(folder, options.baseFolder);
    for (const suffix of ownSuffixes) makePrivate(`${folder}${suffix}`);
    const client = await openFolder(folder);
    // A new cluster is unpacked with modes that let everybody read it; what PostgreSQL itself adds is private.
    makePrivate(folder);
    return createDriver(client, folder, lock);
  } catch (error) {
    lock?.release();
    throw error;
  }
}

/** A folder of this name that is no database is somebody's; a new one must not be unpacked among their files. */
function refuseForeignFolder(folder: string): void {
  if (existsSync(join(folder, 'PG_VERSION')) || !existsSync(folder)) return;
  if (!statSync(folder).isDirectory() || readdirSync(folder).length > 0)
    throw new DatabaseUnusableError('Something called "postgres" is in the way and is no database. Move it, or choose another folder.');
}

async function openFolder(folder: string): Promise<PGlite> {
  try {
    return await openPGlite(folder);
  } catch (error) {
    throw new DatabaseUnusableError(
      'The embedded database in the folder cannot be opened: it is damaged, or of another PostgreSQL. Restore a backup, or choose another folder.',
      { cause: error },
    );
  }
}

/** Where a backup is unpacked that is restored into a data folder; it is there until the restore is complete. */
export const restoringName = '.restoring';

/** Throws `RestoreUnfinishedError` for a data folder into which a restore was broken off, or is under way. */
function refuseHalfRestored(folder: string): void {
  if (existsSync(join(dirname(folder), restoringName))) throw new RestoreUnfinishedError(dirname(folder));
}

/** Called under the folder's lock. The copy appears under its final name only when it is whole. */
async function startFromBase(folder: string, baseFolder: string): Promise<void> {
  if (existsSync(join(folder, 'PG_VERSION')) || !existsSync(join(baseFolder, 'PG_VERSION'))) return;
  const draft = `${folder}.new`;
  await rm(draft, { recursive: true, force: true });
  // The synchronous copy is made by Node's C++ half, ten times faster than the promise's.
  cpSync(baseFolder, draft, { recursive: true });
  await rename(draft, folder);
}

function openPGlite(folder?: string): Promise<PGlite> {
  return PGlite.create({ dataDir: folder ?? 'memory://', extensions: { pg_trgm, unaccent } });
}

function createDriver(client: PGlite, folder: string | undefined, lock: FolderLock | undefined): Driver {
  const adapterFactory = createPGliteAdapterFactory(client, () => openPGlite());
  return {
    kind: 'pglite',
    adapterFactory,
    executeSql: createExecuteSql(client),
    // One connection in the same process: there is little to win by keeping statements.
    executePrepared: (text, values) => client.query<Record<string, unknown>>(text, values),
    listen: createListen(client),
    // The folder's lock keeps other processes away.
    withMigrationLock: (run) => run(adapterFactory),
    ...(folder === undefined ? {} : { copyTo: (target) => copyCluster(client, folder, target) }),
    async close() {
      try {
        if (!client.closed) await client.close();
      } finally {
        lock?.release();
      }
    },
  };
}

/** Inside a transaction, which has the only connection to itself, nothing is written; the checkpoint brings all that was to the files. */
async function copyCluster(client: PGlite, folder: string, target: string): Promise<void> {
  await client.transaction(async (tx) => {
    await tx.exec('CHECKPOINT');
    await copyFolder(folder, target);
  });
}

function createExecuteSql(client: PGlite): ExecuteSql {
  return async (text, values) => {
    if (values && values.length > 0) return client.query<Record<string, unknown>>(text, values);
    // A script with a transaction of its own must not leave the only connection inside an aborted one: this BEGIN
    // makes theirs a no-op, and PGlite rolls back before it lets anybody else in.
    const results = opensTransaction.test(text) ? await client.transaction((tx) => tx.exec(text)) : await client.exec(text);
    return { rows: results.flatMap((result) => result.rows as Record<string, unknown>[]) };
  };
}

const opensTransaction = /(?:^|;)\s*(?:BEGIN|START\s+TRANSACTION)\b/i;

function createListen(client: PGlite): Listen {
  return async (channel, onPayload, onSubscribed) => {
    const unsubscribe = await client.listen(channel, onPayload);
    onSubscribed?.();
    return { close: async () => (client.closed ? undefined : unsubscribe()) };
  };
}
