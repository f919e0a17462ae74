import type { Column } from './column-types.ts';
import { parquetSchema } from './parquet-columns.ts';
import type { Chunk, Range } from './parquet-leaf.ts';
import type { PageEncoding } from './parquet-pages.ts';
import { encodingCodes, pageCodes } from './parquet-pages.ts';
import type { ThriftStruct, ThriftValue } from './parquet-thrift.ts';
import { thriftBytes } from './parquet-thrift.ts';
import type { Bound, ValueType } from './parquet-values.ts';
import { valueTypes } from './parquet-values.ts';

const createdBy = 'granary';
const version = 2;
const zstdCode = 6;
const orders = { unordered: 0, ascending: 1, descending: 2 };

type Group = { rows: number; columns: WrittenChunk[] };
/** What is told of a column's chunk when its bytes are gone. */
type WrittenChunk = {
  metadata: ThriftStruct;
  offset: number;
  size: number;
  plainSize: number;
  columnIndex: Uint8Array | undefined;
  offsetIndex: Uint8Array | undefined;
};

/** Describes what stands in a file, and gives the end of the file that tells of it. */
export function createFooter(columns: readonly Column[]) {
  const groups: Group[] = [];
  return {
    /** Bytes before compression, with the pages' headers. */
    plainSize: () => sum(groups.flatMap(({ columns: chunks }) => chunks.map(({ plainSize }) => plainSize))),
    addGroup(rows: number): void {
      groups.push({ rows, columns: [] });
    },
    /** A chunk of the last group that stands at `offset`. */
    addChunk(chunk: Chunk, offset: number): void {
      groups.at(-1)?.columns.push(describe(chunk, offset));
    },
    /** Page indexes, metadata and the mark at the end, where the file has `offset` bytes so far. */
    bytes(offset: number): Uint8Array<ArrayBuffer> {
      const parts: Uint8Array[] = [];
      let at = offset;
      const place = (index: Uint8Array | undefined) => {
        if (index === undefined) return undefined;
        parts.push(index);
        at += index.length;
        return { offset: at - index.length, size: index.length };
      };
      const chunks = groups.flatMap(({ columns: written }) => written);
      const columnIndexes = new Map(chunks.map((chunk) => [chunk, place(chunk.columnIndex)]));
      const offsetIndexes = new Map(chunks.map((chunk) => [chunk, place(chunk.offsetIndex)]));
      const columnOf = (chunk: WrittenChunk): ThriftStruct => [
        [2, { i64: chunk.offset }],
        [3, chunk.metadata],
        ...placed(4, offsetIndexes.get(chunk)),
        ...placed(6, columnIndexes.get(chunk)),
      ];
      const metadata = thriftBytes(fileMetadata(columns, groups, columnOf));
      const length = Buffer.alloc(4);
      length.writeUInt32LE(metadata.length);
      return new Uint8Array(Buffer.concat([...parts, metadata, length, Buffer.from('PAR1')]));
    },
  };
}

const placed = (field: number, place: { offset: number; size: number } | undefined): ThriftStruct => [
  [field, place && { i64: place.offset }],
  [field + 1, place && { i32: place.size }],
];

function fileMetadata(columns: readonly Column[], groups: readonly Group[], columnOf: (chunk: WrittenChunk) => ThriftStruct): ThriftStruct {
  const leaves = groups[0]?.columns.length ?? 0;
  // Every leaf is ordered as its type says.
  const typeOrder: ThriftStruct = [[1, []]];
  return [
    [1, { i32: version }],
    [2, structs(parquetSchema(columns))],
    [3, { i64: sum(groups.map(({ rows }) => rows)) }],
    [4, structs(groups.map((group, index) => rowGroup(group, index, columnOf)))],
    [6, createdBy],
    [7, leaves === 0 ? undefined : structs(Array.from({ length: leaves }, () => typeOrder))],
  ];
}

function rowGroup({ rows, columns }: Group, ordinal: number, columnOf: (chunk: WrittenChunk) => ThriftStruct): ThriftStruct {
  return [
    [1, structs(columns.map(columnOf))],
    [2, { i64: sum(columns.map(({ plainSize }) => plainSize)) }],
    [3, { i64: rows }],
    [5, { i64: columns[0]?.offset ?? 0 }],
    [6, { i64: sum(columns.map(({ size }) => size)) }],
    // It has 16 bits, and may be left out.
    [7, ordinal < 2 ** 15 ? { i16: ordinal } : undefined],
  ];
}

