import type { Row } from '../snapshot-format.ts';
import { ParquetBytes } from './parquet-bytes.ts';
import { ParquetDictionary } from './parquet-dictionary.ts';
import type { PageCompressor, PageEncoding, WrittenPage } from './parquet-pages.ts';
import { bytesOf, dataPage, dictionaryPage } from './parquet-pages.ts';
import { bitsFor, writeRuns } from './parquet-runs.ts';
import type { Scalar, ValueType } from './parquet-values.ts';
import { valueTypes } from './parquet-values.ts';

/** A column without parts. Levels are those of the Dremel paper: how much of its path is there, and which list of it goes on. */
export type Leaf = { path: readonly string[]; kind: keyof typeof valueTypes; maxDefinition: number; maxRepetition: number };

/** Smallest and largest of some values; undefined where all are null. */
export type Range = { min: Scalar; max: Scalar } | undefined;
type PageFacts = { encoding: PageEncoding; values: number; nulls: number; firstRow: number; range: Range };

/** A column of a row group, complete but for its place in the file. */
export type Chunk = { leaf: Leaf; dictionary: WrittenPage | undefined; pages: (PageFacts & WrittenPage)[] };

/** Pages that the page index can skip. */
const pageBytes = 1024 * 1024;
const pageValues = 20_000;
/** After so many values it is settled whether they repeat often enough for a dictionary. */
const probedValues = 1_000;

/**
 * Takes the values of one column, row group by row group, and makes pages of them as they fill. What repeats is written as numbers
 * into a dictionary; whether it does is told by the group's first values, so that the same values give the same bytes.
 */
export class LeafWriter {
  /** About how many characters came since the group began. */
  characters = 0;
  readonly #leaf: Leaf;
  readonly #compressor: PageCompressor;
  readonly #type: ValueType;
  readonly #dictionary = new ParquetDictionary();
  #mode: 'probing' | 'dictionary' | 'plain' = 'probing';
  #pages: (PageFacts & { written: Promise<WrittenPage> })[] = [];
  #firstRow = 0;

  // Of the current page: its rows, values with and without those that are null, and either their places in the dictionary or their bytes.
  #rows = 0;
  #values = 0;
  #present = 0;
  #definitions = new Uint8Array(1024);
  #repetitions = new Uint8Array(1024);
  #places = new Int32Array(1024);
  readonly #plain = new ParquetBytes();
  #range: Range;

  constructor(leaf: Leaf, compressor: PageCompressor) {
    this.#leaf = leaf;
    this.#compressor = compressor;
    this.#type = valueTypes[leaf.kind];
  }

  /** The values of a column without parts: one for each row, null where there is none. Most columns hold the same again and again. */
  putRows(rows: readonly Row[], name: string): void {
    for (let start = 0; start < rows.length;) {
      const row = rows[start] as Row;
      const value = row[name];
      if (value === undefined) throw new Error(`The row ${String(row['id'] ?? '')} has no ${name}`);
      let end = start + 1;
      while (end < rows.length && (rows[end] as Row)[name] === value) end += 1;
      this.#putRun(value as Scalar | null, end - start);
      start = end;
    }
  }

