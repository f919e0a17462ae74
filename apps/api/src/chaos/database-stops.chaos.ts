import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@granary/db';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { killServerProcess, startServerProcess, type ServerProcess } from '../testing-process.ts';
import { createOwnPostgres, postgresPrograms, type OwnPostgres } from './own-postgres.ts';
import { ask, createVolunteer, isShort, patience, submitUntilAcknowledged, type Submission, type Volunteer } from './volunteer.ts';

const programs = postgresPrograms();
const rounds = isShort ? 2 : 8;
const streams = 4;
const perRound = isShort ? 5 : 30;

let cluster: OwnPostgres | undefined;
let server: ServerProcess | undefined;
let folder: string | undefined;
let volunteer: Volunteer;

beforeAll(async () => {
  if (programs === null) return;
  folder = await mkdtemp(join(tmpdir(), 'granary-chaos-'));
  cluster = await createOwnPostgres(programs);
  server = await startServerProcess({ databaseUrl: cluster.url, folder, startTimeoutMs: patience.timeout });
  volunteer = await createVolunteer(server.url);
}, 600_000);
afterAll(async () => {
  if (server) await killServerProcess(server);
  await cluster?.remove();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
}, 60_000);

test.skipIf(programs === null)(
  'PostgreSQL stops and starts in the middle of requests',
  async () => {
    const acknowledged = new Map<string, unknown>();
    const refused = new Map<string, string | null>();
    const unexpected: unknown[] = [];
    let left: Submission[] = [];
    let made = 0;

    for (let round = 0; round < rounds; round += 1) {
      let enough = false;
      const before = acknowledged.size;
      const stream = async () => {
        while (!enough) {
          const submission = volunteer.next();
          made += 1;
          const reply = await volunteer.submit(submission);
          if (reply?.status === 201) acknowledged.set(submission.key, reply.body);
          else left.push(submission);
          if (reply?.status === 503) refused.set(String(reply.body['code']), reply.headers.get('retry-after'));
          else if (reply?.status !== 201) unexpected.push(reply);
        }
      };
      const streaming = Array.from({ length: streams }, stream);
      await expect.poll(() => acknowledged.size, patience).toBeGreaterThanOrEqual(before + perRound);
      await cluster?.stop();
      // Until some were refused, so that the fault was met.
      const waiting = left.length;
      await expect.poll(() => left.length, patience).toBeGreaterThan(waiting);
      await cluster?.start();
      const healed = acknowledged.size;
      await expect.poll(() => acknowledged.size, patience).toBeGreaterThan(healed);
      enough = true;
      await Promise.all(streaming);
      for (const submission of left) acknowledged.set(submission.key, (await submitUntilAcknowledged(volunteer, submission)).body);
      left = [];
    }

    expect(unexpected).toEqual([]);
    expect([...refused.values()].filter((value) => value === null)).toEqual([]);
    expect(refused.size).toBeGreaterThan(0);
    expect(acknowledged.size).toBe(made);
    expect(server?.child.exitCode).toBeNull();
    expect((await ask(server?.url ?? '', 'GET', '/api/health'))?.status).toBe(200);

    const db = await openDatabase({ url: cluster?.url ?? '' });
    try {
      const { rows } = await db.executeSql('SELECT id::text AS id FROM entries WHERE author_id IS NOT NULL');
      const ids = new Set(rows.map(({ id }) => id));
      for (const answer of acknowledged.values()) expect(ids.has((answer as { entry: { id: string } }).entry.id)).toBe(true);
      // A pair is two entries; anything done twice would show here.
      expect(ids.size).toBe(made * 2);
      const { rows: counted } = await db.executeSql(
        'SELECT (SELECT count(*) FROM idempotency_keys)::int AS keys, (SELECT count(*) FROM revisions WHERE author_id IS NOT NULL)::int AS revisions',
      );
      expect(counted).toEqual([{ keys: made, revisions: made * 2 }]);
    } finally {
      await db.close();
    }
  },
  1_800_000,
);
