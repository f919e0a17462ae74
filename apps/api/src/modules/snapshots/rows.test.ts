import { createHash } from 'node:crypto';
import { problemSchema, snapshotRowSchema } from '@granary/contract';
import type { SnapshotRow } from '@granary/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registerJobHandlers } from '../../job-handlers.ts';
import { createServices } from '../../services.ts';
import { createTestApp } from '../../testing.ts';
import type { TestApp, TestUser } from '../../testing.ts';
import { datasetDefaults } from '../datasets/defaults.ts';
import { createRowRepository } from './row-repository.ts';
import type { RowOrder } from './row-repository.ts';
import { createRowService } from './row-service.ts';
import { addSampleDataset, addSamplePairs, responseId, sampleSlug } from './sample-pairs.ts';
import { publishedSnapshot } from './test-publishing.ts';

const base = `/api/v1/datasets/${sampleSlug}/snapshots`;
type Reply = Awaited<ReturnType<TestUser['send']>>;
type Page = { items: SnapshotRow[]; nextCursor: string | null };
const code = (reply: Reply) => problemSchema.parse(reply.body).code;

let t: TestApp;
let admin: TestUser;

async function publish(selection: object = {}): Promise<number> {
  const { body } = await admin.send<{ number: number }>('POST', base, { selection, notes: '' });
  return (await publishedSnapshot(admin, body.number)).number;
}
async function page(query: string, number = 1): Promise<Page> {
  const reply = await t.anonymous.send<Page>('GET', `${base}/${number}/rows?${query}`);
  expect(reply.status).toBe(200);
  return reply.body;
}
const indexOf = ({ id }: { id: string }) => Number.parseInt(id.slice(-12), 16);
const found = async (query: string, number = 1) => (await page(query, number)).items.map(indexOf);

/** Grain by hundreds: the words of the later ones are frequent. */
const many = Array.from({ length: 120 }, (_, index) => ({
  instruction: `How is batch ${index + 100} stored?`,
  response: index % 2 === 0 ? 'In a silo, dry and cool.' : 'In sacks.',
  category: 'summarization',
}));

beforeAll(async () => {
  t = await createTestApp();
  admin = await t.signIn('admin');
  await t.deps.jobs.start();
  await registerJobHandlers(t.deps.jobs, createServices(t.deps));
  await addSampleDataset(t.db);
  await t.db.prisma.dataset.updateMany({ data: { policy: datasetDefaults.policy } });
  await addSamplePairs(t.db, [
    { instruction: 'What is a granary?', response: 'A storehouse for grain.' },
    {
      instruction: 'Nenne drei Getreide.',
      response: 'Weizen, Roggen, Hafer.',
      language: 'de',
      category: 'brainstorming',
      ratings: [{ accuracy: 5 }],
    },
    {
      instruction: 'Sum it up.',
      context: 'A passage about millstones.',
      response: "It's short.",
      category: 'summarization',
      ratings: [{ accuracy: 2 }],
    },
    { instruction: 'And in one word?', response: 'Store.', follows: 0, ratings: [] },
    { instruction: 'Imported question?', response: 'Imported answer.', imported: true, ratings: [] },
  ]);
  await addSamplePairs(t.db, many, 100);
  await publish();
  await publish({ categories: ['open_qa'] });
});
afterAll(() => t.close());

test.each(['rows?q=grain', 'changes?since=1'])('who asks for %s again and again has to wait', async (address) => {
  const limited = await createTestApp({ env: { RATE_LIMIT_FACTOR: '0.01' } });
  try {
    const replies = [];
    // Two are let in; when a new minute begins meanwhile, two more.
    for (let n = 0; n < 6; n += 1) replies.push(await limited.anonymous.send('GET', `${base}/2/${address}`));
    const refused = replies.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(2);
    expect(Number(refused[0]?.headers['retry-after'])).toBeGreaterThan(0);
  } finally {
    await limited.close();
  }
});

