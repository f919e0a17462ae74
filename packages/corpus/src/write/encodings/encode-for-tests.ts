import type { Row, RowSchema } from '../snapshot-format.ts';
import { createRowSource } from '../row-source.ts';
import type { Encoding, RowShape } from './encoding.ts';

async function* inBatches(batches: readonly (readonly Row[])[]) {
  yield* batches;
}

/** Every file that rows become, arriving in the batches given. For tests. */
export async function encodeAll(
  encoding: Encoding,
  schema: RowSchema,
  batches: readonly (readonly Row[])[],
  { ratingDimensions = [], maxBytes }: Partial<Omit<RowShape, 'schema'>> & { maxBytes?: number } = {},
) {
  const rows = createRowSource(inBatches(batches));
  const files = [];
  do {
    const chunks: Uint8Array[] = [];
    const encoded = encoding.encode(rows, { schema, ratingDimensions }, maxBytes);
    for (;;) {
      const next = await encoded.next();
      if (next.done) {
        files.push({ bytes: Buffer.concat(chunks), encoded: next.value });
        break;
      }
      chunks.push(next.value);
    }
  } while (await rows.hasMore());
  return files;
}
