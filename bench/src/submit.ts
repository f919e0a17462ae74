// `npm run bench -- submit`: how many pairs per second are handed in over HTTP, against the same SQL run by pgbench.
import { compare } from './harness/compare.ts';
import type { HttpConnection } from './harness/http-connection.ts';
import { runBench } from './harness/lifetime.ts';
import { readOptions } from './harness/options.ts';
import { scriptOf, type PgbenchScript } from './harness/pgbench-script.ts';
import { authorCount, categories, datasetSlug, firstAuthor, idOf, idWithVariable, sessionCookie } from './harness/population.ts';
import { readRealRows, type RealRow } from './harness/real-rows.ts';
import { printResult, say } from './harness/report.ts';
import { databaseConnections, describeStatements, dropIfAsked, expectStatus, openStage, recordRequests } from './harness/stage.ts';

const options = readOptions(1_000_000);
const path = `/api/v1/datasets/${datasetSlug}/entries`;
const rows = readRealRows();
/** Tells this run's texts and keys apart from those of others. */
const run = Date.now().toString(36);
/** So many different requests make up the floor. */
const recordedRequests = 8;

function contribution({ instruction, context, response }: RealRow, number: number): string {
  return JSON.stringify({
    kind: 'pair',
    category: categories[number % categories.length]?.[0],
    language: 'en',
    instruction: {
      text: `${instruction} (${run}-${number})`,
      ...(context === '' ? {} : { context: { text: context, url: 'https://example.org/source', licence: 'CC-BY-SA-4.0' } }),
    },
    response: { text: `${response}\n\n(${run}-${number})` },
  });
}

const cookies = Array.from({ length: authorCount }, (_, index) => sessionCookie(firstAuthor + index));
let sent = 0;

async function submit(connection: HttpConnection, author: number, row: RealRow, number: number): Promise<void> {
  const headers = { cookie: cookies[author] ?? '', 'idempotency-key': `bench-${run}-${number}` };
  expectStatus(await connection.send('POST', path, headers, contribution(row, number)), 201);
}

async function submitNext(connection: HttpConnection): Promise<number> {
  const number = (sent += 1);
  const began = performance.now();
  await submit(connection, number % authorCount, rows[number % rows.length] as RealRow, number);
  return performance.now() - began;
}

/** Rows of evenly spread lengths: the floor writes texts as long as the server does. */
function typicalRows(count: number): RealRow[] {
  const length = ({ instruction, context, response }: RealRow) => instruction.length + context.length + response.length;
  const byLength = rows.toSorted((one, other) => length(one) - length(other));
  return Array.from({ length: count }, (_, index) => byLength[Math.floor(((index + 0.5) / count) * byLength.length)] as RealRow);
}

async function floorScripts(
  recorded: Awaited<ReturnType<typeof recordRequests>>,
  databaseUrl: string,
  keys: readonly string[],
): Promise<PgbenchScript[]> {
  const scripts: PgbenchScript[] = [];
  for (const [index, statements] of recorded.entries()) {
    scripts.push(
      await scriptOf(statements, {
        name: `s${index}`,
        databaseUrl,
        prologue: `\\set u random(${firstAuthor}, ${firstAuthor + authorCount - 1})`,
        varying: [
          { value: idOf('user', firstAuthor), pieces: idWithVariable('user', 'u') },
          { value: idOf('session', firstAuthor), pieces: idWithVariable('session', 'u') },
          { value: keys[index] as string, pieces: ['bench-', ':run', '-', ':tail'] },
        ],
      }),
    );
  }
  return scripts;
}

if (await dropIfAsked(options)) process.exit(0);
await runBench(async (lifetime) => {
  const databaseUrl = await openStage(lifetime, options);
  const keys: string[] = [];
  const requests = typicalRows(recordedRequests).map((row, index) => async (connection: HttpConnection) => {
    const number = (sent += 1);
    keys[index] = `bench-${run}-${number}`;
    await submit(connection, 0, row, number);
  });
  const recorded = await recordRequests(lifetime, databaseUrl, requests);
  say(`One request is these statements:\n${describeStatements(recorded[0] ?? [])}`);
  const scripts = await floorScripts(recorded, databaseUrl, keys);
  const result = await compare(lifetime, options, { databaseUrl, scripts, connections: databaseConnections, operation: submitNext });
  printResult({ name: 'submit', size: options.size, ...result });
});
