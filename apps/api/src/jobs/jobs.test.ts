import { createTestDatabase, findPgBouncer, startPgBouncer, testDatabaseKind, type TestDatabase } from '@granary/db/testing';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import * as z from 'zod';
import { createJobs, defineJob, type JobContext } from './jobs.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

type Line = { level: string; message: string; details: Record<string, unknown> };

async function startQueue(url = database.url) {
  const lines: Line[] = [];
  const write = (level: string) => (details: object, message: string) =>
    void lines.push({ level, message, details: details as Line['details'] });
  const jobs = createJobs({ ...database, url }, { warn: write('warn'), error: write('error') });
  await jobs.start();
  onTestFinished(() => jobs.stop());
  return { jobs, lines };
}

const define = (name: string, retryLimit: number) =>
  defineJob({ name, payload: z.object({ thing: z.string() }), retryLimit, retryDelaySeconds: 0, expireSeconds: 60 });

it('logs each failure of a job, and the last one as an error with name, id, payload and reason', async () => {
  const { jobs, lines } = await startQueue();
  const job = define('fails', 1);
  const reason = new Error('The disk is full');
  await jobs.work(job, () => Promise.reject(reason));
  await jobs.send(job, { thing: 'granary' });
  await expect.poll(() => lines.length, { timeout: 30_000 }).toBe(2);
  const id = expect.stringMatching(/^[0-9a-f-]{36}$/) as string;
  const details = { job: 'fails', id, payload: { thing: 'granary' }, err: reason };
  expect(lines).toEqual([
    { level: 'warn', message: 'A job failed and is tried again', details: { ...details, tries: 1 } },
    { level: 'error', message: 'A job failed for good', details: { ...details, tries: 2 } },
  ]);
});

it('logs the final failure of work that records it itself and ends well', async () => {
  const { jobs, lines } = await startQueue();
  const job = define('records', 3);
  const reason = new Error('The dataset is gone');
  await jobs.work(job, async (_, { onFinalFailure }: JobContext) => onFinalFailure?.(reason));
  await jobs.send(job, { thing: 'granary' });
  await expect.poll(() => lines.length, { timeout: 30_000 }).toBe(1);
  expect(lines[0]).toMatchObject({ level: 'error', message: 'A job failed for good', details: { job: 'records', tries: 1, err: reason } });
});

const pooler = testDatabaseKind() === 'postgres' ? findPgBouncer() : undefined;

it.runIf(pooler !== undefined)('two processes behind PgBouncer in transaction mode do each job once', async () => {
  const bouncer = await startPgBouncer(pooler ?? '', database.url ?? '');
  onTestFinished(() => bouncer.stop());
  const [one, other] = [await startQueue(bouncer.url), await startQueue(bouncer.url)];
  const job = define('pooled', 0);
  const done: string[] = [];
  for (const { jobs } of [one, other]) await jobs.work(job, async ({ thing }) => void done.push(thing));
  const things = Array.from({ length: 8 }, (_, index) => `thing ${index}`);
  await Promise.all(things.map((thing, index) => (index % 2 ? one : other).jobs.send(job, { thing })));
  await expect.poll(() => done.toSorted(), { timeout: 60_000 }).toEqual(things);
  expect([...one.lines, ...other.lines]).toEqual([]);
});
