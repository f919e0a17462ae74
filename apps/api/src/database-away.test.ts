import { connectionFailure, openDatabase } from '@granary/db';
import { createTestDatabase, startTestProxy, testDatabaseKind, type TestProxy } from '@granary/db/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createJobs, defineJob } from './jobs/jobs.ts';
import { createTestApp, type TestApp, type TestUser } from './testing.ts';

const dataset = {
  slug: 'away',
  title: 'Written while away',
  description: 'What is written while the database goes away.',
  licence: 'CC-BY-4.0',
  languages: ['en'],
};

describe.runIf(testDatabaseKind() === 'postgres')('while the database is away', () => {
  let test: TestApp;
  let proxy: TestProxy;
  let admin: TestUser;

  beforeAll(async () => {
    const target = await createTestDatabase();
    proxy = await startTestProxy(target.url!);
    const database = await openDatabase({ url: proxy.url, poolSize: 3 });
    const close = async () => {
      await database.close();
      await proxy.close();
      await target.close();
    };
    test = await createTestApp({ database: { ...database, close } });
    admin = await test.signIn('admin');
  });
  // What one test has broken must not break the next.
  afterEach(() => proxy.accept());
  afterAll(() => test.close());

  const create = (key: string, slug: string) =>
    admin.send<{ detail: string }>('POST', '/api/v1/datasets', { ...dataset, slug }, { 'idempotency-key': key });
  const stored = async (slug: string) => test.db.prisma.dataset.count({ where: { slug } });

  it('answers 503 with Retry-After, says that nothing was saved, and goes on once it is back', async () => {
    await proxy.refuse();
    // The first requests notice that their idle connections are gone.
    for (let idle = 0; idle < 3; idle += 1) await create('away-notices', 'noticing');
    for (const reply of [await create('away-refused', 'refused'), await admin.send('GET', '/api/v1/me/tokens')]) {
      expect(reply).toMatchObject({
        status: 503,
        headers: { 'retry-after': '5', 'content-type': expect.stringMatching(/^application\/problem\+json/) as string },
        body: { code: 'database_unavailable', detail: 'Nothing was saved. Try again in 5 seconds.' },
      });
    }
    expect((await test.anonymous.send('GET', '/api/health/live')).status).toBe(200);
    expect(await test.anonymous.send('GET', '/api/health/ready')).toMatchObject({ status: 503, body: { code: 'not_ready' } });
    await proxy.accept();
    expect(await create('away-refused', 'refused')).toMatchObject({ status: 201 });
    expect((await test.anonymous.send('GET', '/api/health/ready')).status).toBe(200);
  });

  it('does a write once whose COMMIT was done and not answered, when it is sent again with its key', async () => {
    const swallowed = proxy.swallowAnswerTo('COMMIT\0');
    const lost = await create('lost-commit', 'lost');
    await swallowed;
    expect(lost).toMatchObject({ status: 503, headers: { 'retry-after': '5' }, body: { code: 'outcome_unknown' } });
    expect(lost.body.detail).toBe(
      'The database went away. This may or may not have been saved. Send it again with the same Idempotency-Key: what was saved is not done twice.',
    );
    expect(await stored('lost')).toBe(1);
    const again = await create('lost-commit', 'lost');
    expect(again).toMatchObject({ status: 201, headers: { 'idempotent-replayed': 'true' }, body: { slug: 'lost' } });
    expect(await stored('lost')).toBe(1);
  });

  it('does a write once that was broken off before its COMMIT, when it is sent again with its key', async () => {
    const swallowed = proxy.swallowAnswerTo('INSERT INTO idempotency_keys');
    expect(await create('lost-work', 'half')).toMatchObject({ status: 503, body: { code: 'outcome_unknown' } });
    await swallowed;
    expect(await create('lost-work', 'half')).toMatchObject({ status: 201 });
    expect(await stored('half')).toBe(1);
  });

  it('says what to do where no key is taken', async () => {
    const swallowed = proxy.swallowAnswerTo('COMMIT\0');
    const body = { email: 'lost@example.org', password: 'a granary stands on staddle stones', displayName: 'Lost' };
    const reply = await test.anonymous.send<{ detail: string }>('POST', '/api/v1/auth/sign-up', body);
    await swallowed;
    expect(reply).toMatchObject({ status: 503, body: { code: 'outcome_unknown' } });
    expect(reply.body.detail).toContain('Check whether it was saved before you send it again.');
  });

  it('the job queue goes on once it is back, without a restart', async () => {
    const jobs = createJobs(test.db, { warn() {}, error() {} });
    await jobs.start();
    const job = defineJob({
      name: 'after-outage',
      payload: z.object({ n: z.int() }),
      retryLimit: 2,
      retryDelaySeconds: 1,
      expireSeconds: 60,
    });
    await proxy.refuse();
    expect(await jobs.send(job, { n: 1 }).catch(connectionFailure)).toBeDefined();
    await proxy.accept();
    const done: number[] = [];
    await jobs.work(job, async ({ n }) => void done.push(n));
    await jobs.send(job, { n: 2 });
    await expect.poll(() => done, { timeout: 30_000 }).toEqual([2]);
    await jobs.stop();
  });
});
