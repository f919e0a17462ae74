import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';

/** Signature, flags, and the length of an extension that there is not (PostgreSQL, "COPY", binary format). */
const headerBytes = 19;

/**
 * Rows in the order of an index, each completed as it passes, so that the first comes at once. Left alone the planner joins and sorts
 * everything first, which takes half as long again, and as much space on disk as the result.
 */
export const copySettings = `SET TIME ZONE 'UTC'; SET jit = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET max_parallel_workers_per_gather = 0`;

/**
 * The values of a query's only column, a text that is never null, as `COPY` gives them: in the query's order, over a connection of
 * its own, no faster than they are read. Values of one batch arrived together. Stopping early ends connection and query.
 */
export async function* copyTexts(url: string, query: string): AsyncGenerator<string[], void> {
  const client = new pg.Client({ connectionString: url, application_name: 'granary-copy', keepAlive: true });
  // A connection that breaks also breaks the stream, which tells.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query(copySettings);
    const stream = client.query(copyTo(`COPY (${query}) TO STDOUT (FORMAT binary)`));
    stream.on('error', () => {});
    yield* readTexts(stream);
  } finally {
    // While the copy runs, this closes the socket: PostgreSQL gives up at the next row.
    await client.end().catch(() => {});
  }
}

/** Rows are a count of fields (always 1 here), and of each field its length and bytes; a count of -1 ends them. */
async function* readTexts(stream: AsyncIterable<Buffer>): AsyncGenerator<string[], void> {
  let rest: Buffer = Buffer.alloc(0);
  let skip = headerBytes;
  let ended = false;
  for await (const chunk of stream) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    if (skip > 0) {
      at = Math.min(skip, bytes.length);
      skip -= at;
    }
    const texts: string[] = [];
    while (!ended && skip === 0 && bytes.length - at >= 2) {
      if (bytes.readInt16BE(at) === -1) {
        ended = true;
        break;
      }
      if (bytes.length - at < 6) break;
      const length = bytes.readInt32BE(at + 2);
      if (bytes.length - at - 6 < length) break;
      texts.push(bytes.toString('utf8', at + 6, at + 6 + length));
      at += 6 + length;
    }
    rest = bytes.subarray(at);
    if (texts.length > 0) yield texts;
  }
  if (!ended) throw new Error('The database ended the copy before its last row');
}
