import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, findPostgres, type TestDatabase } from '@granary/db/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { killServerProcess, startServerProcess, type ServerProcess } from '../testing-process.ts';
import { positiveRacers } from './positive-racers.ts';
import { createRacingWorld, writes, type Racer, type RacingWorld } from './racing-world.ts';
import { ask, isShort, patience, type Reply } from './volunteer.ts';

const hasPostgres = (await findPostgres()) !== undefined;
const times = isShort ? 1 : 5;

let target: TestDatabase | undefined;
let servers: [ServerProcess, ServerProcess] | undefined;
let folder: string;
let world: RacingWorld;

beforeAll(async () => {
  if (!hasPostgres) return;
  folder = await mkdtemp(join(tmpdir(), 'granary-chaos-'));
  target = await createTestDatabase({ kind: 'postgres' });
  await target.release();
  const { url = '' } = target;
  // One folder: files that one process has built are read by both.
  const start = () => startServerProcess({ databaseUrl: url, folder, startTimeoutMs: patience.timeout });
  // Together, as an operator would.
  servers = await Promise.all([start(), start()]);
  world = await createRacingWorld(url, servers);
}, 900_000);
afterAll(async () => {
  if (!hasPostgres) return;
  await Promise.all((servers ?? []).map(killServerProcess));
  if (servers) await world.close();
  await target?.close();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

const isDone = (reply: Reply | null) => reply !== null && reply.status >= 200 && reply.status < 300;

/** Anything but a clear answer. 503 is one of a fault, and there was none. */
function unclear(replies: readonly (Reply | null)[]): unknown[] {
  return replies.filter(
    (reply) => reply === null || reply.status >= 500 || (reply.status >= 400 && typeof reply.body['code'] !== 'string'),
  );
}

/** The documentation's example, about something that does not exist. */
function example(index: number): Racer {
  const { endpoint } = writes[index] as (typeof writes)[number];
  const missing = crypto.randomUUID();
  const params = { slug: world.slug, category: 'none', number: 999, id: missing, namespace: 'granary', revision: 'main' };
  return {
    headers: world.headersFor(endpoint),
    params,
    ...(endpoint.body === undefined ? {} : { body: endpoint.examples?.body ?? {} }),
    ...(endpoint.ifMatch ? { ifMatch: '"1"' } : {}),
  };
}

/** These end sessions that the others need. */
const last = new Set(['accounts.signOut', 'accounts.signOutEverywhere']);
const order = writes
  .map((_, index) => index)
  .toSorted((one, other) => Number(last.has(writes[one]?.id ?? '')) - Number(last.has(writes[other]?.id ?? '')));

test.skipIf(!hasPostgres).each(order.map((index) => [writes[index]?.id ?? '', index] as const))(
  'two processes race on %s, with one Idempotency-Key and without',
  async (id, index) => {
    const { endpoint } = writes[index] as (typeof writes)[number];
    const positive = positiveRacers[id];
    for (let time = 0; time < times; time += 1) {
      for (const key of [crypto.randomUUID(), undefined]) {
        const racer: Racer & { done?: () => Promise<number> } = positive ? await positive(world) : example(index);
        const replies = await world.race(endpoint, racer, key);
        expect(unclear(replies)).toEqual([]);
        const succeeded = replies.filter(isDone);
        expect(succeeded.length).toBeGreaterThanOrEqual(positive ? 1 : 0);
        const keyed = key !== undefined && !endpoint.sensitive && endpoint.permission !== 'public';
        // One key, one answer: whoever came second is told what the first was told.
        const again = keyed && positive ? (await world.race(endpoint, racer, key)).map((reply) => reply?.body) : [];
        expect(again).toEqual(again.map(() => succeeded[0]?.body));
        // Without a key a person may well submit the same text twice; with one it is done once.
        const done = keyed || id !== 'entries.create' ? await racer.done?.() : 1;
        expect([id, key, done ?? 1]).toEqual([id, key, 1]);
        if (id === 'snapshots.create') await settleSnapshots();
      }
    }
  },
  600_000,
);

test.skipIf(!hasPostgres)('every positive request is of an endpoint of the contract, and both processes are as they were', async () => {
  const known = new Set(writes.map(({ id }) => id));
  expect(Object.keys(positiveRacers).filter((id) => !known.has(id))).toEqual([]);
  for (const server of servers ?? []) {
    expect(server.child.exitCode).toBeNull();
    expect((await ask(server.url, 'GET', '/api/health'))?.status).toBe(200);
  }
});

/** A dataset builds one snapshot at a time. */
async function settleSnapshots(): Promise<void> {
  const open = async () =>
    (await world.db.executeSql(`SELECT count(*)::int AS open FROM snapshots WHERE status IN ('queued', 'building')`)).rows;
  await expect.poll(open, patience).toEqual([{ open: 0 }]);
}
