/** What is wrong with a row: the column or path it is about, where there is one, and what would be right. */
export type RowIssue = { field: string | null; message: string };

/** A row as read: its line in the file (of a CSV record, the first), and either its values or why it cannot be read. */
export type Row = { line: number; bytesSoFar: number } & (
  { record: Record<string, unknown>; issue?: undefined } | { record?: undefined; issue: RowIssue; excerpt: string }
);

/** The file as a whole cannot be read: not the container it was taken for, or damaged. The message is for the person who sent it. */
export class UnreadableFileError extends Error {
  override name = 'UnreadableFileError';
}

const excerptMax = 200;

/** The beginning of a text, on one line, without what databases and spreadsheets choke on. */
export function excerptOf(text: string): string {
  const start = text
    .slice(0, excerptMax * 2)
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return start.length > excerptMax ? `${start.slice(0, excerptMax - 1).toWellFormed()}…` : start;
}

export function tooLongIssue(lineMax: number): RowIssue {
  return { field: null, message: `The line is longer than ${Math.floor(lineMax / 1024)} KiB` };
}
export const notUtf8Issue: RowIssue = { field: null, message: 'The line is not valid UTF-8: save the file in that encoding' };
