import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { manifestSchema, selectionSchema } from '@granary/contract';
import { storedFileName, storedFiles } from '@granary/corpus';
import type { RenderedFile } from '@granary/corpus';
import type { Database } from '@granary/db';
import { createTestDatabase, findPostgres, testDatabaseKind } from '@granary/db/testing';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { ApiError } from '../../errors.ts';
import type { Jobs } from '../../jobs/jobs.ts';
import type { Actor } from '../../plugins/auth.ts';
import { createLocalStorage } from '../../storage/local-storage.ts';
import type { Storage } from '../../storage/storage.ts';
import { createBuildRepository } from './build-repository.ts';
import { createSnapshotBuilder } from './builder.ts';
import { createChangesRepository } from './changes-repository.ts';
import { createRenderer } from './renderer.ts';
import type { Renderer } from './renderer.ts';
import { createSnapshotRepository } from './repository.ts';
import { addSampleDataset, addSamplePairs, responseId, sampleDatasetId, sampleSlug } from './sample-pairs.ts';
import type { SamplePair } from './sample-pairs.ts';
import { createSnapshotService } from './service.ts';
import { createSplitAssigner } from './split-assigner.ts';

const pairs: SamplePair[] = Array.from({ length: 50 }, (_, index) => ({
  instruction: `Question ${index}: “Wie heißt…” 🌾`,
  response: `Answer ${index}\n\nשלום ${'x'.repeat(index)}`,
  category: ['open_qa', 'summarization', 'brainstorming'][index % 3]!,
  language: index % 4 === 0 ? 'de' : 'en',
  ...(index % 5 === 0 ? { context: `Passage ${index}` } : {}),
  ...(index % 7 === 0 ? { ratings: [] } : {}),
  imported: index % 11 === 0,
}));
const everything = selectionSchema.parse({});
const now = new Date('2026-11-23T09:30:00.000Z');
const calm = { signal: new AbortController().signal, lastTry: false };
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Threads are kept from one test to the next: starting one takes longer than its work here. */
const renderers = new Map<string | undefined, Renderer['render']>();
const pagesOf: { current: Parameters<typeof createRenderer>[0]['pairsPage'] } = { current: () => Promise.reject(new Error('No database')) };
function rendererFor({ url }: Database, pairsPage: (typeof pagesOf)['current']): Renderer['render'] {
  // Only the embedded database is read by pages.
  if (url === undefined) pagesOf.current = pairsPage;
  const known =
    renderers.get(url) ??
    createRenderer({ databaseUrl: url, pairsPage: (...wish) => pagesOf.current(...wish), most: Infinity, pageSize: 7 }).render;
  renderers.set(url, known);
  return known;
}

/** Everything of the module on one database, with the queue replaced by a list: the tests run the jobs by hand. */
async function createBench(db: Database, folder: string) {
  const storage = createLocalStorage(folder);
  const repository = createSnapshotRepository(db);
  const build = createBuildRepository(db);
  const sent: string[] = [];
  const send = (async (_definition: unknown, payload: { snapshotId: string }) => void sent.push(payload.snapshotId)) as Jobs['send'];
  const service = createSnapshotService({ db, repository, storage, jobs: { send }, clock: () => now });
  const render = rendererFor(db, build.pairsPage);
  const common = {
    // Nothing is compared here.
    comparisons: { estimateErrors: () => Promise.resolve() },
    db,
    splits: createSplitAssigner({ db }),
    changes: createChangesRepository(db),
    snapshots: repository,
    clock: () => now,
    publicUrl: undefined,
  };
  await addSampleDataset(db);
  const user = await db.prisma.user.findFirstOrThrow({ orderBy: { id: 'asc' } });
  const actor: Actor = { id: user.id, role: 'admin', scopes: null, displayName: user.displayName, via: 'session', sessionId: null };
  const forget = async () => {};
  return {
    db,
    storage,
    service,
    repository,
    build,
    render,
    sent,
    actor,
    /** A builder whose storage, queries or rendering can be made to misbehave. */
    builder: (
      changes: {
        db?: Partial<Database>;
        storage?: Partial<Storage>;
        repository?: Partial<typeof build>;
        render?: Renderer['render'];
      } = {},
    ) =>
      createSnapshotBuilder({
        ...common,
        db: { ...db, ...changes.db },
        render: changes.render ?? render,
        storage: { ...storage, ...changes.storage },
        repository: { ...build, ...changes.repository },
      }),
    async request(selection = everything) {
      const { number } = await service.create(sampleSlug, { selection, notes: '' }, actor, forget);
      return { number, id: sent.at(-1)! };
    },
    get: (number: number) => service.get(sampleSlug, number, actor),
    cancel: (number: number) => service.cancel(sampleSlug, number, actor, forget),
    async keys() {
      const keys: string[] = [];
      for await (const key of storage.list('')) keys.push(key);
      return keys;
    },
    async files(number: number) {
      const files: Record<string, Buffer> = {};
      for (const { name } of (await service.get(sampleSlug, number, actor)).files) {
        const file = await service.file(sampleSlug, number, name);
        files[name] = await buffer(await file.read({ start: 0, end: file.bytes - 1 }));
        expect(sha256(files[name])).toBe(file.sha256);
      }
      return files;
    },
  };
}
type Bench = Awaited<ReturnType<typeof createBench>>;