  /** A value that is there. `repetition` is 0 where a row begins. */
  put(value: Scalar, repetition: number): void {
    this.#addLevels(repetition, this.#leaf.maxDefinition);
    this.characters += typeof value === 'string' ? value.length : 8;
    if (this.#mode === 'plain') {
      this.#type.write(this.#plain, value);
      this.#widen(value);
    } else {
      if (this.#present === this.#places.length) this.#places = twice(this.#places, Int32Array);
      this.#places[this.#present] = this.#dictionary.placeOf(value);
    }
    this.#present += 1;
  }

  /** A value that is not there; `definition` tells how much of its path is. */
  putNothing(repetition: number, definition: number): void {
    this.#addLevels(repetition, definition);
  }

  /** Ends the row group. */
  async end(): Promise<Chunk> {
    if (this.#mode === 'probing') this.#settle();
    this.#endPage();
    const pages = this.#pages;
    const { entries } = this.#dictionary;
    this.#pages = [];
    this.#firstRow = 0;
    this.characters = 0;
    this.#mode = 'probing';
    this.#dictionary.clear();
    const refers = pages.some(({ encoding }) => encoding === 'RLE_DICTIONARY');
    return {
      leaf: this.#leaf,
      dictionary: refers ? await dictionaryPage(this.#plainBytes(entries), entries.length, this.#compressor) : undefined,
      pages: await Promise.all(pages.map(async ({ written, ...page }) => ({ ...page, ...(await written) }))),
    };
  }

  #putRun(value: Scalar | null, count: number): void {
    const { maxDefinition, path } = this.#leaf;
    if (value === null && maxDefinition === 0) throw new Error(`${path.join('.')} lacks a value`);
    this.#beginRow();
    this.#rows += count - 1;
    while (this.#values + count > this.#definitions.length) this.#growLevels();
    if (maxDefinition > 0) this.#definitions.fill(value === null ? 0 : maxDefinition, this.#values, this.#values + count);
    this.#values += count;
    if (value === null) return;
    this.characters += count * (typeof value === 'string' ? value.length : 8);
    if (this.#mode === 'plain') {
      for (let index = 0; index < count; index += 1) this.#type.write(this.#plain, value);
      this.#widen(value);
    } else {
      while (this.#present + count > this.#places.length) this.#places = twice(this.#places, Int32Array);
      this.#places.fill(this.#dictionary.placeOf(value), this.#present, this.#present + count);
    }
    this.#present += count;
  }

  #addLevels(repetition: number, definition: number): void {
    if (repetition === 0) this.#beginRow();
    if (this.#values === this.#definitions.length) this.#growLevels();
    this.#definitions[this.#values] = definition;
    this.#repetitions[this.#values] = repetition;
    this.#values += 1;
  }

  #growLevels(): void {
    this.#definitions = twice(this.#definitions, Uint8Array);
    this.#repetitions = twice(this.#repetitions, Uint8Array);
  }

  #beginRow(): void {
    if (this.#mode === 'probing') {
      if (this.#present >= probedValues) this.#settle();
    } else if (this.#mode === 'dictionary' && this.#dictionary.isFull) {
      this.#endPage();
      this.#mode = 'plain';
    }
    if (this.#values >= pageValues || this.#plain.length >= pageBytes) this.#endPage();
    this.#rows += 1;
  }

  /** Keeps the dictionary where values come twice at least, on average; Parquet has none for booleans. */
  #settle(): void {
    const { entries } = this.#dictionary;
    const worthIt = entries.length * 2 <= this.#present && !this.#dictionary.isFull;
    this.#mode = this.#leaf.kind === 'boolean' || (worthIt && this.#present > 0) ? 'dictionary' : 'plain';
    if (this.#mode === 'dictionary') return;
    for (let index = 0; index < this.#present; index += 1) {
      const value = entries[this.#places[index] as number] as Scalar;
      this.#type.write(this.#plain, value);
      this.#widen(value);
    }
    this.#dictionary.clear();
  }

  #endPage(): void {
    if (this.#rows === 0) return;
    if (this.#mode === 'probing') this.#settle();
    const { maxDefinition, maxRepetition } = this.#leaf;
    const { encoding, data } = this.#encodeValues();
    const [values, rows, nulls] = [this.#values, this.#rows, this.#values - this.#present];
    const levels = (of: Uint8Array, max: number) => bytesOf((bytes) => max > 0 && writeRuns(bytes, of, values, bitsFor(max)));
    const [repetitions, definitions] = [levels(this.#repetitions, maxRepetition), levels(this.#definitions, maxDefinition)];
    const written = dataPage({ encoding, values, nulls, rows, repetitions, definitions, data }, this.#compressor);
    // Awaited at the end of the group; until then a failure is nobody's.
    written.catch(() => {});
    this.#pages.push({ written, encoding, values, nulls, firstRow: this.#firstRow, range: this.#range });
    this.#firstRow += rows;
    this.#rows = 0;
    this.#values = 0;
    this.#present = 0;
    this.#range = undefined;
  }

  #encodeValues(): { encoding: PageEncoding; data: Uint8Array<ArrayBuffer> } {
    if (this.#mode === 'plain') return { encoding: 'PLAIN', data: this.#plain.take() };
    const { entries } = this.#dictionary;
    const used = new Uint8Array(entries.length);
    for (let index = 0; index < this.#present; index += 1) used[this.#places[index] as number] = 1;
    for (const [place, value] of entries.entries()) if (used[place] === 1) this.#widen(value);
    if (this.#leaf.kind === 'boolean') return { encoding: 'RLE', data: this.#booleanBytes(entries) };
    const bits = Math.max(1, bitsFor(entries.length - 1));
    const data = bytesOf((bytes) => {
      bytes.byte(bits);
      writeRuns(bytes, this.#places, this.#present, bits);
    });
    return { encoding: 'RLE_DICTIONARY', data };
  }

  /** Runs of zeros and ones, behind their length. */
  #booleanBytes(entries: readonly Scalar[]): Uint8Array<ArrayBuffer> {
    const bits = this.#places.subarray(0, this.#present).map((place) => Number(entries[place]));
    const runs = bytesOf((bytes) => writeRuns(bytes, bits, bits.length, 1));
    return bytesOf((bytes) => {
      bytes.low(runs.length, 4);
      bytes.append(runs);
    });
  }

  #plainBytes(values: readonly Scalar[]): Uint8Array<ArrayBuffer> {
    return bytesOf((bytes) => {
      for (const value of values) this.#type.write(bytes, value);
    });
  }

  #widen(value: Scalar): void {
    if (this.#range === undefined) this.#range = { min: value, max: value };
    else if (this.#type.isBefore(this.#range.max, value)) this.#range.max = value;
    else if (this.#type.isBefore(value, this.#range.min)) this.#range.min = value;
  }
}

function twice<T extends Uint8Array | Int32Array>(values: T, Make: new (length: number) => T): T {
  const larger = new Make(values.length * 2);
  larger.set(values);
  return larger;
}
