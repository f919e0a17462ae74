import type { Row } from '../snapshot-format.ts';
import type { Column } from './column-types.ts';
import { columnsOf } from './column-types.ts';
import type { Encoding } from './encoding.ts';
import { createShredder } from './parquet-columns.ts';
import type { Shredder } from './parquet-columns.ts';
import { createFooter } from './parquet-footer.ts';
import { LeafWriter } from './parquet-leaf.ts';
import type { Chunk } from './parquet-leaf.ts';
import { createPageCompressor } from './parquet-pages.ts';

/** What has to be held at once, compressed: large enough to compress well, small enough to stream and to skip. */
const groupRows = 20_000;
/** In characters of text; long responses make smaller groups. */
const groupCharacters = 24_000_000;
/** A group ends after a multiple of so many rows. */
const stepRows = 500;
const mark = 'PAR1';

/** Parquet: columns with types, compressed by zstd, with statistics and page index; a file can be cut after each row group. */
export const parquetEncoding: Encoding = {
  name: 'parquet',
  mediaType: 'application/vnd.apache.parquet',
  tabular: true,
  async *encode(rows, shape, maxBytes = Infinity) {
    const { columns, leaves, compressor } = openColumns(columnsOf(shape));
    const footer = createFooter(columns.map(({ column }) => column));
    const total = { rows: 0, bytes: 0 };
    let offset = mark.length;
    yield new Uint8Array(Buffer.from(mark));
    for (let last = false; !last && offset < maxBytes;) {
      let count = 0;
      while (!last && count < groupRows && charactersOf(leaves) < groupCharacters) {
        const batch = await rows.take(stepRows);
        last = batch.length < stepRows;
        count += batch.length;
        for (const { column, shred } of columns) collect(batch, column.name, shred);
        await compressor.makeRoom();
      }
      if (count === 0) break;
      footer.addGroup(count);
      total.rows += count;
      for (const ended of leaves.map((leaf) => leaf.end())) {
        const chunk = await ended;
        const bytes = bytesOfChunk(chunk);
        footer.addChunk(chunk, offset);
        offset += bytes.length;
        yield bytes;
      }
    }
    yield footer.bytes(offset);
    total.bytes = footer.plainSize();
    return total;
  },
};

function openColumns(list: readonly Column[]) {
  const leaves: LeafWriter[] = [];
  const compressor = createPageCompressor();
  const columns = list.map((column) => ({
    column,
    shred: createShredder(column, (leaf) => {
      const writer = new LeafWriter(leaf, compressor);
      leaves.push(writer);
      return writer;
    }),
  }));
  return { columns, leaves, compressor };
}

function collect(batch: readonly Row[], name: string, shred: Shredder): void {
  for (const row of batch) {
    const value = row[name];
    if (value === undefined) throw new Error(`The row ${String(row['id'] ?? '')} has no ${name}`);
    shred(value, 0);
  }
}

const charactersOf = (leaves: readonly LeafWriter[]) => leaves.reduce((sum, { characters }) => sum + characters, 0);

function bytesOfChunk({ dictionary, pages }: Chunk): Uint8Array<ArrayBuffer> {
  const parts = [dictionary, ...pages].flatMap((page) => page?.bytes ?? []);
  return new Uint8Array(Buffer.concat(parts));
}
