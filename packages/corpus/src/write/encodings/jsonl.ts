import { createLineEncoder } from '../line-encoder.ts';
import type { Row } from '../snapshot-format.ts';
import type { Encoded, Encoding, RowShape } from './encoding.ts';

/** JSON Lines in UTF-8: an object per row, each ended by a line feed. */
export const jsonlEncoding: Encoding = {
  name: 'jsonl',
  mediaType: 'application/jsonl; charset=utf-8',
  tabular: false,
  encode: encodeLines,
};

export async function* encodeLines(batches: AsyncIterator<readonly Row[]>, { schema }: RowShape): AsyncGenerator<Buffer, Encoded> {
  const encode = createLineEncoder(schema);
  let rows = 0;
  let bytes = 0;
  for (;;) {
    const next = await batches.next();
    if (next.done) return { rows, bytes };
    if (next.value.length === 0) continue;
    const chunk = Buffer.from(next.value.map(encode).join(''), 'utf8');
    rows += next.value.length;
    bytes += chunk.length;
    yield chunk;
  }
}
