import { limits } from '@granary/contract';

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

/** The most that a row may hold; see `limits` for what each counts. */
export type RowLimits = { lineMax: number; cellMax: number; columnsMax: number; depthMax: number };

export const defaultRowLimits: RowLimits = {
  lineMax: limits.importLineMax,
  cellMax: limits.importCellMax,
  columnsMax: limits.importColumnsMax,
  depthMax: limits.importDepthMax,
};

const excerptMax = 200;
/** Bytes that surely hold an excerpt. */
export const excerptBytes = excerptMax * 8;

/** The beginning of a text, on one line, without what databases and spreadsheets choke on. */
export function excerptOf(text: string): string {
  const start = text
    .slice(0, excerptMax * 2)
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return start.length > excerptMax ? `${start.slice(0, excerptMax - 1).toWellFormed()}…` : start;
}

/** 4194304 is "4 MiB", 40 is "40 bytes". */
export function formatSize(bytes: number): string {
  for (const [unit, size] of [
    ['GiB', 2 ** 30],
    ['MiB', 2 ** 20],
    ['KiB', 2 ** 10],
  ] as const)
    if (bytes >= size && bytes % size === 0) return `${bytes / size} ${unit}`;
  return `${bytes} bytes`;
}

export const formatCount = (count: number) => count.toLocaleString('en');

export function tooLongIssue(lineMax: number): RowIssue {
  return { field: null, message: `The line is longer than ${formatSize(lineMax)}, the limit for a line: split it into several rows` };
}
export const notUtf8Issue: RowIssue = { field: null, message: 'The line is not valid UTF-8: save the file in that encoding' };
/** Of the last row where reading ended before the file did. */
export const cutIssue: RowIssue = {
  field: null,
  message: `The row does not end within the first ${formatSize(limits.previewBytesMax)} of the file, which is all that a preview reads`,
};
