import { readCsvRows } from './csv-rows.ts';
import { readJsonlRows } from './jsonl-rows.ts';
import { openContent } from './open-content.ts';
import type { FileOpener, OpenedContent } from './open-content.ts';
import { defaultRowLimits } from './row.ts';
import type { Row, RowLimits } from './row.ts';

export type Container = 'jsonl' | 'csv';
export type ReadOptions = {
  container: Container;
  /** Rows that begin on this line or before are skipped. */
  afterLine?: number;
  /** Reads so many bytes of the content at most. */
  bytesMax?: number;
} & Partial<RowLimits>;

/**
 * Reads a file of rows (gzip or not) as a stream, in bounded memory and in time that grows with its length. Rows that cannot be read
 * are yielded with an issue; only a damaged archive, an impossible header, or a file beyond the limits throws (`UnreadableFileError`).
 * `bytesSoFar` counts bytes of the file as stored. A CSV file is opened up to three times, one after the other.
 */
export async function* readRows(open: FileOpener, options: ReadOptions): AsyncGenerator<Row> {
  const { container, afterLine = 0, bytesMax, ...given } = options;
  const context = { limits: { ...defaultRowLimits, ...given }, afterLine };
  let file: OpenedContent | undefined;
  const openHere = async () => (file = await openContent(open, bytesMax));
  const rows = container === 'csv' ? readCsvRows(openHere, context) : readJsonlRows(openHere, context);
  for await (const row of rows) {
    if (file?.compressedBytes) row.bytesSoFar = file.compressedBytes();
    yield row;
  }
}
