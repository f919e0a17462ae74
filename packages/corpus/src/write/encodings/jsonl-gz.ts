import type { Encoding } from './encoding.ts';
import { openGzip } from './gzip.ts';
import { encodeLines } from './jsonl.ts';

/** JSON Lines, gzipped as one member, which browsers read too. */
export const jsonlGzEncoding: Encoding = {
  name: 'jsonl.gz',
  mediaType: 'application/gzip',
  tabular: false,
  async *encode(rows, shape) {
    const { input, output, done } = openGzip();
    const counted = (async () => {
      const lines = encodeLines(rows, shape);
      try {
        for (;;) {
          const next = await lines.next();
          if (next.done) {
            input.end();
            return next.value;
          }
          const accepted = new Promise<void>((resolve) => void input.write(next.value, () => resolve()));
          await Promise.race([accepted, done]);
        }
      } catch (error) {
        output.destroy(error as Error);
        throw error;
      }
    })();
    counted.catch(() => {});
    yield* output as AsyncIterable<Uint8Array>;
    return counted;
  },
};
