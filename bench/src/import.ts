// `npm run bench -- import`: rows per second of a file that is uploaded and imported through the API, against COPY.
import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { startApiServer } from './harness/api-server.ts';
import { runBench } from './harness/lifetime.ts';
import { readOptions } from './harness/options.ts';
import { connectionArguments, findTool } from './harness/pgbench.ts';
import { datasetSlug, firstAuthor, sessionCookie } from './harness/population.ts';
import { query, settle } from './harness/postgres.ts';
import { mean, printResult, round, say } from './harness/report.ts';
import { writeRowFiles } from './harness/row-files.ts';
import { dropIfAsked, openEmptyStage } from './harness/stage.ts';

const options = readOptions(200_000);
const pollMs = 200;

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
  const files = await writeRowFiles(folder, options.size);
  say(`${options.size.toLocaleString('en')} rows, ${round((await stat(files.jsonl)).size / 1e6)} MB`);
  const databaseUrl = await openEmptyStage(lifetime);
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