function describe({ leaf, dictionary, pages }: Chunk, offset: number): WrittenChunk {
  const type = valueTypes[leaf.kind];
  const written = [...(dictionary ? [dictionary] : []), ...pages];
  const [size, plainSize] = [sum(written.map((page) => page.size)), sum(written.map((page) => page.plainSize))];
  const dataOffset = offset + (dictionary?.size ?? 0);
  const encodings = new Set<PageEncoding>([...(dictionary ? (['PLAIN'] as const) : []), 'RLE', ...pages.map(({ encoding }) => encoding)]);
  const metadata: ThriftStruct = [
    [1, { i32: type.physical }],
    [2, { list: [...encodings].map((encoding) => ({ i32: encodingCodes[encoding] })), of: 'i32' }],
    [3, { list: leaf.path, of: 'binary' }],
    [4, { i32: zstdCode }],
    [5, { i64: sum(pages.map(({ values }) => values)) }],
    [6, { i64: plainSize }],
    [7, { i64: size }],
    [9, { i64: dataOffset }],
    [11, dictionary && { i64: offset }],
    [12, statistics(type, pages)],
    [13, encodingStatistics(dictionary !== undefined, pages)],
  ];
  const several = pages.length > 1;
  return {
    metadata,
    offset,
    size,
    plainSize,
    columnIndex: several ? columnIndex(type, pages) : undefined,
    offsetIndex: several ? offsetIndex(pages, dataOffset) : undefined,
  };
}

function statistics(type: ValueType, pages: Chunk['pages']): ThriftStruct {
  let range: Range;
  for (const { range: own } of pages) {
    if (own === undefined) continue;
    range ??= { ...own };
    if (type.isBefore(own.min, range.min)) range.min = own.min;
    if (type.isBefore(range.max, own.max)) range.max = own.max;
  }
  const [min, max] = [range && type.bound(range.min, 'min'), range && type.bound(range.max, 'max')];
  return [
    [3, { i64: sum(pages.map(({ nulls }) => nulls)) }],
    [5, max?.bytes],
    [6, min?.bytes],
    [7, max?.exact],
    [8, min?.exact],
  ];
}

/** How many pages have which encoding: tells readers whether a dictionary holds all values. */
function encodingStatistics(hasDictionary: boolean, pages: Chunk['pages']): ThriftValue {
  const counts = new Map<PageEncoding, number>();
  for (const { encoding } of pages) counts.set(encoding, (counts.get(encoding) ?? 0) + 1);
  const statistic = (page: number, encoding: PageEncoding, count: number): ThriftStruct => [
    [1, { i32: page }],
    [2, { i32: encodingCodes[encoding] }],
    [3, { i32: count }],
  ];
  return structs([
    ...(hasDictionary ? [statistic(pageCodes.dictionary, 'PLAIN', 1)] : []),
    ...[...counts].map(([encoding, count]) => statistic(pageCodes.data, encoding, count)),
  ]);
}

/** Bounds of each page (`ColumnIndex`); none where one of them has no bound, as the index has no word for that. */
function columnIndex(type: ValueType, pages: Chunk['pages']): Uint8Array | undefined {
  const bounds: { min: Bound; max: Bound }[] = [];
  for (const { range } of pages) {
    if (range === undefined) continue;
    const [min, max] = [type.bound(range.min, 'min'), type.bound(range.max, 'max')];
    if (min === undefined || max === undefined) return undefined;
    bounds.push({ min, max });
  }
  const rest = bounds.values();
  const listed = pages.map(({ range }) => (range === undefined ? undefined : rest.next().value));
  const empty = new Uint8Array(0);
  return thriftBytes([
    [1, { list: pages.map(({ range }) => range === undefined), of: 'bool' }],
    [2, { list: listed.map((bound) => bound?.min.bytes ?? empty), of: 'binary' }],
    [3, { list: listed.map((bound) => bound?.max.bytes ?? empty), of: 'binary' }],
    [4, { i32: orderOf(type, pages) }],
    [5, { list: pages.map(({ nulls }) => ({ i64: nulls })), of: 'i64' }],
  ]);
}

/** Whether the pages' smallest and largest values both rise, or fall: readers then search instead of looking at all. */
function orderOf(type: ValueType, pages: Chunk['pages']): number {
  const ranges = pages.flatMap(({ range }) => (range === undefined ? [] : [range]));
  const follows = (isWrong: (value: Range & object, before: Range & object) => boolean) =>
    ranges.every((range, index) => index === 0 || !isWrong(range, ranges[index - 1] as Range & object));
  if (follows((range, before) => type.isBefore(range.min, before.min) || type.isBefore(range.max, before.max))) return orders.ascending;
  if (follows((range, before) => type.isBefore(before.min, range.min) || type.isBefore(before.max, range.max))) return orders.descending;
  return orders.unordered;
}

/** Where each page stands (`OffsetIndex`). */
function offsetIndex(pages: Chunk['pages'], dataOffset: number): Uint8Array {
  let at = dataOffset;
  const locations = pages.map(({ size, firstRow }): ThriftStruct => {
    at += size;
    return [
      [1, { i64: at - size }],
      [2, { i32: size }],
      [3, { i64: firstRow }],
    ];
  });
  return thriftBytes([[1, structs(locations)]]);
}

const structs = (list: readonly ThriftStruct[]): ThriftValue => ({ list, of: 'struct' });
const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
