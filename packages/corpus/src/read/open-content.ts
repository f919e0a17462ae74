import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { limits } from '@granary/contract';
import { formatSize, UnreadableFileError } from './row.ts';
import type { Position } from './split-lines.ts';

/** Opens the same file from its beginning, each time it is called. */
export type FileOpener = () => Promise<AsyncIterable<Uint8Array>>;

export type OpenedContent = {
  /** Bytes of the file, unpacked where it is an archive. */
  content: AsyncIterable<Buffer>;
  /** Where its reader is, told by the reader. */
  position: Position;
  /** Present for gzip: bytes read of the archive so far. */
  compressedBytes?: () => number;
  /** Whether `bytesMax` ended the content before the file did: then its last row may be cut off. */
  wasCut: () => boolean;
};

/** What a small archive may unpack to whatever its ratio: a few repeated rows compress very well. */
const ratioCountsFrom = 16 * 1024 * 1024;

/**
 * Opens a file: looks at its first two bytes and unpacks gzip on the way. Gives `bytesMax` bytes at most. The content throws
 * `UnreadableFileError` when the archive is damaged or unpacks to more than an archive may.
 */
export async function openContent(open: FileOpener, bytesMax = Infinity): Promise<OpenedContent> {
  const source = countBytes(await open());
  const position = { line: 0 };
  const packed = await source.isGzip();
  const cut = { done: false };
  const content = limit(packed ? unpack(source, position) : source.bytes(), bytesMax, cut);
  return { content, position, wasCut: () => cut.done, ...(packed ? { compressedBytes: source.read } : {}) };
}

type Source = ReturnType<typeof countBytes>;

function countBytes(source: AsyncIterable<Uint8Array>) {
  const iterator = source[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  let read = 0;

  async function next(): Promise<Buffer | null> {
    const { value, done } = await iterator.next();
    if (done) return null;
    const { buffer, byteOffset, byteLength } = value as Uint8Array;
    read += byteLength;
    return Buffer.from(buffer, byteOffset, byteLength);
  }
  return {
    read: () => read,
    async isGzip(): Promise<boolean> {
      for (let chunk = await next(); chunk !== null; chunk = await next()) {
        head = Buffer.concat([head, chunk]);
        if (head.length >= 2) break;
      }
      return head[0] === 0x1f && head[1] === 0x8b;
    },
    async *bytes(): AsyncGenerator<Buffer> {
      try {
        if (head.length > 0) yield head;
        for (let chunk = await next(); chunk !== null; chunk = await next()) yield chunk;
      } finally {
        // Whoever stops early must not leave the file open.
        await iterator.return?.();
      }
    },
  };
}

async function* unpack(source: Source, position: Position): AsyncGenerator<Buffer> {
  const packed = Readable.from(source.bytes(), { objectMode: false });
  const gunzip = createGunzip();
  let sourceError: Error | undefined;
  packed.once('error', (error) => {
    sourceError = error;
    gunzip.destroy(error);
  });
  packed.pipe(gunzip);
  let unpacked = 0;
  try {
    for await (const chunk of gunzip) {
      unpacked += (chunk as Buffer).length;
      refuseBombs(unpacked, source.read(), position);
      yield chunk as Buffer;
    }
  } catch (error) {
    if (sourceError) throw sourceError;
    if (error instanceof UnreadableFileError) throw error;
    throw new UnreadableFileError(`The gzip archive is damaged or cut off (${(error as Error).message}).`, { cause: error });
  } finally {
    packed.destroy();
    gunzip.destroy();
  }
}

function refuseBombs(unpacked: number, read: number, { line }: Position): void {
  const { importUnpackedBytesMax, importUnpackRatioMax } = limits;
  if (unpacked > importUnpackedBytesMax)
    throw new UnreadableFileError(
      `The archive unpacks to more than ${formatSize(importUnpackedBytesMax)}, the limit for archives, at line ${line + 1}. Split the file.`,
    );
  if (unpacked > ratioCountsFrom && unpacked > importUnpackRatioMax * read)
    throw new UnreadableFileError(
      `The archive unpacks to more than ${importUnpackRatioMax} times its size, the limit for archives, at line ${line + 1}. Upload the file without compression, or in parts.`,
    );
}

async function* limit(content: AsyncIterable<Buffer>, bytesMax: number, cut: { done: boolean }): AsyncGenerator<Buffer> {
  let left = bytesMax;
  for await (const chunk of content) {
    if (chunk.length > left) {
      cut.done = true;
      if (left > 0) yield chunk.subarray(0, left);
      return;
    }
    left -= chunk.length;
    yield chunk;
  }
}
