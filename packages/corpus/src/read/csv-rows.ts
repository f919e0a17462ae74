import { isUtf8 } from 'node:buffer';
import { createCsvRecord } from './csv-record.ts';
import type { PhysicalLine } from './physical-lines.ts';
import { excerptOf, notUtf8Issue, tooLongIssue, UnreadableFileError } from './row.ts';
import type { Row, RowIssue } from './row.ts';

type Context = { lineMax: number; afterLine: number };
type CsvRecord = { line: number; end: number; text: string } & (
  { fields: string[]; issue?: undefined } | { fields?: undefined; issue: RowIssue }
);

/**
 * Reads records under a header line. `line` is the line of the file on which a record begins. A record that cannot be read
 * costs itself only: after a quote that is never closed, reading goes on with the next line.
 */
export async function* readCsvRows(lines: AsyncIterable<PhysicalLine>, context: Context): AsyncGenerator<Row> {
  let header: string[] | undefined;
  let delimiter = ',';
  const queue = withQueue(lines);
  for (;;) {
    if (header === undefined) {
      const first = await nextText(queue);
      if (first === undefined) return;
      delimiter = detectDelimiter(first.text);
      queue.giveBack([first.line]);
    }
    const record = await nextRecord(queue, delimiter, context.lineMax);
    if (record === undefined) return;
    if (header === undefined) {
      header = readHeader(record);
    } else if (record.line > context.afterLine) {
      yield toRow(record, header);
    }
  }
}

/** The separator that the header line holds most of. */
function detectDelimiter(header: string): string {
  const count = (delimiter: string) => header.split(delimiter).length;
  return [',', ';', '\t'].reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}

function readHeader(record: CsvRecord): string[] {
  if (record.fields === undefined) throw new UnreadableFileError(`The header line cannot be read. ${record.issue.message}.`);
  const names = record.fields.map((name) => name.trim());
  const repeated = names.find((name, index) => name !== '' && names.indexOf(name) !== index);
  if (repeated !== undefined) throw new UnreadableFileError(`The column "${repeated}" stands twice in the header line.`);
  return names;
}

function toRow({ line, end, text, fields, issue }: CsvRecord, header: string[]): Row {
  const place = { line, bytesSoFar: end };
  if (fields === undefined) return { ...place, issue, excerpt: excerptOf(text) };
  if (fields.length !== header.length) {
    const message = `The row has ${fields.length} fields where the header has ${header.length}: put quotes around fields that hold the separator`;
    return { ...place, issue: { field: null, message }, excerpt: excerptOf(text) };
  }
  return { ...place, record: Object.fromEntries(header.map((name, index) => [name, fields[index]])) };
}

type Queue = { next(): Promise<PhysicalLine | undefined>; giveBack(lines: PhysicalLine[]): void };

/** Lines that can be given back, to be read once more. */
function withQueue(lines: AsyncIterable<PhysicalLine>): Queue {
  const iterator = lines[Symbol.asyncIterator]();
  let waiting: PhysicalLine[] = [];
  return {
    async next() {
      return waiting.length > 0 ? waiting.shift() : ((await iterator.next()).value as PhysicalLine | undefined);
    },
    giveBack(returned) {
      waiting = returned.concat(waiting);
    },
  };
}

/** The next line that is not blank. */
async function nextText(queue: Queue): Promise<{ line: PhysicalLine; text: string } | undefined> {
  for (;;) {
    const line = await queue.next();
    if (line === undefined) return undefined;
    const text = line.bytes?.toString('utf8') ?? '';
    if (line.bytes === null || text.trim() !== '') return { line, text };
  }
}

async function nextRecord(queue: Queue, delimiter: string, lineMax: number): Promise<CsvRecord | undefined> {
  const first = await nextText(queue);
  if (first === undefined) return undefined;
  const place = { line: first.line.line, end: first.line.end, text: first.text };
  if (first.line.bytes === null) return { ...place, issue: tooLongIssue(lineMax) };
  const record = createCsvRecord(delimiter);
  const further: PhysicalLine[] = [];
  let valid = isUtf8(first.line.bytes);
  let bytes = first.line.bytes.length;
  let state = record.add(first.text);
  while (state === 'open') {
    const line = await queue.next();
    bytes += line?.bytes?.length ?? 0;
    if (line) further.push(line);
    if (line === undefined || line.bytes === null || bytes > lineMax) {
      queue.giveBack(further);
      return { ...place, issue: { field: null, message: 'A quote is opened on this line and never closed, or the row is too long' } };
    }
    valid &&= isUtf8(line.bytes);
    state = record.add(line.bytes.toString('utf8'));
  }
  const end = further.at(-1)?.end ?? place.end;
  return valid ? { ...place, end, fields: record.fields } : { ...place, end, issue: notUtf8Issue };
}