let bench: Bench;
let folder: string;
let db: Awaited<ReturnType<typeof createTestDatabase>>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'granary-snapshots-'));
  db = await createTestDatabase();
  bench = await createBench(db, folder);
  await addSamplePairs(db, pairs);
});
afterEach(async () => {
  await db.close();
  await rm(folder, { recursive: true, force: true });
});

/** Formats that have no rows where nobody compared, or rated well or badly enough. */
const withoutRows = new Set(['dpo', 'kto']);
/** The names of data files that rows of the sample give: some are in each split. */
const dataFiles = storedFiles()
  .filter(({ format }) => !withoutRows.has(format.name))
  .map((file) => storedFileName(file, 0, 1));
/** Card, four pictures, Croissant, citation, two of attribution, and manifest. */
const descriptions = 10;
const fileCount = dataFiles.length + descriptions;

/** Everything that may change about a pair, changed. */
async function disturb(on: Database): Promise<void> {
  await on.prisma
    .$executeRaw`UPDATE users SET display_name = display_name || ' renamed', display_name_key = display_name_key || ' renamed'`;
  await on.prisma.$executeRaw`UPDATE pairs SET rating = 1, approved_at = now()`;
  await on.prisma.$executeRaw`DELETE FROM reviews`;
  await on.prisma.$executeRaw`DELETE FROM pairs WHERE response_id < ${responseId(10)}::uuid`;
  await on.prisma
    .$executeRaw`UPDATE entries SET category_id = (SELECT min(id::text)::uuid FROM categories), terms_version = 9, status = 'retracted'`;
  await addSamplePairs(on, [{ instruction: 'Too late?', response: 'Yes.' }], pairs.length);
}

