import { mkdtemp } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { migrate, openDatabase } from '@granary/db';
import { startApiServer } from './api-server.ts';
import { generateSql } from './generated-data.ts';
import { HttpConnection, type HttpReply } from './http-connection.ts';
import type { Lifetime } from './lifetime.ts';
import type { BenchOptions } from './options.ts';
import { firstAuthor, idOf } from './population.ts';
import { benchPostgres, createBenchDatabase, describePostgres, dropBenchDatabases, query } from './postgres.ts';
import { say } from './report.ts';
import { prepareTemplate } from './template.ts';
import { startRecorder, type RecordedStatement } from './wire-recorder.ts';

/** Connections that the server holds to the database, and that pgbench does: both sides have the same. */
export const databaseConnections = 16;
/** Runs in before anything counts: compiled code, filled caches, prepared statements. */
export const warmUpSeconds = 8;

/** With `--drop`: drops what benchmarks made and says so; gives whether that was asked. */
export async function dropIfAsked(options: { drop: boolean }): Promise<boolean> {
  if (!options.drop) return false;
  const dropped = await dropBenchDatabases(await benchPostgres());
  say(dropped.length === 0 ? 'There was nothing to drop.' : `Dropped ${dropped.join(', ')}.`);
  return true;
}

/** A database of its own with `size` entries; gives its address. */
export async function openStage(lifetime: Lifetime, options: BenchOptions): Promise<string> {
  const postgres = await benchPostgres();
  say(`${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores; ${await describePostgres(postgres)}`);
  const template = await prepareTemplate(postgres, options.size, options.fresh);
  const began = performance.now();
  const databaseUrl = await createBenchDatabase(lifetime, postgres, template);
  say(`Copied in ${((performance.now() - began) / 1000).toFixed(0)} s.`);
  return databaseUrl;
}

/** A database of its own with people and a dataset, but without any entry; the first author is an admin. Gives its address. */
export async function openEmptyStage(lifetime: Lifetime): Promise<string> {
  const postgres = await benchPostgres();
  say(await describePostgres(postgres));
  const databaseUrl = await createBenchDatabase(lifetime, postgres);
  const db = await openDatabase({ url: databaseUrl, poolSize: 2 });
  await migrate(db).finally(() => db.close());
  for (const sql of generateSql(0).setup) await query(databaseUrl, sql);
  await makeAdmin(databaseUrl);
  return databaseUrl;
}

/** The same in a new data folder, on the embedded database. Gives the folder. */
export async function openEmbeddedStage(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'granary-bench-'));
  const db = await openDatabase({ dataDir: folder });
  try {
    await migrate(db);
    for (const sql of generateSql(0).setup) await db.executeSql(sql);
    await db.executeSql(adminSql, [idOf('user', firstAuthor)]);
  } finally {
    await db.close();
  }
  return folder;
}

const adminSql = `UPDATE users SET role = 'admin' WHERE id = $1`;

/** Makes an admin of the first author. */
export async function makeAdmin(databaseUrl: string): Promise<void> {
  await query(databaseUrl, adminSql, [idOf('user', firstAuthor)]);
}

/**
 * Sends each request once to a server whose talk with the database is written down, and gives the statements of each.
 * Every request is sent once before, unrecorded, so that nothing is recorded that happens only the first time.
 */
export async function recordRequests(
  lifetime: Lifetime,
  databaseUrl: string,
  requests: readonly ((connection: HttpConnection) => Promise<unknown>)[],
): Promise<RecordedStatement[][]> {
  const recorder = await startRecorder(lifetime, databaseUrl);
  const server = await startApiServer(lifetime, { databaseUrl: recorder.url, env: { DATABASE_POOL: '2' } });
  const connection = await HttpConnection.open(server.url);
  const recorded: RecordedStatement[][] = [];
  for (const request of requests) {
    await request(connection);
    await sleep(50);
    recorded.push(
      await recorder.record(async () => {
        await request(connection);
        await sleep(50);
      }),
    );
  }
  connection.close();
  await server.stop();
  return recorded;
}

export async function openConnections(lifetime: Lifetime, url: string, count: number): Promise<HttpConnection[]> {
  const connections: HttpConnection[] = [];
  for (let index = 0; index < count; index += 1) connections.push(await HttpConnection.open(url));
  lifetime.defer(() => connections.forEach((connection) => connection.close()));
  return connections;
}

/** Gives the answer back when it has the status expected. Throws with what the server said otherwise. */
export function expectStatus(reply: HttpReply, status: number): HttpReply {
  if (reply.status !== status) throw new Error(`Expected ${status}, got ${reply.status}: ${reply.body.toString().slice(0, 1_000)}`);
  return reply;
}

/** Names each statement by its first words, so that one can see what the floor consists of. */
export function describeStatements(statements: readonly RecordedStatement[]): string {
  const short = (sql: string) => sql.replace(/\s+/g, ' ').trim().slice(0, 110);
  return statements.map(({ sql }, index) => `    ${index + 1}. ${short(sql)}`).join('\n');
}
