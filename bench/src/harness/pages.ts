import { compare, type Comparison } from './compare.ts';
import type { HttpConnection } from './http-connection.ts';
import type { Lifetime } from './lifetime.ts';
import type { BenchOptions } from './options.ts';
import { scriptOf, type PgbenchScript } from './pgbench-script.ts';
import { say } from './report.ts';
import { databaseConnections, describeStatements, expectStatus, recordRequests } from './stage.ts';

/** Pages that are turned before a deep one is reached, of 100 items each. */
const deepPages = 30;

/** What is answered to a GET without credentials. Throws with what the server said when it is not 200. */
export async function getJson<T>(connection: HttpConnection, path: string): Promise<T> {
  return JSON.parse(expectStatus(await connection.send('GET', path, {}), 200).body.toString()) as T;
}

/** The address of a page far down a list, or of its last one; `pathOf` gives the list's address with further parameters. */
export async function deepPath(connection: HttpConnection, pathOf: (parameters: Record<string, string>) => string): Promise<string> {
  let cursor: Record<string, string> = {};
  for (let page = 0; page < deepPages; page += 1) {
    const path = pathOf({ limit: '100', ...cursor });
    const { nextCursor } = await getJson<{ nextCursor: string | null }>(connection, path);
    if (nextCursor === null) break;
    cursor = { cursor: nextCursor };
  }
  return pathOf(cursor);
}

/** Compares pages, all kinds in turn, with the statements that the server sends for them, run by pgbench. */
export async function comparePages(
  lifetime: Lifetime,
  options: BenchOptions,
  databaseUrl: string,
  paths: readonly string[],
): Promise<Comparison> {
  const recorded = await recordRequests(
    lifetime,
    databaseUrl,
    paths.map((path) => (connection) => getJson(connection, path)),
  );
  say(`One page is these statements:\n${describeStatements(recorded[0] ?? [])}`);
  const scripts: PgbenchScript[] = [];
  for (const [index, statements] of recorded.entries()) scripts.push(await scriptOf(statements, { name: `s${index}`, databaseUrl }));
  let turn = 0;
  return compare(lifetime, options, {
    databaseUrl,
    scripts,
    connections: databaseConnections,
    operation: async (connection) => {
      const path = paths[(turn += 1) % paths.length] as string;
      const began = performance.now();
      expectStatus(await connection.send('GET', path, {}), 200);
      return performance.now() - began;
    },
  });
}
