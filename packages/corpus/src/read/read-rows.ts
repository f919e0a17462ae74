import { createGunzip } from 'node:zlib';
import { Readable } from 'node:stream';
import { limits } from '@granary/contract';
import { readCsvRows } from './csv-rows.ts';
import { readJsonlRows } from './jsonl-rows.ts';
import { readPhysicalLines } from './physical-lines.ts';
import { UnreadableFileError } from './row.ts';
import type { Row } from './row.ts';

export type Container = 'jsonl' | 'csv';
export type ReadOptions = {
  container: Container;
  /** Rows that begin on this line or before are passed over. */
  afterLine?: number;
  /** Longest line, in bytes. */
  lineMax?: number;
};

/**
 * Reads a file of rows (gzip or not) as a stream, in constant memory. Rows that cannot be read are yielded with an issue;
 * only a damaged archive or an impossible header throws (`UnreadableFileError`). `bytesSoFar` counts bytes of the file as
 * stored.
 */
export async function* readRows(source: AsyncIterable<Uint8Array>, options: ReadOptions): AsyncGenerator<Row> {
  const { container, afterLine = 0, lineMax = limits.importLineMax } = options;
  const file = await openFile(source);
  const lines = readPhysicalLines(file.content, lineMax);
  const rows = container === 'jsonl' ? readJsonlRows(lines, { lineMax, afterLine }) : readCsvRows(lines, { lineMax, afterLine });
  for await (const row of rows) {
    if (file.compressedBytes) row.bytesSoFar = file.compressedBytes();
    yield row;
  }
}

type OpenedFile = {
  content: AsyncIterable<Uint8Array>;
  /** Present for gzip: bytes read of the archive so far. */ compressedBytes?: () => number;
};

/** Looks at the first two bytes and unpacks gzip on the way. */
export async function openFile(source: AsyncIterable<Uint8Array>): Promise<OpenedFile> {
  const iterator = source[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  let ended = false;
  while (head.length < 2 && !ended) {
    const { value, done } = await iterator.next();
    if (done) ended = true;
    else head = Buffer.concat([head, value as Uint8Array]);
  }
  let read = 0;
  async function* whole(): AsyncGenerator<Uint8Array> {
    try {
      read += head.length;
      if (head.length > 0) yield head;
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
        read += next.value.byteLength;
        yield next.value;
      }
    } finally {
      // Whoever stops early must not leave the file open.
      await iterator.return?.();
    }
  }
  if (head[0] !== 0x1f || head[1] !== 0x8b) return { content: whole() };
  return { content: unpack(whole()), compressedBytes: () => read };
}

async function* unpack(archive: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const packed = Readable.from(archive, { objectMode: false });
  const gunzip = createGunzip();
  let sourceError: Error | undefined;
  packed.once('error', (error) => {
    sourceError = error;
    gunzip.destroy(error);
  });
  packed.pipe(gunzip);
  try {
    for await (const chunk of gunzip) yield chunk as Buffer;
  } catch (error) {
    if (sourceError) throw sourceError;
    throw new UnreadableFileError(`The gzip archive is damaged or cut off (${(error as Error).message}).`, { cause: error });
  } finally {
    packed.destroy();
    gunzip.destroy();
  }
}