describe('a list of rows', () => {
  test('tells a row as the full file does, and what became of it', async () => {
    const [first] = (await page('limit=1')).items;
    expect(snapshotRowSchema.parse(first)).toMatchObject({
      id: responseId(0),
      content_hash: createHash('sha256').update('["What is a granary?","","A storehouse for grain."]').digest('hex'),
      instruction: 'What is a granary?',
      response_author: 'Chaff “& Co” 🌾',
      agreement: 0.6667,
      approved_at: '2026-03-01T10:00:00.000Z',
      since: null,
    });
  });

  test('walks every row once, conversation by conversation', async () => {
    const seen: number[] = [];
    let cursor = '';
    do {
      const { items, nextCursor } = await page(`limit=50${cursor}`);
      seen.push(...items.map(indexOf));
      cursor = nextCursor === null ? '' : `&cursor=${nextCursor}`;
    } while (cursor !== '');
    expect(seen).toEqual([0, 3, 1, 2, 4, ...many.map((_, index) => index + 100)]);
  });

  test.each([
    ['category=brainstorming', [1]],
    ['category=brainstorming&category=open_qa', [0, 3, 1, 4]],
    ['language=de', [1]],
    ['min_rating=1&category=open_qa&category=brainstorming', [0, 1]],
    ['min_rating=5', []],
    ['split=test&category=poetry', []],
    ['category=poetry', []],
  ])('%s', async (query, expected) => {
    expect(await found(query)).toEqual(expected);
  });

  test.each([
    ['q=granary', [0]],
    ['q=gran', [0]],
    ['q=GRAIN', [0]],
    ['q=mill', [2]],
    ['q=weizen+hafer', [1]],
    ['q=weizen+granary', []],
    ['q="in one word"', [3]],
    ['q="one in word"', []],
    ["q=it's", [2]],
    ['q=batch+107', [107]],
    ['q=%3F%21', []],
    ["q='):*%5C", []],
    ['q=store&category=open_qa', [0, 3]],
  ])('finds %s', async (query, expected) => {
    expect(await found(query)).toEqual(expected);
  });

  test('looks through its own snapshot only', async () => {
    expect(await found('q=weizen', 2)).toEqual([]);
    expect(await found('q=granary', 2)).toEqual([0]);
  });

  test.each([
    ['limit=0', 400, 'validation_failed'],
    ['min_rating=7', 400, 'validation_failed'],
    ['cursor=made-up', 400, 'cursor_invalid'],
  ])('%s: %i', async (query, status, expected) => {
    const reply = await t.anonymous.send('GET', `${base}/1/rows?${query}`);
    expect([reply.status, code(reply)]).toEqual([status, expected]);
  });

  test('404 for a snapshot that is not published', async () => {
    expect(code(await t.anonymous.send('GET', `${base}/9/rows`))).toBe('not_found');
    expect(code(await t.anonymous.send('GET', `${base}/9/rows/${responseId(0)}`))).toBe('not_found');
    expect(code(await t.anonymous.send('GET', `${base}/1/rows/${responseId(77)}`))).toBe('not_found');
  });
});

describe('a sample', () => {
  test('is the same for the same seed, another for another, and walks every row once', async () => {
    const first = await found('seed=7&limit=10');
    expect(await found('seed=7&limit=10')).toEqual(first);
    expect(await found('seed=8&limit=10')).not.toEqual(first);
    const seen: number[] = [];
    let cursor = '';
    do {
      const { items, nextCursor } = await page(`seed=7&limit=60${cursor}`);
      seen.push(...items.map(indexOf));
      cursor = nextCursor === null ? '' : `&cursor=${nextCursor}`;
    } while (cursor !== '');
    expect(seen.slice(0, 10)).toEqual(first);
    expect(seen.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, ...many.map((_, index) => index + 100)]);
  });

  test('holds to filters and words', async () => {
    expect((await found('seed=3&language=de')).toSorted()).toEqual([1]);
    expect((await found('seed=3&q=store&category=open_qa')).toSorted()).toEqual([0, 3]);
  });

  test('lets every row in about equally often', async () => {
    const times = new Map<number, number>();
    for (let seed = 0; seed < 100; seed += 1)
      for (const index of await found(`seed=${seed}&limit=25`)) times.set(index, (times.get(index) ?? 0) + 1);
    // 100 samples of 25 out of 125: 20 times each, if starts were spread evenly.
    expect(times.size).toBe(125);
    expect(Math.max(...times.values())).toBeLessThan(50);
  });

  test('comes in the same order by the index of entries, as large snapshots do, with a cursor where a walk ends', async () => {
    const rows = createRowRepository(t.db);
    const small = await rows.published(sampleSlug, 1);
    if (small === null) throw new Error('There is a snapshot.');
    const service = createRowService({
      rows: { ...rows, published: async () => ({ ...small, rows: 1_000_000 }) },
      flagPublished: () => Promise.reject(new Error('Nothing is reported here.')),
    });
    const filter = { category: [], language: [], limit: 60, seed: 7 };
    const first = await service.list(sampleSlug, 1, filter);
    const second = await service.list(sampleSlug, 1, { ...filter, cursor: first.nextCursor ?? '' });
    const third = await service.list(sampleSlug, 1, { ...filter, cursor: second.nextCursor ?? '' });
    const all = [first, second, third].flatMap(({ items }) => items.map(indexOf));
    const sorted = (await page('seed=7&limit=100')).items.map(indexOf);
    expect(all.slice(0, 100)).toEqual(sorted);
    expect([new Set(all).size, third.nextCursor]).toEqual([125, null]);
    const key = { kind: 'sample', start: '00000000-0000-0000-0000-000000000000', after: null } as const;
    const query = {
      snapshot: { ...small, rows: 1_000_000 },
      filter: { category: ['brainstorming'], language: [] },
      search: null,
      order: key,
    };
    const end = await rows.walkEnd(query, 100);
    expect(end?.[0]).toBe(0);
    const near = await rows.walk(query, 100, 10);
    const rest = await rows.walk({ ...query, order: { ...key, after: [0, String(end?.[1])] } }, 100, 10);
    expect([...near, ...rest].map((row) => row.response_id)).toEqual([responseId(1)]);
  });
});

