import { ParquetBytes } from './parquet-bytes.ts';

/** A value of a thrift structure. Numbers say how wide they are, as readers refuse another width. */
export type ThriftValue =
  | boolean
  | string
  | Uint8Array
  | { i16: number }
  | { i32: number }
  | { i64: number }
  | { list: readonly ThriftValue[]; of: keyof typeof typeCodes }
  | ThriftStruct;
/** Fields by their number, in ascending order; what is undefined is left out. */
export type ThriftStruct = readonly (readonly [number, ThriftValue | undefined])[];

const typeCodes = { bool: 1, i16: 4, i32: 5, i64: 6, binary: 8, list: 9, struct: 12 } as const;

/** A structure in thrift's compact protocol (Apache Thrift, "Compact protocol encoding"), which Parquet's metadata is in. */
export function thriftBytes(struct: ThriftStruct): Uint8Array<ArrayBuffer> {
  const bytes = new ParquetBytes();
  writeStruct(bytes, struct);
  return bytes.take();
}

function writeStruct(bytes: ParquetBytes, struct: ThriftStruct): void {
  let before = 0;
  for (const [id, value] of struct) {
    if (value === undefined) continue;
    // A boolean field is its type: 1 is true, 2 is false.
    const code = typeof value === 'boolean' ? 2 - Number(value) : typeCodes[typeOf(value)];
    // All structures of Parquet's metadata have fewer than 16 fields between two that are set.
    bytes.byte(((id - before) << 4) | code);
    before = id;
    if (typeof value !== 'boolean') writeValue(bytes, value);
  }
  bytes.byte(0);
}

function typeOf(value: ThriftValue): keyof typeof typeCodes {
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string' || value instanceof Uint8Array) return 'binary';
  if ('i16' in value) return 'i16';
  if ('i32' in value) return 'i32';
  if ('i64' in value) return 'i64';
  return 'list' in value ? 'list' : 'struct';
}

function writeValue(bytes: ParquetBytes, value: ThriftValue): void {
  // In lists only.
  if (typeof value === 'boolean') bytes.byte(2 - Number(value));
  else if (typeof value === 'string') writeBinary(bytes, Buffer.from(value));
  else if (value instanceof Uint8Array) writeBinary(bytes, value);
  else if ('i16' in value) bytes.varint(zigzag(value.i16));
  else if ('i32' in value) bytes.varint(zigzag(value.i32));
  else if ('i64' in value) bytes.varint(zigzag(value.i64));
  else if ('list' in value) {
    const { length } = value.list;
    bytes.byte((Math.min(length, 15) << 4) | typeCodes[value.of]);
    if (length >= 15) bytes.varint(length);
    for (const item of value.list) writeValue(bytes, item);
  } else writeStruct(bytes, value);
}

function writeBinary(bytes: ParquetBytes, value: Uint8Array): void {
  bytes.varint(value.length);
  bytes.append(value);
}

const zigzag = (value: number) => (value < 0 ? -2 * value - 1 : 2 * value);