describe('a build that is broken off', () => {
  /** Ends of builds that hang; a real kill closes their files. */
  const hanging: (() => Promise<void>)[] = [];
  afterEach(() => Promise.all(hanging.splice(0).map((end) => end())));

  /** Runs a build until `files` were rendered, then lets it hang within the next for the rest of the test, as a killed process would. */
  async function killAfter(files: number, id: string): Promise<void> {
    let rendered = 0;
    await new Promise<void>((resolve) => {
      const render: Renderer['render'] = (...given) => {
        rendered += 1;
        const rendering = bench.render(...given);
        return rendered <= files ? rendering : { ...rendering, files: hangingFiles(rendering.files) };
      };
      async function* hangingFiles(rendering: AsyncIterable<RenderedFile>): AsyncGenerator<RenderedFile, void> {
        for await (const file of rendering) yield { ...file, content: hangingContent(file.content) };
      }
      async function* hangingContent(content: RenderedFile['content']) {
        for await (const chunk of content) {
          yield chunk;
          resolve();
          await new Promise((_, reject) => {
            hanging.push(async () => {
              reject(new Error('killed'));
              await build;
            });
          });
        }
      }
      const build = bench
        .builder({ render })(id, calm)
        .catch(() => {});
    });
  }

  test('shows nothing, and ends in the same bytes although the pairs have changed since', async () => {
    const undisturbed = await bench.request();
    await bench.builder()(undisturbed.id, calm);
    const expected = await bench.files(undisturbed.number);

    const { id, number } = await bench.request();
    await killAfter(1, id);
    expect(await bench.get(number)).toMatchObject({ status: 'building', files: [] });
    // Of the file that was being written nothing is to be seen.
    const keys = (await bench.keys()).filter((key) => key.startsWith(`snapshots/${sampleSlug}/${number}/`));
    expect(keys.map((key) => key.split('/').at(-1))).toEqual([dataFiles[0]]);
    await disturb(db);

    await bench.builder()(id, calm);
    const files = await bench.files(number);
    for (const name of dataFiles) expect([name, sha256(files[name]!)]).toEqual([name, sha256(expected[name]!)]);
    // And the list of changes since the first one, which is empty.
    expect(Object.keys(files)).toHaveLength(fileCount + 1);
    expect((await bench.get(number)).contentHash).toBe((await bench.get(undisturbed.number)).contentHash);
  });

  test('after its data files were stored, leaves nothing behind in the end', async () => {
    const { id, number } = await bench.request();
    await new Promise<void>((resolve) => {
      const put: Storage['put'] = (key, content) => {
        if (!key.endsWith('manifest.json')) return bench.storage.put(key, content);
        resolve();
        return new Promise(() => {});
      };
      void bench.builder({ storage: { put } })(id, calm);
    });
    expect(await bench.keys()).toHaveLength(fileCount - 1);
    expect((await bench.get(number)).files).toEqual([]);
    await bench.builder()(id, calm);
    expect((await bench.get(number)).status).toBe('published');
    expect(await bench.keys()).toHaveLength(fileCount);
    await bench.files(number);
  });

  test('is not counted as failed when the process stops in good order', async () => {
    const { id, number } = await bench.request();
    const stopping = new AbortController();
    const render: Renderer['render'] = (...given) => {
      stopping.abort(new Error('The process is stopping'));
      return bench.render(...given);
    };
    await expect(bench.builder({ render })(id, { signal: stopping.signal, lastTry: true })).rejects.toThrow('The process is stopping');
    expect((await bench.get(number)).status).toBe('building');
    expect(await bench.repository.unfinished()).toEqual([id]);
    await bench.service.resumeBuilds();
    expect(bench.sent.at(-1)).toBe(id);
    await bench.builder()(id, calm);
    expect((await bench.get(number)).status).toBe('published');
  });

  test('two at once publish one snapshot whose files are right', async () => {
    const { id, number } = await bench.request();
    await Promise.all([bench.builder()(id, calm), bench.builder()(id, calm)]);
    expect((await bench.get(number)).status).toBe('published');
    await bench.files(number);
    expect(await bench.keys()).toHaveLength(fileCount);
    expect(await db.prisma.event.count({ where: { kind: 'snapshot_published' } })).toBe(1);
  });

  test('a job that comes again after the end changes nothing', async () => {
    const { id, number } = await bench.request();
    await bench.builder()(id, calm);
    const before = await bench.get(number);
    await bench.builder()(id, calm);
    expect(await bench.get(number)).toEqual(before);
    expect(await bench.keys()).toHaveLength(fileCount);
  });
});

describe('a published snapshot keeps its files', () => {
  test.each([false, true])('when the store fails while the rest is tidied up (last try: %s)', async (lastTry) => {
    const { id, number } = await bench.request();
    let asked = 0;
    const list: Storage['list'] = (prefix) => {
      asked += 1;
      if (asked === 1) throw new Error('The store does not answer');
      return bench.storage.list(prefix);
    };
    await bench.builder({ storage: { list } })(id, { ...calm, lastTry });
    expect((await bench.get(number)).status).toBe('published');
    expect(Object.keys(await bench.files(number))).toHaveLength(fileCount);
  });

  test.each([false, true])(
    'when the connection breaks before the database has said that it is published (last try: %s)',
    async (lastTry) => {
      const { id, number } = await bench.request();
      let breaks = 1;
      const broken = new Proxy(db.prisma, {
        get: (target, name) =>
          name === '$transaction'
            ? async (...given: Parameters<typeof target.$transaction>) => {
                const result: unknown = await target.$transaction(...given);
                if ((await bench.get(number)).status === 'published' && breaks-- > 0) throw new Error('Connection terminated');
                return result;
              }
            : Reflect.get(target, name),
      });
      const built = bench.builder({ db: { prisma: broken } })(id, { ...calm, lastTry });
      const outcome = await built.then(() => 'done', String);
      expect(outcome).toBe(lastTry ? 'done' : 'Error: Connection terminated');
      await bench.builder()(id, calm);
      expect((await bench.get(number)).status).toBe('published');
      expect(Object.keys(await bench.files(number))).toHaveLength(fileCount);
    },
  );
});

