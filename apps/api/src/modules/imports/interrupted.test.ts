import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { importOptionsSchema } from '@granary/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { noRequests } from '../../jobs/give-way.ts';
import { ThreadDiedError } from '../../jobs/thread.ts';
import type { Actor } from '../../plugins/auth.ts';
import { createServices, type Services } from '../../services.ts';
import { createTestApp, type TestApp } from '../../testing.ts';
import { waitFor } from '../../testing-wait.ts';
import { createFileReader, type FileReader } from './file-reader.ts';
import { createImporter } from './importer.ts';
import { createImportRepository } from './repository.ts';
import { fixtures } from './test-files.ts';

const slug = 'interrupted';
const batchRows = 4;
const { rows, path } = fixtures.gsm8k;
const options = importOptionsSchema.parse({
  format: 'dolly',
  originName: 'GSM8K',
  licence: 'MIT',
  defaultCategory: 'open_qa',
  status: 'approved',
});
const unforgotten = async () => {};
const underWay = noRequests();

let t: TestApp;
let services: Services;
let actor: Actor;
let id: string;

beforeEach(async () => {
  t = await createTestApp();
  await t.deps.jobs.start();
  services = createServices(t.deps);
  const admin = await t.signIn('admin');
  actor = { id: admin.id, role: 'admin', displayName: admin.displayName, scopes: null, via: 'session', sessionId: null };
  const dataset = { slug, title: 'Interrupted', description: 'A dataset for tests.', licence: 'CC-BY-SA-4.0', languages: ['en'] };
  await services.datasets.create(actor.id, dataset);
  async function* content() {
    yield await readFile(path);
  }
  id = (await services.imports.upload(slug, 'gsm8k.jsonl', content(), actor)).import.id;
});
afterEach(() => t.close());

type Interruption = {
  /** The batch, from 0, in which the database fails. */
  failIn?: number;
  /** Runs when half of the rows have been read. */
  halfWay?: () => Promise<void>;
  lastTry?: boolean;
  reader?: FileReader;
};

/** Works on the import as a job does, with something going wrong. */
async function work({
  failIn = -1,
  halfWay = async () => {},
  lastTry = false,
  reader = createFileReader({ underWay }),
}: Interruption = {}) {
  const repository = createImportRepository(t.db);
  let batches = 0;
  const failing: typeof repository = {
    ...repository,
    async lock(tx, lockedId) {
      batches += 1;
      if (batches - 1 === failIn) throw new Error('the database went away');
      return repository.lock(tx, lockedId);
    },
  };
  let opened = 0;
  const storage = {
    remove: (key: string) => t.deps.storage.remove(key),
    async get(key: string) {
      opened += 1;
      // The file is opened twice to see what it is, and then to be imported.
      return opened < 3 ? t.deps.storage.get(key) : Readable.from(inHalves(await readFile(path), halfWay));
    },
  };
  const run = createImporter({
    db: t.db,
    storage,
    repository: failing,
    reader,
    reviseImportedIn: services.entries.reviseImportedIn,
    underWay,
    clock: t.deps.clock,
    batchRows,
  });
  await run(id, { signal: new AbortController().signal, lastTry });
}
async function* inHalves(content: Buffer, between: () => Promise<void>) {
  const middle = content.indexOf('\n', content.length / 2) + 1;
  yield content.subarray(0, middle);
  await between();
  yield content.subarray(middle);
}
async function counts() {
  const { status, linesDone, added, duplicates, bad } = await services.imports.get(id);
  return { status, linesDone, added, duplicates, bad };
}
const pairs = () => t.db.prisma.pair.count();

test('a run that breaks off keeps its committed batches, and the next one goes on exactly behind them', async () => {
  await services.imports.start(id, options, actor, unforgotten);
  await expect(work({ failIn: 2 })).rejects.toThrow('went away');
  expect(await counts()).toEqual({ status: 'running', linesDone: 8, added: 8, duplicates: 0, bad: 0 });
  expect(await pairs()).toBe(8);
  await work();
  expect(await counts()).toEqual({ status: 'done', linesDone: rows, added: rows, duplicates: 0, bad: 0 });
  expect(await pairs()).toBe(rows);
  expect(await t.db.prisma.event.count({ where: { kind: 'entry_imported' } })).toBe(rows * 2);
});

test('after the last try it has failed, and starting it again goes on', async () => {
  await services.imports.start(id, options, actor, unforgotten);
  await work({ failIn: 3, lastTry: true });
  const failed = await services.imports.get(id);
  expect(failed).toMatchObject({ status: 'failed', linesDone: 12 });
  expect(failed.error).toContain('Start it again');
  await services.imports.start(id, options, actor, unforgotten);
  expect(await counts()).toMatchObject({ status: 'queued', linesDone: 12 });
  await work();
  expect(await counts()).toEqual({ status: 'done', linesDone: rows, added: rows, duplicates: 0, bad: 0 });
});

