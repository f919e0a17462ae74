import type { Row } from '../snapshot-format.ts';
import type { Column } from './column-types.ts';
import { columnsOf } from './column-types.ts';
import type { Encoding } from './encoding.ts';
import { createShredder } from './parquet-columns.ts';
import { createFooter } from './parquet-footer.ts';
import { LeafWriter } from './parquet-leaf.ts';
import type { Chunk, Leaf } from './parquet-leaf.ts';
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
        for (const { put } of columns) put(batch);
        await compressor.makeRoom();
      }
      if (count === 0) break;
      footer.addGroup(count);
      total.rows += count;
      const chunks = leaves.map((leaf) => leaf.end());
      // Each is awaited in its turn; until then a failure is nobody's.
      for (const chunk of chunks) chunk.catch(() => {});
      for (const ended of chunks) {
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
  const open = (leaf: Leaf) => {
    const writer = new LeafWriter(leaf, compressor);
    leaves.push(writer);
    return writer;
  };
  return { columns: list.map((column) => ({ column, put: putOf(column, open) })), leaves, compressor };
}

/** How the values that rows have in a column come to its leaves. */
function putOf(column: Column, open: (leaf: Leaf) => LeafWriter): (rows: readonly Row[]) => void {
  const { name, type } = column;
  if (type.kind !== 'list' && type.kind !== 'struct') {
    const leaf = open({ path: [name], kind: type.kind, maxDefinition: Number(type.nullable), maxRepetition: 0 });
    return (rows) => leaf.putRows(rows, name);
  }
  const shred = createShredder(column, open);
  return (rows) => {
    for (const row of rows) {
      if (row[name] === undefined) throw new Error(`The row ${String(row['id'] ?? '')} has no ${name}`);
      shred(row[name], 0);
    }
  };
}

const charactersOf = (leaves: readonly LeafWriter[]) => leaves.reduce((sum, { characters }) => sum + characters, 0);

function bytesOfChunk({ dictionary, pages }: Chunk): Uint8Array<ArrayBuffer> {
  const written = [...(dictionary ? [dictionary] : []), ...pages];
  const bytes = new Uint8Array(written.reduce((sum, { size }) => sum + size, 0));
  let at = 0;
  for (const part of written.flatMap((page) => page.bytes)) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
