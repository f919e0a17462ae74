// `npm run bench -- full-cycle`: the whole way of a corpus of Dolly's size, as its people go it: a file is imported into the
// review queue, every pair is approved by a reviewer, a snapshot is published, downloaded, verified, and asked for in every
// format on demand. The floor is the same rows brought in by COPY and taken out by COPY into gzip.
import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import type { Snapshot } from '@granary/contract';
import { encodings, formats } from '@granary/corpus';
import { startApiServer } from './harness/api-server.ts';
import type { HttpConnection } from './harness/http-connection.ts';
import { runBench } from './harness/lifetime.ts';
import { readOptions } from './harness/options.ts';
import { connectionArguments, findTool } from './harness/pgbench.ts';
import { datasetSlug, firstAuthor, firstReviewer, sessionCookie } from './harness/population.ts';
import { query, settle } from './harness/postgres.ts';
import { printResult, round, say } from './harness/report.ts';
import { writeRowFiles } from './harness/row-files.ts';
import { dropIfAsked, expectStatus, openConnections, openEmptyStage } from './harness/stage.ts';

const options = readOptions(15_000);
const cli = fileURLToPath(new URL('../../apps/api/src/cli.ts', import.meta.url));
const reviewers = 8;

/** Runs a command of Granary's command line; resolves to what it printed. Throws with its words when it fails. */
async function granary(server: string, token: string, ...args: string[]): Promise<string> {
  const child = spawn(process.execPath, [cli, ...args], {
    env: { ...process.env, GRANARY_SERVER: server, GRANARY_TOKEN: token },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  let complained = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (complained += chunk.toString()));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`granary ${args.join(' ')} ended with ${String(code)}:\n${printed}${complained}`);
  return printed;
}

async function createToken(server: string): Promise<string> {
  const reply = await fetch(`${server}/api/v1/me/tokens`, {
    method: 'POST',
    headers: { cookie: sessionCookie(firstAuthor), 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'full cycle', scopes: ['read', 'admin'] }),
  });
  const body = (await reply.json()) as { token?: string };
  if (body.token === undefined) throw new Error(`No token: ${JSON.stringify(body)}`);
  return body.token;
}

/** One reviewer approves whatever comes, until nothing comes any more; resolves to the number of verdicts. */
async function approveAll(connection: HttpConnection, cookie: string): Promise<number> {
  const headers = { cookie };
  for (let verdicts = 0; ; verdicts += 1) {
    const next = expectStatus(
      await connection.send('POST', '/api/v1/review-tasks/next', headers, JSON.stringify({ dataset: datasetSlug, languages: ['en'] })),
      200,
    );
    const { task } = JSON.parse(next.body.toString()) as { task: { id: string } | null };
    if (task === null) return verdicts;
    expectStatus(await connection.send('POST', `/api/v1/review-tasks/${task.id}/review`, headers, '{"verdict":"approve"}'), 201);
  }
}

/** Reads an answer to its end without keeping it; resolves to its length. */
async function drain(url: string): Promise<number> {
  const reply = await fetch(url);
  if (!reply.ok) throw new Error(`${url}: ${reply.status} ${await reply.text()}`);
  let bytes = 0;
  for await (const chunk of reply.body ?? []) bytes += (chunk as Uint8Array).length;
  return bytes;
}

/** The rows into a plain table by COPY, and out again by COPY through `gzip -6`; seconds. */
async function floorSeconds(databaseUrl: string, file: string): Promise<number> {
  await query(databaseUrl, 'CREATE TABLE bench_copy (instruction text, context text, response text, category text)');
  const env = { ...process.env, PGPASSWORD: decodeURIComponent(new URL(databaseUrl).password) };
  const psql = (command: string) => [
    findTool('psql'),
    '-X',
    '-q',
    '-v',
    'ON_ERROR_STOP=1',
    '-c',
    command,
    ...connectionArguments(databaseUrl),
  ];
  const began = performance.now();
  const [tool, ...args] = psql('COPY bench_copy FROM STDIN') as [string, ...string[]];
  const into = spawn(tool, args, { env, stdio: ['pipe', 'ignore', 'inherit'] });
  const ended = new Promise((resolve) => into.once('close', resolve));
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), into.stdin);
  if ((await ended) !== 0) throw new Error('COPY into the table failed');
  const [outTool, ...outArgs] = psql('COPY bench_copy TO STDOUT') as [string, ...string[]];
  const out = spawn(outTool, outArgs, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const gzip = spawn('gzip', ['-6', '-c'], { stdio: ['pipe', 'ignore', 'inherit'] });
  const zipped = new Promise((resolve) => gzip.once('close', resolve));
  await pipeline(out.stdout, gzip.stdin);
  if ((await zipped) !== 0) throw new Error('gzip failed');
  const seconds = (performance.now() - began) / 1000;
  await query(databaseUrl, 'DROP TABLE bench_copy');
  return seconds;
}

