import { createHash } from 'node:crypto';
import { manifestSchema, selectionSchema } from '@granary/contract';
import type { Manifest } from '@granary/contract';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { formats } from '../format-registry.ts';
import { contentHash, renderManifest } from '../manifest.ts';
import { oddTexts, sampleRecord } from '../sample-record.ts';
import { createSummary } from '../summary.ts';
import { renderPlots } from '../plots/snapshot-plots.ts';
import { renderCard } from './card.ts';
import type { CardInput } from './card-input.ts';
import { policyInWords } from './policy-words.ts';

function summaryOf(...records: Parameters<typeof sampleRecord>[0][]) {
  const summary = createSummary();
  for (const fields of records) summary.add([sampleRecord(fields)]);
  return summary.result();
}

const dataset: CardInput['dataset'] = {
  slug: 'granary-open',
  title: 'Granary Open',
  description: 'Pairs for everyone.',
  licence: 'CC-BY-SA-4.0',
  isDemo: false,
  guidelines: '# Write well\n\nSay what is true.',
  terms: 'You keep your rights.',
  termsVersion: 2,
  normalisations: [],
  dimensions: [{ slug: 'accuracy', title: 'Accuracy', description: 'Is it true?' }],
  policy: { kind: 'fixed', approvals: 2, rejections: 2, changeRequests: 1, maxReviews: 5, openReview: true },
  policyVersion: 4,
};

function cardInput(fields: Partial<CardInput> = {}): CardInput {
  const summary =
    fields.summary ??
    summaryOf(
      {},
      { language: 'no', category: 'summarization', origin: 'Some | corpus', origin_url: 'https://example.org/c', response_licence: 'MIT' },
    );
  return {
    dataset,
    categories: [
      { slug: 'open_qa', title: 'Open question', guideline: 'Ask what can be known.', targetCount: 2000 },
      { slug: 'summarization', title: 'Summary', guideline: '', targetCount: 1000 },
    ],
    snapshot: 3,
    createdAt: '2026-11-23T09:30:00.000Z',
    selection: selectionSchema.parse({}),
    notes: '',
    summary,
    contributors: { named: 2, anonymousPairs: 0, importedPairs: 1 },
    files: formats.flatMap((format) =>
      ([null, 'train', 'test'] as const).map((split) => ({
        name: split === null ? `${format.name}.jsonl.gz` : `data/${format.name}/${split}-00000-of-00001.parquet`,
        format,
        split,
        rows: 2,
        bytes: 1234,
        uncompressedBytes: 5678,
      })),
    ),
    otherFiles: [],
    plots: renderPlots(summary.statistics, new Map()),
    changelog: [],
    withheld: 0,
    filesUrl: null,
    serverUrl: null,
    ...fields,
  };
}
const text = (input: CardInput) => renderCard(input).toString('utf8');
type Head = {
  configs: { config_name: string; default?: boolean; data_files: { split: string; path: string[] }[] }[];
  dataset_info: { config_name: string; features?: { name: string }[]; splits: unknown; download_size: number; dataset_size: number }[];
} & Record<string, unknown>;
const metadata = (card: string) => parse(/^---\n([\s\S]*?)\n---\n/.exec(card)?.[1] ?? '', { version: '1.1' }) as Head;

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
    annotations_creators: ['crowdsourced'],
    language_creators: ['crowdsourced', 'found'],
    multilinguality: ['multilingual'],
    source_datasets: ['original', 'extended'],
    task_categories: ['text-generation', 'question-answering', 'summarization'],
    size_categories: ['n<1K'],
  });
  expect(head.configs.map(({ config_name }) => config_name)).toEqual(formats.map(({ name }) => name));
  expect(head.configs.filter((config) => config.default).map(({ config_name }) => config_name)).toEqual(['dolly']);
  expect(head.configs[0]?.data_files).toEqual([
    { split: 'train', path: ['data/dolly/train-00000-of-00001.parquet'] },
    { split: 'test', path: ['data/dolly/test-00000-of-00001.parquet'] },
  ]);
  expect(head.dataset_info[0]).toEqual({
    config_name: 'dolly',
    features: ['instruction', 'context', 'response', 'category'].map((name) => ({ name, dtype: 'string' })),
    splits: [
      { name: 'train', num_bytes: 5678, num_examples: 2 },
      { name: 'test', num_bytes: 5678, num_examples: 2 },
    ],
    download_size: 2468,
    dataset_size: 11_356,
  });
});

