import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import { ParquetBytes } from './parquet-bytes.ts';
import type { ThriftStruct } from './parquet-thrift.ts';
import { thriftBytes } from './parquet-thrift.ts';

export const encodingCodes = { PLAIN: 0, RLE: 3, RLE_DICTIONARY: 8 } as const;
export type PageEncoding = keyof typeof encodingCodes;
export const pageCodes = { dictionary: 2, data: 3 } as const;

const params = { [constants.ZSTD_c_compressionLevel]: 2 };
/** Less than this is not worth it. */
const compressedFrom = 64;
/** Bytes that may wait to be compressed. */
const waitingBytes = 8 * 1024 * 1024;
const compressZstd = promisify(zstdCompress);

/** Of the process's pool of four threads, for each file that is written: what else waits for one (answers to be compressed, files, names) must not stand behind a row group. */
const atOnce = 2;

/** Compresses beside the calling thread, `atOnce` pages at a time. */
export function createPageCompressor() {
  const lines: Promise<unknown>[] = Array.from({ length: atOnce }, () => Promise.resolve());
  let next = 0;
  let waiting = 0;
  const pending = new Set<Promise<unknown>>();
  return {
    compress(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
      waiting += bytes.length;
      // In one step: room for the result, also where nothing can be made smaller.
      const options = { params, chunkSize: Math.max(1024, bytes.length + (bytes.length >> 7) + 64), pledgedSrcSize: bytes.length };
      const line = next++ % atOnce;
      const compressed = (lines[line] as Promise<unknown>).then(() => compressZstd(bytes, options));
      const ended = compressed.finally(() => {
        waiting -= bytes.length;
        pending.delete(ended);
      });
      // Awaited with the page; until then a failure is nobody's.
      ended.catch(() => {});
      pending.add(ended);
      lines[line] = ended;
      return compressed;
    },
    /** Waits until no more is held than what keeps the compressor busy. */
    async makeRoom(): Promise<void> {
      while (waiting > waitingBytes) await Promise.race(pending);
    },
  };
}
export type PageCompressor = ReturnType<typeof createPageCompressor>;

/** A page as it stands in the file, and how large it would be without compression; both with its header. */
export type WrittenPage = { bytes: Uint8Array[]; size: number; plainSize: number };

export async function dictionaryPage(values: Uint8Array<ArrayBuffer>, count: number, compressor: PageCompressor): Promise<WrittenPage> {
  // A dictionary is always compressed: its header has no word for the opposite.
  const compressed = await compressor.compress(values);
  const header: ThriftStruct = [
    [1, { i32: count }],
    [2, { i32: encodingCodes.PLAIN }],
  ];
  return written(pageCodes.dictionary, [7, header], [compressed], values.length);
}

export type DataPage = {
  encoding: PageEncoding;
  /** Values with those that are null, those that are null, and rows. */
  values: number;
  nulls: number;
  rows: number;
  repetitions: Uint8Array;
  definitions: Uint8Array;
  data: Uint8Array<ArrayBuffer>;
};

/** A data page of version 2: its levels are not compressed. */
export async function dataPage(page: DataPage, compressor: PageCompressor): Promise<WrittenPage> {
  const isCompressed = page.data.length >= compressedFrom;
  const data = isCompressed ? await compressor.compress(page.data) : page.data;
  const header: ThriftStruct = [
    [1, { i32: page.values }],
    [2, { i32: page.nulls }],
    [3, { i32: page.rows }],
    [4, { i32: encodingCodes[page.encoding] }],
    [5, { i32: page.definitions.length }],
    [6, { i32: page.repetitions.length }],
    [7, isCompressed],
  ];
  const plainSize = page.repetitions.length + page.definitions.length + page.data.length;
  return written(pageCodes.data, [8, header], [page.repetitions, page.definitions, data], plainSize);
}

function written(type: number, header: readonly [number, ThriftStruct], parts: Uint8Array[], plainSize: number): WrittenPage {
  const size = parts.reduce((sum, { length }) => sum + length, 0);
  const head = thriftBytes([[1, { i32: type }], [2, { i32: plainSize }], [3, { i32: size }], header]);
  return { bytes: [head, ...parts], size: head.length + size, plainSize: head.length + plainSize };
}

/** What `write` writes, as bytes of its own. */
export function bytesOf(write: (bytes: ParquetBytes) => void): Uint8Array<ArrayBuffer> {
  const bytes = new ParquetBytes();
  write(bytes);
  return bytes.take();
}
