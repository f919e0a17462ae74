import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDatabase } from './testing.ts';
import { createTestDatabase, testDatabaseKind } from './testing.ts';
import { maintainTables } from './upkeep.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  // Nobody else's upkeep may come before ours.
  await database.executeSql('CREATE TABLE grains (id int PRIMARY KEY, kind text) WITH (autovacuum_enabled = off)');
});

afterAll(() => database.close());

const known = async () => {
  const { rows } = await database.executeSql(
    `SELECT c.reltuples AS rows, (SELECT count(*)::int FROM pg_stats s WHERE s.tablename = c.relname) AS columns, pg_relation_size(c.oid)::int AS bytes
     FROM pg_class c WHERE c.relname = 'grains'`,
  );
  return rows[0] as { rows: number; columns: number; bytes: number };
};

/** A session of PostgreSQL tells others of its changes within ten seconds. */
const patience = { timeout: 30_000, interval: 500 };
const maintain = () => maintainTables(database);

test('tables that have changed much are analysed, once, and no others', { timeout: 90_000 }, async () => {
  expect(await maintainTables(database)).not.toContain('public.grains');
  await database.executeSql(`INSERT INTO grains SELECT n, 'wheat' FROM generate_series(1, 2000) n`);
  expect((await known()).columns).toBe(0);
  await expect.poll(maintain, patience).toContain('public.grains');
  expect(await known()).toMatchObject({ rows: 2_000, columns: 2 });
  expect(await maintainTables(database)).not.toContain('public.grains');

  await database.executeSql(`UPDATE grains SET kind = 'rye' WHERE id <= 200`);
  const changed = async () => (await database.executeSql(`SELECT n_mod_since_analyze::int AS rows FROM pg_stat_user_tables WHERE relname = 'grains'`)).rows[0]; // prettier-ignore
  if (database.kind === 'pglite') await database.executeSql('SELECT pg_stat_force_next_flush()');
  await expect.poll(changed, patience).toEqual({ rows: 200 });
  expect(await maintainTables(database)).not.toContain('public.grains');
  await database.executeSql(`UPDATE grains SET kind = 'rye' WHERE id <= 300`);
  await expect.poll(maintain, patience).toContain('public.grains');
});

test("others' tables in the same database are left alone", async () => {
  await database.executeSql(
    `CREATE SCHEMA others; CREATE TABLE others.sacks WITH (autovacuum_enabled = off) AS SELECT n FROM generate_series(1, 2000) n`,
  );
  if (database.kind === 'pglite') await database.executeSql('SELECT pg_stat_force_next_flush()');
  const counted = async () => (await database.executeSql(`SELECT n_mod_since_analyze::int AS rows FROM pg_stat_user_tables WHERE relname = 'sacks'`)).rows[0]; // prettier-ignore
  await expect.poll(counted, patience).toEqual({ rows: 2_000 });
  expect((await maintainTables(database)).filter((name) => name.startsWith('others.'))).toEqual([]);
});

test.skipIf(testDatabaseKind() !== 'pglite')('the embedded database uses the room of dead rows again', async () => {
  for (let round = 0; round < 20; round += 1) {
    await database.executeSql(`UPDATE grains SET kind = '${round}'`);
    await maintainTables(database);
  }
  const { bytes } = await known();
  // Without upkeep twenty versions of every row would lie there.
  expect(bytes).toBeLessThan(6 * 2_000 * 40);
});