describe('words that are too frequent for the index', () => {
  test('are found along the way, page by page', async () => {
    const rows = createRowRepository(t.db);
    const snapshot = await rows.published(sampleSlug, 1);
    if (snapshot === null) throw new Error('There is a snapshot.');
    const order: RowOrder = { kind: 'file', after: null };
    const query = { snapshot, filter: { category: [], language: [] }, search: { matches: `'silo':*`, index: `'silo':*` }, order };
    expect(await rows.search(query, 59, 10)).toBeNull();
    expect((await rows.search(query, 60, 100))?.map((key) => indexOf({ id: key.response_id }))).toEqual(
      many.flatMap((_, index) => (index % 2 === 0 ? [index + 100] : [])),
    );
    // Five rows before the hundred, then every second.
    expect(await rows.walk(query, 10, 100)).toHaveLength(3);
    expect((await rows.walkEnd(query, 10))?.[1]).toBe(responseId(104));
    expect(await rows.walkEnd(query, 125)).toBeNull();
    expect((await rows.walkEnd(query, 124))?.[1]).toBe(responseId(218));
  });
});

describe('a row that is no longer what it was', () => {
  const row = (index: number) => t.anonymous.send<SnapshotRow>('GET', `${base}/1/rows/${responseId(index)}`);

  test('says so, and stays as it was published', async () => {
    const before = await row(110);
    expect(before.body).toMatchObject({ id: responseId(110), since: null });
    await admin.send('POST', `/api/v1/entries/${responseId(110)}/moderation/retract`, { reason: 'Wrong.' });
    expect((await row(110)).body).toEqual({ ...before.body, since: 'retracted' });
    // The instruction's retraction takes the pair with it.
    await admin.send('POST', `/api/v1/entries/${(await row(111)).body.instruction_id}/moderation/retract`, { reason: 'Wrong.' });
    expect((await row(111)).body).toMatchObject({ since: 'retracted', response: 'In sacks.' });
    const edited = await admin.send(
      'POST',
      `/api/v1/entries/${responseId(112)}/revisions`,
      { response: { text: 'In a tall bin, dry and cool.' }, note: 'It is tall.' },
      { 'if-match': '"1"' },
    );
    expect(edited.status).toBe(201);
    expect((await row(112)).body).toMatchObject({ since: 'edited', response: 'In a silo, dry and cool.' });
    expect(await found('q=tall')).toEqual([]);
    expect(await found('q=batch+212')).toEqual([212]);
  });

  test('is found in the snapshots that hold it', async () => {
    const find = (id: string) => t.anonymous.send('GET', `/api/v1/datasets/${sampleSlug}/rows/${id}`);
    expect((await find(responseId(0))).body).toEqual({ id: responseId(0), snapshots: [2, 1] });
    expect((await find(responseId(110))).body).toEqual({ id: responseId(110), snapshots: [1] });
    expect(code(await find(responseId(77)))).toBe('not_found');
    expect(code(await t.anonymous.send('GET', `/api/v1/datasets/none/rows/${responseId(0)}`))).toBe('not_found');
    expect(code(await find('five'))).toBe('validation_failed');
  });
});

describe('a report of a row', () => {
  const flags = (index: number) => `${base}/1/rows/${responseId(index)}/flags`;

  test('opens a case that remembers the snapshot, also when the pair is retracted', async () => {
    const reader = await t.signIn();
    await admin.send('POST', `/api/v1/entries/${responseId(114)}/moderation/retract`, { reason: 'Wrong.' });
    expect((await t.anonymous.send('POST', flags(114), { reason: 'incorrect' })).status).toBe(401);
    const reply = await reader.send('POST', flags(114), { reason: 'incorrect', note: 'Silos are warm.' });
    expect(reply).toMatchObject({ status: 201, body: { reason: 'incorrect', note: 'Silos are warm.', snapshot: 1, status: 'open' } });
    expect(code(await reader.send('POST', flags(114), { reason: 'spam' }))).toBe('already_exists');
    const { body } = await admin.send<{ items: unknown[] }>('GET', '/api/v1/flagged-entries');
    expect(body.items).toContainEqual(
      expect.objectContaining({
        entry: expect.objectContaining({ id: responseId(114), status: 'retracted' }),
        flags: [expect.objectContaining({ snapshot: 1 })],
      }),
    );
    const resolved = await admin.send('POST', `/api/v1/entries/${responseId(114)}/flags/resolution`, {
      resolution: 'upheld',
      reason: 'Yes.',
      retract: true,
    });
    expect(resolved).toMatchObject({ status: 200, body: { flags: [{ status: 'upheld', snapshot: 1 }] } });
  });

  test('one on its own page remembers none', async () => {
    const reader = await t.signIn();
    expect((await reader.send('POST', `/api/v1/entries/${responseId(1)}/flags`, { reason: 'other' })).body).toMatchObject({
      snapshot: null,
    });
  });

  test('404 for what the snapshot does not hold, 400 for no reason', async () => {
    const reader = await t.signIn();
    expect(code(await reader.send('POST', `${base}/2/rows/${responseId(1)}/flags`, { reason: 'spam' }))).toBe('not_found');
    expect(code(await reader.send('POST', flags(1), { reason: 'boring' }))).toBe('validation_failed');
  });
});
