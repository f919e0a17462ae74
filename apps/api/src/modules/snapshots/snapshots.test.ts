import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { dollyRecordSchema, fullRecordSchema, manifestSchema, problemSchema, snapshotSchema } from '@granary/contract';
import type { FullRecord, Snapshot } from '@granary/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registerJobHandlers } from '../../job-handlers.ts';
import { createServices } from '../../services.ts';
import { createTestApp } from '../../testing.ts';
import type { TestApp, TestUser } from '../../testing.ts';
import { addSampleDataset, addSamplePairs, responseId, sampleSlug } from './sample-pairs.ts';
import { endedSnapshot } from './test-publishing.ts';

const base = `/api/v1/datasets/${sampleSlug}/snapshots`;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
type Reply = Awaited<ReturnType<TestUser['send']>>;
const code = (reply: Reply) => problemSchema.parse(reply.body).code;
const snapshotOf = (reply: Reply): Snapshot => snapshotSchema.parse(reply.body);
const linesOf = (reply: Reply) =>
  gunzipSync(reply.raw)
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

let t: TestApp;
let admin: TestUser;

async function publish(selection: object = {}, notes = ''): Promise<Snapshot> {
  const reply = await admin.send('POST', base, { selection, notes });
  expect(reply.status).toBe(202);
  const snapshot = await endedSnapshot(admin, snapshotOf(reply).number);
  expect(snapshot).toMatchObject({ status: 'published', error: null });
  return snapshot;
}

beforeAll(async () => {
  t = await createTestApp({ env: { PUBLIC_URL: 'https://granary.example' } });
  admin = await t.signIn('admin');
  await t.deps.jobs.start();
  await registerJobHandlers(t.deps.jobs, createServices(t.deps));
  await addSampleDataset(t.db);
  await addSamplePairs(t.db, [
    { instruction: 'What is a granary?', response: 'A storehouse for grain.' },
    {
      instruction: 'Nenne drei Getreide.',
      response: 'Weizen, Roggen, Hafer.',
      language: 'de',
      category: 'brainstorming',
      approvedOn: '2026-03-02',
    },
    {
      instruction: 'Sum it up.',
      context: 'A long\npassage “with” 🌾.',
      response: 'Short.',
      category: 'summarization',
      ratings: [{ accuracy: 2 }],
      approvedOn: '2026-03-03',
    },
    { instruction: 'And in one word?', response: 'Store.', follows: 0, ratings: [], approvedOn: '2026-03-04' },
    { instruction: 'Imported question?', response: 'Imported answer.', imported: true, ratings: [], approvedOn: '2026-03-05' },
  ]);
});
afterAll(() => t.close());

describe('preview', () => {
  test('counts a selection by category and language', async () => {
    const reply = await admin.send('POST', `${base}/preview`, { selection: {} });
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({
      pairs: 5,
      byCategory: [
        { category: 'brainstorming', pairs: 1 },
        { category: 'open_qa', pairs: 3 },
        { category: 'summarization', pairs: 1 },
      ],
      byLanguage: [
        { language: 'de', pairs: 1 },
        { language: 'en', pairs: 4 },
      ],
    });
  });

  test.each([
    [{ categories: ['open_qa', 'brainstorming'] }, 4],
    [{ languages: ['de'] }, 1],
    [{ minRating: 3.5 }, 4],
    [{ minRating: 2 }, 5],
    [{ minRating: 3.5, ratedOnly: true }, 2],
    [{ ratedOnly: true }, 3],
    [{ from: '2026-03-02', to: '2026-03-03' }, 2],
    [{ from: '2026-03-05' }, 1],
    [{ to: '2026-03-01' }, 1],
    [{ categories: ['brainstorming'], languages: ['en'] }, 0],
  ])('%j holds %i', async (selection, pairs) => {
    const reply = await admin.send('POST', `${base}/preview`, { selection });
    expect(reply.body).toMatchObject({ pairs });
  });

  test('names a category that the dataset has not', async () => {
    const reply = await admin.send('POST', `${base}/preview`, { selection: { categories: ['open_qa', 'poetry'] } });
    expect(reply.status).toBe(400);
    expect(problemSchema.parse(reply.body).errors).toEqual([
      { path: 'selection.categories.1', message: 'The dataset has no category "poetry"' },
    ]);
  });

  test.each([[{}], [{ selection: { minRating: 6 } }], [{ selection: { from: 'yesterday' } }]])('400 for %j', async (body) => {
    const reply = await admin.send('POST', `${base}/preview`, body);
    expect([reply.status, code(reply)]).toEqual([400, 'validation_failed']);
  });

  test('404 for a dataset that is not there', async () => {
    const reply = await admin.send('POST', '/api/v1/datasets/nothing/snapshots/preview', { selection: {} });
    expect([reply.status, code(reply)]).toEqual([404, 'not_found']);
  });
});

