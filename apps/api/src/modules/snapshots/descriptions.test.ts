import { createHash } from 'node:crypto';
import { manifestSchema, snapshotStatisticsSchema } from '@granary/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createServices } from '../../services.ts';
import { createTestApp } from '../../testing.ts';
import type { TestApp } from '../../testing.ts';
import { createAttributionRepository } from './attribution-repository.ts';
import { createPolicyRepository } from './policy-repository.ts';
import { addSampleDataset, addSamplePairs, responseId, sampleDatasetId, sampleSlug } from './sample-pairs.ts';
import type { SamplePair } from './sample-pairs.ts';

const pairs: SamplePair[] = Array.from({ length: 30 }, (_, index) => ({
  instruction: `Question ${index}?`,
  response: `Answer ${index}.`,
  category: ['open_qa', 'summarization'][index % 2]!,
  language: index % 3 === 0 ? 'de' : 'en',
  ...(index % 5 === 0 ? { context: `Passage ${index}` } : {}),
  ...(index % 7 === 0 ? { ratings: [] } : {}),
  imported: index % 10 === 0,
}));
const odd = '=HYPERLINK("x")|<b>,\u2028';

let t: TestApp;
const files = new Map<string, string>();
/** Names of files that are not what their checksum says. */
const spoiled: string[] = [];
const base = `/api/v1/datasets/${sampleSlug}/snapshots/1`;

beforeAll(async () => {
  t = await createTestApp({ env: { PUBLIC_URL: 'https://granary.example' } });
  const { db } = t.deps;
  await addSampleDataset(db);
  await addSamplePairs(db, pairs);
  // Whoever answered is now called otherwise; somebody else edited answer 1, and answer 2 is by nobody who is named.
  await db.prisma.$executeRaw`UPDATE users SET display_name = ${odd}, display_name_key = ${odd} WHERE display_name LIKE 'Chaff%'`;
  await db.prisma.$executeRaw`
    WITH added AS (INSERT INTO revisions (id, entry_id, number, text, author_id)
      SELECT gen_random_uuid(), ${responseId(1)}::uuid, 2, 'Edited.', id FROM users WHERE display_name = 'Wheatear' RETURNING id)
    UPDATE entries SET current_revision_id = (SELECT id FROM added), revision_number = 2 WHERE id = ${responseId(1)}::uuid`;
  await db.prisma.$executeRaw`UPDATE entries SET author_id = NULL WHERE id = ${responseId(2)}::uuid`;
  const admin = await t.signIn('admin');
  await admin.send('POST', `/api/v1/datasets/${sampleSlug}/snapshots`, { selection: {}, notes: 'The "first".' });
  const { id } = await db.prisma.snapshot.findFirstOrThrow();
  await createServices(t.deps).buildSnapshot(id, { signal: new AbortController().signal, lastTry: true });
  const snapshot = await t.anonymous.send('GET', base);
  for (const { name, sha256, url } of (snapshot.body as unknown as { files: { name: string; sha256: string; url: string }[] }).files) {
    const reply = await t.app.inject({ url });
    files.set(name, reply.body);
    if (createHash('sha256').update(reply.rawPayload).digest('hex') !== sha256) spoiled.push(name);
  }
});
afterAll(() => t.close());

const lines = (name: string) => files.get(name)!.trimEnd().split('\n');

async function pagesOf(source: AsyncIterable<unknown[]>): Promise<unknown[][]> {
  const pages: unknown[][] = [];
  for await (const page of source) pages.push(page);
  return pages;
}

test('every file is there, and the manifest names it', () => {
  const manifest = manifestSchema.parse(JSON.parse(files.get('manifest.json')!));
  expect(spoiled).toEqual([]);
  expect(manifest).toMatchObject({ granary: 2, policy: 1, withheld: 0 });
  expect(manifest.files.map(({ name }) => name).toSorted()).toEqual(
    [...files.keys()].filter((name) => name !== 'manifest.json').toSorted(),
  );
  const data = manifest.files.filter(({ encoding }) => encoding !== null);
  const sums = data.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join('');
  expect(createHash('sha256').update(sums).digest('hex')).toBe(manifest.contentHash);
  expect([...files.keys()]).toEqual(expect.arrayContaining(['ATTRIBUTION.md', 'CITATION.cff', 'croissant.json', 'plots/lengths.svg']));
});

