import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { get as httpGet } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { fullRecordSchema, problemSchema } from '@granary/contract';
import type { FullRecord, Snapshot } from '@granary/contract';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { buildApp } from '../../build-app.ts';
import { registerJobHandlers } from '../../job-handlers.ts';
import { createServices } from '../../services.ts';
import { createTestApp } from '../../testing.ts';
import type { TestApp } from '../../testing.ts';
import { waitFor } from '../../testing-wait.ts';
import { createBuildRepository } from './build-repository.ts';
import { createExportService } from './export-service.ts';
import { openRendering } from './export-stream.ts';
import type { RenderTask } from './render-task.ts';
import { createRenderer } from './renderer.ts';
import { createSnapshotRepository } from './repository.ts';
import { addSampleDataset, addSamplePairs, responseId, sampleSlug } from './sample-pairs.ts';
import type { SamplePair } from './sample-pairs.ts';
import { publishedSnapshot } from './test-publishing.ts';

const base = `/api/v1/datasets/${sampleSlug}/snapshots`;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
/** Three conversations: 0 with its follow-ups 1 and 2, then 3, then 4. */
const pairs: SamplePair[] = [
  { instruction: 'What is a granary?', response: 'A storehouse for grain.', ratings: [{ accuracy: 5 }] },
  { instruction: 'Und auf Deutsch?', response: 'Ein Kornspeicher.', language: 'de', follows: 0, ratings: [{ accuracy: 4 }] },
  { instruction: 'Nenne drei Getreide.', response: 'Weizen, Roggen, Hafer.', language: 'de', category: 'brainstorming', ratings: [] },
  {
    instruction: 'Sum it up 🌾.',
    context: 'A “passage”,\nwith lines.',
    response: 'Short.',
    category: 'summarization',
    ratings: [{ accuracy: 2 }],
  },
];

let t: TestApp;
let snapshot: Snapshot;
beforeAll(async () => {
  t = await createTestApp();
  const admin = await t.signIn('admin');
  await t.deps.jobs.start();
  await registerJobHandlers(t.deps.jobs, createServices(t.deps));
  await addSampleDataset(t.db);
  await addSamplePairs(t.db, pairs);
  await admin.send('POST', base, { selection: {}, notes: '' });
  snapshot = await publishedSnapshot(admin, 1);
});
afterAll(() => t.close());