test('started again with other options it begins anew, and what is in counts as there', async () => {
  await services.imports.start(id, options, actor, unforgotten);
  await work({ failIn: 1, lastTry: true });
  expect(await counts()).toMatchObject({ status: 'failed', added: 4 });
  await services.imports.start(id, { ...options, status: 'in_review' }, actor, unforgotten);
  await work();
  expect(await counts()).toEqual({ status: 'done', linesDone: rows, added: rows - 4, duplicates: 4, bad: 0 });
});

test('cancelling a running import stops it with its batch; what is in stays in, and it can go on later', async () => {
  await services.imports.start(id, options, actor, unforgotten);
  const halfWay = async () => {
    await waitFor('two batches', { look: counts, isDone: ({ linesDone }) => linesDone >= 8 });
    await services.imports.cancel(id, actor, unforgotten);
  };
  await work({ halfWay });
  expect(await counts()).toEqual({ status: 'cancelled', linesDone: 8, added: 8, duplicates: 0, bad: 0 });
  expect(await pairs()).toBe(8);
  await services.imports.start(id, options, actor, unforgotten);
  await work();
  expect(await counts()).toEqual({ status: 'done', linesDone: rows, added: rows, duplicates: 0, bad: 0 });
});

test('cancelling one that waits ends it at once, and no job takes it up', async () => {
  await services.imports.start(id, options, actor, unforgotten);
  expect(await services.imports.cancel(id, actor, unforgotten)).toMatchObject({ status: 'cancelled' });
  await work();
  expect(await counts()).toEqual({ status: 'cancelled', linesDone: 0, added: 0, duplicates: 0, bad: 0 });
});

test('two processes on one import bring every row in once', async () => {
  await services.imports.start(id, options, actor, unforgotten);
  await Promise.all([work(), work()]);
  expect(await counts()).toEqual({ status: 'done', linesDone: rows, added: rows, duplicates: 0, bad: 0 });
  expect(await pairs()).toBe(rows);
});

test('a process that loses the file to another, which has finished the import, is done as well', async () => {
  await services.imports.start(id, options, actor, unforgotten);
  await work({ halfWay: () => work() });
  expect(await counts()).toEqual({ status: 'done', linesDone: rows, added: rows, duplicates: 0, bad: 0 });
  const late = createImporter({
    db: t.db,
    repository: { ...createImportRepository(t.db), begin: async () => ({ ...(await createImportRepository(t.db).byId(id))! }) },
    storage: t.deps.storage,
    reader: createFileReader({ underWay }),
    reviseImportedIn: services.entries.reviseImportedIn,
    underWay,
    clock: t.deps.clock,
  });
  await late(id, { signal: new AbortController().signal, lastTry: true, onFinalFailure: (error) => expect(error).toBeUndefined() });
  expect(await counts()).toMatchObject({ status: 'done', linesDone: rows });
});

test('the file of a finished import is removed, that of a broken one is kept', async () => {
  await services.imports.start(id, options, actor, unforgotten);
  await expect(work({ failIn: 0 })).rejects.toThrow('went away');
  expect(await t.deps.storage.stat(`imports/${id}/source`)).not.toBeNull();
  await work();
  expect(await t.deps.storage.stat(`imports/${id}/source`)).toBeNull();
});

test('threads that die three times fail the import with the reason, and starting it again begins to count anew', async () => {
  await services.imports.start(id, options, actor, unforgotten);
  await expect(work({ failIn: 1 })).rejects.toThrow('went away');
  // Starting the thread alone takes longer.
  const dying = () => work({ reader: createFileReader({ underWay, stuckMs: 1 }) });
  await expect(dying()).rejects.toThrow(ThreadDiedError);
  await expect(dying()).rejects.toThrow(ThreadDiedError);
  await dying();
  const failed = await services.imports.get(id);
  expect(failed).toMatchObject({ status: 'failed', linesDone: 4, added: 4 });
  expect(failed.error).toContain('Reading the file failed (no progress for 1 s) 3 times without getting beyond line 4');
  await services.imports.start(id, options, actor, unforgotten);
  await expect(dying()).rejects.toThrow(ThreadDiedError);
  await work();
  expect(await counts()).toEqual({ status: 'done', linesDone: rows, added: rows, duplicates: 0, bad: 0 });
});

test('processes that die three times with it fail the import, unless it got further in between', async () => {
  const repository = createImportRepository(t.db);
  await services.imports.start(id, options, actor, unforgotten);
  const die = async () => expect(await repository.begin(id)).not.toBeNull();
  await die();
  await die();
  await t.db.prisma.import.update({ where: { id }, data: { linesDone: 1 } });
  await die();
  await die();
  expect(await repository.byId(id)).toMatchObject({ status: 'running', deaths: 2 });
  await work();
  expect((await services.imports.get(id)).error).toContain('The process ended 3 times without getting beyond line 1');
});
