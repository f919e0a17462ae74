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
  await database.executeSql(`SELECT pg_sleep(${database.kind === 'pglite' ? 0 : 2})`);
  expect(await maintainTables(database)).not.toContain('public.grains');
  await database.executeSql(`UPDATE grains SET kind = 'rye' WHERE id <= 300`);
  await expect.poll(maintain, patience).toContain('public.grains');
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
