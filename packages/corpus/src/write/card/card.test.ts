import { buffer } from 'node:stream/consumers';
import { manifestSchema, selectionSchema } from '@granary/contract';
import type { Manifest } from '@granary/contract';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { renderCard } from './card.ts';
import type { CardInput } from './card.ts';
import { formats } from './formats.ts';
import { contentHash, renderManifest } from './manifest.ts';
import { oddTexts, sampleRecord } from './sample-record.ts';
import { openDataFile } from './data-file.ts';
import { createSummary } from './summary.ts';

function summaryOf(...records: Parameters<typeof sampleRecord>[0][]) {
  const summary = createSummary();
  for (const fields of records) summary.add([sampleRecord(fields)]);
  return summary.result();
}

function cardInput(fields: Partial<CardInput> = {}): CardInput {
  return {
    dataset: { slug: 'granary-open', title: 'Granary Open', description: 'Pairs for everyone.', licence: 'CC-BY-SA-4.0', isDemo: false },
    categories: [
      { slug: 'open_qa', title: 'Open question' },
      { slug: 'summarization', title: 'Summary' },
    ],
    snapshot: 3,
    createdAt: '2026-11-23T09:30:00.000Z',
    selection: selectionSchema.parse({}),
    notes: '',
    summary: summaryOf(
      {},
      { language: 'no', category: 'summarization', origin: 'Some | corpus', origin_url: 'https://example.org/c', response_licence: 'MIT' },
    ),
    files: formats.map((format) => ({ format, rows: 2, bytes: 1234, uncompressedBytes: 5678 })),
    changes: null,
    filesUrl: null,
    ...fields,
  };
}
const text = (input: CardInput) => renderCard(input).toString('utf8');
const metadata = (card: string) => parse(/^---\n([\s\S]*?)\n---\n/.exec(card)?.[1] ?? '', { version: '1.1' }) as Record<string, never>;

test('the same input gives the same bytes', () => {
  expect(renderCard(cardInput()).equals(renderCard(cardInput()))).toBe(true);
});

test('the head is the YAML that Hugging Face reads', () => {
  const head = metadata(text(cardInput()));
  expect(head).toMatchObject({
    pretty_name: 'Granary Open',
    license: 'cc-by-sa-4.0',
    // Norwegian is not the boolean that YAML 1.1 reads an unquoted `no` as.
    language: ['en', 'no'],
    task_categories: ['text-generation', 'question-answering', 'summarization'],
    size_categories: ['n<1K'],
    configs: [
      { config_name: 'default', data_files: [{ split: 'train', path: 'dolly.jsonl.gz' }] },
      { config_name: 'full', data_files: [{ split: 'train', path: 'full.jsonl.gz' }] },
      { config_name: 'preferences', data_files: [{ split: 'train', path: 'preferences.jsonl.gz' }] },
    ],
  });
  const [dolly, full] = head['dataset_info'] as unknown as { features: { name: string }[]; splits: unknown }[];
  expect(dolly?.features).toEqual(['instruction', 'context', 'response', 'category'].map((name) => ({ name, dtype: 'string' })));
  expect(dolly?.splits).toEqual([{ name: 'train', num_bytes: 5678, num_examples: 2 }]);
  expect(full?.features).toContainEqual({ name: 'terms_version', dtype: 'int64' });
  expect(full?.features).toContainEqual({ name: 'agreement', dtype: 'float64' });
  expect(full?.features).toContainEqual({ name: 'checks', sequence: 'string' });
  expect(full?.features).toContainEqual({
    name: 'ratings',
    struct: [
      { name: 'accuracy', dtype: 'float64' },
      { name: 'clarity', dtype: 'float64' },
    ],
  });
});

test.each([
  ['Apache-2.0', { license: 'apache-2.0' }],
  ['ODbL-1.0', { license: 'odbl' }],
  ['EUPL-1.2', { license: 'other', license_name: 'EUPL-1.2', license_link: 'https://spdx.org/licenses/EUPL-1.2.html' }],
])('licence %s', (licence, expected) => {
  expect(metadata(text(cardInput({ dataset: { ...cardInput().dataset, licence } })))).toMatchObject(expected);
});

test.each([
  [999, 'n<1K'],
  [1000, '1K<n<10K'],
  [15_000, '10K<n<100K'],
  [1_000_000, '1M<n<10M'],
])('%i pairs are %s', (pairs, size) => {
  const { summary } = cardInput();
  expect(metadata(text(cardInput({ summary: { ...summary, counts: { ...summary.counts, pairs } } })))['size_categories']).toEqual([size]);
});

