// `npm run bench -- browse`: pages of approved pairs per second over HTTP, in a mix of filters, searches and deep pages,
// against the same SQL run by pgbench.
import { compare } from './harness/compare.ts';
import { HttpConnection } from './harness/http-connection.ts';
import { runBench } from './harness/lifetime.ts';
import { readOptions } from './harness/options.ts';
import { scriptOf, type PgbenchScript } from './harness/pgbench-script.ts';
import { categories, datasetSlug } from './harness/population.ts';
import { printResult, say } from './harness/report.ts';
import { startApiServer } from './harness/api-server.ts';
import { databaseConnections, describeStatements, dropIfAsked, expectStatus, openStage, recordRequests } from './harness/stage.ts';

const options = readOptions(1_000_000);
/** Pages that were turned before a deep one is reached, of 100 pairs each. */
const deepPages = 30;

async function get(connection: HttpConnection, path: string): Promise<{ items: unknown[]; nextCursor: string | null }> {
  const reply = expectStatus(await connection.send('GET', path, {}), 200);
  return JSON.parse(reply.body.toString()) as { items: unknown[]; nextCursor: string | null };
}

const pairs = (parameters: Record<string, string>) => `/api/v1/pairs?${new URLSearchParams(parameters)}`;

/** Every kind of page that readers ask for, equally often. */
async function pathsToMeasure(connection: HttpConnection): Promise<Record<string, string>> {
  let cursor = '';
  for (let page = 0; page < deepPages; page += 1) {
    const { nextCursor } = await get(connection, pairs({ dataset: datasetSlug, limit: '100', ...(cursor === '' ? {} : { cursor }) }));
    if (nextCursor === null) break;
    cursor = nextCursor;
  }
  return {
    'all datasets': pairs({}),
    dataset: pairs({ dataset: datasetSlug }),
    'frequent category': pairs({ dataset: datasetSlug, category: categories[0][0] }),
    'rare category': pairs({ dataset: datasetSlug, category: 'creative_writing' }),
    language: pairs({ dataset: datasetSlug, language: 'it' }),
    'category and language': pairs({ dataset: datasetSlug, category: 'summarization', language: 'fr' }),
    'deep page': pairs({ dataset: datasetSlug, cursor }),
    'span of days': pairs({ dataset: datasetSlug, from: '2024-06-01', to: '2024-06-30' }),
    'rare word': pairs({ dataset: datasetSlug, q: String(Math.floor(options.size / 4)) }),
    'two words': pairs({ dataset: datasetSlug, q: 'kane film' }),
    'frequent word': pairs({ dataset: datasetSlug, q: 'many' }),
    'word in a category': pairs({ dataset: datasetSlug, category: 'open_qa', q: 'sentence' }),
  };
}

if (await dropIfAsked(options)) process.exit(0);
await runBench(async (lifetime) => {
  const databaseUrl = await openStage(lifetime, options);
  const scout = await startApiServer(lifetime, { databaseUrl });
  const scouting = await HttpConnection.open(scout.url);
  const paths = await pathsToMeasure(scouting);
  for (const [name, path] of Object.entries(paths)) {
    await get(scouting, path);
    const began = performance.now();
    const { items } = await get(scouting, path);
    say(`  ${name}: ${items.length} pairs in ${(performance.now() - began).toFixed(1)} ms`);
  }
  scouting.close();
  await scout.stop();

  const mix = Object.values(paths);
  const recorded = await recordRequests(
    lifetime,
    databaseUrl,
    mix.map((path) => (connection) => get(connection, path)),
  );
  say(`One page is these statements:\n${describeStatements(recorded[0] ?? [])}`);
  const scripts: PgbenchScript[] = [];
  for (const [index, statements] of recorded.entries()) scripts.push(await scriptOf(statements, { name: `s${index}`, databaseUrl }));
  let turn = 0;
  const result = await compare(lifetime, options, {
    databaseUrl,
    scripts,
    connections: databaseConnections,
    operation: async (connection) => {
      const path = mix[(turn += 1) % mix.length] as string;
      const began = performance.now();
      expectStatus(await connection.send('GET', path, {}), 200);
      return performance.now() - began;
    },
  });
  printResult({ name: 'browse', size: options.size, ...result });
});
