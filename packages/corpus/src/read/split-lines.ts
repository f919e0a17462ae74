import { limits } from '@granary/contract';
import { formatCount, UnreadableFileError } from './row.ts';

/** A line as it is in the file. `bytes` is null when the line is longer than allowed; `end` is the offset behind it. */
export type PhysicalLine = { line: number; bytes: Buffer | null; end: number };

/** The line that is being read, for the messages of those who do not count lines. */
export type Position = { line: number };

export const newline = 0x0a;
const carriageReturn = 0x0d;
export const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Cuts chunks of bytes into lines, numbered from 1, without their line ends (LF or CRLF) and without a byte order mark. Empty lines
 * are counted and left out.
 * Looks at every byte once and holds `lineMax` bytes at most: a longer line is yielded without its bytes. Throws
 * `UnreadableFileError` when there are more lines than a file may have.
 */
export function createLineSplitter(lineMax: number, position: Position) {
  let offset = 0;
  let parts: Buffer[] = [];
  let held = 0;

  const take = (part: Buffer) => {
    held += part.length;
    // A CR that belongs to the line end may be in the last place.
    if (held > lineMax + 1) parts = [];
    else if (part.length > 0) parts.push(part);
  };
  const finish = (end: number): PhysicalLine => {
    const line = countLines(position, 1);
    const whole = held > lineMax + 1 ? null : trimEnds(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts), line === 1);
    parts = [];
    held = 0;
    return { line, bytes: whole !== null && whole.length > lineMax ? null : whole, end };
  };

  return {
    *push(chunk: Buffer): Generator<PhysicalLine> {
      let start = 0;
      for (;;) {
        // A file may hold millions of them.
        for (; held === 0 && chunk[start] === newline; start += 1) countLines(position, 1);
        const at = chunk.indexOf(newline, start);
        if (at === -1) break;
        take(chunk.subarray(start, at));
        start = at + 1;
        yield finish(offset + start);
      }
      take(chunk.subarray(start));
      offset += chunk.length;
    },
    /** The last line, when it has no line end. */
    *end(): Generator<PhysicalLine> {
      if (held > 0) yield finish(offset);
    },
  };
}

/** Lines of a stream of bytes; see `createLineSplitter`. */
export async function* readLines(source: AsyncIterable<Buffer>, lineMax: number, position: Position): AsyncGenerator<PhysicalLine> {
  const splitter = createLineSplitter(lineMax, position);
  for await (const chunk of source) yield* splitter.push(chunk);
  yield* splitter.end();
}

/** Moves on by so many lines and returns the number of the last. */
export function countLines(position: Position, lines: number): number {
  position.line += lines;
  if (position.line > limits.importLinesMax)
    throw new UnreadableFileError(`The file has more than ${formatCount(limits.importLinesMax)} lines, the limit for a file: split it.`);
  return position.line;
}

function trimEnds(bytes: Buffer, first: boolean): Buffer {
  const start = first && bytes.subarray(0, 3).equals(byteOrderMark) ? 3 : 0;
  const end = bytes.length > start && bytes[bytes.length - 1] === carriageReturn ? bytes.length - 1 : bytes.length;
  return bytes.subarray(start, end);
}