describe('who may', () => {
  const calls: [string, 'GET' | 'POST', string, object | undefined][] = [
    ['preview', 'POST', `${base}/preview`, { selection: {} }],
    ['create', 'POST', base, { selection: {} }],
    ['cancel', 'POST', `${base}/1/cancel`, undefined],
    ['events', 'GET', `${base}/1/events`, undefined],
  ];
  test.each(calls)('%s: 401 without an account', async (_name, method, url, body) => {
    const reply = await t.anonymous.send(method, url, body);
    expect([reply.status, code(reply)]).toEqual([401, 'not_signed_in']);
  });
  test.each(calls)('%s: 403 for a moderator', async (_name, method, url, body) => {
    const moderator = await t.signIn('moderator');
    const reply = await moderator.send(method, url, body);
    expect([reply.status, code(reply)]).toEqual([403, 'forbidden']);
  });
});

describe('a published snapshot', () => {
  let snapshot: Snapshot;
  beforeAll(async () => {
    snapshot = await publish({}, 'First release.');
  });
  const fileUrl = (name: string) => snapshot.files.find((file) => file.name === name)!.url;
  const get = (name: string, headers: Record<string, string> = {}) => t.anonymous.send('GET', fileUrl(name), undefined, headers);

  test('is public, with counts, hash and files', async () => {
    const reply = await t.anonymous.send('GET', `${base}/${snapshot.number}`);
    expect(reply.status).toBe(200);
    expect(snapshotOf(reply)).toEqual(snapshot);
    expect(snapshot).toMatchObject({ stage: 'done', rowsDone: 5, rowsTotal: 5, notes: 'First release.', counts: { pairs: 5 } });
    const rows = Object.fromEntries(snapshot.files.map((file) => [file.name, file.rows]));
    expect(rows).toMatchObject({
      'README.md': null,
      'dolly.jsonl.gz': 4,
      'full.jsonl.gz': 5,
      'manifest.json': null,
      'data/dolly/train-00000-of-00001.parquet': 4,
      'data/full/train-00000-of-00001.parquet': 5,
    });
    // Nothing was compared: a format without rows has no files.
    expect(snapshot.files.filter(({ format }) => format === 'dpo')).toEqual([]);
  });

  test('every file has the bytes that snapshot and manifest promise', async () => {
    const manifest = manifestSchema.parse((await get('manifest.json')).body);
    expect(manifest).toMatchObject({ granary: 2, snapshot: snapshot.number, contentHash: snapshot.contentHash, counts: snapshot.counts });
    for (const file of snapshot.files) {
      const reply = await t.anonymous.send('GET', file.url);
      expect([reply.status, reply.raw.length, sha256(reply.raw)]).toEqual([200, file.bytes, file.sha256]);
    }
    // Beside the data there is a file of what has changed where an earlier snapshot was published.
    const data = manifest.files.filter(({ rows, format }) => rows !== null && format !== 'changes');
    expect(data.map(({ name }) => name).slice(0, 3)).toEqual([
      'dolly.jsonl.gz',
      'full.jsonl.gz',
      'data/dolly/train-00000-of-00001.parquet',
    ]);
    // Data files first; the manifest names every file but itself.
    expect(manifest.files.slice(0, data.length)).toEqual(data);
    const named = snapshot.files.filter(({ name }) => name !== 'manifest.json').map(({ name, sha256: sum }) => [name, sum]);
    expect(manifest.files.map(({ name, sha256: sum }) => [name, sum]).toSorted()).toEqual(named.toSorted());
    const lines = data.map((file) => `${file.sha256}  ${file.name}\n`);
    expect(sha256(Buffer.from(lines.join('')))).toBe(manifest.contentHash);
  });

  test('dolly holds exactly the four columns of first turns, in the order of their ids', async () => {
    const rows = linesOf(await get('dolly.jsonl.gz')).map((row) => dollyRecordSchema.strict().parse(row));
    expect(rows.map((row) => row.instruction)).toEqual(['What is a granary?', 'Nenne drei Getreide.', 'Sum it up.', 'Imported question?']);
    expect(rows[2]).toEqual({
      instruction: 'Sum it up.',
      context: 'A long\npassage “with” 🌾.',
      response: 'Short.',
      category: 'summarization',
    });
    expect(rows[0]?.context).toBe('');
  });

  test('full tells everything about a pair', async () => {
    const rows = linesOf(await get('full.jsonl.gz')).map((row) => fullRecordSchema.strict().parse(row)) as [
      FullRecord,
      FullRecord,
      FullRecord,
      FullRecord,
      FullRecord,
    ];
    expect(rows[0]).toMatchObject({
      id: responseId(0),
      turn: 1,
      parent_response_id: null,
      instruction_author: 'Wheatear',
      response_author: 'Chaff “& Co” 🌾',
      ai_assistance: 'wording',
      reviews: 3,
      approvals: 2,
      agreement: 0.6667,
      posterior: 0.9731,
      ratings: { accuracy: 4, clarity: 3.6667 },
      rating: 3.8333,
      rating_count: 2,
      checks: [],
      created_at: '2026-03-01T10:00:00.000Z',
      approved_at: '2026-03-01T10:00:00.000Z',
    });
    expect(rows[3]).toMatchObject({ context_url: 'https://example.org/source', context_licence: 'CC-BY-4.0' });
    // A follow-up comes right after what it continues.
    expect(rows[1]).toMatchObject({
      turn: 2,
      parent_response_id: responseId(0),
      conversation_id: rows[0].instruction_id,
      agreement: null,
      posterior: null,
      rating: null,
      ratings: {},
    });
    expect(rows[4]).toMatchObject({ origin: 'Some collection', external_id: '4-r', response_author: null, terms_version: null });
  });

  test('the card says what it is', async () => {
    const reply = await get('README.md');
    expect(reply.headers['content-type']).toBe('text/markdown; charset=utf-8');
    expect(reply.text).toMatch(/^---\npretty_name: Sample pairs\nlicense: cc-by-sa-4\.0\n/);
    expect(reply.text).toContain(`read_json("https://granary.example${fileUrl('dolly.jsonl.gz')}"`);
    expect(reply.text).toContain('First release.');
  });

  test('files may be cached for ever, by anyone, and read by other sites', async () => {
    const file = snapshot.files.find(({ name }) => name === 'full.jsonl.gz')!;
    const { headers } = await get('full.jsonl.gz', { 'accept-encoding': 'gzip, br' });
    expect(headers).toMatchObject({
      etag: `"${file.sha256}"`,
      'cache-control': 'public, max-age=31536000, immutable',
      'accept-ranges': 'bytes',
      'content-type': 'application/gzip',
      'content-length': String(file.bytes),
      'content-disposition': `attachment; filename="sample-v${snapshot.number}-full.jsonl.gz"`,
      'access-control-allow-origin': '*',
    });
    expect(headers['content-encoding']).toBeUndefined();
  });

  test('text files are not compressed on the way: their ETag is that of their bytes', async () => {
    const reply = await get('README.md', { 'accept-encoding': 'gzip' });
    expect(reply.headers['content-encoding']).toBeUndefined();
    expect(`"${sha256(reply.raw)}"`).toBe(reply.headers['etag']);
  });

  test('a current copy is not sent again', async () => {
    const etag = `"${snapshot.files.find(({ name }) => name === 'full.jsonl.gz')!.sha256}"`;
    const reply = await get('full.jsonl.gz', { 'if-none-match': etag });
    expect([reply.status, reply.raw.length, reply.headers['etag'], reply.headers['cache-control']]).toEqual([
      304,
      0,
      etag,
      'public, max-age=31536000, immutable',
    ]);
  });

  test('parts put together are the whole', async () => {
    const whole = (await get('full.jsonl.gz')).raw;
    const first = await get('full.jsonl.gz', { range: 'bytes=0-99' });
    const rest = await get('full.jsonl.gz', { range: 'bytes=100-', 'if-range': String(first.headers['etag']) });
    expect([first.status, first.headers['content-range'], first.headers['content-length']]).toEqual([
      206,
      `bytes 0-99/${whole.length}`,
      '100',
    ]);
    expect(rest.status).toBe(206);
    expect(Buffer.concat([first.raw, rest.raw]).equals(whole)).toBe(true);
    expect((await get('full.jsonl.gz', { range: 'bytes=-7' })).raw.equals(whole.subarray(-7))).toBe(true);
    expect((await get('full.jsonl.gz', { range: 'bytes=0-1', 'if-range': '"other"' })).status).toBe(200);
  });

  test('a part that is not there is refused', async () => {
    const reply = await get('full.jsonl.gz', { range: 'bytes=9999999-' });
    const { bytes } = snapshot.files.find(({ name }) => name === 'full.jsonl.gz')!;
    expect([reply.status, code(reply), reply.headers['content-range']]).toEqual([416, 'range_unsatisfiable', `bytes */${bytes}`]);
  });

  test('HEAD tells the size without the bytes', async () => {
    const { bytes, sha256: sum } = snapshot.files.find(({ name }) => name === 'full.jsonl.gz')!;
    const reply = await t.anonymous.send('HEAD', fileUrl('full.jsonl.gz'));
    expect([reply.status, reply.raw.length, reply.headers['content-length'], reply.headers['etag']]).toEqual([
      200,
      0,
      String(bytes),
      `"${sum}"`,
    ]);
  });

  test.each([
    ['a file that is not there', () => `${base}/${snapshot.number}/files/other.gz`, 404],
    ['a snapshot that is not there', () => `${base}/4711/files/README.md`, 404],
    ['a path', () => `${base}/${snapshot.number}/files/..%2F..%2Fetc%2Fpasswd`, 400],
    ['a number that is none', () => `${base}/one`, 400],
    ['a snapshot page that is not there', () => `${base}/4711`, 404],
    ['a dataset that is not there', () => '/api/v1/datasets/nothing/snapshots', 404],
    ['latest of a dataset that is not there', () => '/api/v1/datasets/nothing/snapshots/latest', 404],
    ['latest of a file that is not there', () => `${base}/latest/files/other.gz`, 404],
  ])('%s: %#', async (_name, url, status) => {
    expect((await t.anonymous.send('GET', url())).status).toBe(status);
  });

  test('latest leads to the newest, and asks to be asked again', async () => {
    const newest = await publish();
    const page = await t.anonymous.send('GET', `${base}/latest`);
    expect([page.status, page.headers['location'], page.headers['cache-control']]).toEqual([302, `${base}/${newest.number}`, 'no-cache']);
    const file = await t.anonymous.send('GET', `${base}/latest/files/dolly.jsonl.gz`);
    expect([file.status, file.headers['location']]).toEqual([302, `${base}/${newest.number}/files/dolly.jsonl.gz`]);
  });

  test('the same state gives the same data, whatever the number', async () => {
    const again = await publish();
    expect(again.number).toBeGreaterThan(snapshot.number);
    expect(again.contentHash).toBe(snapshot.contentHash);
    const sums = ({ files }: Snapshot) => files.filter(({ format }) => format === 'dolly' || format === 'full').map((file) => file.sha256);
    expect(sums(again)).toEqual(sums(snapshot));
  });

  test('a selection holds what the preview promised', async () => {
    const selection = { languages: ['en'], minRating: 3 };
    const preview = (await admin.send('POST', `${base}/preview`, { selection })).body;
    const selected = await publish(selection);
    expect(selected.counts).toEqual(preview);
    expect(selected.selection).toMatchObject(selection);
  });

  test('the list is in pages, newest first', async () => {
    for (let count = 0; count < 3; count += 1) await publish();
    const first = await t.anonymous.send('GET', `${base}?limit=2`);
    const { items, nextCursor } = first.body as unknown as { items: Snapshot[]; nextCursor: string };
    const second = (await t.anonymous.send('GET', `${base}?limit=2&cursor=${nextCursor}`)).body as unknown as { items: Snapshot[] };
    const numbers = [...items, ...second.items].map(({ number }) => number);
    expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
    expect(new Set(numbers).size).toBe(4);
    const bad = await t.anonymous.send('GET', `${base}?cursor=nonsense`);
    expect([bad.status, code(bad)]).toEqual([400, 'cursor_invalid']);
  });
});

