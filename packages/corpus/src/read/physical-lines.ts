/** A line as it stands in the file. `bytes` is null when the line is longer than allowed; `end` is the offset behind it. */
export type PhysicalLine = { line: number; bytes: Buffer | null; end: number };

const newline = 0x0a;
const carriageReturn = 0x0d;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Cuts a stream of bytes into lines, numbered from 1, without their line ends (LF or CRLF) and without a byte order mark.
 * Never holds more than one chunk and `lineMax` bytes: a longer line is passed over and yielded without its bytes.
 */
export async function* readPhysicalLines(source: AsyncIterable<Uint8Array>, lineMax: number): AsyncGenerator<PhysicalLine> {
  let line = 0;
  let offset = 0;
  let parts: Buffer[] = [];
  let held = 0;
  let tooLong = false;

  const take = (part: Buffer) => {
    held += part.length;
    // A CR that belongs to the line end may stand in the last place.
    if (held > lineMax + 1) {
      tooLong = true;
      parts = [];
    } else if (part.length > 0) parts.push(part);
  };
  const finish = (end: number): PhysicalLine => {
    line += 1;
    const whole = tooLong ? null : trimEnds(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts), line === 1);
    parts = [];
    held = 0;
    tooLong = false;
    return { line, bytes: whole !== null && whole.length > lineMax ? null : whole, end };
  };

  for await (const piece of source) {
    const chunk = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    let start = 0;
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, start)) {
      take(chunk.subarray(start, at));
      start = at + 1;
      yield finish(offset + start);
    }
    take(chunk.subarray(start));
    offset += chunk.length;
  }
  if (held > 0) yield finish(offset);
}

function trimEnds(bytes: Buffer, first: boolean): Buffer {
  const start = first && bytes.subarray(0, 3).equals(byteOrderMark) ? 3 : 0;
  const end = bytes.length > start && bytes[bytes.length - 1] === carriageReturn ? bytes.length - 1 : bytes.length;
  return bytes.subarray(start, end);
}
