import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { appliedMigrations, lockFolder, openDatabase, refuseNewer, restorePostgres, restoringName, tablesOnPostgres } from '@granary/db';
import { checkArchive, partNames, unpackArchive, type BackupDescription } from './archive.ts';
import { BackupError } from './backup-error.ts';

export type RestoreTarget = {
  dataDir: string;
  databaseUrl: string | undefined;
  /** Folder of the stored files; null when they are in a bucket. */
  filesFolder: string | null;
};

/** In the folder where a backup is unpacked; there from the moment in which the first part is put into its place. Holds the files' folder. */
const placingName = 'placing';

/**
 * Restores a backup into an empty deployment, whole or not at all. The archive is checked to its end before anything is written. After
 * an interruption the same call starts over. Throws `BackupError`, `PostgresToolError`, `MigrationError`, and `DataFolderLockedError` while
 * a server has the folder.
 */
export async function restoreBackup(file: string, target: RestoreTarget): Promise<BackupDescription> {
  const description = await checkArchive(file);
  refuseMismatch(description, target);
  refuseNewer(description.migrations);
  await mkdir(target.dataDir, { recursive: true, mode: 0o700 });
  const lock = lockFolder(join(target.dataDir, partNames.embedded));
  const workshop = join(target.dataDir, restoringName);
  try {
    await removeInterrupted(target, workshop);
    await refuseOccupied(target, description);
    await mkdir(workshop, { mode: 0o700 });
    try {
      await unpackArchive(file, workshop);
      if (target.databaseUrl === undefined) await checkDatabase(workshop, description);
      await place(workshop, target, description);
    } catch (error) {
      await removeInterrupted(target, workshop);
      throw error;
    }
    await rm(workshop, { recursive: true });
    return description;
  } finally {
    lock.release();
  }
}

function refuseMismatch({ database, files }: BackupDescription, { databaseUrl, filesFolder }: RestoreTarget): void {
  if (database === 'postgres' && databaseUrl === undefined)
    throw new BackupError('This is a backup of PostgreSQL. Set DATABASE_URL to the new, empty database that it shall go into.');
  if (database === 'pglite' && databaseUrl !== undefined)
    throw new BackupError('This is a backup of the embedded database. Leave DATABASE_URL unset, and name an empty folder with --data.');
  if (files === 'included' && filesFolder === null)
    throw new BackupError(
      'This backup holds stored files, but STORAGE_URL names a bucket. Restore it without STORAGE_URL, then copy the files into the bucket.',
    );
}

/** What an earlier attempt left. Nothing else can have used it: no server starts on the folder before a restore is complete. */
async function removeInterrupted(target: RestoreTarget, workshop: string): Promise<void> {
  const filesFolder = await readFile(join(workshop, placingName), 'utf8').catch(() => null);
  if (filesFolder !== null) {
    if (filesFolder !== '') await empty(filesFolder);
    if (target.databaseUrl === undefined) await rm(join(target.dataDir, partNames.embedded), { recursive: true, force: true });
  }
  await rm(workshop, { recursive: true, force: true });
}

async function refuseOccupied({ dataDir, databaseUrl, filesFolder }: RestoreTarget, { files }: BackupDescription): Promise<void> {
  const advice = 'A backup is only restored into an empty deployment';
  if (databaseUrl === undefined && !(await isEmpty(join(dataDir, partNames.embedded))))
    throw new BackupError(`There is a database in ${dataDir}. ${advice}: name another folder with --data.`);
  if (databaseUrl !== undefined) {
    const tables = await tablesOnPostgres(databaseUrl);
    if (tables.length > 0)
      throw new BackupError(`The database of DATABASE_URL is not empty: it holds ${tables.join(', ')}. ${advice}: create a new database.`);
  }
  if (files === 'included' && filesFolder !== null && !(await isEmpty(filesFolder)))
    throw new BackupError(`There are files in ${filesFolder}. ${advice}: move them away, or name another folder.`);
}

/** Opens the unpacked database before it gets its place: what cannot be opened is no backup. */
async function checkDatabase(workshop: string, { migrations }: BackupDescription): Promise<void> {
  if (!existsSync(join(workshop, partNames.embedded, 'PG_VERSION'))) throw new BackupError('The backup holds no database.');
  const db = await openDatabase({ dataDir: workshop }).catch((error: unknown) => {
    throw new BackupError('The database in the backup cannot be opened by this version of Granary. Use the version that made it.', {
      cause: error,
    });
  });
  const applied = await appliedMigrations(db).finally(() => db.close());
  if (applied.join() !== migrations.join()) throw new BackupError('The database in the backup is not the one that its description names.');
}

/** The database comes last: where it is, everything is. */
async function place(workshop: string, { dataDir, databaseUrl, filesFolder }: RestoreTarget, { files }: BackupDescription): Promise<void> {
  const placesFiles = files === 'included' && filesFolder !== null;
  await writeFile(join(workshop, placingName), placesFiles ? filesFolder : '', { flush: true });
  if (placesFiles) await moveContent(join(workshop, partNames.files), filesFolder);
  if (databaseUrl === undefined) await moveContent(join(workshop, partNames.embedded), join(dataDir, partNames.embedded));
  else await restorePostgres(databaseUrl, join(workshop, partNames.dump));
}

/** One by one: the folder may be a volume, which cannot be replaced, and be on another disk. */
async function moveContent(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  for (const name of await namesIn(from)) {
    try {
      await rename(join(from, name), join(to, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
      await cp(join(from, name), join(to, name), { recursive: true });
    }
  }
}

async function empty(folder: string): Promise<void> {
  for (const name of await namesIn(folder)) await rm(join(folder, name), { recursive: true, force: true });
}

/** Hidden ones are unfinished uploads. */
const isEmpty = async (folder: string) => (await namesIn(folder)).every((name) => name.startsWith('.'));

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return [];
  });
}
