import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import { blockBytes, cutIntoBlocks } from './blocks.ts';

const params = { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 };

/**
 * Compresses to zstd (RFC 8878) as one frame with a checksum; many readers stop after the first frame. The same bytes in give the
 * same bytes out, however they are cut into chunks. Returns what `chunks` returns.
 */
export async function* zstd<T>(chunks: AsyncGenerator<Uint8Array<ArrayBuffer>, T>): AsyncGenerator<Uint8Array<ArrayBuffer>, T> {
  let result: { value: T } | undefined;
  async function* blocks() {
    const value = yield* cutIntoBlocks(chunks);
    result = { value };
  }
  const compressor = createZstdCompress({ params, chunkSize: blockBytes });
  const done = pipeline(Readable.from(blocks(), { objectMode: true, highWaterMark: 1 }), compressor);
  // Reading the compressor fails along with it.
  done.catch(() => {});
  for await (const chunk of compressor) yield new Uint8Array(chunk as Buffer);
  await done;
  return (result as { value: T }).value;
}
