// `npm run bench -- snapshot`: the full record of a snapshot to JSONL.gz and to Parquet, through the pipeline that builds and
// downloads use, against `COPY … TO STDOUT | gzip -6` of the same query, and against DuckDB writing Parquet from JSONL that lies ready.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { pinnedPairsQuery } from '@granary/api/measured';
import { copySettings } from '@granary/db/copy-out';
import { summarise } from './harness/latency.ts';
import { runBench, type Lifetime } from './harness/lifetime.ts';
import { arriveAtRate } from './harness/load.ts';
import { readOptions } from './harness/options.ts';
import { connectionArguments, findTool } from './harness/pgbench.ts';
import { openPinnedDatabase } from './harness/pinned-database.ts';
import { datasetSlug } from './harness/population.ts';
import { benchPostgres, describePostgres, settle } from './harness/postgres.ts';
import { describeLatency, median, printResult, round, say } from './harness/report.ts';
import { startSnapshotProcess } from './harness/snapshot-process.ts';
import { dropIfAsked, expectStatus, openConnections } from './harness/stage.ts';

const options = readOptions(1_000_000);
const sizes = [15_000, options.size].filter((size, index, all) => all.indexOf(size) === index);
/** The other requests: a page of pairs, so often per second, at random moments. */
const requestsPerSecond = 40;
const requestConnections = 8;
/** What takes a fraction of a second is done several times, in turn with what it is compared to; the median counts. */
const runsOf = (size: number) => (size < 100_000 ? 5 : 1);

type Stage = { databaseUrl: string; snapshotId: string; size: number; folder: string };

/** The same rows in the same order, by the same plan, through psql and gzip, without any of our code; rows per second. */
async function copyGzip({ databaseUrl, snapshotId, size, folder }: Stage): Promise<number> {
  const query = pinnedPairsQuery({ snapshotId, split: null, preferences: false });
  const began = performance.now();
  const shell = spawn(
    'sh',
    [
      '-c',
      '"$0" "$@" | gzip -6 > "$OUT"',
      findTool('psql'),
      '-X',
      '-q',
      '-v',
      'ON_ERROR_STOP=1',
      '-c',
      copySettings,
      '-c',
      `COPY (${query}) TO STDOUT`,
      ...connectionArguments(databaseUrl),
    ],
    {
      env: { ...process.env, PGPASSWORD: decodeURIComponent(new URL(databaseUrl).password), OUT: join(folder, 'floor.gz') },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const [code] = (await once(shell, 'close')) as [number];
  if (code !== 0) throw new Error('COPY failed');
  return size / ((performance.now() - began) / 1000);
}

/** The same rows by DuckDB, from JSON Lines to Parquet with zstd; rows per second. */
async function duckdbParquet({ size, folder }: Stage, jsonl: string): Promise<number> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const began = performance.now();
  const from = `read_json('${jsonl}', format = 'newline_delimited', sample_size = 20000)`;
  await connection.run(`COPY (SELECT * FROM ${from}) TO '${join(folder, 'floor.parquet')}' (FORMAT parquet, COMPRESSION zstd)`);
  const perSecond = size / ((performance.now() - began) / 1000);
  connection.closeSync();
  instance.closeSync();
  return perSecond;
}

async function measure(lifetime: Lifetime, server: string, size: number) {
  const { url: databaseUrl, snapshotId } = await openPinnedDatabase(server, size, options.fresh);
  const folder = await mkdtemp(join(tmpdir(), 'granary-bench-floor-'));
  lifetime.defer(() => rm(folder, { recursive: true, force: true }));
  const stage = { databaseUrl, snapshotId, size, folder };
  const app = await startSnapshotProcess(lifetime, databaseUrl, options.profile);
  const load = async (seconds: number) => {
    // Opened anew: between two loads lie minutes, in which a server closes connections that wait.
    const connections = await openConnections(lifetime, app.url, requestConnections);
    const path = `/api/v1/pairs?dataset=${datasetSlug}&limit=20`;
    const { timesMs } = await arriveAtRate(
      connections,
      async (connection) => {
        const began = performance.now();
        expectStatus(await connection.send('GET', path, {}), 200);
        return performance.now() - began;
      },
      { seconds, perSecond: requestsPerSecond },
    );
    return summarise(timesMs);
  };
  await load(5);
  await settle(databaseUrl);
  const idle = await load(options.seconds);
  const idleMb = app.residentMb();
  say(`${size.toLocaleString('en')} pairs; idle: ${describeLatency(idle)}, ${idleMb} MB`);

  // Warms up threads and pages on both sides alike.
  const jsonl = await app.render(snapshotId, 'jsonl');
  if (jsonl.rows !== size) throw new Error(`${size} pairs are pinned, ${jsonl.rows} rows were written`);
  say(`  as JSON Lines: ${round((await stat(jsonl.path)).size / 1e6)} MB`);
  const floors = {
    'jsonl.gz': () => copyGzip(stage),
    parquet: () => duckdbParquet(stage, jsonl.path),
  };
  const results: Record<string, unknown> = {};
  for (const [encoding, floor] of Object.entries(floors)) {
    app.forgetPeak();
    const floorSpeeds: number[] = [];
    const speeds: number[] = [];
    let bytes = 0;
    for (let run = 0; run < runsOf(size); run += 1) {
      floorSpeeds.push(await floor());
      const rendered = await app.render(snapshotId, encoding);
      speeds.push(rendered.rows / rendered.seconds);
      bytes = rendered.bytes;
    }
    floorSpeeds.push(await floor());
    const peakMb = app.peakMb();
    const [perSecond, floorPerSecond] = [median(speeds), median(floorSpeeds)];
    const busy = await app.renderWhile(snapshotId, encoding, () => load(options.seconds));
    const ratio = round(perSecond / floorPerSecond, 3);
    say(
      `  ${encoding}: ${round(perSecond, 0)} rows/s, floor ${round(floorPerSecond, 0)} rows/s, ratio ${ratio}; ${peakMb - idleMb} MB beyond idle; meanwhile ${describeLatency(busy)}`,
    );
    results[encoding] = {
      perSecond: round(perSecond, 0),
      floorPerSecond: round(floorPerSecond, 0),
      ratio,
      megabytes: round(bytes / 1e6),
      beyondIdleMb: peakMb - idleMb,
      p99Ms: round(busy.p99Ms),
      idleP99Ms: round(idle.p99Ms),
      p99Ratio: round(busy.p99Ms / idle.p99Ms, 2),
    };
  }
  await app.stop();
  return results;
}

if (await dropIfAsked(options)) process.exit(0);
await runBench(async (lifetime) => {
  const server = await benchPostgres();
  say(`${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores; ${await describePostgres(server)}`);
  const results: Record<string, unknown> = {};
  for (const size of sizes) results[String(size)] = await measure(lifetime, server, size);
  printResult({ name: 'snapshot', size: options.size, results });
});
