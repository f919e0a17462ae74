import { licenceLink, link, number, plain, table, tableLine } from './card/wording.ts';
import type { ContributorCounts } from './card/card-input.ts';
import { spreadsheetRecord } from './spreadsheet-csv.ts';
import type { SourceShare } from './summary.ts';

export const attributionNames = { markdown: 'ATTRIBUTION.md', csv: 'ATTRIBUTION.csv' };

/** Passages that rest on one source. */
export type ContextShare = { url: string | null; licence: string | null; pairs: number };
/** What one person wrote and edited, in pairs; the name is a pseudonym of their own choice. */
export type ContributorShare = { name: string; written: number; edited: number };

/** Everybody and everything that a snapshot owes credit to. The lists come in pages, in an order of their own, and may be long. */
export type AttributionInput = {
  dataset: { title: string; licence: string };
  snapshot: number;
  counts: ContributorCounts;
  sources(): AsyncIterable<readonly SourceShare[]>;
  contexts(): AsyncIterable<readonly ContextShare[]>;
  contributors(): AsyncIterable<readonly ContributorShare[]>;
};

/** `ATTRIBUTION.md`, as it is read; nothing is kept but one page. */
export async function* renderAttributionMarkdown(input: AttributionInput): AsyncGenerator<Buffer> {
  const { dataset, snapshot, counts } = input;
  yield text(
    `# Attribution\n\nWho and what snapshot ${snapshot} of ${plain(dataset.title)} owes credit to. \`ATTRIBUTION.csv\` has the same for programs, and the full record names authors, sources and licences row by row.\n\n`,
  );
  yield text(`## Sources\n\n`);
  yield* tableOf(input.sources(), ['Source', 'Licence', 'Pairs'], ({ origin, url, licence, pairs }) => [
    origin === null ? `Written by the contributors of ${plain(dataset.title)}` : link(origin, url),
    licenceLink(licence),
    number(pairs),
  ]);
  yield text(`\n## Passages\n\nWhat responses rest on, where it came from elsewhere.\n\n`);
  yield* tableOf(input.contexts(), ['Source', 'Licence', 'Pairs'], ({ url, licence, pairs }) => [
    url === null ? 'No address given' : link(url, url),
    licence === null ? 'Not stated' : licenceLink(licence),
    number(pairs),
  ]);
  yield text(
    `\n## Contributors\n\nBy the name that each chose to be called. "Written" are pairs whose instruction or response is by them, "edited" those that have a version by them of somebody else's text.\n\n`,
  );
  if (counts.anonymousPairs > 0) yield text(`Pairs with a text by somebody who is not named: ${number(counts.anonymousPairs)}.\n\n`);
  if (counts.importedPairs > 0) yield text(`Pairs with a text from another collection: ${number(counts.importedPairs)}.\n\n`);
  yield* tableOf(input.contributors(), ['Name', 'Written', 'Edited'], ({ name, written, edited }) => [
    plain(name),
    number(written),
    number(edited),
  ]);
}

async function* tableOf<Row>(
  pages: AsyncIterable<readonly Row[]>,
  head: readonly string[],
  cells: (row: Row) => readonly string[],
): AsyncGenerator<Buffer> {
  let empty = true;
  for await (const page of pages) {
    if (page.length === 0) continue;
    const lines = page.map((row) => `${tableLine(cells(row))}\n`).join('');
    yield text(empty ? `${table(head, [])}\n${lines}` : lines);
    empty = false;
  }
  if (empty) yield text('None.\n');
}

const columns = ['kind', 'name', 'url', 'licence', 'pairs', 'pairs_edited'];

/**
 * `ATTRIBUTION.csv` (RFC 4180, UTF-8, LF), the same in a row for each: `kind` is `source`, `context`, `contributor`, or `anonymous` for
 * all who are not named together. `pairs_edited` is of contributors only. Names come from people, so cells are safe to open in a spreadsheet.
 */
export async function* renderAttributionCsv(input: AttributionInput): AsyncGenerator<Buffer> {
  const { dataset, counts } = input;
  yield csv([columns]);
  for await (const page of input.sources())
    yield csv(page.map(({ origin, url, licence, pairs }) => ['source', origin ?? dataset.title, url ?? '', licence, pairs, '']));
  for await (const page of input.contexts())
    yield csv(page.map(({ url, licence, pairs }) => ['context', '', url ?? '', licence ?? '', pairs, '']));
  if (counts.anonymousPairs > 0) yield csv([['anonymous', '', '', '', counts.anonymousPairs, '']]);
  for await (const page of input.contributors())
    yield csv(page.map(({ name, written, edited }) => ['contributor', name, '', '', written, edited]));
}

const csv = (rows: readonly (readonly (string | number)[])[]) => text(rows.map((row) => `${spreadsheetRecord(row)}\n`).join(''));
const text = (content: string) => Buffer.from(content.toWellFormed(), 'utf8');
