import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { snapshotSchema } from '@granary/contract';
import type { Snapshot } from '@granary/contract';
import S3rver from 's3rver';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { registerJobHandlers } from '../../job-handlers.ts';
import { createServices } from '../../services.ts';
import type { Services } from '../../services.ts';
import { openStorage } from '../../storage/open-storage.ts';
import type { Storage } from '../../storage/storage.ts';
import { createTestApp } from '../../testing.ts';
import type { TestApp, TestUser } from '../../testing.ts';
import { addSampleDataset, addSamplePairs, sampleDatasetId, sampleSlug } from './sample-pairs.ts';
import { publishedSnapshot } from './test-publishing.ts';

const base = `/api/v1/datasets/${sampleSlug}/snapshots`;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
let folder: string;
let server: S3rver;
let s3Url: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'granary-elsewhere-'));
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'S3RVER');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'S3RVER');
  const configureBuckets = [{ name: 'granary', configs: [] }];
  server = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory: join(folder, 's3'), configureBuckets });
  const { port } = await server.run();
  s3Url = `s3://granary/deployment?endpoint=http://127.0.0.1:${port}&forcePathStyle=true`;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

describe.each(['local disk', 'S3'] as const)('%s', (kind) => {
  let t: TestApp;
  let admin: TestUser;
  let services: Services;
  let storage: Storage;
  let published: Snapshot;
  let now = new Date();

  beforeAll(async () => {
    storage = kind === 'S3' ? openStorage(s3Url, folder, 'redirect') : openStorage(undefined, join(folder, 'local'));
    t = await createTestApp({ storage, clock: () => now });
    admin = await t.signIn('admin');
    services = createServices(t.deps);
    await t.deps.jobs.start();
    await registerJobHandlers(t.deps.jobs, services);
    await addSampleDataset(t.db);
    await addSamplePairs(t.db, [{ instruction: 'What is a granary?', response: 'A storehouse for grain.' }]);
    const { number } = snapshotSchema.parse((await admin.send('POST', base, { selection: {}, notes: '' })).body);
    published = await publishedSnapshot(admin, number);
  });
  afterAll(async () => {
    await t.close();
    await storage.close();
  });

  async function fetchWhole(url: string, headers: Record<string, string> = {}): Promise<{ status: number; bytes: Buffer }> {
    const reply = await t.app.inject({ method: 'GET', url, headers });
    if (kind === 'local disk') return { status: reply.statusCode, bytes: reply.rawPayload };
    expect([reply.statusCode, reply.headers['cache-control'], reply.rawPayload.length]).toEqual([302, 'no-store', 0]);
    const answer = await fetch(String(reply.headers.location), { headers });
    return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()) };
  }

  test('every file comes whole, and in parts', async () => {
    expect(published.files.length).toBeGreaterThan(2);
    for (const { url, sha256: expected, bytes } of published.files) {
      const whole = await fetchWhole(url);
      expect([whole.status, sha256(whole.bytes)]).toEqual([200, expected]);
      const part = await fetchWhole(url, { range: `bytes=1-${bytes - 1}` });
      expect([part.status, part.bytes.equals(whole.bytes.subarray(1))]).toEqual([206, true]);
    }
  });

  test('what is asked about a file is answered by the server', async () => {
    const [file] = published.files;
    const head = await t.anonymous.send('HEAD', file!.url);
    expect([head.status, head.headers['content-length'], head.headers['etag']]).toEqual([200, String(file!.bytes), `"${file!.sha256}"`]);
    expect((await t.anonymous.send('GET', file!.url, undefined, { 'if-none-match': `"${file!.sha256}"` })).status).toBe(304);
    expect((await t.anonymous.send('GET', file!.url, undefined, { range: `bytes=${file!.bytes}-` })).status).toBe(416);
    expect((await t.anonymous.send('GET', `${base}/1/files/nothing.bin`)).status).toBe(404);
  });

  test('leftovers of builds go after a day; published files and what is being built stay', async () => {
    const create = (number: number, status: 'building' | 'failed' | 'published') =>
      t.db.prisma.snapshot.create({
        data: { datasetId: sampleDatasetId, number, status, selection: {}, createdById: admin.id, announcedAt: now },
      });
    await create(71, 'failed');
    const building = await create(72, 'building');
    await create(73, 'published');
    const leftovers = [
      `snapshots/${sampleSlug}/${published.number}/deadbeef/full.jsonl.gz`,
      `snapshots/${sampleSlug}/71/deadbeef/data/dolly/train-00000-of-00001.parquet`,
      `snapshots/${sampleSlug}/73/deadbeef/manifest.json`,
      'snapshots/deleted-dataset/1/deadbeef/full.jsonl.gz',
    ];
    const kept = [`snapshots/${sampleSlug}/72/deadbeef/full.jsonl.gz`, 'imports/one/source', 'snapshotsomething'];
    for (const key of [...leftovers, ...kept]) await storage.put(key, Buffer.from('left'));
    const keys = async () => {
      const all: string[] = [];
      for await (const key of storage.list('')) all.push(key);
      return all;
    };
    const before = await keys();

    expect(await services.collectLeftovers()).toBe(0);
    expect(await keys()).toEqual(before);
    now = new Date(Date.now() + 25 * 3_600_000);
    expect((await Promise.all([services.collectLeftovers(), services.collectLeftovers()])).some((removed) => removed > 0)).toBe(true);
    expect(await keys()).toEqual(before.filter((key) => !leftovers.includes(key)));
    for (const { url, sha256: expected } of published.files) expect(sha256((await fetchWhole(url)).bytes)).toBe(expected);

    await t.db.prisma.snapshot.update({ where: { id: building.id }, data: { status: 'cancelled' } });
    expect(await services.collectLeftovers()).toBe(1);
    expect(await keys()).not.toContain(kept[0]);
  });

  test.runIf(kind === 'local disk')('drafts of killed processes go with them', async () => {
    const drafts = join(folder, 'local', '.incoming');
    await writeFile(join(drafts, 'half'), 'half');
    const old = new Date(now.getTime() - 25 * 3_600_000);
    await utimes(join(drafts, 'half'), old, old);
    await services.collectLeftovers();
    expect(await readdir(drafts)).toEqual([]);
  });
});
