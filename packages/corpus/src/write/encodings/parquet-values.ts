import type { ParquetBytes } from './parquet-bytes.ts';

/** A value of a leaf column that is not null. */
export type Scalar = string | number | boolean;

/** How values of one type are compared and written. */
export type ValueType = {
  /** Number of the physical type in Parquet's `Type`. */
  physical: number;
  /** Throws where the value is not one of the type. */
  write(bytes: ParquetBytes, value: Scalar): void;
  isBefore(a: Scalar, b: Scalar): boolean;
  /** What statistics say that values do not lie below (`min`) or above (`max`); undefined where nothing short says it. */
  bound(value: Scalar, side: 'min' | 'max'): Bound | undefined;
};
export type Bound = { bytes: Uint8Array; exact: boolean };

/** Bounds of texts are cut to so many bytes: they are read before any data is. */
const boundBytes = 64;

const string: ValueType = {
  physical: 6,
  write: (bytes, value) => bytes.sizedText(value as string),
  isBefore: (a, b) => textIsBefore(a as string, b as string),
  bound: (value, side) => textBound(value as string, side),
};

const integer: ValueType = {
  physical: 2,
  write(bytes, value) {
    if (!Number.isSafeInteger(value)) throw new Error(`${String(value)} is no integer that fits`);
    bytes.int64(value as number);
  },
  isBefore: (a, b) => a < b,
  bound(value) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(value));
    return { bytes, exact: true };
  },
};

const number: ValueType = {
  physical: 5,
  write(bytes, value) {
    if (!Number.isFinite(value)) throw new Error(`${String(value)} is no finite number`);
    bytes.double(value as number);
  },
  isBefore: (a, b) => a < b,
  bound(value, side) {
    const bytes = Buffer.alloc(8);
    // Both zeros are equal: the bounds take in both.
    bytes.writeDoubleLE(value === 0 ? (side === 'min' ? -0 : 0) : (value as number));
    return { bytes, exact: true };
  },
};

const boolean: ValueType = {
  physical: 0,
  write: (bytes, value) => bytes.byte(Number(value)),
  isBefore: (a, b) => a < b,
  bound: (value) => ({ bytes: Uint8Array.of(Number(value)), exact: true }),
};

export const valueTypes = { string, integer, number, boolean };

const isSurrogate = (unit: number) => unit >= 0xd800 && unit <= 0xdfff;

/** Whether `a` comes before `b` by the bytes of UTF-8, which is Parquet's order: UTF-16 has another one beyond U+FFFF. */
function textIsBefore(a: string, b: string): boolean {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const [left, right] = [a.charCodeAt(index), b.charCodeAt(index)];
    if (left === right) continue;
    if (isSurrogate(left) || isSurrogate(right)) return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
    return left < right;
  }
  return a.length < b.length;
}

function textBound(text: string, side: 'min' | 'max'): Bound | undefined {
  const whole = Buffer.from(text.slice(0, boundBytes + 1));
  if (text.length <= boundBytes && whole.length <= boundBytes) return { bytes: whole, exact: true };
  let end = boundBytes;
  // Characters stay whole: what follows the first byte of one is 10xxxxxx.
  while (((whole[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  const start = whole.subarray(0, end);
  if (side === 'min') return { bytes: start, exact: false };
  const next = textAfter(start.toString());
  return next === undefined ? undefined : { bytes: next, exact: false };
}

/** A text that comes after all those that begin with this one: its last character that has a next one is raised, what follows is left out. */
function textAfter(start: string): Uint8Array | undefined {
  const characters = Array.from(start);
  for (let last = characters.pop(); last !== undefined; last = characters.pop()) {
    const code = (last.codePointAt(0) ?? 0) + 1;
    if (code > 0x10ffff) continue;
    return Buffer.from(characters.join('') + String.fromCodePoint(isSurrogate(code) ? 0xe000 : code));
  }
  return undefined;
}
