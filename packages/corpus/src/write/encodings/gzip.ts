import { constants, crc32, deflateRaw } from 'node:zlib';
import { blockBytes, cutIntoBlocks } from './blocks.ts';

/** Deflate, no name, no time, default level, unknown system: nothing in it tells when or where it was written. */
const header = [0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 0xff];
const level = 6;
/** How far back a match may lie in deflate (RFC 1951). */
const windowBytes = 32 * 1024;
/** An empty block that is the last one: ends what blocks without an end began. */
const lastBlock = [0x03, 0x00];
/** Blocks that are compressed at the same time. More would only fill memory. */
const atOnce = 2;

/**
 * Compresses to gzip (RFC 1952) as one member, so that browsers read it too. The same bytes in give the same bytes out, however they
 * are cut into chunks. Blocks are compressed beside the calling thread, several at a time, each knowing the end of the one
 * before as its dictionary, as `pigz` does it. Returns what `chunks` returns.
 */
export async function* gzip<T>(chunks: AsyncGenerator<Uint8Array<ArrayBuffer>, T>): AsyncGenerator<Uint8Array<ArrayBuffer>, T> {
  const blocks = cutIntoBlocks(chunks);
  const compressing: Promise<Uint8Array<ArrayBuffer>>[] = [];
  let checksum = 0;
  let bytes = 0;
  let before = new Uint8Array(0);
  try {
    yield Uint8Array.from(header);
    for (;;) {
      const next = await blocks.next();
      if (next.done) {
        for (const compressed of compressing.splice(0)) yield await compressed;
        yield trailer(checksum, bytes);
        return next.value;
      }
      const block = next.value;
      if (block.length === 0) continue;
      checksum = crc32(block, checksum);
      bytes += block.length;
      compressing.push(compress(block, before));
      before = block.subarray(-windowBytes);
      if (block.length === blockBytes && compressing.length < atOnce) continue;
      yield await (compressing.shift() as Promise<Uint8Array<ArrayBuffer>>);
    }
  } finally {
    await Promise.allSettled(compressing);
    await blocks.return(undefined as never);
  }
}

function compress(block: Uint8Array, dictionary: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const compressed = new Promise<Uint8Array<ArrayBuffer>>((resolve, reject) => {
    // The flush ends a block on a whole byte, so that the next one can follow; the end of the stream comes after the last.
    const options = { level, finishFlush: constants.Z_SYNC_FLUSH, chunkSize: 256 * 1024, ...(dictionary.length > 0 ? { dictionary } : {}) };
    deflateRaw(block, options, (error, result) => (error ? reject(error) : resolve(new Uint8Array(result))));
  });
  // Awaited in its turn; until then a failure is nobody's.
  compressed.catch(() => {});
  return compressed;
}

function trailer(checksum: number, bytes: number): Uint8Array<ArrayBuffer> {
  const trailing = new Uint8Array(lastBlock.length + 8);
  trailing.set(lastBlock);
  const view = new DataView(trailing.buffer, lastBlock.length);
  view.setUint32(0, checksum, true);
  view.setUint32(4, bytes % 2 ** 32, true);
  return trailing;
}
