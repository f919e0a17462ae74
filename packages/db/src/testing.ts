import { randomUUID } from 'node:crypto';
import { cpSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Database } from './database.ts';
import { openDatabase } from './database.ts';
import { migrate } from './migrate.ts';
import { withDatabase } from './postgres-driver.ts';
import { prepareBaseFolder } from './prepared-base.ts';
import type { Migration } from './schema-files.ts';
import { migrationsHash, readMigrations } from './schema-files.ts';

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

/** One that a test of this file has closed, emptied for the next: to empty takes a tenth of the time that opening another takes. */
let idle: { kind: TestDatabaseKind; database: TestDatabase } | undefined;

/**
 * Gives a migrated, isolated, empty database within a fraction of a second: one that an earlier test of the file has left, or
 * a copy of a base that is built once per set of migrations.
 */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const { kind = testDatabaseKind(), migrations } = options;
  if (migrations !== undefined) return kind === 'postgres' ? createOnPostgres(migrations) : createInFolder(migrations);
  const left = idle?.kind === kind ? idle.database : undefined;
  if (left) idle = undefined;
  return reusable(kind, left ?? (await (kind === 'postgres' ? createOnPostgres(readMigrations()) : createInFolder(readMigrations()))));
}

/** Removes the database that waits for a next test; `close-test-databases.ts` calls it after every file of tests. */
export async function closeIdleTestDatabase(): Promise<void> {
  await idle?.database.close();
  idle = undefined;
}

/** `close` keeps one for the next test, unless a test ended its connections itself. */
function reusable(kind: TestDatabaseKind, database: TestDatabase): TestDatabase {
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
        await empty(database);
        idle = { kind, database };
      } catch (error) {
        await database.close();
        throw error;
      }
    },
  };
}

/** As after the last migration: no rows, sequences at their beginning, no job queue. */
async function empty({ executeSql }: Database): Promise<void> {
  const { rows } = await executeSql(
    `SELECT string_agg(format('%I', tablename), ', ') AS tables FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'`,
  );
  await executeSql(`TRUNCATE ${String(rows[0]?.['tables'])} RESTART IDENTITY CASCADE`);
  await executeSql('DROP SCHEMA IF EXISTS jobs CASCADE');
}

async function createInFolder(migrations: Migration[]): Promise<TestDatabase> {
  const base = await prepareBaseFolder(migrations);
  const dataDir = await mkdtemp(join(tmpdir(), 'granary-test-'));
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
  const name = `granary_test_${randomUUID().replaceAll('-', '')}`;
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

/** Any number; every test process of this project uses the same one: shared to copy a base, alone to build one. */
const baseLockKey = 6_872_102;

async function copyBaseDatabase(admin: pg.Client, name: string, base: string): Promise<boolean> {
  await admin.query('SELECT pg_advisory_lock_shared($1)', [baseLockKey]);
  try {
    if (!(await databaseExists(admin, base))) return false;
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${base}`);
    return true;
  } finally {
    await admin.query('SELECT pg_advisory_unlock_shared($1)', [baseLockKey]);
  }
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

/** The PostgreSQL to test on: `TEST_DATABASE_URL`, else one that answers on 127.0.0.1:5432 and lets databases be created; none otherwise. */
export async function findPostgres(): Promise<string | undefined> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given) return given;
  const users = [...new Set(['postgres', 'root', userInfo().username])];
  for (const user of users) {
    const url = `postgresql://${encodeURIComponent(user)}@127.0.0.1:5432/postgres`;
    if (await mayCreateDatabases(url)) return url;
  }
  return undefined;
}

async function mayCreateDatabases(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ may: boolean }>(
      'SELECT rolcreatedb OR rolsuper AS may FROM pg_roles WHERE rolname = current_user',
    );
    return rows[0]?.may === true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