test('features name the types of the columns, nested ones too', () => {
  const full = metadata(text(cardInput())).dataset_info.find(({ config_name }) => config_name === 'full');
  expect(full?.features).toContainEqual({ name: 'terms_version', dtype: 'int64' });
  expect(full?.features).toContainEqual({ name: 'agreement', dtype: 'float64' });
  expect(full?.features).toContainEqual({ name: 'checks', list: 'string' });
  expect(full?.features).toContainEqual({
    name: 'ratings',
    struct: [
      { name: 'accuracy', dtype: 'float64' },
      { name: 'clarity', dtype: 'float64' },
    ],
  });
});

test.each([
  [
    'list of structs',
    { type: 'array', items: { type: 'object', properties: { role: { type: 'string' }, at: { type: 'integer' } } } },
    {
      list: [
        { name: 'role', dtype: 'string' },
        { name: 'at', dtype: 'int64' },
      ],
    },
  ],
  ['list of lists', { type: 'array', items: { type: 'array', items: { type: 'number' } } }, { list: { list: 'float64' } }],
  ['what may be missing', { anyOf: [{ type: 'boolean' }, { type: 'null' }] }, { dtype: 'bool' }],
])('features: %s', (_name, schema, expected) => {
  const format = { ...formats[0]!, schema: { shape: { x: null }, toJSONSchema: () => ({ properties: { x: schema }, required: ['x'] }) } };
  const files = [{ name: 'data/x', format, split: 'train' as const, rows: 1, bytes: 1, uncompressedBytes: 1 }];
  expect(metadata(text(cardInput({ files }))).dataset_info[0]?.features).toEqual([{ name: 'x', ...expected }]);
});

test('files of another kind than the first are no configuration, which the library could not read', () => {
  const tree = { name: 'data/trees/train-00000-of-00001.jsonl.gz', format: { ...formats[0]!, name: 'trees', tabular: false } };
  const files = [...cardInput().files, { ...tree, split: 'train' as const, rows: 1, bytes: 1, uncompressedBytes: 1 }];
  const card = text(cardInput({ files }));
  expect(metadata(card).configs.map(({ config_name }) => config_name)).not.toContain('trees');
  expect(card).toContain('`trees` fit no columns');
});

test('of rows that fit no columns nothing is said', () => {
  const format = { ...formats[0]!, tabular: false };
  const files = [{ name: 'data/x', format, split: 'train' as const, rows: 1, bytes: 1, uncompressedBytes: 1 }];
  expect(metadata(text(cardInput({ files }))).dataset_info[0]).not.toHaveProperty('features');
});

