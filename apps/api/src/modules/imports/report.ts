import { spreadsheetRecord } from '@granary/corpus';
import type { Issue } from './repository.ts';

/**
 * The rows that were not taken, as CSV (RFC 4180) that is safe to open in a spreadsheet, page by page. Of the `bad` rows only so many are
 * kept: a last row says how many more there are.
 */
export async function* writeReport(pages: AsyncIterable<readonly Issue[]>, bad: number): AsyncGenerator<string> {
  yield 'line,field,reason,excerpt\r\n';
  let named = 0;
  for await (const page of pages) {
    yield page.map(({ line, field, message, excerpt }) => `${spreadsheetRecord([line, field ?? '', message, excerpt])}\r\n`).join('');
    named += page.length;
  }
  const more = bad - named;
  if (more > 0) {
    const rows = more === 1 ? 'One more row was' : `${more} more rows were`;
    yield `${spreadsheetRecord(['', '', `${rows} not taken. A report names the first ${named}.`, ''])}\r\n`;
  }
}
