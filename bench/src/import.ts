// `npm run bench -- import`: rows per second of a file that is uploaded and imported through the API, against COPY.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { migrate, openDatabase } from '@granary/db';
import { startApiServer } from './harness/api-server.ts';
import { generateSql } from './harness/generated-data.ts';
import { runBench, type Lifetime } from './harness/lifetime.ts';
import { readOptions } from './harness/options.ts';
import { connectionArguments, findTool } from './harness/pgbench.ts';
import { categories, datasetSlug, firstAuthor, idOf, sessionCookie } from './harness/population.ts';
import { benchPostgres, createBenchDatabase, describePostgres, query, settle } from './harness/postgres.ts';
import { readRealRows } from './harness/real-rows.ts';
import { mean, printResult, round, say } from './harness/report.ts';
import { dropIfAsked } from './harness/stage.ts';

const options = readOptions(200_000);
const pollMs = 200;

/** The same rows as a file in Dolly's shape and as the text that COPY takes. */
async function writeFiles(folder: string, count: number): Promise<{ jsonl: string; copy: string }> {
  const rows = readRealRows();
  const files = { jsonl: join(folder, 'rows.jsonl'), copy: join(folder, 'rows.copy') };
  const jsonl = createWriteStream(files.jsonl);
  const copy = createWriteStream(files.copy);
  const escape = (value: string) =>
    value.replace(/[\\\n\r\t]/g, (sign) => ({ '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' })[sign] as string);
  for (let number = 1; number <= count; number += 1) {
    const { instruction, context, response } = rows[number % rows.length] as (typeof rows)[number];
    const row = {
      instruction: `${instruction} (${number})`,
      context,
      response: `${response}\n\n(${number})`,
      category: categories[number % categories.length]?.[0],
    };
    copy.write(
      `${Object.values(row)
        .map((value) => escape(value ?? ''))
        .join('\t')}\n`,
    );
    if (!jsonl.write(`${JSON.stringify(row)}\n`)) await once(jsonl, 'drain');
  }
  jsonl.end();
  copy.end();
  await Promise.all([finished(jsonl), finished(copy)]);
  return files;
}

/** COPY of the rows into a plain table of the file's four text columns, without keys and indexes; seconds. */
async function copySeconds(databaseUrl: string, file: string): Promise<number> {
  await query(databaseUrl, 'DROP TABLE IF EXISTS bench_copy');
  await query(databaseUrl, 'CREATE TABLE bench_copy (instruction text, context text, response text, category text)');
  await settle(databaseUrl);
  const began = performance.now();
  const psql = spawn(
    findTool('psql'),
    ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-c', 'COPY bench_copy FROM STDIN', ...connectionArguments(databaseUrl)],
    {
      env: { ...process.env, PGPASSWORD: decodeURIComponent(new URL(databaseUrl).password) },
      stdio: ['pipe', 'ignore', 'inherit'],
    },
  );
  const ended = new Promise((resolve) => psql.once('close', resolve));
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), psql.stdin);
  if ((await ended) !== 0) throw new Error('COPY failed');
  const seconds = (performance.now() - began) / 1000;
  await query(databaseUrl, 'DROP TABLE bench_copy');
  return seconds;
}

async function prepareDatabase(lifetime: Lifetime): Promise<string> {
  const postgres = await benchPostgres();
  say(await describePostgres(postgres));
  const databaseUrl = await createBenchDatabase(lifetime, postgres);
  const db = await openDatabase({ url: databaseUrl, poolSize: 2 });
  await migrate(db).finally(() => db.close());
  for (const sql of generateSql(0).setup) await query(databaseUrl, sql);
  await query(databaseUrl, `UPDATE users SET role = 'admin' WHERE id = $1`, [idOf('user', firstAuthor)]);
  return databaseUrl;
}

type Import = { id: string; status: string; added: number; bad: number; duplicates: number; error: string | null };

async function importFile(url: string, file: string): Promise<{ uploadSeconds: number; importSeconds: number; result: Import }> {
  const headers = { cookie: sessionCookie(firstAuthor) };
  const call = async (method: string, path: string, init: RequestInit & { duplex?: 'half' } = {}) => {
    const reply = await fetch(`${url}${path}`, { ...init, method, headers: { ...headers, ...init.headers } });
    const body = (await reply.json()) as unknown;
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${JSON.stringify(body)}`);
    return body;
  };
  const began = performance.now();
  const uploaded = (await call('POST', `/api/v1/datasets/${datasetSlug}/imports?fileName=rows.jsonl`, {
    headers: { 'content-type': 'application/octet-stream' },
    body: Readable.toWeb(createReadStream(file)) as ReadableStream,
    duplex: 'half',
  })) as { import: Import };
  const uploadedAt = performance.now();
  const { id } = uploaded.import;
  await call('POST', `/api/v1/imports/${id}/start`, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ format: 'dolly', originName: 'bench', licence: 'CC-BY-SA-3.0', defaultCategory: 'open_qa', status: 'approved' }),
  });
  for (;;) {
    await sleep(pollMs);
    const result = (await call('GET', `/api/v1/imports/${id}`)) as Import;
    if (result.status === 'failed' || result.status === 'cancelled') throw new Error(`The import ${result.status}: ${result.error}`);
    if (result.status === 'done')
      return { uploadSeconds: (uploadedAt - began) / 1000, importSeconds: (performance.now() - uploadedAt) / 1000, result };
  }
}

if (await dropIfAsked(options)) process.exit(0);
await runBench(async (lifetime) => {
  const folder = await mkdtemp(join(tmpdir(), 'granary-bench-import-'));
  lifetime.defer(() => rm(folder, { recursive: true, force: true }));
  const files = await writeFiles(folder, options.size);
  say(`${options.size.toLocaleString('en')} rows, ${round((await stat(files.jsonl)).size / 1e6)} MB`);
  const databaseUrl = await prepareDatabase(lifetime);
  const floors = [await copySeconds(databaseUrl, files.copy)];
  say(`  floor:  ${round(options.size / (floors[0] as number), 0)} rows/s (COPY into four text columns without any index)`);
  const server = await startApiServer(lifetime, { databaseUrl, env: { WORKER: '1' }, profile: options.profile });
  await settle(databaseUrl);
  const { uploadSeconds, importSeconds, result } = await importFile(server.url, files.jsonl);
  say(`  server: ${round(options.size / importSeconds, 0)} rows/s from start to done (upload before: ${round(uploadSeconds)} s)`);
  const [pairs] = await query<{ count: number }>(databaseUrl, 'SELECT count(*)::int AS count FROM pairs');
  if (result.added !== options.size || pairs?.count !== options.size)
    throw new Error(`${options.size} rows were sent; the import says ${JSON.stringify(result)}; there are ${pairs?.count} pairs`);
  const peakMb = server.peakMb();
  await server.stop();
  floors.push(await copySeconds(databaseUrl, files.copy));
  say(`  floor:  ${round(options.size / (floors[1] as number), 0)} rows/s`);
  const perSecond = options.size / importSeconds;
  const floorPerSecond = options.size / mean(floors);
  printResult({
    name: 'import',
    size: options.size,
    perSecond: round(perSecond),
    floorPerSecond: round(floorPerSecond),
    ratio: round(perSecond / floorPerSecond, 4),
    uploadSeconds: round(uploadSeconds),
    importSeconds: round(importSeconds),
    peakMb,
  });
});
