import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { citationLine, renderCitation } from './citation.ts';
import type { CitationInput } from './citation.ts';
import { oddTexts } from './sample-record.ts';

const input: CitationInput = {
  dataset: { title: 'Granary Open', description: 'Pairs for everyone.', licence: 'CC-BY-SA-4.0' },
  snapshot: 3,
  createdAt: '2026-11-23T09:30:00.000Z',
  sources: [
    { origin: null, url: null, licence: 'CC-BY-SA-4.0', pairs: 10 },
    { origin: 'GSM8K', url: 'https://github.com/openai/grade-school-math', licence: 'MIT', pairs: 5 },
    { origin: 'Elsewhere', url: 'javascript:alert(1)', licence: 'unknown', pairs: 2 },
    { origin: 'Elsewhere', url: null, licence: 'unknown', pairs: 1 },
  ],
  pageUrl: 'https://granary.example/datasets/granary-open/snapshots/3',
  filesUrl: 'https://granary.example/files',
};
const render = (fields: Partial<CitationInput> = {}) =>
  parse(renderCitation({ ...input, ...fields }).toString('utf8'), { version: '1.1' }) as Record<string, unknown>;

test('it is a citation file 1.2.0 that names the collections rows came from, each once', () => {
  expect(render()).toEqual({
    'cff-version': '1.2.0',
    message: 'If you use this dataset, please cite this snapshot of it.',
    type: 'dataset',
    title: 'Granary Open',
    abstract: 'Pairs for everyone.',
    authors: [{ name: 'The contributors of Granary Open' }],
    version: 'v3',
    'date-released': '2026-11-23',
    license: 'CC-BY-SA-4.0',
    url: 'https://granary.example/datasets/granary-open/snapshots/3',
    'repository-artifact': 'https://granary.example/files/manifest.json',
    keywords: ['instruction tuning', 'dataset'],
    references: [
      {
        type: 'data',
        title: 'GSM8K',
        authors: [{ name: 'The contributors of GSM8K' }],
        url: 'https://github.com/openai/grade-school-math',
        license: 'MIT',
      },
      { type: 'data', title: 'Elsewhere', authors: [{ name: 'The contributors of Elsewhere' }] },
    ],
  });
});

test.each([
  ['MIT OR Apache-2.0', { license: ['MIT', 'Apache-2.0'] }],
  ['LicenseRef-own', { 'license-url': 'https://spdx.org/licenses/LicenseRef-own.html' }],
  ['MIT AND CC0-1.0', {}],
])('licence %s', (licence, expected) => {
  const { license, 'license-url': url } = render({ dataset: { ...input.dataset, licence } });
  expect({ ...(license === undefined ? {} : { license }), ...(url === undefined ? {} : { 'license-url': url }) }).toEqual(expected);
});

test.each(oddTexts.filter((text) => text.trim() !== ''))('odd text cannot break it: %j', (odd) => {
  const citation = render({
    dataset: { ...input.dataset, title: odd, description: odd },
    sources: [{ origin: odd, url: odd, licence: odd, pairs: 1 }],
  });
  expect(Object.keys(citation)).toContain('keywords');
  expect(citation['version']).toBe('v3');
  expect(String(citation['title'])).not.toMatch(/[\n\u007f\u0085\u2028\ufeff]/);
});

test('in one line', () => {
  expect(citationLine(input)).toBe(
    'The contributors of Granary Open (2026). Granary Open, snapshot v3 [dataset]. https://granary.example/datasets/granary-open/snapshots/3',
  );
});
