import { expect, onTestFinished, test } from 'vitest';
import { copyRows } from './copy-out.ts';
import type { Database } from './database.ts';
import { openDatabase } from './database.ts';
import { migrate } from './migrate.ts';
import { withDatabase } from './postgres-driver.ts';
import { createTestDatabase, testDatabaseKind } from './testing.ts';
import { findPgBouncer, startPgBouncer } from './testing-pgbouncer.ts';
import { inTransaction } from './transaction.ts';

const pooler = testDatabaseKind() === 'postgres' ? findPgBouncer() : undefined;

/** Two pools that know nothing of each other, as two processes are, behind a pooler that has two sessions for both of them. */
async function openTwo() {
  const target = await createTestDatabase();
  onTestFinished(() => target.close());
  // Both sides mean UTC by what they write, also where the server prefers something else.
  await target.executeSql(`ALTER DATABASE ${new URL(target.url!).pathname.slice(1)} SET timezone = 'Pacific/Auckland'`);
  const bouncer = await startPgBouncer(pooler!, target.url!);
  onTestFinished(() => bouncer.stop());
  const warnings: string[] = [];
  const log = { info() {}, error() {}, warn: (_: object, message: string) => void warnings.push(message) };
  const open = async () => {
    const database = await openDatabase({ url: bouncer.url, poolSize: 5, log });
    onTestFinished(() => database.close());
    return database;
  };
  return { target, bouncer, warnings, one: await open(), other: await open() };
}

test.runIf(pooler !== undefined)('through PgBouncer in transaction mode, each process gets the rows that it asked for', async () => {
  const { one, other, warnings } = await openTwo();
  // The same position in each process, and different texts.
  const ask = async (database: Database, name: string, round: number) => {
    const text = `SELECT '${name} ${round % 7}' AS who, $1::int AS round`;
    expect((await database.executePrepared(text, [round])).rows).toEqual([{ who: `${name} ${round % 7}`, round }]);
  };
  for (let round = 0; round < 20; round += 1) {
    await Promise.all([one, other, one, other, one, other].map((database, index) => ask(database, index % 2 ? 'other' : 'one', round)));
  }
  // Once per process at most, and not once per statement.
  expect(warnings.length).toBeLessThanOrEqual(2);
});

test.runIf(pooler !== undefined)('through PgBouncer in transaction mode, times mean UTC and transactions hold together', async () => {
  const { target, one, other } = await openTwo();
  const createdAt = new Date('2026-07-01T12:34:56.789Z');
  const make = (database: Database, index: number) =>
    inTransaction(database, async (tx) => {
      const name = `Person ${index}`;
      const data = { email: `${index}@example.org`, passwordHash: '', displayName: name, displayNameKey: name, createdAt };
      const { id } = await tx.user.create({ data });
      return tx.user.findUniqueOrThrow({ where: { id } });
    });
  const made = await Promise.all(Array.from({ length: 12 }, (_, index) => make(index % 2 ? one : other, index)));
  expect(made.map((user) => user.createdAt)).toEqual(made.map(() => createdAt));
  const { rows } = await target.executeSql('SELECT DISTINCT extract(epoch FROM created_at)::float8 AS seconds FROM users');
  expect(rows).toEqual([{ seconds: createdAt.getTime() / 1000 }]);
});

test.runIf(pooler !== undefined)('through PgBouncer in transaction mode, a copy leaves no settings to others', async () => {
  const { bouncer, one } = await openTwo();
  const copied: unknown[][] = [];
  for await (const rows of copyRows(bouncer.url, 'SELECT n::text FROM generate_series(1, 3) n', ['text'])) copied.push(...rows);
  expect(copied).toEqual([['1'], ['2'], ['3']]);
  const settings = await Promise.all(Array.from({ length: 5 }, () => one.executeSql('SHOW enable_hashjoin')));
  expect(new Set(settings.map(({ rows }) => rows[0]?.['enable_hashjoin']))).toEqual(new Set(['on']));
});

test.runIf(pooler !== undefined)('through PgBouncer in transaction mode, two processes migrate a new database once', async () => {
  const { target, bouncer, one } = await openTwo();
  const name = `${new URL(target.url!).pathname.slice(1)}_new`;
  await target.executeSql(`CREATE DATABASE ${name}`);
  try {
    const fresh = await Promise.all([1, 2].map(() => openDatabase({ url: withDatabase(bouncer.url, name), poolSize: 2 })));
    const applied = await Promise.all(fresh.map((database) => migrate(database)));
    expect(applied.map((names) => names.length > 0).sort()).toEqual([false, true]);
    // The lock went with the migration: nobody waits for a session that has it.
    const locks = await target.executeSql(
      `SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND objid = 6872101
      AND database = (SELECT oid FROM pg_database WHERE datname = $1)`,
      [name],
    );
    expect(locks.rows).toEqual([{ n: 0 }]);
    await Promise.all(fresh.map((database) => database.close()));
  } finally {
    await bouncer.forget(name);
    await target.executeSql(`DROP DATABASE ${name} WITH (FORCE)`);
  }
  expect(await migrate(one)).toEqual([]);
});
