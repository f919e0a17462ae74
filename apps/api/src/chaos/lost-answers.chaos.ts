import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@granary/db';
import { createEmptyDatabase, findPostgres, startTestProxy, type TestProxy } from '@granary/db/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { killServerProcess, startServerProcess, type ServerProcess } from '../testing-process.ts';
import { ask, createVolunteer, isShort, patience, submitUntilAcknowledged, type Volunteer } from './volunteer.ts';

const hasPostgres = (await findPostgres()) !== undefined;
const times = isShort ? 3 : 25;

let target: { url: string; drop: () => Promise<void> };
let proxy: TestProxy;
let server: ServerProcess;
let folder: string;
let volunteer: Volunteer;

beforeAll(async () => {
  if (!hasPostgres) return;
  folder = await mkdtemp(join(tmpdir(), 'granary-chaos-'));
  target = await createEmptyDatabase();
  proxy = await startTestProxy(target.url);
  server = await startServerProcess({ databaseUrl: proxy.url, folder, env: { WORKER: '0' }, startTimeoutMs: patience.timeout });
  volunteer = await createVolunteer(server.url);
}, 600_000);
afterAll(async () => {
  if (!hasPostgres) return;
  await killServerProcess(server);
  await proxy.close();
  await target.drop();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

test.skipIf(!hasPostgres)(
  'the connection breaks between commit and answer, and the key settles what became of it',
  async () => {
    for (let time = 0; time < times; time += 1) {
      const submission = volunteer.next();
      const swallowed = proxy.swallowAnswerTo(submission.key);
      const reply = await volunteer.submit(submission);
      await swallowed;
      expect(reply).toMatchObject({ status: 503, body: { status: 503 } });
      expect(reply?.headers.get('retry-after')).toMatch(/^\d+$/);
      const settled = await submitUntilAcknowledged(volunteer, submission);
      const again = await submitUntilAcknowledged(volunteer, submission);
      expect(again.body).toEqual(settled.body);
    }
    expect(server.child.exitCode).toBeNull();
    expect((await ask(server.url, 'GET', '/api/health'))?.status).toBe(200);
    const db = await openDatabase({ url: target.url });
    try {
      expect((await db.executeSql('SELECT count(*)::int AS entries FROM entries WHERE author_id IS NOT NULL')).rows).toEqual([
        { entries: times * 2 },
      ]);
      expect((await db.executeSql('SELECT count(*)::int AS keys FROM idempotency_keys')).rows).toEqual([{ keys: times }]);
    } finally {
      await db.close();
    }
  },
  900_000,
);
