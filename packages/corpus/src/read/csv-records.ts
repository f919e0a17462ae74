import { isUtf8 } from 'node:buffer';
import { excerptBytes } from './row.ts';
import type { RowLimits } from './row.ts';
import { byteOrderMark, countLines, newline } from './split-lines.ts';
import type { Position } from './split-lines.ts';

/** Why a record has no fields: it opens a quote that is never closed, a cell or the whole is over its limit, or it is not UTF-8. */
export type CsvProblem = { kind: 'unclosed' | 'record' | 'utf8' } | { kind: 'cell'; column: number };

export type CsvRecord = {
  /** The line on which it begins, and the one on which it ends. */
  line: number;
  lastLine: number;
  /** Offset behind it. */
  end: number;
  /** How many cells it has; `fields` holds no more than the limit. */
  columns: number;
  fields: string[];
  problem: CsvProblem | null;
  /** The beginning of its first line. */
  head: string;
};

type Options = {
  /** The separator, one ASCII character. */
  delimiter: string;
  limits: Pick<RowLimits, 'lineMax' | 'cellMax' | 'columnsMax'>;
  /** From this line on, a quote that is not closed on its own line is never closed. */
  unclosedFrom: number;
  position: Position;
};

const quote = 0x22;
const carriageReturn = 0x0d;
/** Where in a cell: its quoted part (both -1 without one), then what follows up to the separator. Offsets in the record. */
type Cell = { quoteStart: number; quoteEnd: number; tailStart: number; tailEnd: number };
type State = 'between records' | 'cell begins' | 'quoted' | 'quote in quoted' | 'plain';

/**
 * Cuts chunks of bytes into CSV records (RFC 4180: quoted cells may hold line ends and doubled quotes). Kinder than the RFC in
 * one thing: a quote inside an unquoted cell, or behind a closing quote, is taken as it is. Looks at every byte once and never back;
 * of a record that is over a limit only its end is looked for.
 */