test('attribution as CSV counts every source, passage and person, and begins no formula', () => {
  expect(lines('ATTRIBUTION.csv')).toEqual([
    'kind,name,url,licence,pairs,pairs_edited',
    // Entries that were written here have an address in the sample all the same.
    'source,Sample pairs,https://example.org/collection,CC-BY-SA-4.0,27,',
    'source,Some collection,https://example.org/collection,CC-BY-SA-4.0,3,',
    'context,,https://example.org/source,CC-BY-4.0,6,',
    'anonymous,,,,1,',
    `contributor,"'=HYPERLINK(""x"")|<b>,\u2028",,,26,0`,
    'contributor,Wheatear,,,27,1',
  ]);
});

test('attribution as Markdown has the same, and nothing in it breaks out', () => {
  const markdown = files.get('ATTRIBUTION.md')!;
  expect(markdown).toContain(
    '| [Some collection](<https://example.org/collection>) | [CC-BY-SA-4.0](https://spdx.org/licenses/CC-BY-SA-4.0.html) | 3 |',
  );
  expect(markdown).toContain('| =HYPERLINK\\("x"\\)\\|&lt;b&gt;, | 26 | 0 |\n| Wheatear | 27 | 1 |\n');
  expect(markdown).toContain('Pairs with a text by somebody who is not named: 1.');
});

test('names come page by page, each once', async () => {
  const { id } = await t.db.prisma.snapshot.findFirstOrThrow();
  const whole = createAttributionRepository(t.db);
  const paged = createAttributionRepository(t.db, 1);
  for (const list of ['sources', 'contexts', 'contributors'] as const) {
    expect((await pagesOf(paged[list](id))).flat()).toEqual((await pagesOf(whole[list](id))).flat());
  }
  expect(await pagesOf(paged.contributors(id))).toHaveLength(2);
  expect(await whole.counts(id)).toEqual({ named: 2, anonymousPairs: 1, importedPairs: 3 });
  expect(await whole.counts(sampleDatasetId)).toEqual({ named: 0, anonymousPairs: 0, importedPairs: 0 });
});

test('the policy is that of the time, whatever came later', async () => {
  const policies = createPolicyRepository(t.db);
  const fixed = { kind: 'fixed', approvals: 1, rejections: 1, changeRequests: 1, maxReviews: 5, openReview: true } as const;
  await t.db.prisma.policyVersion.createMany({
    data: [1, 2].map((version) => ({
      datasetId: sampleDatasetId,
      version,
      policy: { ...fixed, approvals: version },
      createdAt: new Date(`2026-0${version}-01T00:00:00Z`),
    })),
  });
  expect(await policies.at(sampleDatasetId, new Date('2026-01-31T00:00:00Z'))).toEqual({ version: 1, policy: fixed });
  expect(await policies.at(sampleDatasetId, new Date('2026-02-01T00:00:00Z'))).toMatchObject({ version: 2 });
  expect(await policies.at(sampleDatasetId, new Date('2025-01-01T00:00:00Z'))).toBeNull();
});

describe('statistics', () => {
  const path = `${base}/statistics`;
  test('are served as they were reckoned', async () => {
    const reply = await t.anonymous.send('GET', path);
    const { statistics } = reply.body as unknown as { statistics: unknown };
    expect(snapshotStatisticsSchema.parse(statistics)).toMatchObject({
      pairs: 30,
      conversations: 30,
      byCategory: [
        { category: 'open_qa', pairs: 15 },
        { category: 'summarization', pairs: 15 },
      ],
      byLanguage: [
        { language: 'en', pairs: 20 },
        { language: 'de', pairs: 10 },
      ],
      // Of the edited answer no review is left, and five of the sample had none.
      notReviewed: 6,
    });
  });
  test('404 for what is not published', async () => {
    expect(await t.anonymous.send('GET', `/api/v1/datasets/${sampleSlug}/snapshots/2/statistics`)).toMatchObject({ status: 404 });
  });
  test('null where none were kept', async () => {
    const { statistics } = await t.db.prisma.snapshot.findFirstOrThrow();
    await t.db.prisma.$executeRaw`UPDATE snapshots SET statistics = NULL`;
    expect(await t.anonymous.send('GET', path)).toMatchObject({ status: 200, body: { statistics: null } });
    expect(statistics).not.toBeNull();
    await t.db.prisma.snapshot.updateMany({ data: { statistics: statistics as object } });
  });
});
