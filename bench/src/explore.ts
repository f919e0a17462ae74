// `npm run bench -- explore`: two snapshots published the whole way at a size, with pairs added, edited and retracted between them; then pages
// of their rows and of what changed per second over HTTP, against the same SQL run by pgbench.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page, Snapshot, SnapshotRow } from '@granary/contract';
import { startApiServer } from './harness/api-server.ts';
import { HttpConnection } from './harness/http-connection.ts';
import { summarise } from './harness/latency.ts';
import { runBench } from './harness/lifetime.ts';
import { readOptions } from './harness/options.ts';
import { comparePages, deepPath, getJson } from './harness/pages.ts';
import { openPinnedDatabase } from './harness/pinned-database.ts';
import { categories, datasetSlug, firstAuthor, sessionCookie } from './harness/population.ts';
import { benchPostgres, createBenchDatabase, describePostgres, query } from './harness/postgres.ts';
import { describeLatency, printResult, round, say } from './harness/report.ts';
import { dropIfAsked, makeAdmin } from './harness/stage.ts';

const options = readOptions(1_000_000);
/** Of so many pairs one is added, one edited and one retracted between the snapshots. */
const everyPair = 300;
const snapshots = `/api/v1/datasets/${datasetSlug}/snapshots`;
const pollMs = 250;

/** Pairs that are not there yet when the first snapshot is published. */
const holdBack = `
  CREATE TABLE bench_held AS SELECT p.* FROM (SELECT *, row_number() OVER (ORDER BY response_id) AS place FROM pairs) p WHERE place % ${everyPair} = 0;
  ALTER TABLE bench_held DROP COLUMN place;
  DELETE FROM pairs p USING bench_held h WHERE h.response_id = p.response_id`;
/** What happens to responses between the snapshots. */
const change = `
  CREATE TABLE bench_changed AS
    SELECT p.response_id, place % ${everyPair} = 1 AS edited FROM (SELECT response_id, row_number() OVER (ORDER BY response_id) AS place FROM pairs) p
    WHERE place % ${everyPair} IN (1, 2);
  INSERT INTO pairs SELECT * FROM bench_held;
  INSERT INTO revisions (id, entry_id, number, text, author_id)
    SELECT gen_random_uuid(), e.id, e.revision_number + 1, v.text || ' Edited.', e.author_id
    FROM bench_changed c JOIN entries e ON e.id = c.response_id JOIN revisions v ON v.id = e.current_revision_id WHERE c.edited;
  UPDATE entries e SET current_revision_id = v.id, revision_number = v.number
    FROM bench_changed c, revisions v WHERE c.edited AND e.id = c.response_id AND v.entry_id = e.id AND v.number = e.revision_number + 1;
  UPDATE entries e SET status = 'retracted', status_at = now() FROM bench_changed c WHERE NOT c.edited AND e.id = c.response_id;
  DELETE FROM pairs p USING bench_changed c WHERE NOT c.edited AND c.response_id = p.response_id`;

/** Asks for a snapshot and waits until it is published; resolves to it and its seconds. Throws with what was wrong. */
async function publish(server: string): Promise<{ snapshot: Snapshot; seconds: number }> {
  const began = performance.now();
  const headers = { cookie: sessionCookie(firstAuthor), 'content-type': 'application/json' };
  const reply = await fetch(server + snapshots, { method: 'POST', headers, body: JSON.stringify({ selection: {} }) });
  if (!reply.ok) throw new Error(`Not published: ${await reply.text()}`);
  let snapshot = (await reply.json()) as Snapshot;
  while (snapshot.status === 'queued' || snapshot.status === 'building') {
    await sleep(pollMs);
    snapshot = (await (await fetch(`${server}${snapshots}/${snapshot.number}`, { headers })).json()) as Snapshot;
  }
  if (snapshot.status !== 'published') throw new Error(`Snapshot ${snapshot.number} is ${snapshot.status}: ${snapshot.error}`);
  return { snapshot, seconds: (performance.now() - began) / 1000 };
}

const rows = (parameters: Record<string, string>) => `${snapshots}/2/rows?${new URLSearchParams({ limit: '20', ...parameters })}`;
const changes = (parameters: Record<string, string>) => `${snapshots}/2/changes?${new URLSearchParams({ limit: '20', ...parameters })}`;

