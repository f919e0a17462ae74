import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request as requestHttp } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, json, text } from 'node:stream/consumers';
import type { Snapshot } from '@granary/contract';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import S3rver from 's3rver';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { registerJobHandlers } from '../job-handlers.ts';
import { addSampleDataset, addSamplePairs, sampleSlug } from '../modules/snapshots/sample-pairs.ts';
import { publishedSnapshot } from '../modules/snapshots/test-publishing.ts';
import { createServices } from '../services.ts';
import { openStorage } from '../storage/open-storage.ts';
import { createS3Client } from '../storage/s3-storage.ts';
import { createTestApp, type TestApp, type TestUser } from '../testing.ts';
import { runCommand, startCommand } from '../testing-process.ts';
import { waitFor } from '../testing-wait.ts';
import { CliError } from './errors.ts';
import { readPushTarget } from './push-target.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const listen = (server: Server) =>
  new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));

let t: TestApp;
let admin: TestUser;
let folder: string;
let env: Record<string, string>;
const snapshots: Snapshot[] = [];

async function publish(selection: object): Promise<Snapshot> {
  const base = `/api/v1/datasets/${sampleSlug}/snapshots`;
  const { body } = await admin.send<{ number: number }>('POST', base, { selection, notes: '' });
  return publishedSnapshot(admin, body.number);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'granary-push-'));
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'S3RVER');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'S3RVER');
  t = await createTestApp();
  admin = await t.signIn('admin');
  await t.deps.jobs.start();
  await registerJobHandlers(t.deps.jobs, createServices(t.deps));
  await t.app.listen({ port: 0, host: '127.0.0.1' });
  await addSampleDataset(t.db);
  // Two small snapshots, and one whose files need several parts: text that no codec makes small.
  const answer = (bytes: number) => randomBytes(bytes).toString('base64');
  const rows = (count: number, bytes: number, language: string) =>
    Array.from({ length: count }, (_, n) => ({ instruction: `Question ${n} in ${language}?`, response: answer(bytes), language }));
  await addSamplePairs(t.db, [...rows(640, 13_500, 'en'), ...rows(40, 900, 'de')]);
  const german = { languages: ['de'] };
  snapshots.push(await publish(german));
  await addSamplePairs(t.db, rows(1, 900, 'de'), 680);
  snapshots.push(await publish(german), await publish({}));
  const { port } = t.app.server.address() as AddressInfo;
  env = {
    GRANARY_SERVER: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: 'S3RVER',
    AWS_SECRET_ACCESS_KEY: 'S3RVER',
  };
}, 400_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await t.close();
  await rm(folder, { recursive: true, force: true });
});

const granary = (args: string[], more: Record<string, string> = {}) => runCommand(args, { ...env, ...more });

describe('where to', () => {
  test.each([
    ['hf://datasets/owner', /hf:\/\/datasets\/OWNER\/NAME/],
    ['hf://datasets/owner/name/more', /OWNER\/NAME/],
    ['hf://models/owner/name', /OWNER\/NAME/],
    ['hf://datasets/owner/name@', /"" is no name for a branch/],
    ['hf://datasets/owner/name@a/b', /"a\/b" is no name for a branch/],
    ['hf://datasets/owner/name@a@b', /OWNER\/NAME@BRANCH/],
    ['hf://datasets/owner/name@v3', /the name of a tag/],
    ['https://huggingface.co/datasets/a/b', /neither/],
    ['2026-01-01', /--until/],
    ['nonsense', /neither/],
    ['s3://', /^--to: the bucket is missing/],
    ['s3://key:secret@bucket', /^--to: credentials/],
  ])('refuses %s', (to, message) => {
    expect(() => readPushTarget(to, { HF_TOKEN: 'hf_x' })).toThrow(CliError);
    expect(() => readPushTarget(to, { HF_TOKEN: 'hf_x' })).toThrow(message);
  });
  test.each([{}, { HF_TOKEN: 'secret' }, { HF_TOKEN: 'hf_x', HF_ENDPOINT: 'hub' }])('refuses the environment %j', (given) => {
    expect(() => readPushTarget('hf://datasets/owner/name', given)).toThrow(CliError);
  });
  test('reads what is right', () => {
    expect(readPushTarget('hf://datasets/owner/na.me/', { HF_TOKEN: 'hf_x' })).toEqual({
      kind: 'hub',
      repo: 'owner/na.me',
      branch: undefined,
      endpoint: 'https://huggingface.co',
      token: 'hf_x',
    });
    expect(readPushTarget('hf://datasets/owner/name@older/', { HF_TOKEN: 'hf_x' })).toMatchObject({ repo: 'owner/name', branch: 'older' });
    expect(readPushTarget('s3://bucket/a?region=eu-west-1', {})).toMatchObject({ kind: 's3', options: { bucket: 'bucket', prefix: 'a/' } });
  });
  test('--snapshot without --to, and a snapshot that is not there', async () => {
    expect(await granary(['publish', sampleSlug, '--snapshot', 'v1'])).toMatchObject({ code: 2 });
    expect(await granary(['publish', sampleSlug, '--snapshot', 'v99', '--to', 's3://bucket/x'])).toMatchObject({ code: 1 });
  });
});

