import type { ParquetBytes } from './parquet-bytes.ts';

/** Bits that each of the numbers up to `largest` has. */
export const bitsFor = (largest: number) => 32 - Math.clz32(largest);

/**
 * Numbers of `bits` bits, at most 24, as Parquet's hybrid of runs and packed bits: a run where 8 or more are the same, the rest in
 * groups of 8 (Apache Parquet, "Run Length Encoding / Bit-Packing Hybrid").
 */
export function writeRuns(bytes: ParquetBytes, values: ArrayLike<number>, count: number, bits: number): void {
  const width = (bits + 7) >> 3;
  let packed = 0;
  let at = 0;
  while (at < count) {
    const value = values[at] as number;
    let end = at + 1;
    while (end < count && values[end] === value) end += 1;
    if (end - at >= 8) {
      pack(bytes, values, packed, at, bits);
      bytes.varint((end - at) * 2);
      bytes.low(value, width);
      at = end;
      packed = end;
    } else at += 8;
  }
  pack(bytes, values, packed, count, bits);
}

/** The last group is filled with zeros; readers know how many numbers there are. */
function pack(bytes: ParquetBytes, values: ArrayLike<number>, start: number, end: number, bits: number): void {
  if (start === end) return;
  const groups = Math.ceil((end - start) / 8);
  bytes.varint(groups * 2 + 1);
  let held = 0;
  let heldBits = 0;
  for (let index = start; index < start + groups * 8; index += 1) {
    if (index < end) held |= (values[index] as number) << heldBits;
    heldBits += bits;
    for (; heldBits >= 8; heldBits -= 8) {
      bytes.byte(held & 0xff);
      held >>>= 8;
    }
  }
}
