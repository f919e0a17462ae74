import { join } from 'node:path';
import { baseFolder } from './base-folder.ts';
import { awaitPostgres } from './connect.ts';
import type { DatabaseLog, Driver, ExecutePrepared, ExecuteSql, Listen } from './driver.ts';
import { PrismaClient } from './generated/client.ts';
import { openPGliteDriver } from './pglite-driver.ts';
import { openPostgresDriver } from './postgres-driver.ts';

export interface DatabaseOptions {
  /** `postgresql://…`; without it the embedded database is used. */
  url?: string;
  /** Folder of the deployment; the embedded database lives in its `postgres`. Without it (and without url) in memory. */
  dataDir?: string;
  /** Begin a new embedded database with an empty cluster, not with a copy of the prepared one that has every migration. */
  fromScratch?: boolean;
  /** Most connections to PostgreSQL; the embedded database has one. */
  poolSize?: number;
  /** How long to wait for a PostgreSQL that does not answer yet; not at all by default. */
  waitMs?: number;
  log?: DatabaseLog;
}

export interface Database {
  prisma: PrismaClient;
  kind: 'pglite' | 'postgres';
  /** Where PostgreSQL answers, for those who keep connections of their own; none for the embedded database. */
  url?: string;
  executeSql: ExecuteSql;
  executePrepared: ExecutePrepared;
  listen: Listen;
  withMigrationLock: Driver['withMigrationLock'];
  copyTo?: Driver['copyTo'];
  /** Ends every connection and gives the folder back; safe to call twice. */
  close(): Promise<void>;
}

const silent: DatabaseLog = { info() {}, warn() {} };

/**
 * Opens the deployment's database. Nothing is migrated yet: call `migrate`.
 * Throws `DataFolderLockedError` when another process works on the embedded database's folder, and `DatabaseUnusableError`
 * when the folder holds something else, or PostgreSQL does not answer within `waitMs`, refuses, or is too old.
 */
export async function openDatabase(options: DatabaseOptions = {}): Promise<Database> {
  const driver = await openDriver(options);
  const prisma = new PrismaClient({ adapter: driver.adapterFactory });
  let closing: Promise<void> | undefined;
  const close = async () => {
    await prisma.$disconnect();
    await driver.close();
  };
  return {
    prisma,
    kind: driver.kind,
    url: options.url,
    executeSql: driver.executeSql,
    executePrepared: driver.executePrepared,
    listen: driver.listen,
    withMigrationLock: driver.withMigrationLock,
    ...(driver.copyTo === undefined ? {} : { copyTo: driver.copyTo }),
    close: () => (closing ??= close()),
  };
}

async function openDriver({
  url,
  dataDir,
  fromScratch = false,
  poolSize = 10,
  waitMs = 0,
  log = silent,
}: DatabaseOptions): Promise<Driver> {
  if (url === undefined) {
    if (dataDir === undefined) return openPGliteDriver({});
    return openPGliteDriver({ folder: join(dataDir, 'postgres'), baseFolder: fromScratch ? undefined : baseFolder() });
  }
  const driver = openPostgresDriver({ url, poolSize, log });
  try {
    await awaitPostgres(driver.executeSql, waitMs, log);
    return driver;
  } catch (error) {
    await driver.close();
    throw error;
  }
}
