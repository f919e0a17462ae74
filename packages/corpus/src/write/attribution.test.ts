import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { renderAttributionCsv, renderAttributionMarkdown } from './attribution.ts';
import type { AttributionInput } from './attribution.ts';
import { oddTexts } from './sample-record.ts';

async function* pages<Row>(...rows: Row[]): AsyncGenerator<Row[]> {
  for (const row of rows) yield [row];
}
const input = (fields: Partial<AttributionInput> = {}): AttributionInput => ({
  dataset: { title: 'Granary Open', licence: 'CC-BY-SA-4.0' },
  snapshot: 3,
  counts: { named: 2, anonymousPairs: 4, importedPairs: 5 },
  sources: () =>
    pages(
      { origin: null, url: null, licence: 'CC-BY-SA-4.0', pairs: 1000 },
      { origin: 'GSM8K', url: 'https://example.org/g', licence: 'MIT', pairs: 5 },
    ),
  contexts: () => pages({ url: null, licence: null, pairs: 1 }, { url: 'https://example.org/p', licence: 'CC-BY-4.0', pairs: 2 }),
  contributors: () => pages({ name: 'Chaff', written: 3, edited: 1 }, { name: 'Wheatear', written: 2, edited: 0 }),
  ...fields,
});
const csv = async (fields?: Partial<AttributionInput>) => (await buffer(renderAttributionCsv(input(fields)))).toString('utf8');
const markdown = async (fields?: Partial<AttributionInput>) => (await buffer(renderAttributionMarkdown(input(fields)))).toString('utf8');

test('CSV', async () => {
  expect(await csv()).toBe(
    [
      'kind,name,url,licence,pairs,pairs_edited',
      'source,Granary Open,,CC-BY-SA-4.0,1000,',
      'source,GSM8K,https://example.org/g,MIT,5,',
      'context,,,,1,',
      'context,,https://example.org/p,CC-BY-4.0,2,',
      'anonymous,,,,4,',
      'contributor,Chaff,,,3,1',
      'contributor,Wheatear,,,2,0',
      '',
    ].join('\n'),
  );
});

test('Markdown has one table for each, however many pages there are', async () => {
  const text = await markdown();
  expect(text.match(/^\| --- /gm)).toHaveLength(3);
  expect(text).toContain(
    '| Written by the contributors of Granary Open | [CC-BY-SA-4.0](https://spdx.org/licenses/CC-BY-SA-4.0.html) | 1,000 |\n| [GSM8K](<https://example.org/g>)',
  );
  expect(text).toContain('| No address given | Not stated | 1 |\n| [https://example.org/p](<https://example.org/p>)');
  expect(text).toContain('Pairs with a text by somebody who is not named: 4.');
  expect(text).toContain('| Chaff | 3 | 1 |\n| Wheatear | 2 | 0 |\n');
});

test('where there is nobody, it says so', async () => {
  const text = await markdown({
    contexts: () => pages(),
    contributors: () => pages(),
    counts: { named: 0, anonymousPairs: 0, importedPairs: 0 },
  });
  expect(text.match(/^None\.$/gm)).toHaveLength(2);
  expect(text).not.toContain('not named:');
});

test.each([
  ...oddTexts,
  '=1+1',
  '+x',
  '-x',
  '@x',
  '\t=x',
  '<img src=x onerror=alert(1)>',
  '[a](javascript:alert(1))',
  'a|b',
  'a\\|b',
  'https://example.org/a||b|||c',
  'a"b,c',
])('no name, source or address breaks out: %j', async (odd) => {
  const fields: Partial<AttributionInput> = {
    dataset: { title: odd, licence: odd },
    sources: () => pages({ origin: odd, url: odd, licence: odd, pairs: 1 }),
    contexts: () => pages({ url: odd, licence: odd, pairs: 1 }),
    contributors: () => pages({ name: odd, written: 1, edited: 0 }),
  };
  const rows = parseCsv(await csv(fields));
  expect(rows.map((row) => row.length)).toEqual(rows.map(() => 6));
  expect(rows.flat().filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
  expect(rows.at(-1)?.[1]?.replace(/^'/, '')).toBe(odd.toWellFormed());
  const text = await markdown(fields);
  expect(text).not.toContain('<img');
  expect(text.replaceAll('\\]', '')).not.toContain('](javascript:');
  for (const line of text.split('\n').filter((each) => each.startsWith('|')))
    expect(line.replace(/\\[\s\S]/g, '').split('|')).toHaveLength(5);
});

/** As RFC 4180 has it. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? bare ?? '');
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