const ask = (query: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') =>
  t.anonymous.send(method, `${base}/1/export?${query}`, undefined, headers);
const problemOf = async (query: string) => problemSchema.parse((await ask(query)).body);
async function rowsOf(query: string): Promise<FullRecord[]> {
  const reply = await ask(`format=full&encoding=jsonl&${query}`);
  expect(reply.status).toBe(200);
  return reply.text
    .split('\n')
    .slice(0, -1)
    .map((line) => fullRecordSchema.strict().parse(JSON.parse(line)));
}

describe('an export', () => {
  test('of everything has the bytes of the stored file, where there is one', async () => {
    const stored = snapshot.files.filter(({ encoding }) => encoding !== null);
    expect(stored.length).toBeGreaterThan(3);
    for (const { name, format, encoding, split, sha256: sum } of stored) {
      const reply = await ask(`format=${format}&encoding=${encoding}${split === null ? '' : `&split=${split}`}`);
      expect([name, reply.status, sha256(reply.raw)]).toEqual([name, 200, sum]);
    }
  });

  test('says the same in every encoding', async () => {
    const lines = (await ask('format=full&encoding=jsonl')).raw;
    expect(gunzipSync((await ask('format=full')).raw).equals(lines)).toBe(true);
    expect(zstdDecompressSync((await ask('format=full&encoding=jsonl.zst')).raw).equals(lines)).toBe(true);
    const parquet = new Uint8Array((await ask('format=full&encoding=parquet')).raw).buffer;
    const rows = await parquetReadObjects({ file: parquet, compressors });
    expect(rows.map(({ id, response }) => [id, response])).toEqual((await rowsOf('')).map(({ id, response }) => [id, response]));
    const csv = (await ask('format=dolly&encoding=csv')).text;
    expect(csv).toMatch(/^instruction,context,response,category\r\n/);
    expect(csv).toContain('Sum it up 🌾.,"A “passage”,\nwith lines.",Short.,summarization\r\n');
    expect(gunzipSync((await ask('format=dolly&encoding=csv.gz')).raw).toString()).toBe(csv);
  });

  test.each([
    ['language=de', [1, 2]],
    ['category=summarization', [3]],
    ['category=summarization&category=brainstorming', [2, 3]],
    ['language=de&category=open_qa', [1]],
    // A rating of 5, 4 or 2 with the two of 3.5 that every mean begins with: 4, 3.67 and 3. Unrated pairs are left out.
    ['min_rating=3', [0, 1, 3]],
    ['min_rating=3.5', [0, 1]],
    ['min_rating=4', [0]],
    ['min_rating=4.5', []],
    ['split=train', [0, 1, 2, 3]],
    ['split=test', []],
    ['limit=2', [0, 1]],
    ['limit=1&language=de', [1]],
  ])('%s holds the rows %j', async (query, indexes) => {
    expect((await rowsOf(query)).map(({ id }) => id)).toEqual(indexes.map(responseId));
  });

  test('of a follow-up alone tells what it continues where the format has turns, and is the row where it has not', async () => {
    const [row] = await rowsOf('language=de&category=open_qa');
    expect(row).toMatchObject({ turn: 2, parent_response_id: responseId(0) });
    const { body } = await t.anonymous.send<{ formats: { name: string }[] }>('GET', '/api/v1/formats');
    expect(body.formats.map(({ name }) => name)).toContain('full');
    if (!body.formats.some(({ name }) => name === 'messages')) return;
    const { text } = await ask('format=messages&encoding=jsonl&language=de&category=open_qa');
    expect(text).toContain('What is a granary?');
    expect(text).toContain('Und auf Deutsch?');
    expect(text).not.toContain('Nenne drei');
  });

  test('may be kept for ever, by anyone, and has a name; a current copy is not sent again; HEAD sends nothing', async () => {
    const reply = await ask('format=full&language=de');
    const etag = String(reply.headers['etag']);
    expect(reply.headers).toMatchObject({
      'content-type': 'application/gzip',
      'cache-control': 'public, max-age=31536000, immutable',
      'content-disposition': 'attachment; filename="sample-v1-full-part.jsonl.gz"',
      'access-control-allow-origin': '*',
    });
    expect(etag).toMatch(/^"[0-9a-f]{64}"$/);
    const again = await ask('format=full&language=de', { 'if-none-match': etag });
    expect([again.status, again.raw.length, again.headers['etag']]).toEqual([304, 0, etag]);
    const head = await ask('format=full&language=de', {}, 'HEAD');
    expect([head.status, head.raw.length, head.headers['etag']]).toEqual([200, 0, etag]);
    const tags = ['format=full', 'format=full&language=en', 'format=full&limit=3', 'format=dolly', 'format=full&encoding=csv'];
    const others = await Promise.all(tags.map(async (query) => String((await ask(query, {}, 'HEAD')).headers['etag'])));
    expect(new Set([etag, ...others]).size).toBe(tags.length + 1);
    const order = await Promise.all(
      ['category=open_qa&category=summarization', 'category=summarization&category=open_qa'].map((query) =>
        ask(`format=full&${query}`, {}, 'HEAD'),
      ),
    );
    expect(order[0]!.headers['etag']).toBe(order[1]!.headers['etag']);
  });

  test.each([
    ['format=poetry', 'format'],
    ['', 'query.format'],
    ['format=full&encoding=zip', 'encoding'],
    ['format=full&split=training', 'query.split'],
    ['format=full&min_rating=9', 'query.min_rating'],
    ['format=full&limit=0', 'query.limit'],
    ['format=full&langauge=de', 'langauge'],
  ])('is refused for %s, naming the field', async (query, path) => {
    const problem = await problemOf(query);
    expect([problem.status, problem.code]).toEqual([400, 'validation_failed']);
    expect(problem.errors?.map((error) => error.path.replace(/^query\./, ''))).toEqual([path.replace(/^query\./, '')]);
  });

  test('of what is not published is not there', async () => {
    expect((await t.anonymous.send('GET', `${base}/4711/export?format=full`)).status).toBe(404);
    await t.db.prisma.snapshot.updateMany({ data: { status: 'building' } });
    const hidden = await ask('format=full');
    await t.db.prisma.snapshot.updateMany({ data: { status: 'published' } });
    expect(hidden.status).toBe(404);
  });

  test('formats and encodings are told, with schemas', async () => {
    const { body } = await t.anonymous.send<{
      formats: { name: string; columns: unknown[]; rowSchema: object }[];
      encodings: { name: string }[];
    }>('GET', '/api/v1/formats');
    expect(body.encodings.map(({ name }) => name)).toEqual(['jsonl.gz', 'parquet', 'jsonl.zst', 'jsonl', 'csv.gz', 'csv']);
    expect(body.formats.find(({ name }) => name === 'dolly')).toMatchObject({ tabular: true, stored: true, rowSchema: { type: 'object' } });
  });
});

describe('when something breaks', () => {
  const task = (changes: Partial<RenderTask> = {}): RenderTask => ({
    source: { snapshotId: '00000000-0000-0000-0000-000000000000', split: null, preferences: false },
    format: 'full',
    options: {},
    encoding: 'jsonl',
    ratingDimensions: [],
    filter: { categories: [], languages: [], minRating: null },
    ...changes,
  });
  /** Pages without end, as the embedded database would give them. */
  async function endless(failAt = Infinity) {
    const { id } = await t.db.prisma.snapshot.findFirstOrThrow();
    const page = await createBuildRepository(t.db).pairsPage({ snapshotId: id, split: null, preferences: false }, null, 10);
    let pages = 0;
    const renderer = createRenderer({
      databaseUrl: undefined,
      most: 1,
      pairsPage: async () => {
        pages += 1;
        if (pages >= failAt) throw new Error('connection lost');
        return { pairs: Array.from({ length: 500 }, () => page.pairs).flat(), lastId: page.lastId };
      },
    });
    return { renderer, pages: () => pages };
  }

  test('a reader that stops reading stops the work, and one that goes away ends it', async () => {
    const { renderer, pages } = await endless();
    const stream = await openRendering(renderer.render, task());
    stream.once('readable', () => {});
    await waitFor('a full buffer', { look: () => stream.readableLength, isDone: (bytes) => bytes >= stream.readableHighWaterMark });
    const read = pages();
    // Time enough for others' work is time enough for its own.
    const other = await endless();
    for await (const _ of await openRendering(other.renderer.render, task())) if (other.pages() >= 40) break;
    expect(pages()).toBe(read);
    expect(read).toBeLessThan(20);
    await expect(openRendering(renderer.render, task())).rejects.toMatchObject({ code: 'not_ready', headers: { 'retry-after': '5' } });
    stream.destroy();
    await once(stream, 'close');
    const next = await openRendering(renderer.render, task({ maxRows: 3 }));
    expect((await buffer(next)).toString().split('\n')).toHaveLength(4);
  });

  test('a reader who takes nothing for too long is given up, and makes room for the next', async () => {
    const { renderer } = await endless();
    const stalled = await openRendering(renderer.render, task(), { patienceMs: 200 });
    const failed = once(stalled, 'error');
    stalled.once('readable', () => {});
    await expect(openRendering(renderer.render, task())).rejects.toMatchObject({ code: 'not_ready' });
    expect((await failed)[0]).toMatchObject({ message: 'The reader took nothing for too long' });
    const next = await openRendering(renderer.render, task({ maxRows: 3 }));
    expect((await buffer(next)).toString().split('\n')).toHaveLength(4);
  });

  test('what fails before the first byte is an error, what fails later breaks the connection', async () => {
    const early = await endless(1);
    await expect(openRendering(early.renderer.render, task())).rejects.toThrow('connection lost');

    const late = await endless(8);
    const stream = await openRendering(late.renderer.render, task());
    await expect(buffer(stream)).rejects.toThrow('connection lost');
  });

  test('an answer that has begun and cannot be ended is not taken for a whole one', async () => {
    const { renderer } = await endless(8);
    const repository = createSnapshotRepository(t.db);
    const exports = createExportService({ repository, pinned: createBuildRepository(t.db), render: renderer.render });
    const app = await buildApp(t.deps, { ...createServices(t.deps), exports });
    onTestFinished(() => app.close());
    await app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = app.server.address() as AddressInfo;
    const answer = await new Promise<{ complete: boolean; status: number | undefined }>((resolve, reject) => {
      httpGet(`http://127.0.0.1:${port}${base}/1/export?format=full&encoding=jsonl`, (reply) => {
        reply.on('error', () => {});
        reply.on('close', () => resolve({ complete: reply.complete, status: reply.statusCode }));
        reply.resume();
      }).on('error', reject);
    });
    expect(answer).toEqual({ complete: false, status: 200 });
  });
});