describe('a build that fails', () => {
  const full: Partial<Storage> = {
    put: async (key, content) => {
      for await (const _chunk of content as AsyncIterable<Uint8Array>)
        if (key.endsWith('full.jsonl.gz')) throw new Error('no space left on device');
      return { bytes: 0, sha256: '' };
    },
  };

  test('is tried again, and tells why when it was the last time', async () => {
    const { id, number } = await bench.request();
    await expect(bench.builder({ storage: full })(id, calm)).rejects.toThrow('no space left on device');
    expect((await bench.get(number)).status).toBe('building');
    const preference = {
      chosenId: responseId(0),
      rejectedId: responseId(1),
      margin: 1,
      marginError: 1,
      comparisons: 1,
      ties: 0,
      bothBad: 0,
    };
    await db.prisma.snapshotPreference.create({ data: { snapshotId: id, ...preference } });
    await bench.builder({ storage: full })(id, { ...calm, lastTry: true });
    expect(await bench.get(number)).toMatchObject({
      status: 'failed',
      error: 'The build failed several times, the last time with: no space left on device',
      files: [],
    });
    expect(await bench.keys()).toEqual([]);
    expect(await db.prisma.snapshotPair.count()).toBe(0);
    expect(await db.prisma.snapshotPreference.count()).toBe(0);
    const event = await db.prisma.event.findFirstOrThrow({ where: { kind: 'snapshot_failed' } });
    expect(event.payload).toMatchObject({ number });
  });

  test('makes room for the next', async () => {
    const first = await bench.request();
    await bench.builder({ storage: full })(first.id, { ...calm, lastTry: true });
    const second = await bench.request();
    expect(second.number).toBe(first.number + 1);
    await bench.builder()(second.id, calm);
    expect((await bench.get(second.number)).status).toBe('published');
  });

  test('a selection that has become empty is final at once', async () => {
    const { id, number } = await bench.request();
    await db.prisma.$executeRaw`DELETE FROM pairs`;
    await bench.builder()(id, calm);
    expect(await bench.get(number)).toMatchObject({ status: 'failed', error: 'The selection holds no pairs any more.' });
  });

  test('a failed query ends the files that were begun', async () => {
    const { id } = await bench.request();
    const render: Renderer['render'] = (task, options) =>
      bench.render({ ...task, source: { ...task.source, snapshotId: 'x'.repeat(36) } }, options);
    await expect(bench.builder({ render })(id, calm)).rejects.toThrow(/uuid/i);
    expect(await bench.keys()).toEqual([]);
  });
});

describe('cancelling', () => {
  test('ends a build that has not begun at once', async () => {
    const { id, number } = await bench.request();
    expect((await bench.cancel(number)).status).toBe('cancelled');
    await bench.builder()(id, calm);
    expect(await bench.get(number)).toMatchObject({ status: 'cancelled', files: [] });
    expect(await db.prisma.event.count({ where: { kind: 'snapshot_cancelled', actorId: bench.actor.id } })).toBe(1);
  });

  test.each(['snapshot pinned', 'first pairs written', 'files stored'])('stops a build that runs: %s', async (moment) => {
    const { id, number } = await bench.request();
    const cancelOnce = async () => void (await bench.cancel(number));
    const analyze = async () => {
      await bench.build.analyze();
      if (moment === 'snapshot pinned') await cancelOnce();
    };
    const report: Bench['build']['report'] = async (...given) => {
      if (moment === 'first pairs written' && 'rowsDone' in given[1]) await cancelOnce();
      return bench.build.report(...given);
    };
    const put: Storage['put'] = async (key, content) => {
      const stored = await bench.storage.put(key, content);
      if (moment === 'files stored' && key.endsWith('manifest.json')) await cancelOnce();
      return stored;
    };
    await bench.builder({ repository: { analyze, report }, storage: { put } })(id, calm);
    expect(await bench.get(number)).toMatchObject({ status: 'cancelled', error: null, files: [] });
    expect(await bench.keys()).toEqual([]);
    expect(await db.prisma.snapshotPair.count()).toBe(0);
    expect(await db.prisma.event.count({ where: { kind: { in: ['snapshot_published', 'snapshot_failed'] } } })).toBe(0);
  });

  test('is refused once it is published, and for what is not there', async () => {
    const { id, number } = await bench.request();
    await bench.builder()(id, calm);
    await expect(bench.cancel(number)).rejects.toMatchObject({ code: 'status_conflict' });
    await expect(bench.cancel(4711)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('numbers', () => {
  test('of ten requests at once, one begins and nine are told which', async () => {
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => bench.request()));
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as ApiError] : []));
    expect(refused).toHaveLength(9);
    expect(refused.every((error) => error instanceof ApiError && error.code === 'snapshot_running' && error.data?.['number'] === 1)).toBe(
      true,
    );
    // Whoever is refused still sees to it that the running one has a job.
    expect(new Set(bench.sent).size).toBe(1);
  });

  test('what is not published is for those who publish', async () => {
    const { number } = await bench.request();
    const list = (actor: Actor | null) => bench.service.list(sampleSlug, { limit: 10 }, actor);
    expect((await list(bench.actor)).items.map((item) => item.number)).toEqual([number]);
    expect((await list({ ...bench.actor, role: 'moderator' })).items).toEqual([]);
    expect((await list(null)).items).toEqual([]);
    await expect(bench.service.get(sampleSlug, number, null)).rejects.toMatchObject({ code: 'not_found' });
    await expect(bench.service.latestNumber(sampleSlug)).rejects.toMatchObject({ code: 'not_found' });
    await expect(bench.service.file(sampleSlug, number, 'README.md')).rejects.toMatchObject({ code: 'not_found' });
  });
});

