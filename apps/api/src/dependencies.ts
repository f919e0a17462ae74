import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { migrate, openDatabase, type Database, type DatabaseLog } from '@granary/db';
import { ConfigError, type Config } from './config.ts';
import { prepareDataFolder } from './data-folder.ts';
import { watchDiskSpace, type DiskSpace } from './disk-space.ts';
import { createJobs, type Jobs } from './jobs/jobs.ts';
import { createMailer, type Mailer } from './mailer.ts';
import { guardStorage } from './storage/guard-storage.ts';
import { openStorage, storageFolder } from './storage/open-storage.ts';
import type { Storage } from './storage/storage.ts';

/** Longest a start waits for the file store's answer. */
const storageCheckMs = 5_000;

/** All that the application needs from outside. `clock` is the only source of the time in decisions, `random` (0 to below 1) of chance. */
export type Dependencies = {
  config: Config;
  db: Database;
  storage: Storage;
  jobs: Jobs;
  disk: DiskSpace;
  mailer: Mailer;
  clock: () => Date;
  random: () => number;
  /** Takes each line of the log; standard output without it. */
  writeLog?: (line: string) => void;
};

type Log = DatabaseLog & { error(details: object, message: string): void };

/** Opens what the application stands on, in order: data folder, disk, file storage, database (migrated), job queue, mail. */
export async function openDependencies(config: Config, log: Log): Promise<Dependencies> {
  const { databaseUrl, databasePool, databaseWaitMs, dataDir, storageUrl } = config;
  if (databaseUrl === undefined || storageUrl === undefined) prepareDataFolder(dataDir);
  const disk = await watchDisk(config, log);
  const opened = openStorage(storageUrl, join(dataDir, 'files'), config.storageDownloads);
  const storage = filesFolder(config) === null ? opened : guardStorage(opened, disk);
  const db = await openDatabase(
    databaseUrl === undefined ? { dataDir, log } : { url: databaseUrl, poolSize: databasePool, waitMs: databaseWaitMs, log },
  );
  try {
    const migrations = await migrate(db);
    // At the level that is shown by default: from here on, older versions do not start on this database.
    if (migrations.length > 0) log.warn({ migrations }, 'The database was migrated');
    await tellOfMissingStorage(storage, log);
    const jobs = createJobs(db, log, disk);
    protectDatabase(db, disk);
    await jobs.start();
    return {
      config,
      db,
      storage,
      jobs,
      disk,
      mailer: createMailer({ smtpUrl: config.smtpUrl, from: config.mailFrom }),
      clock: () => new Date(),
      random: Math.random,
    };
  } catch (error) {
    disk.stop();
    await db.close();
    throw error;
  }
}

/** A store that is away keeps nobody from reading and writing texts, so the process starts; readiness says it again. */
async function tellOfMissingStorage(storage: Storage, log: Log): Promise<void> {
  const tooLong = setTimeout(storageCheckMs, undefined, { ref: false }).then(() => Promise.reject(new Error('No answer')));
  await Promise.race([storage.check(), tooLong]).catch((error: unknown) =>
    log.error({ err: error }, 'STORAGE_URL: the file store cannot be reached; files cannot be read or written until it can'),
  );
}

const filesFolder = ({ storageUrl, dataDir }: Config) => storageFolder(storageUrl, join(dataDir, 'files'));

/** Watches the disks that this process writes to. Throws ConfigError where the embedded database could not even start. */
async function watchDisk(config: Config, log: Log): Promise<DiskSpace> {
  const embedded = config.databaseUrl === undefined;
  const folders = [embedded ? config.dataDir : null, filesFolder(config)].filter((folder) => folder !== null);
  const disk = await watchDiskSpace({ folders, reserveBytes: config.minFreeDiskMb * 1024 * 1024, log });
  if (!embedded || disk.state() !== 'critical') return disk;
  disk.stop();
  throw new ConfigError(
    `The disk of ${config.dataDir} is nearly full, and the embedded database would hang on it. Free at least ${config.minFreeDiskMb} MB (MIN_FREE_DISK_MB), then start again.`,
  );
}

/** On a full disk the embedded database hangs for good. It has one session: a session that only reads writes nothing but what it has in memory. */
export function protectDatabase(db: Pick<Database, 'kind' | 'executeSql'>, disk: DiskSpace): void {
  if (db.kind !== 'pglite') return;
  let readOnly = false;
  disk.onChange(async (state) => {
    if (readOnly === (state === 'critical')) return;
    readOnly = state === 'critical';
    await db.executeSql(`SET default_transaction_read_only = ${readOnly ? 'on' : 'off'}`);
  });
}

export async function closeDependencies(deps: Dependencies): Promise<void> {
  await deps.jobs.stop();
  deps.disk.stop();
  await deps.storage.close();
  await deps.db.close();
}
