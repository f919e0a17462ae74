// `npm run bench -- browse`: pages of approved pairs per second over HTTP, in a mix of filters, searches and deep pages,
// against the same SQL run by pgbench.
import { HttpConnection } from './harness/http-connection.ts';
import { runBench } from './harness/lifetime.ts';
import { readOptions } from './harness/options.ts';
import { comparePages, deepPath, getJson } from './harness/pages.ts';
import { categories, datasetSlug } from './harness/population.ts';
import { printResult, say } from './harness/report.ts';
import { startApiServer } from './harness/api-server.ts';
import { dropIfAsked, openStage } from './harness/stage.ts';

const options = readOptions(1_000_000);

const pairs = (parameters: Record<string, string>) => `/api/v1/pairs?${new URLSearchParams(parameters)}`;

/** Every kind of page that readers ask for, equally often. */
async function pathsToMeasure(connection: HttpConnection): Promise<Record<string, string>> {
  return {
    'all datasets': pairs({}),
    dataset: pairs({ dataset: datasetSlug }),
    'frequent category': pairs({ dataset: datasetSlug, category: categories[0][0] }),
    'rare category': pairs({ dataset: datasetSlug, category: 'creative_writing' }),
    language: pairs({ dataset: datasetSlug, language: 'it' }),
    'category and language': pairs({ dataset: datasetSlug, category: 'summarization', language: 'fr' }),
    'deep page': await deepPath(connection, (more) => pairs({ dataset: datasetSlug, ...more })),
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
    await getJson(scouting, path);
    const began = performance.now();
    const { items } = await getJson<{ items: unknown[] }>(scouting, path);
    say(`  ${name}: ${items.length} pairs in ${(performance.now() - began).toFixed(1)} ms`);
  }
  scouting.close();
  await scout.stop();

  const result = await comparePages(lifetime, options, databaseUrl, Object.values(paths));
  printResult({ name: 'browse', size: options.size, ...result });
});