if (await dropIfAsked(options)) process.exit(0);
await runBench(async (lifetime) => {
  const folder = await mkdtemp(join(tmpdir(), 'granary-bench-cycle-'));
  lifetime.defer(() => rm(folder, { recursive: true, force: true }));
  const rows = await writeRowFiles(folder, options.size);
  const databaseUrl = await openEmptyStage(lifetime);
  // One approval decides, as in a new deployment.
  await query(databaseUrl, `UPDATE datasets SET policy = policy || '{"approvals":1,"rejections":1,"changeRequests":1}'`);
  const floor = await floorSeconds(databaseUrl, rows.copy);
  say(`  floor:    ${round(floor, 2)} s (COPY in, COPY out through gzip)`);
  const server = await startApiServer(lifetime, { databaseUrl, env: { WORKER: '1' }, profile: options.profile });
  const token = await createToken(server.url);
  await settle(databaseUrl);

  const seconds: Record<string, number> = {};
  const timed = async <T>(stage: string, work: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const result = await work();
    seconds[stage] = round((performance.now() - began) / 1000, 2);
    say(`  ${`${stage}:`.padEnd(9)} ${seconds[stage]} s`);
    return result;
  };

  await timed('import', () =>
    granary(
      server.url,
      token,
      'import',
      rows.jsonl,
      '--dataset',
      datasetSlug,
      '--origin',
      'bench',
      '--licence',
      'CC-BY-SA-3.0',
      '--yes',
      '--language',
      'en',
    ),
  );
  const connections = await openConnections(lifetime, server.url, reviewers);
  const verdicts = await timed('approve', () =>
    Promise.all(connections.map((connection, index) => approveAll(connection, sessionCookie(firstReviewer + index)))),
  );
  const given = verdicts.reduce((sum, count) => sum + count, 0);
  const [pairs] = await query<{ count: number }>(databaseUrl, 'SELECT count(*)::int AS count FROM pairs');
  if (pairs?.count !== options.size)
    throw new Error(`${options.size} pairs were imported, ${given} verdicts given, ${pairs?.count} approved`);
  await timed('publish', () => granary(server.url, token, 'publish', datasetSlug));
  const snapshot = (await (await fetch(`${server.url}/api/v1/datasets/${datasetSlug}/snapshots/1`)).json()) as Snapshot;
  if (snapshot.counts?.pairs !== options.size) throw new Error(`The snapshot holds ${snapshot.counts?.pairs} of ${options.size} pairs`);
  const copy = join(folder, 'snapshot');
  await timed('download', () => granary(server.url, token, 'download', datasetSlug, 'v1', '--out', copy));
  await timed('verify', () => granary(server.url, token, 'verify', copy));
  let exports = 0;
  let exportedBytes = 0;
  await timed('export', async () => {
    for (const format of formats)
      for (const encoding of encodings) {
        if (encoding.tabular && !format.tabular) continue;
        exportedBytes += await drain(
          `${server.url}/api/v1/datasets/${datasetSlug}/snapshots/1/export?format=${format.name}&encoding=${encoding.name}`,
        );
        exports += 1;
      }
  });
  const total = Object.values(seconds).reduce((sum, value) => sum + value, 0);
  printResult({
    name: 'full-cycle',
    size: options.size,
    seconds: round(total, 1),
    stages: seconds,
    files: snapshot.files.length,
    exports,
    exportedMb: round(exportedBytes / 1e6),
    floorSeconds: round(floor, 2),
    ratio: round(floor / total, 4),
    peakMb: server.peakMb(),
  });
});
