import { zstdCompressSync } from 'node:zlib';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { Row } from '../snapshot-format.ts';
import type { Column } from './column-types.ts';
import { columnsOf } from './column-types.ts';
import type { Encoding, RowSource } from './encoding.ts';
import { parquetSchema, toPhysical } from './parquet-columns.ts';

/** What is written, and has to be held, at once: large enough to compress well, small enough to stream and to skip. */
const groupRows = 20_000;
/** In characters of text; long responses make smaller groups. */
const groupCharacters = 24_000_000;
/** A group ends after a multiple of so many rows. */
const stepRows = 500;
/** Pages that the page index can skip. */
const pageBytes = 256 * 1024;
const level = { params: { 100: 3 } };
const createdBy = 'granary';

/** Parquet: columns with types, compressed by zstd, with statistics and page index; a file can be cut after each row group. */
export const parquetEncoding: Encoding = {
  name: 'parquet',
  mediaType: 'application/vnd.apache.parquet',
  tabular: true,
  async *encode(rows, shape, maxBytes = Infinity) {
    const columns = columnsOf(shape);
    const writer = new ByteWriter();
    const file = new ParquetWriter({
      writer,
      schema: parquetSchema(columns),
      codec: 'ZSTD',
      compressors: { ZSTD: (bytes) => zstdCompressSync(bytes, level) },
      createdBy,
    });
    const total = { rows: 0, bytes: 0 };
    while (writer.offset < maxBytes) {
      const group = await takeGroup(rows, columns);
      if (group.rows > 0) {
        void file.write({ columnData: group.columnData, rowGroupSize: group.rows, pageSize: pageBytes });
        total.rows += group.rows;
        yield* flushed(writer);
      }
      if (group.last) break;
    }
    void file.finish();
    yield* flushed(writer);
    for (const group of file.row_groups) total.bytes += Number(group.total_byte_size);
    return total;
  },
};

/** Gives what was written since, and goes on with an empty buffer; offsets go on counting. */
function* flushed(writer: ByteWriter): Generator<Uint8Array<ArrayBuffer>> {
  if (writer.index > 0) yield new Uint8Array(writer.buffer.slice(0, writer.index));
  writer.index = 0;
}

/** The columns of the next row group, and whether it is the last. */
async function takeGroup(rows: RowSource, columns: readonly Column[]) {
  const values: unknown[][] = columns.map(() => []);
  let count = 0;
  let characters = 0;
  let last = false;
  while (!last && count < groupRows && characters < groupCharacters) {
    const batch = await rows.take(stepRows);
    last = batch.length < stepRows;
    count += batch.length;
    for (const [index, { name, type }] of columns.entries()) characters += collect(batch, name, type, values[index] as unknown[]);
  }
  const columnData = columns.map(({ name }, index) => ({ name, data: values[index] as unknown[], columnIndex: true }));
  return { rows: count, last, columnData };
}

/** Adds a column's values to `into`, as the writer wants them; gives about how many characters they have. */
function collect(batch: readonly Row[], name: string, type: Column['type'], into: unknown[]): number {
  let characters = 0;
  for (const row of batch) {
    const value = row[name];
    if (value === undefined) throw new Error(`The row ${String(row['id'] ?? '')} has no ${name}`);
    // Nearly all columns are texts, which the writer takes as they are.
    if (typeof value === 'string') {
      characters += value.length;
      into.push(value);
      continue;
    }
    if (typeof value === 'object' && value !== null) characters += charactersOf(value);
    into.push(toPhysical(value, type));
  }
  return characters;
}

function charactersOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  let characters = 0;
  for (const item of Object.values(value)) characters += charactersOf(item);
  return characters;
}
