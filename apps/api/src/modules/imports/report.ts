import { spreadsheetRecord } from '@granary/corpus';
import type { Issue } from './repository.ts';

/**
 * The rows that were not taken, as CSV (RFC 4180) that is safe to open in a spreadsheet, page by page. Of the `bad` rows only so many are
 * kept: a row at the end says how many more there are. Another one says how many rows came in with texts that were changed as the dataset wants
 * them.
 */
export async function* writeReport(
  pages: AsyncIterable<readonly Issue[]>,
  { bad, normalised }: { bad: number; normalised: number },
): AsyncGenerator<string> {
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
  if (normalised > 0) {
    const rows = normalised === 1 ? 'One row has a text that was' : `${normalised} rows have texts that were`;
    yield `${spreadsheetRecord(['', '', `${rows} normalised, as the settings of the dataset say.`, ''])}\r\n`;
  }
}