// One bucket: what is sent once is there for the tests that follow.
describe('to a bucket', { shuffle: false }, () => {
  let server: S3rver;
  let front: Server;
  let addressOf: (prefix: string) => string;
  let to: string;
  /** What the front of the store lets through. */
  let lets: (request: IncomingMessage) => boolean = () => true;
  const puts: string[] = [];

  beforeAll(async () => {
    const configureBuckets = [{ name: 'mirror', configs: [] }];
    server = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory: join(folder, 's3'), configureBuckets });
    const { port } = await server.run();
    // The line between: it can be cut.
    front = createServer((incoming, response) => {
      if (!lets(incoming)) return void incoming.socket.destroy();
      if (incoming.method === 'PUT') puts.push((incoming.url ?? '').split('?')[0] ?? '');
      const { method, url, headers } = incoming;
      const onward = requestHttp({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
      onward.on('error', () => response.destroy());
      incoming.on('error', () => onward.destroy());
      incoming.pipe(onward);
    });
    const line = await listen(front);
    addressOf = (prefix) => `s3://mirror/${prefix}?endpoint=http://127.0.0.1:${line}&forcePathStyle=true`;
  });
  afterAll(async () => {
    front.closeAllConnections();
    front.close();
    await server.close();
  });
  beforeEach(() => {
    to = addressOf('granary');
    lets = () => true;
    puts.length = 0;
  });

  const options = () => {
    const target = readPushTarget(to);
    if (target.kind !== 's3') throw new Error('not S3');
    return target.options;
  };
  async function keys(prefix: string): Promise<string[]> {
    const storage = openStorage(to, folder);
    const found: string[] = [];
    for await (const key of storage.list(prefix)) found.push(key);
    await storage.close();
    return found;
  }
  async function expectWhole(snapshot: Snapshot): Promise<void> {
    const storage = openStorage(to, folder);
    const store = createS3Client(options());
    const names = snapshot.files.map(({ name }) => `v${snapshot.number}/${name}`).toSorted();
    expect((await keys(`v${snapshot.number}/`)).toSorted()).toEqual(names);
    for (const { name, sha256: expected, mediaType } of snapshot.files) {
      expect(sha256(await buffer(await storage.get(`v${snapshot.number}/${name}`)))).toBe(expected);
      const head = await store.send(new HeadObjectCommand({ Bucket: 'mirror', Key: `${options().prefix}v${snapshot.number}/${name}` }));
      expect([head.Metadata?.['sha256'], head.ContentType]).toEqual([expected, mediaType]);
    }
    store.destroy();
    await storage.close();
  }

  test('a push that breaks off leaves no manifest and no half file, and the next one sends what is missing', async () => {
    const snapshot = snapshots[2] as Snapshot;
    const largest = snapshot.files.reduce((a, b) => (a.bytes > b.bytes ? a : b));
    expect(largest.bytes).toBeGreaterThan(8 * 1024 * 1024);
    // The line goes dead in the middle of the largest file, once its first part is through.
    let dead = false;
    let parts = 0;
    lets = ({ method, url }) => {
      if (method === 'PUT' && url?.includes(largest.name.split('/').at(-1) ?? '') && (parts += 1) === 2) dead = true;
      return !dead;
    };
    const broken = await granary(['publish', sampleSlug, '--to', to, '--snapshot', 'v3']);
    expect(broken.code).toBe(1);
    expect(broken.stderr).toContain('The same command goes on where it was.');
    expect(broken.stderr).toContain('Trying again (3 of 3)');
    lets = () => true;
    const there = await keys('v3/');
    expect(there).not.toContain(`v3/${largest.name}`);
    expect(there).not.toContain('v3/manifest.json');
    expect(there.length).toBeGreaterThan(0);

    puts.length = 0;
    const resumed = await granary(['publish', sampleSlug, '--to', to, '--snapshot', 'v3']);
    expect(resumed.code).toBe(0);
    for (const key of there) {
      expect(resumed.stdout).toContain(`s3://mirror/granary/${key}  there already`);
      expect(puts).not.toContain(`/mirror/granary/${key}`);
    }
    expect(puts.at(-1)).toBe('/mirror/granary/v3/manifest.json');
    expect(resumed.stderr).toContain('100%');
    await expectWhole(snapshot);

    puts.length = 0;
    expect((await granary(['publish', sampleSlug, '--to', to, '--snapshot', '3'])).code).toBe(0);
    expect(puts).toEqual([]);
  }, 120_000);

  test('a push whose process is killed goes on with the next', async () => {
    to = addressOf('killed');
    const snapshot = snapshots[2] as Snapshot;
    const child = startCommand(['publish', sampleSlug, '--to', to, '--snapshot', 'latest'], env);
    await waitFor('two files that arrive', { look: () => puts.length, isDone: (count) => count >= 2 });
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    expect(await keys('v3/')).not.toContain('v3/manifest.json');
    expect((await granary(['publish', sampleSlug, '--to', to, '--snapshot', 'latest'])).code).toBe(0);
    await expectWhole(snapshot);
  }, 120_000);

  test('an object of that name with other content is replaced', async () => {
    const storage = openStorage(to, folder);
    await storage.put('v3/README.md', Buffer.from('Something else'));
    await storage.close();
    expect((await granary(['publish', sampleSlug, '--to', to, '--snapshot', 'v3'])).code).toBe(0);
    await expectWhole(snapshots[2] as Snapshot);
  });
});

