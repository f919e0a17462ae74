import { spreadsheetRecord } from '@granary/corpus';
import type { Issue } from './repository.ts';

/** The rows that were not taken, as CSV (RFC 4180) that is safe to open in a spreadsheet, page by page. */
export async function* writeReport(pages: AsyncIterable<readonly Issue[]>): AsyncGenerator<string> {
  yield 'line,field,reason,excerpt\r\n';
  for await (const page of pages)
    yield page.map(({ line, field, message, excerpt }) => `${spreadsheetRecord([line, field ?? '', message, excerpt])}\r\n`).join('');
}