export function createCsvRecords({ delimiter, limits, unclosedFrom, position }: Options) {
  const separator = delimiter.charCodeAt(0);
  let state: State = 'between records';
  /** Bytes of the file before the present chunk. */
  let offset = 0;
  let start: Buffer | null = Buffer.alloc(0);
  let record = newRecord();

  return {
    *push(chunk: Buffer): Generator<CsvRecord> {
      if (start !== null) {
        start = Buffer.concat([start, chunk]);
        if (start.length >= byteOrderMark.length) yield* begin(start);
      } else yield* scan(chunk);
    },
    /** The last record, when it has no line end. */
    *end(): Generator<CsvRecord> {
      if (start !== null) yield* begin(start);
      if (state === 'between records') return;
      const closed = state !== 'quoted';
      if (closed) endCell(record.size);
      yield finish(Buffer.alloc(0), offset, closed);
    },
  };

  function* begin(head: Buffer): Generator<CsvRecord> {
    start = null;
    const marked = head.subarray(0, byteOrderMark.length).equals(byteOrderMark);
    if (marked) offset = byteOrderMark.length;
    yield* scan(marked ? head.subarray(byteOrderMark.length) : head);
  }

  function newRecord() {
    return {
      line: position.line + 1,
      /** Bytes of it in earlier chunks. */
      size: 0,
      parts: [] as Buffer[],
      cells: [] as Cell[],
      columns: 0,
      cell: newCell(0),
      tooLargeCell: null as number | null,
      tooLong: false,
      head: null as Buffer | null,
    };
  }
  function newCell(at: number): Cell {
    return { quoteStart: -1, quoteEnd: -1, tailStart: at, tailEnd: at };
  }

  function* scan(chunk: Buffer): Generator<CsvRecord> {
    /** Where the present record begins in this chunk. */
    let from = 0;
    /** The next line end, looked for once. */
    let lineEnd = -1;
    let at = 0;
    const place = (index: number) => record.size + index - from;
    while (at < chunk.length) {
      const byte = chunk[at] as number;
      if (state === 'between records') {
        if (byte === newline) {
          countLines(position, 1);
          at += 1;
          continue;
        }
        record = newRecord();
        from = at;
        state = 'cell begins';
      } else if (state === 'cell begins') {
        record.cell = newCell(place(at));
        if (byte === quote) record.cell.quoteStart = place((at += 1));
        state = byte === quote ? 'quoted' : 'plain';
      } else if (state === 'quoted') {
        const close = indexOr(chunk, quote, at);
        if (lineEnd < at) lineEnd = indexOr(chunk, newline, at);
        if (lineEnd < close && record.line >= unclosedFrom) {
          yield finish(chunk.subarray(from, lineEnd), offset + lineEnd + 1, false);
          countLines(position, 1);
          at = lineEnd + 1;
          continue;
        }
        for (; lineEnd < close; lineEnd = indexOr(chunk, newline, lineEnd + 1)) countLines(position, 1);
        at = close;
        if (close < chunk.length) {
          record.cell.quoteEnd = place(close);
          state = 'quote in quoted';
          at += 1;
        }
      } else if (state === 'quote in quoted') {
        state = byte === quote ? 'quoted' : 'plain';
        if (byte === quote) at += 1;
        else record.cell.tailStart = place(at);
      } else {
        while (at < chunk.length && chunk[at] !== separator && chunk[at] !== newline) at += 1;
        if (at === chunk.length) break;
        endCell(place(at));
        if (chunk[at] === separator) state = 'cell begins';
        else {
          yield finish(chunk.subarray(from, at), offset + at + 1);
          countLines(position, 1);
        }
        at += 1;
      }
    }
    if (state !== 'between records') keep(chunk.subarray(from));
    offset += chunk.length;
  }

  /** Keeps bytes of a record that goes on in the next chunk, as long as it is within its limits. */
  function keep(part: Buffer): void {
    record.size += part.length;
    record.parts.push(part);
    // A separator may be the last byte: then the next cell has not begun.
    if (state !== 'cell begins') checkCell(record.size);
    // A CR that belongs to the line end may be in the last place.
    if (record.size > limits.lineMax + 1) record.tooLong = true;
    if (!record.tooLong && record.tooLargeCell === null) return;
    record.head = headOf(record.head);
    record.parts = [];
    record.cells = [];
  }
  /** The beginning of a record whose bytes are not kept, with what came since; it is complete when it is long enough for an excerpt. */
  function headOf(head: Buffer | null, part: Buffer = Buffer.alloc(0)): Buffer {
    if (head === null) return headOf(Buffer.alloc(0), part);
    return head.length >= excerptBytes ? head : Buffer.concat([head, ...record.parts, part]).subarray(0, excerptBytes);
  }
  function checkCell(end: number): void {
    const { quoteStart, tailStart } = record.cell;
    if (end - (quoteStart === -1 ? tailStart : quoteStart) > limits.cellMax + 2) record.tooLargeCell ??= record.columns;
  }
  function endCell(end: number): void {
    // A delimiter at the very end leaves an empty cell.
    if (state === 'cell begins') record.cell = newCell(end);
    if (state === 'quote in quoted') record.cell.tailStart = end;
    record.cell.tailEnd = end;
    checkCell(end);
    if (record.columns < limits.columnsMax && record.tooLargeCell === null) record.cells.push(record.cell);
    record.columns += 1;
  }

  /** Ends the record with `part` of the present chunk; `end` is the offset behind it. */
  function finish(part: Buffer, end: number, closed = true): CsvRecord {
    state = 'between records';
    const bytes = record.parts.length === 0 ? part : Buffer.concat([...record.parts, part]);
    const whole = bytes.at(-1) === carriageReturn ? bytes.subarray(0, -1) : bytes;
    if (record.size + part.length - (bytes.length - whole.length) > limits.lineMax) record.tooLong = true;
    const problem = closed ? problemOf(record, whole) : ({ kind: 'unclosed' } as const);
    const head = (record.head === null ? whole.subarray(0, excerptBytes) : headOf(record.head, part))
      .toString('utf8')
      .split('\n', 1)[0] as string;
    const fields = problem === null ? record.cells.map((cell) => decode(whole, cell)) : [];
    return { line: record.line, lastLine: position.line + 1, end, columns: record.columns, fields, problem, head };
  }
}

function problemOf({ tooLargeCell, tooLong }: { tooLargeCell: number | null; tooLong: boolean }, bytes: Buffer): CsvProblem | null {
  if (tooLargeCell !== null) return { kind: 'cell', column: tooLargeCell };
  if (tooLong) return { kind: 'record' };
  return isUtf8(bytes) ? null : { kind: 'utf8' };
}

function decode(record: Buffer, { quoteStart, quoteEnd, tailStart, tailEnd }: Cell): string {
  const tail = record.toString('utf8', tailStart, tailEnd);
  if (quoteStart === -1) return tail;
  return record.toString('utf8', quoteStart, quoteEnd).replaceAll('""', '"') + tail;
}

function indexOr(bytes: Buffer, byte: number, from: number): number {
  const index = bytes.indexOf(byte, from);
  return index === -1 ? bytes.length : index;
}
