import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Snapshot, SnapshotFile } from '@granary/contract';
import { hubDatasetSchema, snapshotSchema } from '@granary/contract';
import {
  checkRepoAccess,
  countCommits,
  datasetInfo,
  downloadFile,
  fileDownloadInfo,
  fileExists,
  listCommits,
  listDatasets,
  listFiles,
  pathsInfo,
  repoExists,
  snapshotDownload,
} from '@huggingface/hub';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createServices } from '../../services.ts';
import { createTestApp } from '../../testing.ts';
import type { TestApp, TestUser } from '../../testing.ts';
import { addSampleDataset, addSamplePairs, sampleSlug } from '../snapshots/sample-pairs.ts';

/** Read back with the Hub's own client, over a real connection; the bytes are compared with those that lie in storage. */
const repo = { type: 'dataset', name: `granary/${sampleSlug}` } as const;
const info = `/api/datasets/granary/${sampleSlug}`;
const files = `/datasets/granary/${sampleSlug}/resolve`;
let t: TestApp;
let admin: TestUser;
let hubUrl: string;
let first: Snapshot;
let second: Snapshot;

const hash = (algorithm: string, bytes: Uint8Array) => createHash(algorithm).update(bytes).digest('hex');
async function publish(notes = ''): Promise<Snapshot> {
  const reply = await admin.send('POST', `/api/v1/datasets/${sampleSlug}/snapshots`, { selection: {}, notes });
  const { number } = snapshotSchema.parse(reply.body);
  const { id } = await t.db.prisma.snapshot.findFirstOrThrow({ where: { number }, select: { id: true } });
  await createServices(t.deps).buildSnapshot(id, { signal: new AbortController().signal, lastTry: true });
  return snapshotSchema.parse((await admin.send('GET', `/api/v1/datasets/${sampleSlug}/snapshots/${number}`)).body);
}
/** What lies in storage, read past the interface. */
async function stored({ number }: Snapshot, name: string): Promise<Buffer> {
  const { storageKey } = await t.db.prisma.snapshotFile.findFirstOrThrow({ where: { name, snapshot: { number } } });
  const chunks: Buffer[] = [];
  for await (const chunk of await t.deps.storage.get(storageKey)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
/** Told by hand, as the contract has it: the first 40 digits of the SHA-256 of `manifest.json`. */
const commitOf = async (snapshot: Snapshot) => hash('sha256', await stored(snapshot, 'manifest.json')).slice(0, 40);
const dataFile = (snapshot: Snapshot): SnapshotFile => snapshot.files.find(({ name }) => name.startsWith('data/'))!;
const all = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
};
const get = (url: string, headers: Record<string, string> = {}) => t.anonymous.send('GET', url, undefined, headers);

beforeAll(async () => {
  t = await createTestApp();
  admin = await t.signIn('admin');
  await t.deps.jobs.start();
  await t.app.listen({ port: 0, host: '127.0.0.1' });
  hubUrl = `http://127.0.0.1:${(t.app.server.address() as AddressInfo).port}`;
  await addSampleDataset(t.db);
  const words = ['wheat', 'rye', 'oats', 'barley', 'millet', 'maize', 'rice', 'spelt', 'emmer', 'sorghum', 'teff', 'quinoa'];
  await addSamplePairs(
    t.db,
    words.map((word, index) => ({ instruction: `What is ${word}?`, response: `A grain, the ${index}th here. 🌾` })),
  );
  first = await publish('First release.');
  await addSamplePairs(t.db, [{ instruction: 'What is a granary?', response: 'A storehouse for grain.' }], words.length);
  second = await publish();
  // One that is asked for and not built is nobody's business.
  await t.db.prisma.snapshot.create({
    data: { datasetId: (await t.db.prisma.dataset.findFirstOrThrow()).id, number: 3, selection: {}, createdById: admin.id },
  });
  // Two snapshots are built in it.
}, 180_000);
afterAll(() => t.close());

describe('the client of the Hub', () => {
  test('lists every file with the size and checksums of the bytes in storage, folders with their Git names', async () => {
    const listed = await all(listFiles({ repo, hubUrl, recursive: true }));
    expect(listed.filter(({ type }) => type === 'file').map(({ path }) => path)).toEqual(second.files.map(({ name }) => name).sort());
    for (const entry of listed.filter(({ type }) => type === 'file')) {
      const bytes = await stored(second, entry.path);
      const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${hash('sha256', bytes)}\nsize ${bytes.length}\n`;
      const isData = second.files.find(({ name }) => name === entry.path)!.rows !== null;
      const inGit = isData ? Buffer.from(pointer) : bytes;
      expect(entry).toEqual({
        type: 'file',
        path: entry.path,
        size: bytes.length,
        oid: hash('sha1', Buffer.concat([Buffer.from(`blob ${inGit.length}\0`), inGit])),
        ...(isData ? { lfs: { oid: hash('sha256', bytes), size: bytes.length, pointerSize: pointer.length } } : {}),
      });
    }
    const folders = new Set(
      second.files.flatMap(({ name }) =>
        name
          .split('/')
          .slice(0, -1)
          .map((_, depth, parts) => parts.slice(0, depth + 1).join('/')),
      ),
    );
    expect(listed.filter(({ type }) => type === 'directory').map(({ path }) => path)).toEqual([...folders].sort());
  });

  test('lists one folder, with and without what lies deeper, at any revision', async () => {
    const top = await all(listFiles({ repo, hubUrl, revision: 'v1' }));
    expect(top.map(({ path }) => path)).toContain('data');
    expect(top.every(({ path }) => !path.includes('/'))).toBe(true);
    const inside = await all(listFiles({ repo, hubUrl, path: 'data', revision: await commitOf(first) }));
    expect(inside.length).toBeGreaterThan(0);
    expect(inside.every(({ type }) => type === 'directory')).toBe(true);
    const { name } = dataFile(first);
    expect((await all(listFiles({ repo, hubUrl, path: name, revision: 'v1', expand: true })))[0]).toMatchObject({
      path: name,
      lastCommit: { id: await commitOf(first), title: 'Snapshot 1', date: first.publishedAt },
    });
  });

  test('downloads every file of both snapshots as it lies in storage', async () => {
    for (const [revision, snapshot] of [
      ['v1', first],
      ['main', second],
      ['2', second],
      [await commitOf(first), first],
    ] as const)
      for (const { name } of snapshot.files) {
        const blob = await downloadFile({ repo, hubUrl, path: name, revision });
        expect(Buffer.from(await blob!.arrayBuffer()).equals(await stored(snapshot, name))).toBe(true);
      }
  });

  test('reads a range, and what an end beyond the file leaves', async () => {
    const { name, bytes } = dataFile(second);
    const blob = await downloadFile({ repo, hubUrl, path: name });
    const whole = await stored(second, name);
    expect(blob!.size).toBe(bytes);
    expect(Buffer.from(await blob!.slice(10, 42).arrayBuffer())).toEqual(whole.subarray(10, 42));
    expect(Buffer.from(await blob!.slice(bytes - 8, bytes + 100).arrayBuffer())).toEqual(whole.subarray(bytes - 8));
  });

  test('tells size and checksum before a download, and what is not there', async () => {
    const { name, bytes, sha256 } = dataFile(second);
    expect(await fileDownloadInfo({ repo, hubUrl, path: name })).toMatchObject({ size: bytes, etag: `"${sha256}"` });
    expect(await fileDownloadInfo({ repo, hubUrl, path: 'nothing.txt' })).toBeNull();
    expect(await fileExists({ repo, hubUrl, path: name })).toBe(true);
    expect(await fileExists({ repo, hubUrl, path: 'README.md', revision: 'v1' })).toBe(true);
    expect(await fileExists({ repo, hubUrl, path: 'nothing.txt' })).toBe(false);
    expect(await repoExists({ repo, hubUrl })).toBe(true);
    expect(await repoExists({ repo: { type: 'dataset', name: 'granary/nothing' }, hubUrl })).toBe(false);
    expect(await repoExists({ repo: { type: 'dataset', name: `elsewhere/${sampleSlug}` }, hubUrl })).toBe(false);
    await expect(checkRepoAccess({ repo, hubUrl })).resolves.toBeUndefined();
    await expect(downloadFile({ repo, hubUrl, path: 'README.md', revision: 'v3' })).rejects.toMatchObject({ statusCode: 404 });
  });

  test('gets of a file with rows the pointer where it asks for the raw one', async () => {
    const { name, sha256, bytes } = dataFile(second);
    expect((await get(`/datasets/granary/${sampleSlug}/raw/main/${name}`)).text).toBe(
      `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${bytes}\n`,
    );
    const card = await get(`/datasets/granary/${sampleSlug}/raw/main/README.md`);
    expect(card.raw.equals(await stored(second, 'README.md'))).toBe(true);
  });

  test('tells of paths, leaving out those that are not there', async () => {
    const { name, sha256 } = dataFile(second);
    const told = await pathsInfo({ repo, hubUrl, paths: [name, 'data', 'nothing'], expand: true });
    expect(told).toMatchObject([
      { path: 'data', type: 'directory', lastCommit: { title: 'Snapshot 2' } },
      { path: name, type: 'file', lfs: { oid: sha256 }, lastCommit: { id: await commitOf(second) } },
    ]);
  });

  test('finds datasets, their card and their commits', async () => {
    const found = await all(listDatasets({ hubUrl, search: { query: 'sample' }, additionalFields: ['tags', 'sha'] }));
    expect(found).toMatchObject([{ name: repo.name, private: false, gated: false, sha: await commitOf(second) }]);
    expect(found[0]?.tags).toEqual(expect.arrayContaining(['license:cc-by-sa-4.0', 'language:en', 'granary']));
    const [lower, owner, tags] = await Promise.all([
      all(listDatasets({ hubUrl, search: { query: 'PAIRS granary' } })),
      all(listDatasets({ hubUrl, search: { owner: 'somebody' } })),
      all(listDatasets({ hubUrl, search: { tags: ['language:fr'] } })),
    ]);
    expect([lower.length, owner.length, tags.length]).toEqual([1, 0, 0]);
    const at = await datasetInfo({ hubUrl, name: repo.name, revision: 'v1', additionalFields: ['sha', 'cardData'] });
    expect(at).toMatchObject({
      sha: await commitOf(first),
      updatedAt: new Date(first.publishedAt!),
      cardData: { license: 'cc-by-sa-4.0' },
    });
    expect((await datasetInfo({ hubUrl, name: repo.name, additionalFields: ['sha'] })).sha).toBe(await commitOf(second));
    const commits = await all(listCommits({ repo, hubUrl, batchSize: 1 }));
    expect(commits.map(({ oid, title, message }) => ({ oid, title, message }))).toEqual([
      { oid: await commitOf(second), title: 'Snapshot 2', message: '' },
      { oid: await commitOf(first), title: 'Snapshot 1', message: 'First release.' },
    ]);
    expect(await countCommits({ repo, hubUrl })).toBe(2);
    expect(await countCommits({ repo, hubUrl, revision: 'v1' })).toBe(1);
  });

  test('downloads a whole snapshot, byte for byte', async () => {
    const cacheDir = await mkdtemp(join(tmpdir(), 'granary-hub-'));
    // The client tells the terminal of every file.
    const told = vi.spyOn(console, 'log').mockImplementation(() => {});
    try {
      const folder = await snapshotDownload({ repo, hubUrl, cacheDir, revision: 'v1' });
      const found = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((item) => !item.isDirectory());
      expect(found).toHaveLength(first.files.length);
      for (const { name } of first.files) expect((await readFile(join(folder, name))).equals(await stored(first, name))).toBe(true);
    } finally {
      told.mockRestore();
      await rm(cacheDir, { recursive: true });
    }
  });
});

describe('what huggingface_hub reads beside the bodies', () => {
  test('HEAD of a file: checksum, size, commit; the file of a moving revision is asked for again', async () => {
    const { name, sha256, bytes } = dataFile(second);
    const reply = await t.anonymous.send('HEAD', `${files}/main/${name}`);
    expect([reply.status, reply.raw.length]).toEqual([200, 0]);
    expect(reply.headers).toMatchObject({
      etag: `"${sha256}"`,
      'x-linked-etag': `"${sha256}"`,
      'x-linked-size': String(bytes),
      'content-length': String(bytes),
      'x-repo-commit': await commitOf(second),
      'accept-ranges': 'bytes',
      'cache-control': 'no-cache',
      'access-control-allow-origin': '*',
    });
    expect(String(reply.headers['access-control-expose-headers']).split(', ')).toEqual(
      expect.arrayContaining(['x-repo-commit', 'x-error-code', 'link']),
    );
    for (const revision of ['v2', await commitOf(second)])
      expect((await get(`${files}/${revision}/${name}`)).headers['cache-control']).toContain('immutable');
    expect((await get(`${files}/main/${name}`, { 'if-none-match': `"${sha256}"` })).status).toBe(304);
    expect(await get(`${files}/main/${name}`, { range: `bytes=${bytes}-` })).toMatchObject({
      status: 416,
      body: { code: 'range_unsatisfiable' },
    });
  });

  test.each([
    ['a dataset', `/api/datasets/granary/nothing`, 'RepoNotFound'],
    ['another namespace', `/api/datasets/elsewhere/${sampleSlug}/refs`, 'RepoNotFound'],
    ['a file of another namespace', `/datasets/elsewhere/${sampleSlug}/resolve/main/README.md`, 'RepoNotFound'],
    ['a name no dataset can have', `/api/datasets/granary/No%0Aname%C3%A9/auth-check`, 'RepoNotFound'],
    ['a branch', `${info}/revision/refs%2Fconvert%2Fparquet`, 'RevisionNotFound'],
    ['a snapshot that is not published', `${info}/tree/v3`, 'RevisionNotFound'],
    ['a commit', `${info}/commits/${'0'.repeat(40)}`, 'RevisionNotFound'],
    ['a file', `${files}/v1/.huggingface.yaml`, 'EntryNotFound'],
    ['a raw file', `/datasets/granary/${sampleSlug}/raw/main/nothing`, 'EntryNotFound'],
    ['a folder', `${info}/tree/main/nothing%2Fhere`, 'EntryNotFound'],
  ])('404 for %s that is not there says so in a header', async (_what, url, kind) => {
    const reply = await get(url);
    expect(reply).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
      headers: { 'x-error-code': kind, 'access-control-allow-origin': '*' },
    });
    expect(reply.headers['x-error-message']).toMatch(/^[\x20-\x7e]+$/);
    expect(reply.headers['content-type']).toContain('application/problem+json');
  });

  test.each([
    ['slug', `/api/datasets/granary/a%00b`],
    ['*', `${files}/main/a%00b`],
  ])('400 for a name with a NUL character names the parameter: %s', async (parameter, url) => {
    const { status, body } = await t.anonymous.send<{ code: string; errors: { path: string }[] }>('GET', url);
    expect([status, body.code, body.errors.map(({ path }) => path)]).toEqual([400, 'validation_failed', [parameter]]);
  });

  test('a missing file says which commit has none', async () => {
    expect((await get(`${files}/v1/nothing`)).headers['x-repo-commit']).toBe(await commitOf(first));
  });

  test('pages of a tree lead from one to the next by whole addresses and make up the whole', async () => {
    const whole = (await get(`${info}/tree/main?recursive=true`)).body as unknown as { path: string }[];
    const seen: { path: string }[] = [];
    let url: string | undefined = `${hubUrl}${info}/tree/main?recursive=true&limit=2`;
    for (let pages = 0; url !== undefined; pages += 1) {
      expect(pages).toBeLessThanOrEqual(whole.length);
      const reply: Response = await fetch(url);
      const page = (await reply.json()) as { path: string }[];
      expect(page.length).toBeLessThanOrEqual(2);
      seen.push(...page);
      url = /^<([^>]+)>; rel="next"$/.exec(reply.headers.get('link') ?? '')?.[1];
    }
    expect(seen).toEqual(whole);
    expect(whole.length).toBeGreaterThan(4);
    expect(await get(`${info}/tree/main?cursor=made-up`)).toMatchObject({ status: 400, body: { code: 'cursor_invalid' } });
  });

  test('the host of a whole address in the first line of a request is in no link: that of Host is', async () => {
    const { hostname, port, host } = new URL(hubUrl);
    const path = `http://made-up.example${info}/tree/main?recursive=true&limit=2`;
    const [reply] = (await once(request({ hostname, port, path, agent: false }).end(), 'response')) as [IncomingMessage];
    reply.resume();
    expect(reply.statusCode).toBe(200);
    expect(reply.headers.link).toMatch(new RegExp(`^<http://${host}${info}/tree/main\\?`));
  });

  test('folder names with encoded slashes are the same folder', async () => {
    const { name } = dataFile(second);
    const folder = name.split('/').slice(0, -1);
    const [encoded, plain] = await Promise.all([
      get(`${info}/tree/main/${folder.join('%2F')}`),
      get(`${info}/tree/main/${folder.join('/')}`),
    ]);
    expect(encoded.status).toBe(200);
    expect(encoded.body).toEqual(plain.body);
    expect((plain.body as unknown as { path: string }[]).map(({ path }) => path)).toContain(name);
  });

  test('paths come as a form too, as Python sends them; elsewhere no form is understood', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const reply = await t.anonymous.send('POST', `${info}/paths-info/main`, 'paths=README.md&paths=manifest.json&expand=false', form);
    expect([reply.status, (reply.body as unknown as { path: string }[]).map(({ path }) => path)]).toEqual([
      200,
      ['README.md', 'manifest.json'],
    ]);
    expect((await t.anonymous.send('POST', `${info}/paths-info/main`, 'paths=README.md', form)).body).toMatchObject([
      { path: 'README.md', type: 'file' },
    ]);
    expect(await t.anonymous.send('POST', '/api/v1/auth/sign-in', 'email=a', form)).toMatchObject({ status: 415 });
  });

  test('refs: main is the newest, every published snapshot a tag', async () => {
    const [one, two] = [await commitOf(first), await commitOf(second)];
    expect((await get(`${info}/refs`)).body).toEqual({
      branches: [{ name: 'main', ref: 'refs/heads/main', targetCommit: two }],
      converts: [],
      tags: [
        { name: 'v2', ref: 'refs/tags/v2', targetCommit: two },
        { name: 'v1', ref: 'refs/tags/v1', targetCommit: one },
      ],
      pullRequests: [],
    });
  });

  test('a token of the Hub that comes along does no harm', async () => {
    const headers = { authorization: 'Bearer hf_abcdefghijklmnop' };
    expect((await get(info, headers)).status).toBe(200);
    expect((await get(`${files}/main/README.md`, headers)).status).toBe(200);
    expect((await get(`${info}/auth-check`, headers)).status).toBe(200);
  });

  test('with blobs, siblings have sizes and checksums; a dataset says how much it holds', async () => {
    const dataset = hubDatasetSchema.parse((await get(`${info}/revision/v1?blobs=true`)).body);
    const { name, bytes, sha256 } = dataFile(first);
    expect(dataset.siblings).toHaveLength(first.files.length);
    expect(dataset.siblings).toContainEqual(
      expect.objectContaining({ rfilename: name, size: bytes, lfs: expect.objectContaining({ sha256, size: bytes }) as object }),
    );
    expect(dataset.usedStorage).toBe(first.files.reduce((total, file) => total + file.bytes, 0));
    expect(hubDatasetSchema.parse((await get(info)).body).siblings).toContainEqual({ rfilename: name });
  });
});