/** What stands for the Hub: the part of its public protocol that a push uses, with objects and commits kept in memory. */
function createHub() {
  const objects = new Map<string, Buffer>();
  const parts = new Map<string, Buffer>();
  const tags = new Map<string, string>();
  const state = {
    objects,
    /** Name → commit. */
    tags,
    exists: false,
    /** Name → path → content at its head. */
    branches: new Map([['main', new Map<string, Buffer>()]]),
    get main() {
      return this.branches.get('main') as Map<string, Buffer>;
    },
    /** Name → commit at its head. */
    heads: new Map([['main', 'commit0']]),
    /** Commit → what it holds. */
    trees: new Map<string, Map<string, Buffer>>(),
    commits: 0,
    summary: '',
    uploads: [] as string[],
    lets: (_path: string): boolean => true,
    port: 0,
  };
  const chunkSize = 10_000;
  const reply = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const origin = `http://127.0.0.1:${state.port}`;
    if (path.startsWith('/storage/')) {
      const [, , oid = '', part] = path.split('/');
      if (request.method === 'POST') {
        const { parts: listed } = (await json(request)) as { oid: string; parts: { partNumber: number; etag: string }[] };
        const all = listed.map(({ partNumber, etag }) => {
          expect(etag).toBe(`"${oid}-${partNumber}"`);
          return parts.get(`${oid}/${partNumber}`) ?? Buffer.alloc(0);
        });
        objects.set(oid, Buffer.concat(all));
        return reply(response, 200, {});
      }
      const content = await buffer(request);
      expect(request.headers['content-length']).toBe(String(content.length));
      state.uploads.push(oid);
      if (part === undefined) objects.set(oid, content);
      else parts.set(`${oid}/${part}`, content);
      return response.writeHead(200, { etag: `"${oid}-${part}"` }).end();
    }
    if (request.headers.authorization !== 'Bearer hf_secret') return reply(response, 401, { error: 'Invalid credentials' });
    if (path === '/api/repos/create') {
      const wish = await json(request);
      expect(wish).toMatchObject({ name: 'corpus', organization: 'granary', type: 'dataset' });
      if (state.exists) return reply(response, 409, { error: 'You already created this dataset repo' });
      state.exists = true;
      return reply(response, 200, { url: `${origin}/datasets/granary/corpus`, id: '1' });
    }
    if (path === '/api/datasets/granary/corpus/refs')
      return reply(response, 200, {
        branches: [...state.heads].map(([name, targetCommit]) => ({ name, targetCommit })),
        tags: [...tags].map(([name, targetCommit]) => ({ name, targetCommit })),
      });
    const created = /^\/api\/datasets\/granary\/corpus\/branch\/([\w.-]+)$/.exec(path)?.[1];
    if (created !== undefined) {
      if (state.branches.has(created)) return reply(response, 409, { error: 'Reference already exists' });
      state.branches.set(created, new Map(state.main));
      state.heads.set(created, state.heads.get('main') ?? '');
      return reply(response, 200, {});
    }
    const [, resolved, file] = /^\/datasets\/granary\/corpus\/resolve\/([\w.-]+)\/(.+)$/.exec(path) ?? [];
    if (resolved !== undefined && file !== undefined) {
      const tree = state.branches.get(resolved) ?? state.trees.get(resolved);
      if (tree === undefined) return reply(response, 404, { error: 'Invalid rev id' }, { 'X-Error-Code': 'RevisionNotFound' });
      const content = tree.get(file);
      if (content === undefined) return reply(response, 404, { error: 'Entry not found' }, { 'X-Error-Code': 'EntryNotFound' });
      const isPart = request.headers.range === 'bytes=0-0';
      const headers = { etag: `"${sha256(content)}"`, ...(isPart && { 'content-range': `bytes 0-0/${content.length}` }) };
      return response.writeHead(isPart ? 206 : 200, headers).end(isPart ? content.subarray(0, 1) : content);
    }
    if (/^\/api\/datasets\/granary\/corpus\/preupload\/(main|older)$/.test(path)) {
      const { files } = (await json(request)) as { files: { path: string; size: number; sample: string }[] };
      const modes = files.map(({ path: name, sample }) => {
        expect(Buffer.from(sample, 'base64').length).toBeGreaterThan(0);
        return { path: name, uploadMode: /\.(gz|zst|parquet)$/.test(name) ? 'lfs' : 'regular' };
      });
      return reply(response, 200, { files: modes });
    }
    if (path === '/datasets/granary/corpus.git/info/lfs/objects/batch') {
      const { objects: wanted } = (await json(request)) as { objects: { oid: string; size: number }[] };
      const answers = wanted.map(({ oid, size }) => {
        if (objects.has(oid)) return { oid, size };
        const href = `${origin}/storage/${oid}`;
        if (size <= chunkSize) return { oid, size, actions: { upload: { href } } };
        const numbers = Array.from({ length: Math.ceil(size / chunkSize) }, (_, n) => n + 1);
        const header = Object.fromEntries(numbers.map((n) => [String(n).padStart(5, '0'), `${href}/${n}`]));
        return { oid, size, actions: { upload: { href, header: { ...header, chunk_size: String(chunkSize) } } } };
      });
      return reply(response, 200, { transfer: 'multipart', objects: answers });
    }
    const branch = /^\/api\/datasets\/granary\/corpus\/commit\/([\w.-]+)$/.exec(path)?.[1];
    const head = state.branches.get(branch ?? '');
    if (branch !== undefined && head !== undefined) {
      type Line = {
        key: string;
        value: { summary: string; parentCommit?: string; path: string; oid: string; size: number; content: string; encoding: string };
      };
      const lines = (await text(request)).split('\n').map((line) => JSON.parse(line) as Line);
      const parent = lines.find(({ key }) => key === 'header')?.value.parentCommit;
      if (parent !== undefined && parent !== state.heads.get(branch)) return reply(response, 412, { error: 'The branch has moved' });
      const next = new Map(head);
      for (const { key, value } of lines) {
        if (key === 'header') state.summary = value.summary;
        if (key === 'file') next.set(value.path, Buffer.from(value.content, value.encoding as BufferEncoding));
        if (key === 'deletedFile') next.delete(value.path);
        if (key === 'lfsFile') {
          const content = objects.get(value.oid);
          expect(content?.length).toBe(value.size);
          next.set(value.path, content ?? Buffer.alloc(0));
        }
      }
      state.branches.set(branch, next);
      state.commits += 1;
      state.trees.set(`commit${state.commits}`, new Map(next));
      state.heads.set(branch, `commit${state.commits}`);
      return reply(response, 200, { commitOid: `commit${state.commits}`, commitUrl: `${origin}/commit`, hookOutput: '' });
    }
    const tagged = /^\/api\/datasets\/granary\/corpus\/tag\/(\w+)$/.exec(path)?.[1];
    if (tagged !== undefined) {
      const { tag } = (await json(request)) as { tag: string };
      if (tags.has(tag)) return reply(response, 409, { error: 'Tag reference exists already' });
      tags.set(tag, tagged);
      return reply(response, 200, {});
    }
    return reply(response, 404, { error: `Nothing at ${path}` });
  }

  const server = createServer((request, response) => {
    if (!state.lets(`${request.method} ${request.url}`)) return void request.socket.destroy();
    answer(request, response).catch((error: Error) => reply(response, 418, { error: error.message }));
  });
  return { server, state };
}

