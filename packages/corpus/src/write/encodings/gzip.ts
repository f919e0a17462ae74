import { PassThrough, Transform } from 'node:stream';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createDeflateRaw, crc32 } from 'node:zlib';

/** Deflate, no name, no time, default level, unknown system: nothing in it tells when or where it was written. */
const header = Buffer.from([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 0xff]);
const level = 6;

export type Gzip = {
  input: Writable;
  output: Readable;
  /** Settles when the last byte has left `output`, or when either end fails, which ends the other end too. */
  done: Promise<void>;
};

/**
 * Compresses to gzip (RFC 1952) as one member, so that browsers read it too. The same bytes in give the same bytes out,
 * however they are cut into chunks. Compression runs beside the main thread.
 */
export function openGzip(): Gzip {
  let checksum = 0;
  let bytes = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      checksum = crc32(chunk, checksum);
      bytes += chunk.length;
      next(null, chunk);
    },
  });
  const output = new PassThrough({
    construct(ready) {
      this.push(header);
      ready();
    },
    flush(ready) {
      const trailer = Buffer.alloc(8);
      trailer.writeUInt32LE(checksum, 0);
      trailer.writeUInt32LE(bytes % 2 ** 32, 4);
      ready(null, trailer);
    },
  });
  const done = pipeline(meter, createDeflateRaw({ level }), output);
  // Whoever waits for `done` learns of a failure; it must not also end the process.
  done.catch(() => {});
  return { input: meter, output, done };
}
