import { randomUUID } from 'node:crypto';
import { cpSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { Database } from './database.ts';
import { openDatabase } from './database.ts';
import { emptyDatabase } from './empty-database.ts';
import { findPostgres } from './find-postgres.ts';
import { migrate } from './migrate.ts';
import { withDatabase } from './postgres-driver.ts';
import { prepareBaseFolder } from './prepared-base.ts';
import type { Migration } from './schema-files.ts';
import { migrationsHash, readMigrations } from './schema-files.ts';
import { testDatabasePrefix, testFolderPrefix } from './test-run.ts';

export { emptyTables } from './empty-database.ts';
export { findPostgres };
export { findPgBouncer, startPgBouncer } from './testing-pgbouncer.ts';
export { startTestProxy } from './testing-proxy.ts';
export type { TestProxy } from './testing-proxy.ts';

export type TestDatabaseKind = 'pglite' | 'postgres';

/** An isolated database; `close` removes it. */
export interface TestDatabase extends Database {
  /** The data folder it lives in; none on PostgreSQL. */
  dataDir?: string;
  /** Ends this connection and leaves the database where it is, so that a test can open it again. `close` must still be called. */
  release(): Promise<void>;
}

export interface TestDatabaseOptions {
  kind?: TestDatabaseKind;
  /** Migrations it has already: the project's, unless a test of migrations says otherwise. */
  migrations?: Migration[];
}

/** Which database the tests run on: `TEST_DATABASE`, else the embedded one. */
export function testDatabaseKind(): TestDatabaseKind {
  const kind = process.env['TEST_DATABASE'] ?? 'pglite';
  if (kind !== 'pglite' && kind !== 'postgres') throw new Error(`TEST_DATABASE must be pglite or postgres, not ${kind}`);
  return kind;
}

/** Whether this is a run of everything on both databases (`npm test -- --full`), which may take its time. */
export const isFullRun = (): boolean => process.env['TEST_FULL'] === '1';

/** The worker's database while no test uses it, emptied: emptying takes 10 ms, opening another one takes a second or more. */
let idle: { kind: TestDatabaseKind; database: TestDatabase } | undefined;

/**
 * Gives a migrated, isolated, empty database: the one that an earlier test of this worker has closed, or a copy of a base that
 * is built once per set of migrations. What is left at the end of the run is removed by `remove-test-databases.ts`.
 */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const { kind = testDatabaseKind(), migrations } = options;
  if (migrations !== undefined) return kind === 'postgres' ? createOnPostgres(migrations) : createInFolder(migrations);
  const left = idle?.kind === kind ? idle.database : undefined;
  if (left) idle = undefined;
  const database = left ?? (await (kind === 'postgres' ? createOnPostgres(readMigrations()) : createInFolder(readMigrations())));
  return reusable(kind, database, await relations(database));
}

/** Changes with every table, index and sequence that is made or dropped, those of the queue aside. */
async function relations({ executeSql }: Database): Promise<string> {
  const { rows } = await executeSql(
    `SELECT count(*) || ' ' || max(c.oid::bigint) AS relations FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'jobs')`,
  );
  return String(rows[0]?.['relations']);
}

/** `close` keeps one for the next test, unless a test ended its connections itself or made tables. */
function reusable(kind: TestDatabaseKind, database: TestDatabase, relationsAtStart: string): TestDatabase {
  let released = false;
  let closed = false;
  return {
    ...database,
    async release() {
      released = true;
      await database.release();
    },
    async close() {
      if (closed) return;
      closed = true;
      if (released || idle !== undefined) return database.close();
      try {
        if ((await relations(database)) !== relationsAtStart) return await database.close();
        await emptyDatabase(database);
        idle = { kind, database };
      } catch (error) {
        await database.close();
        throw error;
      }
    },
  };
}

async function createInFolder(migrations: Migration[]): Promise<TestDatabase> {
  const base = await prepareBaseFolder(migrations);
  const dataDir = await mkdtemp(testFolderPrefix());
  // The synchronous copy is made by Node's C++ half, much faster than the promise's.
  cpSync(base, join(dataDir, 'postgres'), { recursive: true });
  const database = await openDatabase({ dataDir });
  const close = async () => {
    await database.close();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { ...database, dataDir, release: database.close, close };
}

async function createOnPostgres(migrations: Migration[]): Promise<TestDatabase> {
  const url = await findPostgres();
  if (url === undefined) throw new Error('TEST_DATABASE=postgres, but no PostgreSQL answers at TEST_DATABASE_URL or 127.0.0.1:5432');
  const name = `${testDatabasePrefix()}${randomUUID().slice(0, 8)}`;
  await asAdmin(url, async (admin) => {
    const base = `granary_base_${migrationsHash(migrations).slice(0, 16)}`;
    while (!(await copyBaseDatabase(admin, name, base))) await buildBaseDatabase(admin, url, base, migrations);
  });
  const database = await openDatabase({ url: withDatabase(url, name), poolSize: 5 });
  const close = async () => {
    await database.close();
    await asAdmin(url, (admin) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  };
  return { ...database, release: database.close, close };
}

/** A PostgreSQL database without anything in it, for tests that fill it themselves. */
export async function createEmptyDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const url = await findPostgres();
  if (url === undefined) throw new Error('No PostgreSQL answers at TEST_DATABASE_URL or 127.0.0.1:5432');
  const name = `${testDatabasePrefix()}${randomUUID().replaceAll('-', '')}`;
  await asAdmin(url, async (admin) => {
    await admin.query(`CREATE DATABASE ${name}`);
    await waitForNoDisk(admin, name);
  });
  const drop = async () => void (await asAdmin(url, (admin) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)));
  return { url: withDatabase(url, name), drop };
}

/** Any number; every test process of this project uses the same one: shared to copy a base, alone to build one. */
const baseLockKey = 6_872_102;

async function copyBaseDatabase(admin: pg.Client, name: string, base: string): Promise<boolean> {
  await admin.query('SELECT pg_advisory_lock_shared($1)', [baseLockKey]);
  try {
    if (!(await databaseExists(admin, base))) return false;
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${base}`);
    await waitForNoDisk(admin, name);
    return true;
  } finally {
    await admin.query('SELECT pg_advisory_unlock_shared($1)', [baseLockKey]);
  }
}

/** The tests end their own processes, never the database's: a commit need not wait for the disk. */
async function waitForNoDisk(admin: pg.Client, name: string): Promise<void> {
  await admin.query(`ALTER DATABASE ${name} SET synchronous_commit = off`);
}

/** Builds the migrated database to copy from, which gets its name only when it is whole. */
async function buildBaseDatabase(admin: pg.Client, url: string, base: string, migrations: Migration[]): Promise<void> {
  await admin.query('SELECT pg_advisory_lock($1)', [baseLockKey]);
  try {
    if (await databaseExists(admin, base)) return;
    const draft = `${base}_draft`;
    await admin.query(`DROP DATABASE IF EXISTS ${draft} WITH (FORCE)`);
    await admin.query(`CREATE DATABASE ${draft}`);
    const database = await openDatabase({ url: withDatabase(url, draft), poolSize: 2 });
    await migrate(database, migrations).finally(() => database.close());
    await admin.query(`ALTER DATABASE ${draft} RENAME TO ${base}`);
  } finally {
    await admin.query('SELECT pg_advisory_unlock($1)', [baseLockKey]);
  }
}

async function databaseExists(admin: pg.Client, name: string): Promise<boolean> {
  const { rowCount } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  return rowCount === 1;
}

async function asAdmin<T>(url: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}
