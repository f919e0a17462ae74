import type { Issue } from './repository.ts';

/** The rows that were not taken, as CSV (RFC 4180), page by page. */
export async function* writeReport(pages: AsyncIterable<readonly Issue[]>): AsyncGenerator<string> {
  yield 'line,field,reason,excerpt\r\n';
  for await (const page of pages)
    yield page
      .map(({ line, field, message, excerpt }) => [String(line), field ?? '', message, excerpt].map(toCell).join(',') + '\r\n')
      .join('');
}

/**
 * A quoted cell. Spreadsheets take a cell that begins with one of these signs for a formula, and the report quotes what
 * strangers wrote: an apostrophe in front makes it text.
 */
function toCell(value: string): string {
  const text = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
