import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { CopyKind } from './copy-values.ts';
import { createRowDecoder } from './copy-values.ts';

export type { CopyKind };

/** Signature, flags, and the length of an extension that there is not (PostgreSQL, "COPY", binary format). */
const headerBytes = 19;

/**
 * Rows in the order of an index, each completed as it passes, so that the first comes at once. Left alone the planner joins and sorts
 * everything first, which takes half as long again, and as much space on disk as the result.
 */
export const copySettings = `SET TIME ZONE 'UTC'; SET jit = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_sort = off; SET max_parallel_workers_per_gather = 0`;

const localSettings = copySettings.replaceAll('SET ', 'SET LOCAL ');

/**
 * The rows of a query, as `COPY` gives them: in the query's order, over a connection of its own, no faster than they are read. `kinds`
 * tells what its columns are. Rows of one batch arrived together. Stopping early ends connection and query.
 */
export async function* copyRows(url: string, query: string, kinds: readonly CopyKind[]): AsyncGenerator<unknown[][], void> {
  const client = new pg.Client({ connectionString: url, application_name: 'granary-copy', keepAlive: true });
  // A connection that breaks also breaks the stream, which tells.
  client.on('error', () => {});
  try {
    await client.connect();
    // For this transaction only: behind a pooler, another process gets the session next.
    await client.query(`BEGIN; ${localSettings}`);
    const stream = client.query(copyTo(`COPY (${query}) TO STDOUT (FORMAT binary)`));
    stream.on('error', () => {});
    yield* readRows(stream, createRowDecoder(kinds));
    await client.query('COMMIT');
  } finally {
    // While the copy runs, this closes the socket: PostgreSQL gives up at the next row.
    await client.end().catch(() => {});
  }
}

/** Rows are a count of fields, and of each field its length and bytes; a count of -1 ends them. */
async function* readRows(
  stream: AsyncIterable<Buffer>,
  decode: (bytes: Buffer, at: number) => unknown[],
): AsyncGenerator<unknown[][], void> {
  let rest: Buffer = Buffer.alloc(0);
  let skip = headerBytes;
  let ended = false;
  for await (const chunk of stream) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = Math.min(skip, bytes.length);
    skip -= at;
    const rows: unknown[][] = [];
    while (!ended && skip === 0 && bytes.length - at >= 2) {
      if (bytes.readInt16BE(at) === -1) {
        ended = true;
        break;
      }
      const end = endOfRow(bytes, at);
      if (end === undefined) break;
      rows.push(decode(bytes, at));
      at = end;
    }
    rest = bytes.subarray(at);
    if (rows.length > 0) yield rows;
  }
  if (!ended) throw new Error('The database ended the copy before its last row');
}

/** Where the next row begins; undefined while some of this one is missing. */
function endOfRow(bytes: Buffer, at: number): number | undefined {
  let end = at + 2;
  for (let fields = bytes.readInt16BE(at); fields > 0; fields -= 1) {
    if (bytes.length - end < 4) return undefined;
    // A length of -1 is null.
    end += 4 + Math.max(0, bytes.readInt32BE(end));
  }
  return end <= bytes.length ? end : undefined;
}
