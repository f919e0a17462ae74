import { constants } from 'node:fs';
import { copyFile, link, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { appliedMigrations, dumpPostgres } from '@granary/db';
import type { Database } from '@granary/db';
import { filesBelow } from '../storage/files-below.ts';
import { version } from '../version.ts';
import { packArchive, partNames } from './archive.ts';
import { BackupError } from './backup-error.ts';

export type BackupSource = {
  db: Pick<Database, 'kind' | 'url' | 'executeSql' | 'copyTo'>;
  /** Folder of the stored files; null when they are in a bucket. */
  filesFolder: string | null;
  clock: () => Date;
};

/**
 * Makes a consistent backup of a deployment in use, and streams it. `staging` is a folder that does not exist: it takes a copy of the database,
 * and is removed when the stream ends in whatever way. Throws `BackupError` and `PostgresToolError`.
 */
export async function makeBackup({ db, filesFolder, clock }: BackupSource, staging: string): Promise<Readable> {
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { recursive: true, mode: 0o700 });
  const remove = () => rm(staging, { recursive: true, force: true });
  try {
    const migrations = await appliedMigrations(db);
    if (migrations.length === 0) throw new BackupError('The database is empty: there is nothing to back up.');
    const createdAt = clock().toISOString();
    // The database comes first: a published file never changes, so files that are newer do no harm.
    await copyDatabase(db, staging);
    if (filesFolder !== null) await linkFiles(filesFolder, join(staging, partNames.files));
    const files = filesFolder === null ? 'elsewhere' : 'included';
    const archive = await packArchive(staging, { granaryBackup: 1, version, createdAt, database: db.kind, migrations, files });
    for (const event of ['end', 'close', 'error']) archive.once(event, () => void remove());
    return archive;
  } catch (error) {
    await remove();
    throw error;
  }
}

async function copyDatabase({ kind, url, copyTo }: BackupSource['db'], staging: string): Promise<void> {
  if (kind === 'postgres' && url !== undefined) return dumpPostgres(url, join(staging, partNames.dump));
  if (copyTo === undefined) throw new BackupError('A database in memory cannot be backed up.');
  await copyTo(join(staging, partNames.embedded));
}

/** Stored files are replaced, never written to, so a second name for each keeps it as it is; on another disk they are copied. */
async function linkFiles(source: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true, mode: 0o700 });
  for (const name of await filesBelow(source)) {
    // Uploads that are under way.
    if (name.startsWith('.')) continue;
    const from = join(source, name);
    await mkdir(dirname(join(target, name)), { recursive: true, mode: 0o700 });
    await link(from, join(target, name))
      .catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') throw error;
        return copyFile(from, join(target, name), constants.COPYFILE_FICLONE);
      })
      // Removed since the folder was read: no snapshot needs it any more.
      .catch(ignoreMissing);
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
