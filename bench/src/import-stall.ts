// `npm run bench -- import-stall`: how long `/api/health` takes while hostile files are uploaded and imported, on both databases;
// the floor is the same server with nothing to do.
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { startApiServer, type ApiServer } from './harness/api-server.ts';
import { HttpConnection } from './harness/http-connection.ts';
import { describeLatency, printResult, round, say } from './harness/report.ts';
import { summarise, type Latency } from './harness/latency.ts';
import { runBench, type Lifetime } from './harness/lifetime.ts';
import { readOptions } from './harness/options.ts';
import { datasetSlug, firstAuthor, sessionCookie } from './harness/population.ts';
import { readRealRows } from './harness/real-rows.ts';
import { dropIfAsked, openEmbeddedStage, openEmptyStage } from './harness/stage.ts';

/** `--size`: rows of the plain file; 800 are about 484 KB. */
const options = readOptions(800);
/** Health is asked for so often; a late answer makes the next ones late, and that counts. */
const everyMs = 10;
const pollMs = 100;

/** Files that once kept a server busy for seconds or minutes, made when they are needed. */
const files: Record<string, () => Buffer> = {
  plainCsv: () => {
    const rows = readRealRows();
    const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const line = (index: number) => {
      const { instruction, context, response } = rows[index % rows.length] as (typeof rows)[number];
      return [`${instruction} (${index})`, context, response].map(cell).join(',');
    };
    return Buffer.from(['instruction,context,response', ...Array.from({ length: options.size }, (_, index) => line(index))].join('\n'));
  },
  strayQuote: () => Buffer.from(`instruction,response\nA row?,Yes.\nA long cell?,"${'word\n'.repeat(1_048_576)}"\nLast?,Yes.`),
  unclosedQuotes: () => Buffer.from(`instruction,response\nA row?,Yes.\n${'a"b,"c\n'.repeat(20_000)}`),
  columns: () => Buffer.from(`${Array.from({ length: 100_000 }, (_, index) => `column${index}`).join(',')}\n1\n`),
  newlines: () => gzipSync(Buffer.alloc(128 * 1024 * 1024, '\n')),
  deepJson: () =>
    Buffer.from(`{"instruction":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}\n{"instruction":"A row?","response":"Yes."}`),
  longLine: () => Buffer.from(`{"instruction":"${'x'.repeat(100 * 1024 * 1024)}"}\n{"instruction":"A row?","response":"Yes."}`),
};

type Measured = Latency & { asked: number };

/** Asks for the health at fixed moments until the work is done, whether or not earlier answers have come: nobody waits for another's. */
async function askDuring(url: string, work: Promise<unknown>): Promise<Measured> {
  const state = { done: false };
  const settled = work.finally(() => (state.done = true));
  settled.catch(() => {});
  const timesMs: number[] = [];
  const idle: HttpConnection[] = [];
  const all: HttpConnection[] = [];
  const ask = async (due: number) => {
    const connection = idle.pop() ?? (await HttpConnection.open(url));
    if (!all.includes(connection)) all.push(connection);
    const { status } = await connection.send('GET', '/api/health', {});
    if (status !== 200) throw new Error(`/api/health answered ${status}`);
    timesMs.push(performance.now() - due);
    idle.push(connection);
  };
  const asked: Promise<void>[] = [];
  for (let due = performance.now(); !state.done; due += everyMs) {
    const early = due - performance.now();
    if (early > 0) await sleep(early);
    asked.push(ask(due));
  }
  await Promise.all(asked);
  for (const connection of all) connection.close();
  await settled;
  return { ...summarise(timesMs), asked: timesMs.length };
}

type Import = { id: string; status: string; added: number; bad: number; error: string | null };

/** Uploads a file and imports it; resolves to how it ended, in words. */
async function importFile(url: string, file: Buffer): Promise<string> {
  const call = async (method: string, path: string, type?: string, body?: string | Uint8Array<ArrayBuffer>) => {
    const headers = { cookie: sessionCookie(firstAuthor), ...(type === undefined ? {} : { 'content-type': type }) };
    const reply = await fetch(`${url}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
    return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
  };
  const path = `/api/v1/datasets/${datasetSlug}/imports?fileName=rows`;
  const uploaded = await call('POST', path, 'application/octet-stream', new Uint8Array(file));
  if (uploaded.status === 422) return `refused: ${String(uploaded.body['detail'])}`;
  if (uploaded.status !== 201) throw new Error(`The upload was answered with ${uploaded.status}: ${JSON.stringify(uploaded.body)}`);
  const { id } = uploaded.body['import'] as Import;
  const rules = { format: 'dolly', originName: 'bench', licence: 'CC-BY-SA-3.0', defaultCategory: 'open_qa', status: 'approved' };
  const started = await call('POST', `/api/v1/imports/${id}/start`, 'application/json', JSON.stringify(rules));
  if (started.status !== 202) throw new Error(`The start was answered with ${started.status}: ${JSON.stringify(started.body)}`);
  for (;;) {
    await sleep(pollMs);
    const { status, added, bad, error } = (await call('GET', `/api/v1/imports/${id}`)).body as unknown as Import;
    if (status !== 'queued' && status !== 'running') return `${status}: ${added} added, ${bad} bad${error === null ? '' : `, ${error}`}`;
  }
}

const inMs = ({ p50Ms, p99Ms, maxMs }: Latency) => ({ p50Ms: round(p50Ms), p99Ms: round(p99Ms), maxMs: round(maxMs) });

async function measure(server: ApiServer): Promise<Record<string, unknown>> {
  const idle = await askDuring(server.url, sleep(options.seconds * 1000));
  say(`  idle: ${describeLatency(idle)}`);
  const results: Record<string, unknown> = { idle: inMs(idle) };
  for (const [name, make] of Object.entries(files)) {
    const file = make();
    const began = performance.now();
    const work = importFile(server.url, file);
    const latency = await askDuring(server.url, work);
    const seconds = round((performance.now() - began) / 1000);
    const outcome = await work;
    say(`  ${name} (${round(file.length / 1e6)} MB, ${seconds} s): ${describeLatency(latency)}; ${outcome}`);
    results[name] = { ...inMs(latency), asked: latency.asked, seconds, outcome };
  }
  return { ...results, peakMb: server.peakMb() };
}

async function measureOn(lifetime: Lifetime, place: { databaseUrl: string } | { folder: string }): Promise<Record<string, unknown>> {
  const server = await startApiServer(lifetime, { ...place, env: { WORKER: '1' }, profile: options.profile });
  try {
    return await measure(server);
  } finally {
    await server.stop();
  }
}

if (await dropIfAsked(options)) process.exit(0);
await runBench(async (lifetime) => {
  say('embedded database');
  const pglite = await measureOn(lifetime, { folder: await openEmbeddedStage() });
  const databaseUrl = await openEmptyStage(lifetime);
  const postgres = await measureOn(lifetime, { databaseUrl });
  printResult({ name: 'import-stall', size: options.size, pglite, postgres });
});
