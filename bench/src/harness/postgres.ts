import { findPostgres } from '@granary/db/testing';
import pg from 'pg';
import type { Lifetime } from './lifetime.ts';

/** Every database a benchmark makes begins with it, so that they can be found and dropped. */
export const databasePrefix = 'granary_bench_';

/** Address of the PostgreSQL to measure on: BENCH_DATABASE_URL, else one that answers on this machine. Throws when there is none. */
export async function benchPostgres(): Promise<string> {
  const url = process.env['BENCH_DATABASE_URL'] || (await findPostgres());
  if (url === undefined)
    throw new Error('No PostgreSQL: set BENCH_DATABASE_URL to one that lets databases be created, or start one on 127.0.0.1:5432.');
  return url;
}

/** The same server, another database. */
export function onDatabase(url: string, name: string): string {
  const target = new URL(url);
  target.pathname = `/${name}`;
  return target.href;
}

export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Runs SQL on a connection of its own and gives the rows. */
export function query<T extends object>(url: string, sql: string, values: unknown[] = []): Promise<T[]> {
  return withClient(url, async (client) => (await client.query<T>(sql, values)).rows);
}

/** Makes a database (a copy of `template` when given) that is dropped when the benchmark ends; gives its address. */
export async function createBenchDatabase(lifetime: Lifetime, server: string, template?: string): Promise<string> {
  const name = `${databasePrefix}run_${process.pid}`;
  await query(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  lifetime.defer(() => query(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  await query(server, `CREATE DATABASE ${name}${template === undefined ? '' : ` TEMPLATE ${template}${await copyStrategy(server)}`}`);
  return onDatabase(server, name);
}

/** From 15 on, the default writes every page of the copy to the log as well: slow for gigabytes. */
async function copyStrategy(server: string): Promise<string> {
  const [row] = await query<{ version: number }>(server, `SELECT current_setting('server_version_num')::int AS version`);
  return (row?.version ?? 0) >= 150_000 ? ' STRATEGY FILE_COPY' : '';
}

export async function dropBenchDatabases(server: string): Promise<string[]> {
  const rows = await query<{ datname: string }>(server, 'SELECT datname FROM pg_database WHERE starts_with(datname, $1)', [databasePrefix]);
  for (const { datname } of rows) await query(server, `DROP DATABASE IF EXISTS "${datname}" WITH (FORCE)`);
  return rows.map((row) => row.datname);
}

/** Brings everything written so far to disk, so that one side does not pay for the other's writes. Needs rights that not every account has. */
export async function settle(url: string): Promise<void> {
  await query(url, 'CHECKPOINT').catch(() => []);
}

/** What was measured on, in one line. */
export async function describePostgres(url: string): Promise<string> {
  const [row] = await query<{ version: string; buffers: string; commit: string }>(
    url,
    `SELECT current_setting('server_version') AS version, current_setting('shared_buffers') AS buffers, current_setting('synchronous_commit') AS commit`,
  );
  return `PostgreSQL ${row?.version}, shared_buffers ${row?.buffers}, synchronous_commit ${row?.commit}`;
}
