import { expect, test } from 'vitest';
import { renderCroissant } from './croissant.ts';
import type { CroissantInput } from './croissant.ts';
import { formats } from './format-registry.ts';
import { oddTexts } from './sample-record.ts';

const file = (name: string, format: string, encoding: string, split: 'train' | 'test' | null): CroissantInput['files'][number] => ({
  name,
  mediaType: 'application/octet-stream',
  format,
  encoding,
  split,
  bytes: 1234,
  sha256: 'a'.repeat(64),
  rows: 2,
});
const files = [
  file('dolly.jsonl.gz', 'dolly', 'jsonl.gz', null),
  file('data/dolly/train-00000-of-00002.parquet', 'dolly', 'parquet', 'train'),
  file('data/dolly/train-00001-of-00002.parquet', 'dolly', 'parquet', 'train'),
  file('data/dolly/test-00000-of-00001.parquet', 'dolly', 'parquet', 'test'),
  file('data/full/train-00000-of-00001.parquet', 'full', 'parquet', 'train'),
  file('data/messages/train-00000-of-00001.parquet', 'messages', 'parquet', 'train'),
  file('data/oasst-trees/train-00000-of-00001.jsonl.gz', 'oasst-trees', 'jsonl.gz', 'train'),
];
const input: CroissantInput = {
  dataset: { slug: 'granary-open', title: 'Granary Open', description: 'Pairs for everyone.', licence: 'CC-BY-SA-4.0' },
  snapshot: 3,
  createdAt: '2026-11-23T09:30:00.000Z',
  languages: ['en'],
  citation: 'Cite so.',
  files,
  ratingDimensions: ['accuracy'],
  filesUrl: null,
  pageUrl: null,
};
type Node = { '@id': string; '@type': string; field?: Node[]; subField?: Node[] } & Record<string, unknown>;
type Document = { distribution: Node[]; recordSet: Node[] } & Record<string, unknown>;
const render = (fields: Partial<CroissantInput> = {}) => JSON.parse(renderCroissant({ ...input, ...fields }).toString('utf8')) as Document;
const fieldsOf = (document: Document, set: string) => document.recordSet.find((node) => node['@id'] === set)?.field ?? [];

test('the dataset is named, licensed, dated and cited', () => {
  expect(render({ pageUrl: 'https://granary.example/datasets/granary-open/snapshots/3' })).toMatchObject({
    '@type': 'sc:Dataset',
    conformsTo: 'http://mlcommons.org/croissant/1.0',
    name: 'granary-open',
    license: 'https://spdx.org/licenses/CC-BY-SA-4.0.html',
    url: 'https://granary.example/datasets/granary-open/snapshots/3',
    version: '3.0.0',
    datePublished: '2026-11-23T09:30:00.000Z',
    citeAs: 'Cite so.',
  });
  expect(render()).not.toHaveProperty('url');
});

test('every data file is an object with its checksum, and the shards of a format are a set', () => {
  const { distribution } = render({ filesUrl: 'https://granary.example/files' });
  const objects = distribution.filter((node) => node['@type'] === 'cr:FileObject');
  expect(objects.map((node) => node['@id'])).toEqual(files.map(({ name }) => name));
  expect(objects[1]).toMatchObject({
    contentUrl: 'https://granary.example/files/data/dolly/train-00000-of-00002.parquet',
    contentSize: '1234 B',
    encodingFormat: 'application/x-parquet',
    sha256: 'a'.repeat(64),
  });
  expect(render().distribution[0]).toMatchObject({ contentUrl: 'dolly.jsonl.gz', encodingFormat: 'application/jsonlines' });
  const sets = distribution.filter((node) => node['@type'] === 'cr:FileSet');
  expect(sets.map(({ includes }) => includes)).toEqual([
    'data/dolly/*.parquet',
    'data/full/*.parquet',
    'data/messages/*.parquet',
    'data/oasst-trees/*.jsonl.gz',
  ]);
});

test('every format whose rows fit columns is a record set, and a whole file one more', () => {
  expect(render().recordSet.map((node) => node['@id'])).toEqual(['splits', 'dolly', 'full', 'messages', 'dolly-whole']);
});

test('rows name their split, by a vocabulary of those that there are', () => {
  const document = render();
  expect(document.recordSet[0]).toMatchObject({ dataType: 'cr:Split', data: [{ 'splits/name': 'train' }, { 'splits/name': 'test' }] });
  const split = fieldsOf(document, 'dolly')[0]!;
  expect(split).toMatchObject({
    '@id': 'dolly/split',
    source: { fileSet: { '@id': 'data/dolly/*.parquet' }, extract: { fileProperty: 'fullpath' } },
    references: { field: { '@id': 'splits/name' } },
  });
  const { transform } = split['source'] as { transform: { regex: string } };
  const found = files.slice(1, 4).map(({ name }) => new RegExp(`^${transform.regex}`).exec(`somewhere/${name}`)?.[1]);
  expect(found).toEqual(['train', 'train', 'test']);
  // The full record has a column for it.
  expect(fieldsOf(document, 'full').filter((field) => field['@id'] === 'full/split')).toMatchObject([
    { source: { extract: { column: 'split' } } },
  ]);
});

test('fields have the types of the columns, nested ones too', () => {
  const document = render();
  const field = (set: string, name: string) => fieldsOf(document, set).find((node) => node['@id'] === `${set}/${name}`);
  expect(field('full', 'turn')).toMatchObject({ dataType: 'sc:Integer' });
  expect(field('full', 'agreement')).toMatchObject({ dataType: 'sc:Float' });
  expect(field('full', 'created_at')).toMatchObject({ dataType: 'sc:DateTime' });
  expect(field('full', 'checks')).toMatchObject({ dataType: 'sc:Text', repeated: true });
  expect(field('full', 'ratings')).toMatchObject({
    subField: [
      {
        '@id': 'full/ratings/accuracy',
        dataType: 'sc:Float',
        source: { extract: { column: 'ratings' }, transform: { jsonPath: 'accuracy' } },
      },
    ],
  });
  expect(field('messages', 'messages')).toMatchObject({ repeated: true, subField: [{ name: 'role' }, { name: 'content' }] });
  expect(field('dolly-whole', 'response')).toMatchObject({
    source: { fileObject: { '@id': 'dolly.jsonl.gz' }, extract: { column: 'response' } },
  });
});

test('no id is given twice, and every source is there', () => {
  const all = formats.map(({ name, tabular }) =>
    file(`data/${name}/train-00000-of-00001.x`, name, tabular ? 'parquet' : 'jsonl.gz', 'train'),
  );
  const document = render({ files: [...all, ...files.slice(0, 1)] });
  const ids: string[] = [];
  const sources: string[] = [];
  const walk = (node: Node) => {
    ids.push(node['@id']);
    const source = node['source'] as { fileSet?: Node; fileObject?: Node } | undefined;
    if (source) sources.push((source.fileSet ?? source.fileObject)!['@id']);
    for (const inner of [...(node.field ?? []), ...(node.subField ?? [])]) walk(inner);
  };
  for (const node of [...document.distribution, ...document.recordSet]) walk(node);
  expect(new Set(ids).size).toBe(ids.length);
  for (const source of sources) expect(ids).toContain(source);
});

test.each(oddTexts)('odd text stays text: %j', (odd) => {
  const document = render({ dataset: { ...input.dataset, title: odd, description: odd }, citation: odd });
  expect(document).toMatchObject({ alternateName: odd.toWellFormed(), description: odd.toWellFormed() });
});
