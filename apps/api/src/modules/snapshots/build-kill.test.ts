import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { manifestSchema, selectionSchema } from '@granary/contract';
import { openDatabase } from '@granary/db';
import type { Database } from '@granary/db';
import { createTestDatabase, isFullRun } from '@granary/db/testing';
import type { TestDatabase } from '@granary/db/testing';
import { seededRandom } from '@granary/domain';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLocalStorage } from '../../storage/local-storage.ts';
import { killServerProcess, startServerProcess } from '../../testing-process.ts';
import type { ServerProcess } from '../../testing-process.ts';
import { createSnapshotRepository } from './repository.ts';
import { addSampleDataset, addSamplePairs, sampleDatasetId, sampleSlug } from './sample-pairs.ts';

const buildTimeoutMs = 240_000;
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');

let database: TestDatabase;
let folder: string;
let running: ServerProcess | undefined;

beforeEach(async () => {
  database = await createTestDatabase();
  await addSampleDataset(database);
  // Text that does not compress, so that a file takes its time.
  const noise = (index: number) => Array.from({ length: 20 }, (_, part) => sha256(`${index} ${part}`)).join(' ');
  const pairs = Array.from({ length: 700 }, (_, index) => ({
    instruction: `Question ${index}?`,
    response: noise(index),
    language: index % 3 === 0 ? 'de' : 'en',
    ...(index % 5 === 4 ? { follows: index - 1 } : {}),
  }));
  await addSamplePairs(database, pairs);
  await database.release();
  folder = database.dataDir ?? (await mkdtemp(join(tmpdir(), 'granary-build-kill-')));
});

afterEach(async () => {
  if (running) await killServerProcess(running);
  running = undefined;
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

/** Work on the database while no server has it. */
async function withDatabase<T>(work: (db: Database) => Promise<T>): Promise<T> {
  const db = await openDatabase(database.url === undefined ? { dataDir: folder } : { url: database.url, poolSize: 2 });
  return work(db).finally(() => db.close());
}

/** Asks for a snapshot; the server builds it when it starts. */
const requestSnapshot = () =>
  withDatabase(async (db) => {
    const user = await db.prisma.user.findFirstOrThrow();
    const selection = selectionSchema.parse({});
    const wish = {
      datasetId: sampleDatasetId,
      selection,
      notes: '',
      createdById: user.id,
      createdAt: new Date('2026-11-23T09:30:00.000Z'),
      rowsTotal: 0,
    };
    return db.prisma.$transaction((tx) => createSnapshotRepository(db).add(tx, wish));
  });

async function start(): Promise<ServerProcess> {
  return (running = await startServerProcess({ databaseUrl: database.url, folder }));
}

async function untilPublished(url: string, number: number): Promise<void> {
  for (const deadline = Date.now() + buildTimeoutMs; ; await sleep(20)) {
    const reply = await fetch(`${url}/api/v1/datasets/${sampleSlug}/snapshots/${number}`);
    if (reply.ok) return;
    if (Date.now() > deadline) throw new Error(`Snapshot ${number} was not published in time`);
  }
}

/** `count` is of all files, those that hold no rows included. */
type Held = { files: [string, string][]; count: number; problems: string[] };

/**
 * Name and checksum of every data file of a published snapshot, as they lie in storage, and what is wrong with any; null where it is
 * not published. Nothing may be told of one that is not.
 */
function inspect(number: number): Promise<Held | null> {
  return withDatabase(async (db) => {
    const snapshot = await createSnapshotRepository(db).byNumber(sampleSlug, number);
    if (snapshot === null) throw new Error(`Snapshot ${number} has gone`);
    if (snapshot.status !== 'published') {
      // Its worker is gone; that the queue would give the job to another after a while is the queue's own affair.
      await db.executeSql(`DELETE FROM jobs.job WHERE name = 'build-snapshot'`);
      if (snapshot.files.length + (snapshot.contentHash?.length ?? 0) > 0) throw new Error('A snapshot is partly there');
      if (snapshot.status === 'queued' || snapshot.status === 'building') return null;
      throw new Error(`Snapshot ${number} is ${snapshot.status}: ${snapshot.error}`);
    }
    const contents = new Map<string, Buffer>();
    for (const { name, storageKey } of snapshot.files) contents.set(name, await readFile(join(folder, 'files', storageKey)));
    const sums = new Map([...contents].map(([name, content]) => [name, sha256(content)]));
    const problems = snapshot.files.filter((file) => sums.get(file.name) !== file.sha256).map(({ name }) => `${name} has other bytes`);
    const manifest = manifestSchema.parse(JSON.parse(String(contents.get('manifest.json'))));
    for (const file of manifest.files) if (sums.get(file.name) !== file.sha256) problems.push(`The manifest tells ${file.name} wrong`);
    if (manifest.files.length !== snapshot.files.length - 1) problems.push('The manifest does not name every file');
    const data = snapshot.files.filter(({ rows }) => rows !== null);
    return { files: data.map(({ name }) => [name, sums.get(name) ?? '']), count: snapshot.files.length, problems };
  });
}

async function storedKeys(number: number): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of createLocalStorage(join(folder, 'files')).list(`snapshots/${sampleSlug}/${number}/`)) keys.push(key);
  return keys;
}

test('a build that is killed at random moments ends complete and byte-identical, or is absent, never partial', async () => {
  // A start takes seconds of the processor, on the embedded database twice as many.
  const kills = database.url === undefined ? 3 : isFullRun() ? 20 : 5;
  // The same moments every time, so that a failure can be met again.
  const random = seededRandom(4);
  /** Builds a snapshot undisturbed; resolves to how long that took from the server's start. */
  const build = async (number: number): Promise<number> => {
    const server = await start();
    const began = Date.now();
    await untilPublished(server.url, number);
    const durationMs = Date.now() - began;
    await killServerProcess(server);
    return durationMs;
  };
  // The first has none before it to differ from, and gives every conversation its split; from the second on they are alike.
  await build((await requestSnapshot()).number);
  const undisturbed = await requestSnapshot();
  const durationMs = await build(undisturbed.number);
  const expected = await inspect(undisturbed.number);
  expect(expected).toMatchObject({ problems: [] });
  expect(expected?.files.length).toBeGreaterThan(3);

  let current = await requestSnapshot();
  let unfinished = 0;
  const published: (Held | null)[] = [];
  for (let round = 0; round < kills; round += 1) {
    const server = await start();
    // Spread over the whole build: one moment in each of its parts.
    await sleep(((round + random()) / kills) * durationMs);
    await killServerProcess(server);
    const held = await inspect(current.number);
    if (held === null) unfinished += 1;
    else {
      published.push(held);
      current = await requestSnapshot();
    }
  }
  // An attempt goes on where the one before had pinned the pairs, so that some come to their end: of three it may be two.
  expect(unfinished).toBeGreaterThan(kills < 20 ? 0 : 5);
  expect(published).toEqual(published.map(() => expected));

  const last = await start();
  await untilPublished(last.url, current.number);
  // What is left of attempts that were broken off goes right after publication.
  await expect.poll(async () => (await storedKeys(current.number)).length, { timeout: 10_000 }).toBe(expected?.count);
  await killServerProcess(last);
  expect(await inspect(current.number)).toEqual(expected);
}, 600_000);
