import { join } from 'node:path';
import { migrate, openDatabase, type Database, type DatabaseLog } from '@granary/db';
import type { Config } from './config.ts';
import { createJobs, type Jobs } from './jobs/jobs.ts';
import { createMailer, type Mailer } from './mailer.ts';
import { openStorage } from './storage/open-storage.ts';
import type { Storage } from './storage/storage.ts';

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

type Log = DatabaseLog;

/** Opens what the application stands on, in order: database (migrated), file storage, job queue, mail. */
export async function openDependencies(config: Config, log: Log): Promise<Dependencies> {
  const db = await openDatabase(
    config.databaseUrl === undefined ? { dataDir: config.dataDir, log } : { url: config.databaseUrl, poolSize: config.databasePool, log },
  );
  try {
    await migrate(db);
    const storage = openStorage(config.storageUrl, join(config.dataDir, 'files'), config.storageDownloads);
    const jobs = createJobs(db, { error: (details, message) => log.warn(details, message) });
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

export async function closeDependencies(deps: Dependencies): Promise<void> {
  await deps.jobs.stop();
  await deps.storage.close();
  await deps.db.close();
}
