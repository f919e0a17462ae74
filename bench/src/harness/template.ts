import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { migrate, openDatabase } from '@granary/db';
import type pg from 'pg';
import { baseRows, createBaseTable, generateSql } from './generated-data.ts';
import { databasePrefix, onDatabase, query, withClient } from './postgres.ts';
import { readRealRows } from './real-rows.ts';
import { say } from './report.ts';

/** One process builds, others wait. */
const buildLockKey = 6_872_103;

/**
 * Gives the name of the generated database with `size` entries, to be copied from. It is built when there is none of this
 * schema, generator and size (or with `fresh`), and kept for the next run.
 */
export async function prepareTemplate(server: string, size: number, fresh: boolean): Promise<string> {
  const draft = `${databasePrefix}draft_${process.pid}`;
  const empty = await migratedDatabase(server, draft);
  try {
    const name = `${databasePrefix}${empty.schemaHash}_${size}`;
    await withClient(server, async (lock) => {
      await lock.query('SELECT pg_advisory_lock($1)', [buildLockKey]);
      const { rowCount } = await lock.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
      if (rowCount === 1 && !fresh) return say(`Using the generated database ${name}.`);
      say(`Generating ${size.toLocaleString('en')} entries (kept as ${name}; --drop removes it) …`);
      await fill(empty.url, size);
      if (rowCount === 1) await lock.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await lock.query(`ALTER DATABASE ${draft} RENAME TO ${name}`);
    });
    return name;
  } finally {
    await query(server, `DROP DATABASE IF EXISTS ${draft} WITH (FORCE)`);
  }
}

async function migratedDatabase(server: string, name: string): Promise<{ url: string; schemaHash: string }> {
  await query(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await query(server, `CREATE DATABASE ${name}`);
  const url = onDatabase(server, name);
  const db = await openDatabase({ url, poolSize: 2 });
  await migrate(db).finally(() => db.close());
  const migrations = await query<{ checksum: string }>(url, 'SELECT checksum FROM _prisma_migrations ORDER BY migration_name');
  const hash = createHash('sha256').update(JSON.stringify(migrations));
  for (const file of ['generated-data.ts', 'population.ts', 'real-rows.ts', 'template.ts'])
    hash.update(readFileSync(fileURLToPath(new URL(file, import.meta.url))));
  // Other words of the same rows are other data, too.
  hash.update(baseRows(readRealRows()));
  return { url, schemaHash: hash.digest('hex').slice(0, 12) };
}

async function fill(url: string, size: number): Promise<void> {
  const began = performance.now();
  const seconds = () => `${((performance.now() - began) / 1000).toFixed(0)} s`;
  const restore = await withClient(url, removeIndexes);
  const { setup, tables, finish } = generateSql(size);
  await query(url, createBaseTable, [baseRows(readRealRows())]);
  for (const sql of setup) await query(url, sql);
  await inParallel(url, tables);
  say(`  rows: ${seconds()}`);
  await inParallel(url, restore.indexes);
  say(`  indexes: ${seconds()}`);
  for (const sql of [...restore.constraints, ...finish]) await query(url, sql);
  await inParallel(url, restore.validations);
  const named = await query<{ name: string }>(
    url,
    `SELECT quote_ident(relname) AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relpages DESC`,
  );
  await inParallel(
    url,
    named.map(({ name }) => `VACUUM (ANALYZE) ${name}`),
  );
  say(`  constraints checked, vacuumed, analysed: ${seconds()}`);
}

type Restore = { indexes: string[]; constraints: string[]; validations: string[] };

/** Filling tables without indexes and building them afterwards takes a fraction of the time. Gives the statements that bring all back. */
async function removeIndexes(client: pg.Client): Promise<Restore> {
  const { rows: constraints } = await client.query<{ name: string; table: string; kind: string; definition: string }>(
    `SELECT quote_ident(c.conname) AS name, quote_ident(t.relname) AS "table", c.contype AS kind, pg_get_constraintdef(c.oid) AS definition
     FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
     WHERE t.relnamespace = 'public'::regnamespace AND t.relname <> '_prisma_migrations' AND c.contype IN ('f', 'p', 'u') ORDER BY c.contype, c.conname`,
  );
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(
    `SELECT quote_ident(x.relname) AS name, pg_get_indexdef(i.indexrelid) AS definition
     FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
     WHERE t.relnamespace = 'public'::regnamespace AND t.relname <> '_prisma_migrations'
       AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid) ORDER BY pg_relation_size(i.indrelid), x.relname`,
  );
  for (const { name, table } of constraints) await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
  for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
  const foreign = constraints.filter(({ kind }) => kind === 'f');
  const keys = constraints.filter(({ kind }) => kind !== 'f');
  return {
    // The search index takes longest: it begins first.
    indexes: [
      ...indexes.filter(({ definition }) => definition.includes('USING gin')).map(({ definition }) => definition),
      ...keys.map(({ table, name, definition }) => `ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`),
      ...indexes.filter(({ definition }) => !definition.includes('USING gin')).map(({ definition }) => definition),
    ],
    constraints: foreign.map(({ table, name, definition }) => `ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition} NOT VALID`),
    validations: foreign.map(({ table, name }) => `ALTER TABLE ${table} VALIDATE CONSTRAINT ${name}`),
  };
}

/** Runs statements over two connections, each taking the next one when it is done; a deadlock between two of them is tried again. */
async function inParallel(url: string, statements: readonly string[]): Promise<void> {
  const queue = [...statements];
  const worker = () =>
    withClient(url, async (client) => {
      await client.query(`SET synchronous_commit = off; SET maintenance_work_mem = '512MB'; SET work_mem = '128MB'`);
      for (let sql = queue.shift(); sql !== undefined; sql = queue.shift()) {
        await client.query(sql).catch((error: pg.DatabaseError) => {
          if (error.code !== '40P01') throw error;
          queue.push(sql as string);
        });
      }
    });
  await Promise.all([worker(), worker()]);
}