/** Every kind of page that readers ask for, equally often. */
async function pathsToMeasure(connection: HttpConnection): Promise<Record<string, string>> {
  const { items } = await getJson<Page<SnapshotRow>>(connection, rows({}));
  const id = items[0]?.id ?? '';
  return {
    'first page': rows({}),
    'deep page': await deepPath(connection, rows),
    'frequent category': rows({ category: categories[0][0] }),
    'rare category': rows({ category: 'creative_writing' }),
    language: rows({ language: 'it' }),
    'test split': rows({ split: 'test' }),
    sample: rows({ seed: '7' }),
    'sample of a category': rows({ seed: '7', category: 'summarization' }),
    'rare word': rows({ q: String(Math.floor(options.size / 2)) }),
    'frequent word': rows({ q: 'many' }),
    'two words': rows({ q: 'kane film' }),
    'one row': `${snapshots}/2/rows/${id}`,
    'where a row is': `/api/v1/datasets/${datasetSlug}/rows/${id}`,
    statistics: `${snapshots}/2/statistics`,
    changes: changes({}),
    'deep changes': await deepPath(connection, changes),
    'edited pairs': changes({ change: 'edited' }),
    'retracted pairs': changes({ change: 'retracted' }),
  };
}

if (await dropIfAsked(options)) process.exit(0);
await runBench(async (lifetime) => {
  const postgres = await benchPostgres();
  say(await describePostgres(postgres));
  const pinned = await openPinnedDatabase(postgres, options.size, options.fresh);
  const databaseUrl = await createBenchDatabase(lifetime, postgres, new URL(pinned.url).pathname.slice(1));
  // The splits stay settled; the snapshot is made anew, from its selection to its last file.
  await query(databaseUrl, 'TRUNCATE snapshots CASCADE');
  await makeAdmin(databaseUrl);
  await query(databaseUrl, holdBack);
  await query(databaseUrl, 'VACUUM (ANALYZE)');

  const builder = await startApiServer(lifetime, { databaseUrl, env: { WORKER: '1' }, profile: options.profile });
  const first = await publish(builder.url);
  say(`  first snapshot:  ${first.snapshot.counts?.pairs.toLocaleString('en')} pairs in ${round(first.seconds)} s`);
  await query(databaseUrl, change);
  const second = await publish(builder.url);
  say(`  second snapshot: ${second.snapshot.counts?.pairs.toLocaleString('en')} pairs in ${round(second.seconds)} s`);
  const buildPeakMb = builder.peakMb();
  const connection = await HttpConnection.open(builder.url);
  const { counts } = await getJson<{ counts: Record<string, number> }>(connection, changes({}));
  const [made] = await query<Record<string, number>>(
    databaseUrl,
    `SELECT (SELECT count(*)::int FROM bench_held) AS added, count(*) FILTER (WHERE edited)::int AS edited, count(*) FILTER (WHERE NOT edited)::int AS retracted, 0 AS removed FROM bench_changed`,
  );
  say(`  changes: ${JSON.stringify(counts)}`);
  if (JSON.stringify(counts) !== JSON.stringify(made)) throw new Error(`These changes were made: ${JSON.stringify(made)}`);
  const began = performance.now();
  const delta = await (await fetch(`${builder.url}${snapshots}/2/changes.jsonl.gz`)).arrayBuffer();
  const deltaSeconds = (performance.now() - began) / 1000;
  say(`  delta file: ${round(delta.byteLength / 1e6)} MB in ${round(deltaSeconds)} s`);

  const paths = await pathsToMeasure(connection);
  const pages: Record<string, number> = {};
  for (const [name, path] of Object.entries(paths)) {
    const timesMs: number[] = [];
    for (let time = 0; time < 20; time += 1) {
      const sent = performance.now();
      await getJson(connection, path);
      timesMs.push(performance.now() - sent);
    }
    const latency = summarise(timesMs);
    pages[name] = round(latency.p50Ms);
    say(`  ${name}: ${describeLatency(latency)}`);
  }
  connection.close();
  await builder.stop();

  const result = await comparePages(lifetime, options, databaseUrl, Object.values(paths));
  printResult({
    name: 'explore',
    size: options.size,
    publishSeconds: [round(first.seconds), round(second.seconds)],
    buildPeakMb,
    changes: counts,
    deltaSeconds: round(deltaSeconds),
    pagesP50Ms: pages,
    ...result,
  });
});
