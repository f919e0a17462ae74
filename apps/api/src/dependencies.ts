import { join } from 'node:path';
import { migrate, openDatabase, type Database, type DatabaseLog } from '@granary/db';
import { ConfigError, type Config } from './config.ts';
import { watchDiskSpace, type DiskSpace } from './disk-space.ts';
import { createJobs, type Jobs } from './jobs/jobs.ts';
import { createMailer, type Mailer } from './mailer.ts';
import { guardStorage } from './storage/guard-storage.ts';
import { openStorage, storageFolder } from './storage/open-storage.ts';
import type { Storage } from './storage/storage.ts';

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
};

type Log = DatabaseLog;

/** Opens what the application stands on, in order: disk, database (migrated), file storage, job queue, mail. */
export async function openDependencies(config: Config, log: Log): Promise<Dependencies> {
  const disk = await watchDisk(config, log);
  const db = await openDatabase(
    config.databaseUrl === undefined ? { dataDir: config.dataDir, log } : { url: config.databaseUrl, poolSize: config.databasePool, log },
  );
  try {
    await migrate(db);
    const opened = openStorage(config.storageUrl, join(config.dataDir, 'files'), config.storageDownloads);
    const storage = filesFolder(config) === null ? opened : guardStorage(opened, disk);
    const jobs = createJobs(db, { error: (details, message) => log.warn(details, message) }, disk);
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
