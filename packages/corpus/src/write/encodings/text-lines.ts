import type { Row } from '../snapshot-format.ts';
import type { Encoded, RowSource } from './encoding.ts';

/** Rows that are read, encoded and passed on together. */
const rowsAtOnce = 500;

/** The lines of all rows in UTF-8, `head` first. */
export async function* encodeText(
  rows: RowSource,
  encode: (row: Row) => string,
  head = '',
): AsyncGenerator<Uint8Array<ArrayBuffer>, Encoded> {
  const total = { rows: 0, bytes: 0 };
  let text = head;
  for (;;) {
    const batch = await rows.take(rowsAtOnce);
    for (const row of batch) text += encode(row);
    total.rows += batch.length;
    if (text !== '') {
      const chunk = toBytes(text);
      total.bytes += chunk.length;
      yield chunk;
    }
    if (batch.length < rowsAtOnce) return total;
    text = '';
  }
}

/** Not from the pool of small buffers: whoever gets the bytes may give them away. */
function toBytes(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(text, 'utf8'));
}
