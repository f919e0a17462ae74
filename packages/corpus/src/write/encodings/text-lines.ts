import type { Row } from '../snapshot-format.ts';
import type { Encoded, RowSource } from './encoding.ts';

/** Rows that are read, encoded and passed on together. */
const rowsAtOnce = 500;
const firstBytes = 256 * 1024;
/** UTF-8 takes at most so many bytes for a unit of UTF-16. */
const bytesPerUnit = 3;

/** The lines of all rows in UTF-8, `head` first. */
export async function* encodeText(
  rows: RowSource,
  encode: (row: Row) => string,
  head = '',
): AsyncGenerator<Uint8Array<ArrayBuffer>, Encoded> {
  const total = { rows: 0, bytes: 0 };
  const buffer = createTextBuffer();
  buffer.add(head);
  for (;;) {
    const batch = await rows.take(rowsAtOnce);
    // Line by line: one character beyond Latin-1 would make a long text that holds it twice as large, and slow.
    for (const row of batch) buffer.add(encode(row));
    total.rows += batch.length;
    const chunk = buffer.take();
    total.bytes += chunk.length;
    if (chunk.length > 0) yield chunk;
    if (batch.length < rowsAtOnce) return total;
  }
}

function createTextBuffer() {
  let bytes = Buffer.allocUnsafeSlow(firstBytes);
  let filled = 0;
  return {
    add(text: string): void {
      const most = filled + text.length * bytesPerUnit;
      if (most > bytes.length) {
        const larger = Buffer.allocUnsafeSlow(Math.max(most, bytes.length * 2));
        bytes.copy(larger, 0, 0, filled);
        bytes = larger;
      }
      filled += bytes.write(text, filled, 'utf8');
    },
    /** What was added since; it is the caller's own. */
    take(): Uint8Array<ArrayBuffer> {
      const taken = new Uint8Array(bytes.subarray(0, filled));
      filled = 0;
      return taken;
    },
  };
}