test.each([
  ['Apache-2.0', { license: 'apache-2.0' }],
  ['ODbL-1.0', { license: 'odbl' }],
  ['MIT OR Apache-2.0', { license: ['mit', 'apache-2.0'] }],
  ['EUPL-1.2', { license: 'other', license_name: 'eupl-1.2', license_link: 'https://spdx.org/licenses/EUPL-1.2.html' }],
  ['MIT AND CC0-1.0', { license: 'other', license_name: 'mit-and-cc0-1.0', license_link: 'https://spdx.org/licenses/' }],
])('licence %s', (licence, expected) => {
  expect(metadata(text(cardInput({ dataset: { ...dataset, licence } })))).toMatchObject(expected);
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

const injections = [
  '</details><script>alert(1)</script>',
  '](https://evil.example)',
  '<!-- ',
  '# Heading\n---\nkey: value',
  '```',
  '| a | b |',
];
test.each([...oddTexts.filter((item) => item.trim() !== ''), ...injections])(
  'odd text cannot break the head, a table or the page: %j',
  (odd) => {
    const summary = summaryOf({ origin: odd, origin_url: null });
    const card = text(
      cardInput({
        summary,
        dataset: { ...dataset, title: odd, description: odd, guidelines: odd, terms: odd },
        categories: [{ slug: 'open_qa', title: odd, guideline: odd, targetCount: 1 }],
        notes: odd,
        changelog: [
          { snapshot: 3, since: 2, added: 1, edited: 0, retracted: 0, removed: 0, notes: odd, createdAt: '2026-11-23T09:30:00.000Z' },
        ],
      }),
    );
    const head = metadata(card);
    expect(head.configs.map(({ config_name }) => config_name)).toEqual(formats.map(({ name }) => name));
    expect(String(head['pretty_name'])).not.toMatch(/[\n\u007f\u0085\u2028\ufeff]/);
    const outside = card
      .slice(card.indexOf('\n---\n') + 5)
      .split('\n')
      .filter((line) => !line.startsWith('>'));
    expect(outside.filter((line) => /^#{1,2} /.test(line)).slice(1)).toEqual([
      '## Motivation',
      '## Composition',
      '## Collection process',
      '## Preprocessing, cleaning and labelling',
      '## Uses',
      '## Distribution',
      '## Maintenance',
    ]);
    expect(outside.filter((line) => line.startsWith('```')).length % 2).toBe(0);
    const page = card.slice(card.indexOf('\n---\n'));
    expect(page).not.toContain('<script');
    expect(page).not.toContain('<!--');
    // Their own words may hold Markdown; what is made of them may not.
    expect(outside.join('\n').replaceAll('\\]', '')).not.toContain('](https://evil.example)');
    const cells = (line: string) => line.replace(/\\[\s\S]/g, '').split('|').length;
    for (const [start, line] of outside.entries()) {
      if (!line.startsWith('| --- ')) continue;
      for (let row = start + 1; outside[row]?.startsWith('|'); row += 1) expect(cells(outside[row] ?? '')).toBe(cells(line));
    }
  },
);

test('the body tells categories with their picture, sources with their licences, and how it came about', () => {
  const card = text(cardInput());
  expect(card).toContain('![Pairs by category: the same figures as in the table](plots/categories.svg)');
  expect(card).toContain('| `summarization` | Summary | 1 | 50.0 % | 1,000 |');
  expect(card).toContain('| [Some \\| corpus](<https://example.org/c>) | [MIT](https://spdx.org/licenses/MIT.html) | 1 |');
  expect(card).toContain('2 contributors are named, by pseudonym, in `ATTRIBUTION.md`. 1 pair has a text from another collection.');
  expect(card).toContain('> # Write well\n>\n> Say what is true.');
  expect(card).toContain(
    'the review policy of the dataset, which is at version 4. Any signed-in volunteer may review. A text is approved as soon as 2 reviews approve it',
  );
  expect(card).toContain('| 60 % to below 70 % | 2 | 100.0 % |');
  expect(card).toContain('The pairs were approved from 2026-11-02 to 2026-11-02 (UTC).');
  expect(card).toContain('| `accuracy` | Accuracy | Is it true? |');
  expect(card).toContain('This is the first snapshot.');
});

test('without an address of its own the card loads from a path, with one from the deployment', () => {
  expect(text(cardInput())).toContain('load_dataset("PATH", split="train")  # dolly');
  const card = text(cardInput({ serverUrl: 'https://granary.example', filesUrl: 'https://granary.example/files' }));
  expect(card).toContain('os.environ["HF_ENDPOINT"] = "https://granary.example"');
  expect(card).toContain('load_dataset("granary/granary-open", "full", revision="v3", split="train")');
  expect(card).toContain('pandas.read_json("https://granary.example/files/dolly.jsonl.gz", lines=True)');
  expect(card).toContain("read_parquet('https://granary.example/files/data/dolly/train-00000-of-00001.parquet')");
});

test('changes, selection, notes, what is withheld and the demo label are told where there are any', () => {
  const entry = {
    snapshot: 3,
    since: 2,
    added: 1200,
    edited: 4,
    retracted: 1,
    removed: 3,
    notes: 'Rated.',
    createdAt: '2026-11-23T09:30:00.000Z',
  };
  const first = { ...entry, snapshot: 1, since: null, added: 5, notes: '', createdAt: '2026-10-01T00:00:00.000Z' };
  const card = text(
    cardInput({
      changelog: [entry, first],
      selection: selectionSchema.parse({ languages: ['en'], minRating: 3.5, from: '2026-01-01' }),
      notes: 'First with ratings.',
      withheld: 2,
      otherFiles: [{ name: 'retracted.jsonl', format: 'retracted', description: 'Rows that were retracted' }],
      dataset: { ...dataset, isDemo: true },
    }),
  );
  expect(card).toContain('Since snapshot 2: 1,200 pairs added, 4 edited, 1 retracted, 3 removed');
  expect(card).toContain('| v3 | 2026-11-23 | 1,200 | 4 | 1 | 3 | Rated. |\n| v1 | 2026-10-01 | 5 |  |  |  |  |');
  expect(card).toContain('in the languages `en`, rated 3.5 or better or not rated, approved from 2026-01-01 on.');
  expect(card).toContain('> First with ratings.');
  expect(card).toContain('2 approved pairs that the selection would take are left out');
  expect(card).toContain('| `retracted.jsonl` | Rows that were retracted |');
  expect(card).toContain('unless they are restored; `retracted.jsonl` lists those of all earlier snapshots, with the reason.');
  expect(card.match(/demonstration dataset/g)).toHaveLength(2);
  expect(metadata(card)['tags']).toContain('demo');
});

test('nothing is said of reviews, ratings or people that were not there', () => {
  const summary = summaryOf({ agreement: null, reviews: 0, approvals: 0, rating: null, ratings: {}, origin: 'A', response_author: null });
  const card = text(
    cardInput({
      summary,
      contributors: { named: 0, anonymousPairs: 0, importedPairs: 1 },
      dataset: { ...dataset, policy: null, dimensions: [] },
    }),
  );
  expect(card).toContain('None of these pairs was reviewed on the platform');
  expect(card).not.toContain('Authors accept the terms');
  expect(card).not.toContain('review policy of the dataset, which');
  expect(metadata(card)).toMatchObject({
    annotations_creators: ['no-annotation'],
    language_creators: ['found'],
    source_datasets: ['extended'],
  });
});

test('what is done to texts on their way in is told', () => {
  const with_ = (normalisations: CardInput['dataset']['normalisations']) => {
    const input = cardInput();
    return text({ ...input, dataset: { ...input.dataset, normalisations } });
  };
  expect(with_([])).toContain('They are kept as they were handed in or imported, byte for byte.');
  expect(with_(['nfc', 'line_ends'])).toContain('in this alone: characters are composed (Unicode NFC), and every line end is LF.');
});

test('an adaptive policy in words', () => {
  const policy = {
    kind: 'adaptive',
    approveAt: 0.95,
    rejectAt: 0.9,
    changesAt: 0.8,
    minReviews: 2,
    maxReviews: 7,
    expectedApproval: 0.8,
    openReview: false,
  } as const;
  expect(policyInWords({ ...policy, calibrationRate: 0.1, qualification: { items: 5, needed: 4 } })).toBe(
    'Only people with the role of a reviewer review. Verdicts are weighed by how reliable each reviewer has proved. A text is decided when 2 reviews or more make the outcome sure enough: approval at a probability of 95 %, rejection at 90 %, changes at 80 %. After 7 reviews without a decision a moderator decides. New reviewers first judge 5 texts whose right verdict is known, 4 of them as expected. About 10 % of the review tasks are such texts too, unannounced.',
  );
});

test('every column of every format is explained', () => {
  for (const format of formats) expect(Object.keys(format.columns)).toEqual(Object.keys(format.schema.shape));
});

test('the content hash is what sha256sum of sha256sum prints', () => {
  const line = `${'a'.repeat(64)}  dolly.jsonl.gz\n${'b'.repeat(64)}  data/full/train-00000-of-00001.parquet\n`;
  const expected = createHash('sha256').update(line).digest('hex');
  expect(
    contentHash([
      { name: 'dolly.jsonl.gz', sha256: 'a'.repeat(64) },
      { name: 'data/full/train-00000-of-00001.parquet', sha256: 'b'.repeat(64) },
    ]),
  ).toBe(expected);
});

test('a manifest is the same bytes whatever the order of its keys, and is refused when it does not fit', () => {
  const file = {
    name: 'dolly.jsonl.gz',
    mediaType: 'application/gzip',
    format: 'dolly',
    encoding: 'jsonl.gz',
    split: null,
    bytes: 20,
    rows: 0,
  };
  const manifest: Manifest = {
    granary: 2,
    dataset: { slug: 'granary-open', title: 'Granary Open', licence: 'CC-BY-SA-4.0' },
    snapshot: 1,
    eventPosition: 12,
    policy: 3,
    createdAt: '2026-11-23T09:30:00.000Z',
    selection: selectionSchema.parse({}),
    counts: { pairs: 0, byCategory: [], byLanguage: [] },
    withheld: 0,
    contentHash: 'c'.repeat(64),
    files: [{ ...file, sha256: 'd'.repeat(64) }],
  };
  const reversed = Object.fromEntries(Object.entries(manifest).reverse()) as Manifest;
  expect(renderManifest(reversed).equals(renderManifest(manifest))).toBe(true);
  expect(manifestSchema.parse(JSON.parse(renderManifest(manifest).toString('utf8')))).toEqual(manifest);
  expect(() => renderManifest({ ...manifest, createdAt: 'yesterday' })).toThrow('createdAt');
});