test('the card tells what has changed since the snapshot before', async () => {
  const first = await bench.request();
  await bench.builder()(first.id, calm);
  expect((await bench.files(first.number))['README.md']!.toString()).toContain('This is the first snapshot.');
  await db.prisma.$executeRaw`DELETE FROM pairs WHERE response_id IN (${responseId(1)}::uuid, ${responseId(2)}::uuid)`;
  await addSamplePairs(db, [{ instruction: 'New?', response: 'New.' }], pairs.length);
  await db.prisma.$executeRaw`
    WITH added AS (INSERT INTO revisions (id, entry_id, number, text) VALUES (gen_random_uuid(), ${responseId(3)}::uuid, 2, 'Edited.') RETURNING id)
    UPDATE entries SET current_revision_id = (SELECT id FROM added) WHERE id = ${responseId(3)}::uuid`;
  const second = await bench.request();
  await bench.builder()(second.id, calm);
  const card = (await bench.files(second.number))['README.md']!.toString();
  expect(card).toContain(`Since snapshot ${first.number}: 1 pair added, 1 edited, 0 retracted, 2 removed`);
});

test('the manifest names the last event that the build had seen', async () => {
  const { id, number } = await bench.request();
  const { position } = await db.prisma.event.findFirstOrThrow({ where: { datasetId: sampleDatasetId }, orderBy: { position: 'desc' } });
  await bench.builder()(id, calm);
  const manifest = manifestSchema.parse(JSON.parse((await bench.files(number))['manifest.json']!.toString()));
  expect(manifest).toMatchObject({ eventPosition: Number(position), createdAt: now.toISOString() });
});

test('checks of both texts are named once each, in order', async () => {
  await db.prisma.$executeRaw`
    INSERT INTO checks (id, revision_id, kind, severity, details)
    SELECT gen_random_uuid(), e.current_revision_id, k.kind, 'info', '{}' FROM entries e, (VALUES ('wrong_script'), ('all_capitals'), ('too_short')) k(kind)
    WHERE e.id = ${responseId(0)}::uuid OR (e.id = (SELECT parent_id FROM entries WHERE id = ${responseId(0)}::uuid) AND k.kind <> 'too_short')`;
  const { id, number } = await bench.request();
  await bench.builder()(id, calm);
  const [first] = gunzipSync((await bench.files(number))['full.jsonl.gz']!)
    .toString()
    .split('\n');
  expect(JSON.parse(first!)).toMatchObject({ id: responseId(0), checks: ['all_capitals', 'too_short', 'wrong_script'] });
});

test.skipIf(testDatabaseKind() !== 'pglite' || (await findPostgres()) === undefined)(
  'PGlite and PostgreSQL give the same bytes',
  async () => {
    const other = await createTestDatabase({ kind: 'postgres' });
    const otherFolder = await mkdtemp(join(tmpdir(), 'granary-snapshots-'));
    onTestFinished(async () => {
      await other.close();
      await rm(otherFolder, { recursive: true, force: true });
    });
    const otherBench = await createBench(other, otherFolder);
    // Added in another order, as two deployments would have them.
    await addSamplePairs(other, pairs.slice(20), 20);
    await addSamplePairs(other, pairs.slice(0, 20));
    const [here, there] = [await bench.request(), await otherBench.request()];
    await bench.builder()(here.id, calm);
    await otherBench.builder()(there.id, calm);
    const [ours, theirs] = [await bench.files(here.number), await otherBench.files(there.number)];
    for (const name of Object.keys(ours)) expect([name, sha256(theirs[name]!)]).toEqual([name, sha256(ours[name]!)]);
  },
);
