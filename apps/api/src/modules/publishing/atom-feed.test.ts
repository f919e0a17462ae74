import { SaxesParser } from 'saxes';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestApp } from '../../testing.ts';
import type { TestApp } from '../../testing.ts';
import { addSampleDataset, sampleDatasetId, sampleSlug } from '../snapshots/sample-pairs.ts';
import { atomFeed } from './atom-feed.ts';

type Element = { name: string; attributes: Record<string, string>; children: Element[]; text: string };

/** Throws where the text is not well-formed XML with namespaces. */
function parse(xml: string) {
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ local, uri, attributes }) => {
    expect(uri).toBe('http://www.w3.org/2005/Atom');
    const values = Object.entries(attributes).map(([name, { value }]) => [name, value] as const);
    const element = { name: local, attributes: Object.fromEntries(values), children: [], text: '' };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    const element = open.at(-1);
    if (element) element.text += text;
  });
  parser.on('closetag', () => void open.pop());
  parser.write(xml).close();
  const [feed] = root.children;
  return feed as Element;
}
const all = (element: Element | undefined, name: string) => (element?.children ?? []).filter((child) => child.name === name);
const textOf = (element: Element | undefined, name: string) => all(element, name)[0]?.text;

const address = `/api/v1/datasets/${sampleSlug}/snapshots/feed.atom`;
let t: TestApp;
beforeAll(async () => {
  t = await createTestApp({ env: { PUBLIC_URL: 'https://granary.example' } });
  await addSampleDataset(t.db);
});
afterAll(() => t.close());
beforeEach(() => t.db.prisma.snapshot.deleteMany());

async function addSnapshot(number: number, status: 'published' | 'building' = 'published', more: object = {}): Promise<string> {
  const { id: createdById } = await t.db.prisma.user.findFirstOrThrow({ where: { email: 'person1@example.org' } });
  const { id } = await t.db.prisma.snapshot.create({
    data: {
      datasetId: sampleDatasetId,
      number,
      status,
      selection: {},
      createdById,
      contentHash: 'abc',
      counts: { pairs: number * 10, byCategory: [], byLanguage: [] },
      publishedAt: new Date(Date.UTC(2026, 10, 1, number)),
      ...more,
    },
  });
  return id;
}

test('a dataset without snapshots has a feed without entries, and one that is not there has none', async () => {
  const reply = await t.anonymous.send('GET', address);
  expect(reply.status).toBe(200);
  expect(reply.headers['content-type']).toBe('application/atom+xml; charset=utf-8');
  const feed = parse(reply.text);
  expect([feed.name, textOf(feed, 'id'), textOf(feed, 'title')]).toEqual([
    'feed',
    `urn:uuid:${sampleDatasetId}`,
    'Sample pairs: snapshots',
  ]);
  expect(all(feed, 'entry')).toEqual([]);
  expect((await t.anonymous.send('GET', '/api/v1/datasets/no-such/snapshots/feed.atom')).status).toBe(404);
});

test('tells of published snapshots, newest first, with page, files and what changed; a copy is checked by its tag', async () => {
  await addSnapshot(1);
  const id = await addSnapshot(2, 'published', {
    notes: 'Notes with <b>markup</b> & "quotes" ]]> 🌾',
    countedChanges: { create: [{ since: 1, added: 12, edited: 3, retracted: 2, removed: 0 }] },
    files: {
      create: [{ name: 'data/full.jsonl.gz', mediaType: 'application/gzip', format: 'full', bytes: 1234, sha256: 'x', storageKey: 'k' }],
    },
  });
  await addSnapshot(3, 'building', { publishedAt: null, counts: null });
  const reply = await t.anonymous.send('GET', address);
  const feed = parse(reply.text);
  expect(textOf(feed, 'updated')).toBe('2026-11-01T02:00:00.000Z');
  const self = { rel: 'self', href: `https://granary.example${address}`, type: 'application/atom+xml' };
  expect(all(feed, 'link').map(({ attributes }) => attributes)).toContainEqual(self);
  const [entry, ...others] = all(feed, 'entry');
  expect([entry, ...others].map((each) => textOf(each, 'title'))).toEqual(['Sample pairs v2', 'Sample pairs v1']);
  expect(textOf(entry, 'id')).toBe(`urn:uuid:${id}`);
  expect(textOf(entry, 'updated')).toBe('2026-11-01T02:00:00.000Z');
  expect(textOf(all(entry, 'author')[0], 'name')).toBe('Chaff “& Co” 🌾');
  expect(textOf(entry, 'content')).toBe(
    '20 pairs.\n\nSince v1: 12 added, 3 edited, 2 retracted, 0 removed.\n\nNotes with <b>markup</b> & "quotes" ]]> 🌾',
  );
  expect(all(entry, 'link').map(({ attributes }) => [attributes['rel'], attributes['href'], attributes['length']])).toEqual([
    ['alternate', `https://granary.example/datasets/${sampleSlug}/snapshots/2`, undefined],
    ['enclosure', `https://granary.example/api/v1/datasets/${sampleSlug}/snapshots/2/files/data/full.jsonl.gz`, '1234'],
  ]);

  const etag = String(reply.headers['etag']);
  expect(await t.anonymous.send('GET', address, undefined, { 'if-none-match': etag })).toMatchObject({ status: 304, text: '' });
  await addSnapshot(4);
  const later = await t.anonymous.send('GET', address, undefined, { 'if-none-match': etag });
  expect(later.status).toBe(200);
  expect(textOf(all(parse(later.text), 'entry')[1], 'id')).toBe(`urn:uuid:${id}`);
});

test('characters that XML cannot hold do not break the feed', () => {
  const nasty = 'a\u0000b\u0008c\u000Bd\uFFFEe\uD800f]]><x y="1">&amp;\t\n';
  const feed = atomFeed(
    { id: 'i', slug: 'dataset', title: nasty, description: nasty, licence: 'CC0-1.0', createdAt: new Date(0), snapshots: [] },
    'https://granary.example',
  );
  expect(textOf(parse(feed), 'title')).toBe('a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\uFFFDf]]><x y="1">&amp;\t\n: snapshots');
});