test.each(oddTexts.filter((item) => item.trim() !== ''))('odd text cannot break the head or a table: %j', (odd) => {
  const summary = summaryOf({ origin: odd, origin_url: null });
  const card = text(cardInput({ summary, dataset: { ...cardInput().dataset, title: odd, description: odd }, notes: odd }));
  expect(metadata(card)).toMatchObject({
    pretty_name: odd,
    configs: [{ config_name: 'default' }, { config_name: 'full' }, { config_name: 'preferences' }],
  });
  const rows = card.split('\n').filter((line) => line.startsWith('| ') && line.includes('spdx.org'));
  expect(rows.map((row) => row.replaceAll('\\|', '').split('|')).map((cells) => cells.length)).toEqual([5]);
});

test('the body tells categories, sources with their licences, and how to load', () => {
  const card = text(cardInput({ filesUrl: 'https://granary.example/files' }));
  expect(card).toContain('| `summarization` | Summary | 1 | 50.0 % |');
  expect(card).toContain('| Some \\| corpus (<https://example.org/c>) | [MIT](https://spdx.org/licenses/MIT.html) | 1 |');
  expect(card).toContain('load_dataset("json", data_files="https://granary.example/files/dolly.jsonl.gz", split="train")');
  expect(card).toContain('This is the first snapshot.');
});

test('changes, selection, notes and the demo label are told where there are any', () => {
  const card = text(
    cardInput({
      changes: { since: 2, added: 1200, removed: 3, revised: 4 },
      selection: selectionSchema.parse({ languages: ['en'], minRating: 3.5, from: '2026-01-01' }),
      notes: 'First with ratings.',
      dataset: { ...cardInput().dataset, isDemo: true },
    }),
  );
  expect(card).toContain('## Changes since snapshot 2\n\n1,200 pairs added, 3 removed, 4 edited.');
  expect(card).toContain(
    '2 approved instruction/response pairs, in the languages `en`, rated 3.5 or better or not rated, approved from 2026-01-01 on.',
  );
  expect(card).toContain('First with ratings.');
  expect(card).toContain('demonstration dataset');
});

test('every column of every format is explained', () => {
  for (const format of formats) expect(Object.keys(format.columns)).toEqual(Object.keys(format.schema.shape));
});

test('a summary does not depend on the order of the records', () => {
  const records = [{}, { category: 'summarization' }, { language: 'de', turn: 2 }, { origin: 'A' }, { ratings: { style: 1 } }];
  expect(summaryOf(...records)).toEqual(summaryOf(...records.toReversed()));
  expect(summaryOf(...records)).toMatchObject({ counts: { pairs: 5 }, followUps: 1, ratingDimensions: ['accuracy', 'clarity', 'style'] });
});

test('the content hash is what sha256sum of sha256sum prints', () => {
  const line = `${'a'.repeat(64)}  dolly.jsonl.gz\n${'b'.repeat(64)}  full.jsonl.gz\n`;
  const expected = createHash('sha256').update(line).digest('hex');
  expect(
    contentHash([
      { name: 'dolly.jsonl.gz', sha256: 'a'.repeat(64) },
      { name: 'full.jsonl.gz', sha256: 'b'.repeat(64) },
    ]),
  ).toBe(expected);
});

test('a manifest is the same bytes whatever the order of its keys, and is refused when it does not fit', async () => {
  const file = openDataFile(formats[0]!);
  file.end();
  const bytes = (await buffer(file.content)).length;
  const manifest: Manifest = {
    granary: 1,
    dataset: { slug: 'granary-open', title: 'Granary Open', licence: 'CC-BY-SA-4.0' },
    snapshot: 1,
    eventPosition: 12,
    createdAt: '2026-11-23T09:30:00.000Z',
    selection: selectionSchema.parse({}),
    counts: { pairs: 0, byCategory: [], byLanguage: [] },
    contentHash: 'c'.repeat(64),
    files: [{ name: 'dolly.jsonl.gz', mediaType: 'application/gzip', format: 'dolly', bytes, sha256: 'd'.repeat(64), rows: 0 }],
  };
  const reversed = Object.fromEntries(Object.entries(manifest).reverse()) as Manifest;
  expect(renderManifest(reversed).equals(renderManifest(manifest))).toBe(true);
  expect(manifestSchema.parse(JSON.parse(renderManifest(manifest).toString('utf8')))).toEqual(manifest);
  expect(() => renderManifest({ ...manifest, createdAt: 'yesterday' })).toThrow('createdAt');
});