// One repository that is pushed to again and again: each test goes on where the one before has left it.
describe('to the Hub', { shuffle: false }, () => {
  const { server, state } = createHub();
  let hubEnv: Record<string, string>;
  beforeAll(async () => {
    state.port = await listen(server);
    hubEnv = { HF_ENDPOINT: `http://127.0.0.1:${state.port}`, HF_TOKEN: 'hf_secret' };
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const pushTo = (version: string, more = {}, branch = '') =>
    granary(['publish', sampleSlug, '--to', `hf://datasets/granary/corpus${branch}`, '--snapshot', version], { ...hubEnv, ...more });
  const expectWhole = ({ files }: Snapshot, others: string[] = [], held = state.main) => {
    expect([...held.keys()].toSorted()).toEqual([...files.map(({ name }) => name), ...others].toSorted());
    for (const { name, sha256: expected } of files) expect(sha256(held.get(name) ?? Buffer.alloc(0))).toBe(expected);
  };

  test('a token that may not write is told so', async () => {
    const refused = await pushTo('v1', { HF_TOKEN: 'hf_other' });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('the token in HF_TOKEN may not write there');
  });

  test('a push that breaks off commits nothing; the next sends only what is missing, in one commit with a tag', async () => {
    const [snapshot] = snapshots as [Snapshot];
    const large = snapshot.files.filter(({ name }) => /\.(gz|parquet)$/.test(name));
    // The line goes dead when the first object is there.
    state.lets = () => state.objects.size === 0;
    const broken = await pushTo('v1');
    expect(broken.code).toBe(1);
    expect(broken.stderr).toContain('large files that arrived are not sent again');
    expect([state.commits, state.tags.size, state.main.size]).toEqual([0, 0, 0]);
    const arrived = new Set(state.objects.keys());
    expect(arrived.size).toBeGreaterThanOrEqual(1);
    expect(arrived.size).toBeLessThan(new Set(large.map((file) => file.sha256)).size);

    state.lets = () => true;
    state.uploads = [];
    const resumed = await pushTo('v1');
    expect([resumed.code, resumed.stderr.includes('100%')]).toEqual([0, true]);
    expect(resumed.stdout).toContain('the tag v1 is set.');
    expect(state.uploads.filter((oid) => arrived.has(oid))).toEqual([]);
    expect(state).toMatchObject({ commits: 1, summary: 'Publish v1' });
    expect(state.tags).toEqual(new Map([['v1', 'commit1']]));
    for (const [oid, content] of state.objects) expect(sha256(content)).toBe(oid);
    expectWhole(snapshot);
  }, 120_000);

  test('again: nothing is sent; the next snapshot replaces files, and what somebody else added stays', async () => {
    state.uploads = [];
    expect((await pushTo('v1')).stdout).toContain('there already; the tag v1 is there already.');
    expect([state.uploads, state.commits]).toEqual([[], 1]);
    state.main.set('NOTICE.md', Buffer.from('By hand.'));
    // As if the older snapshot had had a file more.
    const manifest = JSON.parse(state.main.get('manifest.json')?.toString('utf8') ?? '{}') as { files: object[] };
    state.main.set('data/old/train-00000-of-00001.parquet', Buffer.from('old'));
    const more = { ...manifest, files: [...manifest.files, { name: 'data/old/train-00000-of-00001.parquet' }] };
    state.main.set('manifest.json', Buffer.from(JSON.stringify(more)));
    expect((await pushTo('v2')).code).toBe(0);
    expect(state.tags.get('v2')).toBe('commit2');
    expectWhole(snapshots[1] as Snapshot, ['NOTICE.md']);
  }, 120_000);

  test('main is not taken back to an older snapshot, unless it is named; a branch takes what it is given', async () => {
    const [older, newer] = snapshots as [Snapshot, Snapshot];
    // Its tag says that it was pushed, so nothing is left to do.
    expect((await pushTo('v1')).stdout).toContain('there already; the tag v1 is there already.');
    state.tags.delete('v1');
    state.uploads = [];
    const refused = await pushTo('v1');
    expect([refused.code, state.uploads, state.commits, state.tags.has('v1')]).toEqual([1, [], 2, false]);
    expect(refused.stderr).toContain('main of granary/corpus holds v2 and would go back to v1. Name a branch');

    const aside = await pushTo('v1', {}, '@older');
    expect(aside.stdout).toContain('/datasets/granary/corpus@older  ');
    expect(aside.stdout).toContain('the tag v1 is set.');
    expect(state.tags.get('v1')).toBe('commit3');
    expectWhole(older, ['NOTICE.md'], state.branches.get('older'));
    expectWhole(newer, ['NOTICE.md']);
    expect((await pushTo('v1', {}, '@older')).stdout).toContain('there already; the tag v1 is there already.');

    expect((await pushTo('v1', {}, '@main')).code).toBe(0);
    expectWhole(older, ['NOTICE.md']);
    expect([state.commits, state.tags.get('v1')]).toEqual([4, 'commit3']);
  }, 120_000);

  test('nothing is committed on what somebody else has committed meanwhile', async () => {
    const head = state.heads.get('main') ?? '';
    state.lets = (path) => {
      if (path.includes('/commit/main')) state.heads.set('main', 'commit-of-another');
      return true;
    };
    const refused = await pushTo('v2');
    expect([refused.code, state.commits]).toEqual([1, 4]);
    expect(refused.stderr).toContain('The branch main of granary/corpus has moved while the files were sent. Nothing was committed');
    state.lets = () => true;
    state.heads.set('main', head);
  });

  test('a tag that points to something else is told before anything is sent, and no branch is made', async () => {
    state.tags.set('v2', 'commit1');
    const aside = await pushTo('v2', {}, '@another');
    expect([aside.code, state.branches.has('another')]).toEqual([1, false]);
    const refused = await pushTo('v2');
    expect([refused.code, state.commits, state.tags.get('v2')]).toEqual([1, 4, 'commit1']);
    expect(refused.stderr).toContain('The tag v2 of granary/corpus points to commit commit1, which is not this snapshot.');
  });

  test.each([
    ['commit2', 0, 'the tag v2 is there already.'],
    ['commit1', 1, 'points to commit commit1, which is not this snapshot'],
  ])('a tag that somebody sets on %s meanwhile is looked at', async (commit, code, message) => {
    state.tags.delete('v2');
    // With the request that would set it.
    state.lets = (path) => {
      if (path.startsWith('POST /api/datasets/granary/corpus/tag/')) state.tags.set('v2', commit);
      return true;
    };
    const pushed = await pushTo('v2');
    state.lets = () => true;
    expect(pushed.code).toBe(code);
    expect(pushed.stdout + pushed.stderr).toContain(message);
    expect(state.tags.get('v2')).toBe(commit);
  });
});
