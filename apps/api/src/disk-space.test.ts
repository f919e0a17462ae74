import { testDatabaseKind } from '@granary/db/testing';
import { afterEach, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { watchDiskSpace, type DiskSpace } from './disk-space.ts';
import { defineJob } from './jobs/jobs.ts';
import { guardStorage } from './storage/guard-storage.ts';
import { createTestApp, type TestApp } from './testing.ts';

const mb = 1024 * 1024;
/** How busy the machine is must not decide. */
const patience = { timeout: 120_000, interval: 20 };
vi.setConfig({ testTimeout: 300_000 });
let close: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const step of close.reverse()) await step();
  close = [];
});

/** A disk whose free space the test sets, with a reserve of 100 MB. */
async function disk() {
  const lines: string[] = [];
  const write = (_: object, line: string) => void lines.push(line);
  const at = { free: 200 * mb };
  const space = await watchDiskSpace({
    folders: ['/tmp'],
    reserveBytes: 100 * mb,
    log: { info: write, warn: write },
    freeBytes: async () => at.free,
    everyMs: 5,
  });
  close.push(() => space.stop());
  const set = async (free: number, state: ReturnType<DiskSpace['state']>) => {
    at.free = free * mb;
    await expect.poll(() => space.state(), patience).toBe(state);
  };
  return { space, set, lines };
}

async function world(): Promise<{ t: TestApp } & Awaited<ReturnType<typeof disk>>> {
  const watched = await disk();
  const t = await createTestApp({ disk: watched.space });
  close.push(() => t.close());
  return { t, ...watched };
}

test('is low below the reserve, critical below a quarter of it, and recovers with some more', async () => {
  const { space, set, lines } = await disk();
  expect(space.state()).toBe('ok');
  await set(99, 'low');
  await expect(space.demand()).rejects.toMatchObject({ code: 'storage_full', status: 507 });
  await set(20, 'critical');
  await set(27, 'critical');
  await set(60, 'low');
  const waiting = space.whenEnough(new AbortController().signal);
  await set(120, 'ok');
  await waiting;
  await space.demand();
  expect(lines.map((line) => line.replace(/\/tmp.*/, ''))).toEqual([
    'Only 99 MB are free on the disk of ',
    'Only 20 MB are free on the disk of ',
    '120 MB are free on the disk of ',
  ]);
});

test('waiting for space ends when the process stops', async () => {
  const { space, set } = await disk();
  await set(1, 'critical');
  const stop = new AbortController();
  const waiting = Promise.allSettled([space.whenEnough(stop.signal), space.whenNotCritical(stop.signal)]);
  stop.abort(new Error('stopping'));
  expect((await waiting).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

const embedded = testDatabaseKind() === 'pglite';
const body = { slug: 'full', title: 'Full', description: 'A dataset for tests.', licence: 'CC0-1.0', languages: ['en'] };

test.runIf(embedded)('writes are refused with 507 while reads and signing in go on, and are taken again once there is space', async () => {
  const { t, set } = await world();
  const admin = await t.signIn('admin');
  const write = () => admin.send('POST', '/api/v1/datasets', body);
  await set(50, 'low');
  expect(await write()).toMatchObject({
    status: 507,
    headers: { 'content-type': 'application/problem+json; charset=utf-8', 'retry-after': '60' },
    body: { code: 'storage_full' },
  });
  expect((await admin.send('GET', '/api/v1/datasets')).status).toBe(200);
  expect((await admin.send('GET', '/api/health')).status).toBe(200);
  const wrong = { email: 'a@example.org', password: 'not the password' };
  expect((await t.anonymous.send('POST', '/api/v1/auth/sign-in', wrong)).status).toBe(401);

  await set(10, 'critical');
  expect((await write()).status).toBe(507);
  expect((await admin.send('GET', '/api/v1/datasets')).status).toBe(200);
  // Whatever comes past the refusal is stopped by the database itself.
  await expect.poll(() => t.db.executeSql('DELETE FROM settings').then(() => 'deleted', String), patience).toMatch(/read-only transaction/);
  await set(200, 'ok');
  await expect.poll(async () => (await write()).status, patience).toBe(201);
});

test.runIf(!embedded)('PostgreSQL, whose disk is another, takes writes while ours is full', async () => {
  const { t, set } = await world();
  await set(10, 'critical');
  expect((await (await t.signIn('admin')).send('POST', '/api/v1/datasets', body)).status).toBe(201);
});

test('a file that outgrows the space is refused and leaves nothing', async () => {
  const { t, set, space } = await world();
  const storage = guardStorage(t.deps.storage, space);
  async function* growing() {
    for (let part = 0; part < 100; part += 1) {
      if (part === 20) await set(10, 'critical');
      yield Buffer.alloc(mb);
    }
  }
  await expect(storage.put('imports/x/source', growing())).rejects.toMatchObject({ code: 'storage_full' });
  await expect(storage.put('imports/y/source', Buffer.from('small'))).rejects.toMatchObject({ code: 'storage_full' });
  const left: string[] = [];
  for await (const key of t.deps.storage.list('')) left.push(key);
  expect([left, await t.deps.storage.removeUnfinished('', new Date(Date.now() + 60_000))]).toEqual([[], 0]);
  await set(200, 'ok');
  // The next test gets this database.
  await expect
    .poll(async () => (await t.db.executeSql('SHOW default_transaction_read_only')).rows, patience)
    .toEqual([{ default_transaction_read_only: 'off' }]);
});

test('a job waits for space before it begins', async () => {
  const { t, set } = await world();
  await t.deps.jobs.start();
  const done: number[] = [];
  const job = defineJob({ name: 'count', payload: z.object({ n: z.int() }), retryLimit: 0, retryDelaySeconds: 1, expireSeconds: 60 });
  await set(50, 'low');
  await t.deps.jobs.work(job, async ({ n }) => void done.push(n));
  await t.deps.jobs.send(job, { n: 1 });
  await expect
    .poll(async () => (await t.db.executeSql(`SELECT state::text FROM jobs.job WHERE name = 'count'`)).rows, patience)
    .toEqual([{ state: 'active' }]);
  expect(done).toEqual([]);
  await set(200, 'ok');
  await expect.poll(() => done, patience).toEqual([1]);
});