test('an empty selection is refused', async () => {
  const reply = await admin.send('POST', base, { selection: { categories: ['brainstorming'], languages: ['en'] } });
  expect([reply.status, code(reply)]).toEqual([422, 'selection_empty']);
});

test.each([[{}], [{ selection: { minRating: 'high' } }], [{ selection: {}, notes: 'x'.repeat(3000) }]])(
  'create: 400 for %#',
  async (body) => {
    const reply = await admin.send('POST', base, body);
    expect([reply.status, code(reply)]).toEqual([400, 'validation_failed']);
  },
);

test('a request that is repeated with its key makes one snapshot', async () => {
  const headers = { 'idempotency-key': 'publish-once' };
  const [first, second] = [
    await admin.send('POST', base, { selection: {} }, headers),
    await admin.send('POST', base, { selection: {} }, headers),
  ];
  expect(second.status).toBe(202);
  expect(snapshotOf(second).number).toBe(snapshotOf(first).number);
  await endedSnapshot(admin, snapshotOf(first).number);
});

test('the progress of a build is told until it ends', async () => {
  const { number } = snapshotOf(await admin.send('POST', base, { selection: {} }));
  const reply = await admin.send('GET', `${base}/${number}/events`);
  expect(reply.headers['content-type']).toBe('text/event-stream; charset=utf-8');
  const events = reply.text
    .split('\n\n')
    .filter((event) => event.startsWith('data: '))
    .map((event) => JSON.parse(event.slice(6)) as Record<string, unknown>);
  expect(events.at(-1)).toEqual({ status: 'published', stage: 'done', rowsDone: 5, rowsTotal: 5, error: null });
  const missing = await admin.send('GET', `${base}/4711/events`);
  expect([missing.status, code(missing)]).toEqual([404, 'not_found']);
});

test('the log tells of request and publication', async () => {
  const { number } = await publish();
  const events = await t.db.prisma.event.findMany({ where: { kind: { startsWith: 'snapshot_' } }, orderBy: { position: 'desc' }, take: 2 });
  expect(events.map(({ kind, actorId, payload }) => ({ kind, actorId, payload }))).toMatchObject([
    { kind: 'snapshot_published', actorId: admin.id, payload: { number, pairs: 5 } },
    { kind: 'snapshot_requested', actorId: admin.id, payload: { number } },
  ]);
});
