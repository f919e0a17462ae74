import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { affectedJourneys } from './affected-journeys.ts';
import { readImportGraph } from './import-graph.ts';
import { pageAt, readWebPages } from './web-pages.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const everyone = affectedJourneys({ root, changed: ['package-lock.json'] });

/** Trails of three journeys; the others have been nowhere. */
const trails: Record<string, string[]> = {
  'e2e/src/import.journey.ts': [
    '/admin/datasets/journey-1/imports',
    '/admin/imports/01980000',
    '/api/v1/datasets/journey-1/imports',
    '/browse',
  ],
  'e2e/src/rate.journey.ts': ['/entries/01980000', '/api/v1/entries/01980000/ratings'],
  'e2e/src/browse.journey.ts': ['/browse', '/api/v1/pairs'],
};
const affectedBy = (...changed: string[]) =>
  affectedJourneys({ root, changed, trailOf: (journey) => trails[journey] ?? [] }).map(
    (file) => /(\w[\w-]*)\.journey\.ts$/.exec(file)?.[1],
  );

test('a journey that was changed runs, and no other', () => {
  expect(affectedBy('e2e/src/rate.journey.ts')).toEqual(['rate']);
});

test('a changed helper runs the journeys that import it, a fixture those that read it', () => {
  expect(affectedBy('e2e/src/granary-server.ts')).toContain('five-minutes');
  expect(affectedBy('fixtures/imports/oasst.jsonl')).toEqual(['import']);
});

test.each([
  ['apps/web/src/features/imports/components/import-form.tsx', ['import']],
  ['apps/web/src/features/imports/messages/de.json', ['import']],
  ['apps/web/src/features/ratings/messages/en.json', ['rate']],
  ['apps/web/src/features/pairs/components/pair-filters.tsx', ['browse', 'import']],
  ['apps/web/src/app/pages/entry-page.tsx', ['rate']],
  ['apps/web/src/features/imports/components/removed.tsx', ['import']],
])('a change of %s runs the journeys that open its pages', (file, expected) => {
  expect(affectedBy(file)).toEqual(expected);
});

test('a change of a module of the API runs the journeys that ask it, also through modules that import it', () => {
  expect(affectedBy('apps/api/src/modules/ratings/service.ts')).toContain('rate');
  expect(affectedBy('apps/api/src/modules/imports/routes.ts')).toEqual(['import']);
  expect(affectedBy('packages/corpus/src/index.ts')).toContain('import');
  expect(affectedBy('packages/corpus/src/index.ts')).not.toContain('rate');
});

test.each([
  'apps/web/src/main.tsx',
  'apps/web/src/app/messages/en.json',
  'apps/web/src/components/button.tsx',
  'apps/web/index.html',
  'apps/api/src/services.ts',
  'apps/api/src/http/route.ts',
  'packages/contract/src/imports.ts',
  'packages/db/src/index.ts',
  'prisma/schema/entries.prisma',
  'a-file-nobody-knows',
])('what everything rests on runs all journeys: %s', (file) => {
  expect(affectedJourneys({ root, changed: [file], trailOf: () => [] })).toEqual(everyone);
  expect(everyone.length).toBeGreaterThan(10);
});

test.each([
  'README.md',
  'docs/architecture.md',
  'scripts/test.mjs',
  'apps/web/src/styles/tokens.test.ts',
  'apps/api/src/cli.ts',
  'bench/src/run.ts',
])('what no journey runs affects none: %s', (file) => {
  expect(affectedJourneys({ root, changed: [file], trailOf: () => undefined })).toEqual([]);
});

test('a journey without a trail runs with any change of a page', () => {
  const changed = ['apps/web/src/features/imports/components/import-form.tsx'];
  expect(affectedJourneys({ root, changed, trailOf: () => undefined })).toEqual(everyone);
});

test('every page has a module that is there, and an address opens the most literal page', () => {
  const pages = readWebPages(root);
  const { files } = readImportGraph(root, ['apps/web/src']);
  expect(pages.filter(({ module }) => !files.has(module))).toEqual([]);
  expect(pageAt(pages, '/admin/datasets/new')?.pattern).toBe('/admin/datasets/new');
  expect(pageAt(pages, '/admin/datasets/some?x=1')?.pattern).toBe('/admin/datasets/:slug');
  expect(pageAt(pages, '/no/such/page')).toBeUndefined();
});
