import { createCsvRecords } from './csv-records.ts';
import type { CsvRecord } from './csv-records.ts';
import type { OpenedContent } from './open-content.ts';
import { cutIssue, excerptOf, formatCount, formatSize, notUtf8Issue, tooLongIssue, UnreadableFileError } from './row.ts';
import type { Row, RowIssue, RowLimits } from './row.ts';
import { readLines } from './split-lines.ts';

/** Opens the content of the file from its beginning, each time it is called. */
type ContentOpener = () => Promise<OpenedContent>;
type Context = { limits: RowLimits; afterLine: number };

/**
 * Reads records under a header line. `line` is the line of the file on which a record begins. A record that cannot be read
 * costs itself only. Whether a quote is ever closed is known at the end of the file: where it is not, the file is read once more, with
 * that quote's line as a row of its own, and every later one too that does not close its quotes. So no byte is read more than twice.
 */
export async function* readCsvRows(open: ContentOpener, context: Context): AsyncGenerator<Row> {
  const delimiter = await detectDelimiter(open, context.limits.lineMax);
  const unclosed = yield* readPass(open, { ...context, delimiter, unclosedFrom: Infinity });
  if (unclosed === null) return;
  const afterLine = Math.max(context.afterLine, unclosed - 1);
  yield* readPass(open, { ...context, afterLine, delimiter, unclosedFrom: unclosed });
}

/** Reads the file once. Returns the line of the record that opens a quote which the rest of the file does not close, if there is one. */
async function* readPass(
  open: ContentOpener,
  { limits, afterLine, delimiter, unclosedFrom }: Context & { delimiter: string; unclosedFrom: number },
): AsyncGenerator<Row, number | null> {
  const { content, position, wasCut } = await open();
  const records = createCsvRecords({ delimiter, limits, unclosedFrom, position });
  let header: Header | undefined;
  for await (const chunk of content)
    for (const record of records.push(chunk)) {
      if (isBlank(record)) continue;
      if (header === undefined) header = readHeader(record, limits);
      else if (record.line > afterLine) yield toRow(record, header, limits);
    }
  for (const record of records.end()) {
    if (isBlank(record)) continue;
    if (header === undefined) header = readHeader(record, limits);
    else if (wasCut()) yield { line: record.line, bytesSoFar: record.end, issue: cutIssue, excerpt: excerptOf(record.head) };
    else if (record.problem?.kind === 'unclosed' && unclosedFrom === Infinity) return record.line;
    else if (record.line > afterLine) yield toRow(record, header, limits);
  }
  return null;
}

/** The separator that the header line holds most of. */
async function detectDelimiter(open: ContentOpener, lineMax: number): Promise<string> {
  const { content, position } = await open();
  for await (const { line, bytes } of readLines(content, lineMax, position)) {
    if (bytes === null) throw new UnreadableFileError(`The header line (line ${line}) cannot be read. ${tooLongIssue(lineMax).message}.`);
    const header = bytes.toString('utf8');
    if (header.trim() === '') continue;
    const count = (delimiter: string) => header.split(delimiter).length;
    return [',', ';', '\t'].reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
  }
  return ',';
}

type Header = readonly string[];

function readHeader(record: CsvRecord, limits: RowLimits): Header {
  const issue = issueOf(record, [], limits);
  if (issue !== null) throw new UnreadableFileError(`The header line (line ${record.line}) cannot be read. ${issue.message}.`);
  if (record.columns > limits.columnsMax)
    throw new UnreadableFileError(
      `The header line (line ${record.line}) names ${formatCount(record.columns)} columns; the limit is ${formatCount(limits.columnsMax)}. Remove the columns that are not needed.`,
    );
  const names = new Set<string>();
  for (const name of record.fields.map((field) => field.trim())) {
    if (name !== '' && names.has(name)) throw new UnreadableFileError(`The column "${excerptOf(name)}" stands twice in the header line.`);
    names.add(name);
  }
  return record.fields.map((field) => field.trim());
}

/** A line of nothing but white space. */
const isBlank = ({ problem, head, fields }: CsvRecord) =>
  problem === null && head.trim() === '' && fields.every((field) => field.trim() === '');

function toRow(record: CsvRecord, header: Header, limits: RowLimits): Row {
  const place = { line: record.line, bytesSoFar: record.end };
  const issue = issueOf(record, header, limits) ?? columnsIssue(record, header);
  if (issue !== null) return { ...place, issue, excerpt: excerptOf(record.head) };
  return { ...place, record: Object.fromEntries(header.map((name, index) => [name, record.fields[index]])) };
}

function columnsIssue({ columns }: CsvRecord, header: Header): RowIssue | null {
  if (columns === header.length) return null;
  const message = `The row has ${columns} fields where the header has ${header.length}: put quotes around fields that hold the separator`;
  return { field: null, message };
}

function issueOf({ problem, line, lastLine }: CsvRecord, header: Header, { lineMax, cellMax }: RowLimits): RowIssue | null {
  if (problem === null) return null;
  const advice = (what: string) =>
    lastLine === line
      ? `: shorten the ${what}`
      : `. It ends on line ${lastLine}, and nothing up to there was taken: if a quote is missing, add it, else shorten the ${what}`;
  switch (problem.kind) {
    case 'unclosed':
      return { field: null, message: 'A quote is opened on this line and never closed: close or remove it' };
    case 'cell': {
      const message = `The cell is larger than ${formatSize(cellMax)}, the limit for a cell${advice('cell')}`;
      return { field: header[problem.column] ?? null, message };
    }
    case 'record':
      return { field: null, message: `The row is longer than ${formatSize(lineMax)}, the limit for a row${advice('row')}` };
    case 'utf8':
      return notUtf8Issue;
  }
}
