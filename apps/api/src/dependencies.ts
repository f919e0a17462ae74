import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { migrate, openDatabase, type Database, type DatabaseLog } from '@granary/db';
import type { Config } from './config.ts';
import { prepareDataFolder } from './data-folder.ts';
import { createJobs, type Jobs } from './jobs/jobs.ts';
import { createMailer, type Mailer } from './mailer.ts';
import { openStorage } from './storage/open-storage.ts';
import type { Storage } from './storage/storage.ts';

/** Longest a start waits for the file store's answer. */
const storageCheckMs = 5_000;

/** All that the application needs from outside. `clock` is the only source of the time in decisions, `random` (0 to below 1) of chance. */
export type Dependencies = {
  config: Config;
  db: Database;
  storage: Storage;
  jobs: Jobs;
  mailer: Mailer;
  clock: () => Date;
  random: () => number;
  /** Takes each line of the log; standard output without it. */
  writeLog?: (line: string) => void;
};

type Log = DatabaseLog & { error(details: object, message: string): void };

/** Opens what the application stands on, in order: data folder, database (migrated), file storage, job queue, mail. */
export async function openDependencies(config: Config, log: Log): Promise<Dependencies> {
  const { databaseUrl, databasePool, databaseWaitMs, dataDir, storageUrl } = config;
  const storage = openStorage(storageUrl, join(dataDir, 'files'), config.storageDownloads);
  if (databaseUrl === undefined || storageUrl === undefined) prepareDataFolder(dataDir);
  const db = await openDatabase(
    databaseUrl === undefined ? { dataDir, log } : { url: databaseUrl, poolSize: databasePool, waitMs: databaseWaitMs, log },
  );
  try {
    const migrations = await migrate(db);
    // At the level that is shown by default: from here on, older versions do not start on this database.
    if (migrations.length > 0) log.warn({ migrations }, 'The database was migrated');
    await tellOfMissingStorage(storage, log);
    const jobs = createJobs(db, log);
    await jobs.start();
    return {
      config,
      db,
      storage,
      jobs,
      mailer: createMailer({ smtpUrl: config.smtpUrl, from: config.mailFrom }),
      clock: () => new Date(),
      random: Math.random,
    };
  } catch (error) {
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

export async function closeDependencies(deps: Dependencies): Promise<void> {
  await deps.jobs.stop();
  await deps.storage.close();
  await deps.db.close();
}
