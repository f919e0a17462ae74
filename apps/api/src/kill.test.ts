import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase, type Database } from '@granary/db';
import { createTestDatabase, isFullRun, testDatabaseKind, type TestDatabase } from '@granary/db/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { killServerProcess as kill, startServerProcess, type ServerProcess } from './testing-process.ts';

/** A start takes seconds of the processor, on the embedded database twice as many. */
const kills = testDatabaseKind() === 'pglite' ? 3 : isFullRun() ? 20 : 6;
/** A round lasts until so many were acknowledged, however busy the machine, and then a random moment longer. */
const acknowledgedPerRound = 12;
const randomMs = 60;
/** Requests under way at any time, so that every kill meets some. */
const streams = 4;
const roundTimeoutMs = 30_000;

type Handed = { key: string; body: string };
type Answer = { entry: { id: string }; instruction: { id: string } };

let database: TestDatabase;
let folder: string;
let running: ServerProcess | undefined;

beforeEach(async () => {
  database = await createTestDatabase();
  await database.release();
  folder = database.dataDir ?? (await mkdtemp(join(tmpdir(), 'granary-kill-')));
});

afterEach(async () => {
  if (running) await kill(running);
  running = undefined;
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

async function start(): Promise<ServerProcess> {
  return (running = await startServerProcess({ databaseUrl: database.url, folder }));
}

function post(url: string, path: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
}

async function expectOk(response: Response): Promise<void> {
  expect({ status: response.status, body: await response.clone().text() }).toMatchObject({ status: 201 });
}

/** Signs somebody up through the API and accepts the first dataset's terms; gives the cookie and where to hand in. */
async function signUp(url: string): Promise<{ cookie: string; path: string; category: string }> {
  const account = { email: 'steady@example.org', password: 'a granary stands on staddle stones', displayName: 'Steady' };
  const signedUp = await post(url, '/api/v1/auth/sign-up', JSON.stringify(account));
  await expectOk(signedUp);
  const cookie = signedUp.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const { items } = (await (await fetch(`${url}/api/v1/datasets`)).json()) as { items: { slug: string }[] };
  const { slug } = items[0]!;
  const dataset = (await (await fetch(`${url}/api/v1/datasets/${slug}`)).json()) as {
    termsVersion: number;
    categories: { slug: string }[];
  };
  const terms = JSON.stringify({ termsVersion: dataset.termsVersion });
  await expectOk(await post(url, `/api/v1/datasets/${slug}/terms-acceptance`, terms, { cookie }));
  return { cookie, path: `/api/v1/datasets/${slug}/entries`, category: dataset.categories[0]!.slug };
}

async function readState(): Promise<{ count: (sql: string) => Promise<number>; ids: Set<string>; close: () => Promise<void> }> {
  const db: Database = await openDatabase(database.url === undefined ? { dataDir: folder } : { url: database.url });
  const { rows } = await db.executeSql('SELECT id::text AS id FROM entries WHERE author_id IS NOT NULL');
  return {
    ids: new Set(rows.map((row) => row['id'] as string)),
    count: async (sql) => Number((await db.executeSql(sql)).rows[0]?.['count']),
    close: () => db.close(),
  };
}

test(`${kills} kills under a stream of submissions lose nothing that was acknowledged, and nothing is there by half or twice`, async () => {
  let server = await start();
  const { cookie, path, category } = await signUp(server.url);
  const acknowledged = new Map<string, Answer>();
  let unanswered: Handed[] = [];
  let lastAcknowledged: Handed[] = [];
  let handedIn = 0;

  const next = (): Handed => {
    const number = (handedIn += 1);
    const instruction = { text: `How many sacks of barley fit into granary number ${number}?` };
    const response = { text: `Granary number ${number} holds ${number * 12} sacks when it is filled to the beam.` };
    return { key: `kill-test-${number}`, body: JSON.stringify({ kind: 'pair', category, language: 'en', instruction, response }) };
  };
  /** Whether the server said that it has it; a connection that breaks says nothing. */
  const handIn = async (handed: Handed): Promise<boolean> => {
    let response: Response;
    let answer: Answer;
    try {
      response = await post(server.url, path, handed.body, { cookie, 'idempotency-key': handed.key });
      answer = (await response.json()) as Answer;
    } catch {
      return false;
    }
    expect({ status: response.status, answer }).toEqual({ status: 201, answer: acknowledged.get(handed.key) ?? answer });
    acknowledged.set(handed.key, answer);
    return true;
  };
  const stream = async (until: () => boolean): Promise<void> => {
    while (!until()) {
      const handed = next();
      if (await handIn(handed)) lastAcknowledged.push(handed);
      else unanswered.push(handed);
    }
  };

  for (let round = 1; round <= kills; round += 1) {
    lastAcknowledged = [];
    let killed = false;
    const streaming = Array.from({ length: streams }, () => stream(() => killed));
    const handed = lastAcknowledged;
    await expect
      .poll(() => handed.length, { timeout: roundTimeoutMs, interval: 5, message: `round ${round}` })
      .toBeGreaterThanOrEqual(acknowledgedPerRound);
    await sleep(Math.random() * randomMs);
    killed = true;
    await kill(server);
    await Promise.all(streaming);

    server = await start();
    // What got no answer is sent again, as a browser would; so is something that had one, whose answer must be the same.
    for (const handed of [...unanswered, lastAcknowledged.at(-1)!]) expect(await handIn(handed)).toBe(true);
    unanswered = [];
  }
  await kill(server);

  const state = await readState();
  try {
    expect(acknowledged.size).toBe(handedIn);
    for (const { entry, instruction } of acknowledged.values()) {
      expect(state.ids.has(entry.id)).toBe(true);
      expect(state.ids.has(instruction.id)).toBe(true);
    }
    expect(state.ids.size).toBe(handedIn * 2);
    expect(await state.count('SELECT count(*) FROM revisions WHERE author_id IS NOT NULL')).toBe(handedIn * 2);
    expect(await state.count('SELECT count(*) FROM idempotency_keys')).toBe(handedIn);
    expect(
      await state.count(`SELECT count(*) FROM entries e WHERE e.author_id IS NOT NULL AND (e.status <> 'in_review'
        OR (SELECT count(*) FROM revisions r WHERE r.entry_id = e.id AND r.id = e.current_revision_id) <> 1
        OR (SELECT count(*) FROM events v WHERE v.entry_id = e.id AND v.kind = 'entry_submitted') <> 1
        OR (SELECT count(*) FROM review_tasks t WHERE t.entry_id = e.id AND t.closed_at IS NULL)
           <> (CASE WHEN e.reviewed_with_id IS NULL THEN (SELECT coalesce(d.policy->>'approvals', d.policy->>'minReviews')::int FROM datasets d WHERE d.id = e.dataset_id) ELSE 0 END))`),
    ).toBe(0);
    expect(await state.count('SELECT sum(in_review) AS count FROM category_counts')).toBe(handedIn);
  } finally {
    await state.close();
  }
}, 600_000);
