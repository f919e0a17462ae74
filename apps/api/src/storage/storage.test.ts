import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { S3Client } from '@aws-sdk/client-s3';
import S3rver from 's3rver';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { ConfigError } from '../config.ts';
import { openStorage, readS3Url } from './open-storage.ts';
import { StoredFileMissingError } from './storage-key.ts';
import type { Storage } from './storage.ts';

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
async function keysOf(storage: Storage, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of storage.list(prefix)) keys.push(key);
  return keys;
}

let folder: string;
let server: S3rver;
let s3Url: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'granary-storage-'));
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'S3RVER');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'S3RVER');
  server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory: join(folder, 's3'),
    configureBuckets: [{ name: 'granary', configs: [] }],
  });
  const { port } = await server.run();
  s3Url = `s3://granary/some/prefix?endpoint=http://127.0.0.1:${port}&region=eu-central-1&forcePathStyle=true`;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

describe.each(['local disk', 'S3'])('%s', (kind) => {
  let storage: Storage;
  beforeAll(() => {
    storage = openStorage(kind === 'S3' ? s3Url : undefined, join(folder, 'local'));
  });
  afterAll(() => storage.close());

  test('gives back what was put, with its size and SHA-256', async () => {
    const bytes = randomBytes(100_000);
    const before = Date.now();
    expect(await storage.put('a/one.bin', bytes)).toEqual({ bytes: bytes.length, sha256: sha256(bytes) });
    expect((await buffer(await storage.get('a/one.bin'))).equals(bytes)).toBe(true);
    const found = await storage.stat('a/one.bin');
    expect(found?.bytes).toBe(bytes.length);
    // Stores tell whole seconds.
    expect(found?.modifiedAt.getTime()).toBeGreaterThan(before - 1_000);
    expect(found?.modifiedAt.getTime()).toBeLessThanOrEqual(Date.now());
  });

  test('takes streams, also such that need several parts, and empty files', async () => {
    const chunks = Array.from({ length: 40 }, () => randomBytes(500_000));
    const whole = Buffer.concat(chunks);
    expect(await storage.put('a/large.bin', Readable.from(chunks))).toEqual({ bytes: whole.length, sha256: sha256(whole) });
    expect(sha256(await buffer(await storage.get('a/large.bin')))).toBe(sha256(whole));
    expect(await storage.put('a/empty', Readable.from([]))).toEqual({ bytes: 0, sha256: sha256('') });
    expect(await text(await storage.get('a/empty'))).toBe('');
  });

  test('a second file of the same key takes the place of the first', async () => {
    await storage.put('again', Buffer.from('first'));
    await storage.put('again', Buffer.from('second'));
    expect(await text(await storage.get('again'))).toBe('second');
  });

  test.each([
    [{ start: 2, end: 4 }, 'cde'],
    [{ start: 7 }, 'hij'],
    [{ start: 1, end: 1 }, 'b'],
    [{ end: 2 }, 'abc'],
    [{ start: 5, end: 99 }, 'fghij'],
    [{}, 'abcdefghij'],
  ])('range %j', async (range, expected) => {
    await storage.put('ranges', Buffer.from('abcdefghij'));
    expect(await text(await storage.get('ranges', range))).toBe(expected);
  });

  test('a file that is not there is missing, and so is a folder', async () => {
    await storage.put('dir/file', Buffer.from('x'));
    await expect(storage.get('nothing/here')).rejects.toThrow(StoredFileMissingError);
    await expect(storage.get('dir')).rejects.toThrow(StoredFileMissingError);
    expect(await storage.stat('nothing/here')).toBeNull();
    expect(await storage.stat('dir')).toBeNull();
  });

  test('a removed file is gone, and removing it again is no error', async () => {
    await storage.put('gone/soon', Buffer.from('x'));
    await storage.remove('gone/soon');
    await storage.remove('gone/soon');
    expect(await storage.stat('gone/soon')).toBeNull();
    expect(await keysOf(storage, 'gone')).toEqual([]);
  });

  test('lists keys in order, by any prefix', async () => {
    for (const key of ['list/b', 'list/a/2', 'list/a/1', 'list/ab', 'lists']) await storage.put(key, Buffer.from(key));
    expect(await keysOf(storage, 'list/')).toEqual(['list/a/1', 'list/a/2', 'list/ab', 'list/b']);
    expect(await keysOf(storage, 'list/a')).toEqual(['list/a/1', 'list/a/2', 'list/ab']);
    expect(await keysOf(storage, 'list/c')).toEqual([]);
    expect(await keysOf(storage, '')).toEqual(expect.arrayContaining(['list/b', 'lists']));
  });

  test('nothing is visible while a file is written, and nothing is left when writing fails', async () => {
    let wentWrong: ((error: Error) => void) | undefined;
    const failure = new Promise<never>((_, reject) => (wentWrong = reject));
    failure.catch(() => {});
    async function* content(onTaken: () => void) {
      // More than one part, so that an upload has really begun.
      for (let part = 0; part < 30; part += 1) yield randomBytes(1_000_000);
      onTaken();
      await failure;
    }
    await storage.put('atomic/old', Buffer.from('old'));
    const [newTaken, oldTaken] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const writing = [storage.put('atomic/new', content(newTaken.resolve)), storage.put('atomic/old', content(oldTaken.resolve))].map(
      (put) => expect(put).rejects.toThrow('broken off'),
    );
    await Promise.all([newTaken.promise, oldTaken.promise]);
    expect(await keysOf(storage, 'atomic')).toEqual(['atomic/old']);
    expect(await storage.stat('atomic/new')).toBeNull();
    wentWrong?.(new Error('broken off'));
    await Promise.all(writing);
    expect(await keysOf(storage, 'atomic')).toEqual(['atomic/old']);
    expect(await text(await storage.get('atomic/old'))).toBe('old');
  });

  test.each([
    '',
    '/etc/passwd',
    '../secret',
    'a/../../secret',
    'a//b',
    'a/',
    './a',
    'a/.hidden',
    '.incoming/x',
    'a\\b',
    'a\0b',
    'ä',
    `a/${'x'.repeat(300)}`,
  ])('refuses the key %j', async (key) => {
    await expect(storage.put(key, Buffer.from('x'))).rejects.toThrow('Not a storage key');
    await expect(storage.get(key)).rejects.toThrow('Not a storage key');
    await expect(storage.stat(key)).rejects.toThrow('Not a storage key');
    await expect(storage.remove(key)).rejects.toThrow('Not a storage key');
  });
});

test.each(['../', '/etc', '.incoming/', 'a//'])('refuses to list %j', async (prefix) => {
  await expect(keysOf(openStorage(undefined, folder), prefix)).rejects.toThrow('Not a storage key');
  await expect(keysOf(openStorage(s3Url, folder), prefix)).rejects.toThrow('Not a storage key');
});

test('a failed S3 upload leaves no parts behind', async () => {
  const storage = openStorage(s3Url, folder);
  async function* content() {
    for (let part = 0; part < 20; part += 1) yield randomBytes(1_000_000);
    throw new Error('broken off');
  }
  const sent = vi.spyOn(S3Client.prototype, 'send');
  onTestFinished(() => sent.mockRestore());
  await expect(storage.put('parts', content())).rejects.toThrow('broken off');
  const names = sent.mock.calls.map(([command]) => command.constructor.name);
  expect(names).toContain('UploadPartCommand');
  expect(names).toContain('AbortMultipartUploadCommand');
  expect(names).not.toContain('CompleteMultipartUploadCommand');
});

test('drafts of killed processes are cleared away after a day, fresh ones are left alone', async () => {
  const root = join(folder, 'killed');
  const drafts = join(root, '.incoming');
  await mkdir(drafts, { recursive: true });
  for (const name of ['old', 'fresh']) await writeFile(join(drafts, name), 'half');
  const longAgo = new Date(Date.now() - 25 * 60 * 60 * 1000);
  await utimes(join(drafts, 'old'), longAgo, longAgo);
  const storage = openStorage(pathToFileURL(root).href, folder);
  await storage.put('file', Buffer.from('whole'));
  expect(await readdir(drafts)).toEqual(['fresh']);
  expect(await keysOf(storage, '')).toEqual(['file']);
});

test('what broken-off uploads have left on local disk goes when it is old', async () => {
  const root = join(folder, 'unfinished');
  const storage = openStorage(pathToFileURL(root).href, folder);
  expect(await storage.removeUnfinished('', new Date())).toBe(0);
  await storage.put('file', Buffer.from('whole'));
  const drafts = join(root, '.incoming');
  for (const name of ['old', 'fresh']) await writeFile(join(drafts, name), 'half');
  const hourAgo = new Date(Date.now() - 60 * 60 * 1000);
  await utimes(join(drafts, 'old'), hourAgo, hourAgo);
  expect(await storage.removeUnfinished('', new Date(Date.now() - 60 * 1000))).toBe(1);
  expect(await readdir(drafts)).toEqual(['fresh']);
  expect(await text(await storage.get('file'))).toBe('whole');
});

test('what broken-off uploads have left in S3 goes when it is old', async () => {
  // The S3 server of these tests knows no list of uploads: this one answers as the interface of S3 describes it, in two pages.
  const upload = (key: string, id: string, initiated: string) =>
    `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${initiated}</Initiated></Upload>`;
  const pageOf = (more: string) =>
    `<?xml version="1.0" encoding="UTF-8"?><ListMultipartUploadsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${more}</ListMultipartUploadsResult>`;
  const first = `<IsTruncated>true</IsTruncated><NextKeyMarker>p/b</NextKeyMarker><NextUploadIdMarker>2</NextUploadIdMarker>${upload('p/a', '1', '2026-11-20T00:00:00.000Z')}${upload('p/b', '2', '2026-11-24T00:00:00.000Z')}`;
  const second = `<IsTruncated>false</IsTruncated>${upload('p/c', '3', '2026-11-22T23:59:59.000Z')}`;
  const asked: string[] = [];
  const store = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (request.method === 'DELETE') return response.writeHead(204).end();
    response.writeHead(200, { 'content-type': 'application/xml' }).end(pageOf(request.url?.includes('key-marker') ? second : first));
  });
  await new Promise<void>((resolve) => store.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void store.close());
  const { port } = store.address() as AddressInfo;
  const storage = openStorage(`s3://granary/p?endpoint=http://127.0.0.1:${port}&forcePathStyle=true`, folder);
  expect(await storage.removeUnfinished('', new Date('2026-11-23T00:00:00.000Z'))).toBe(2);
  await storage.close();
  const [list, ...rest] = asked.map((line) => line.replace(/&?x-id=\w+/, ''));
  expect(list).toMatch(/^GET \/granary\/?\?.*uploads/);
  expect(list).toContain('prefix=p%2F');
  expect(rest.filter((line) => line.startsWith('DELETE'))).toEqual(['DELETE /granary/p/a?uploadId=1', 'DELETE /granary/p/c?uploadId=3']);
});

test('a store that knows no list of uploads is left alone', async () => {
  expect(await openStorage(s3Url, folder).removeUnfinished('', new Date())).toBe(0);
});

test('S3 hands a file out by itself where that is wanted, with the headers asked for', async () => {
  const storage = openStorage(s3Url, folder, 'redirect');
  await storage.put('handed/out.bin', Buffer.from('abcdefghij'));
  const headers = { contentType: 'application/gzip', contentDisposition: 'attachment; filename="x-v1-out.bin"' };
  const url = (await storage.downloadUrl?.('handed/out.bin', headers)) ?? '';
  expect(new URL(url).searchParams.get('X-Amz-Expires')).toBe('300');
  const whole = await fetch(url);
  expect([whole.status, whole.headers.get('content-type'), whole.headers.get('content-disposition')]).toEqual([
    200,
    ...Object.values(headers),
  ]);
  expect(await whole.text()).toBe('abcdefghij');
  const part = await fetch(url, { headers: { range: 'bytes=2-4' } });
  expect([part.status, await part.text()]).toEqual([206, 'cde']);
  expect(openStorage(s3Url, folder).downloadUrl).toBeUndefined();
  expect(openStorage(undefined, folder).downloadUrl).toBeUndefined();
  expect(() => openStorage(undefined, folder, 'redirect')).toThrow(/^STORAGE_DOWNLOADS: /);
});

test('the first byte alone can be read from local disk', async () => {
  // The S3 server of these tests takes 0-0 for no range at all.
  const storage = openStorage(undefined, join(folder, 'first-byte'));
  await storage.put('file', Buffer.from('abc'));
  expect(await text(await storage.get('file', { start: 0, end: 0 }))).toBe('a');
});

test('removing the last file of a folder removes the folder, and never the root', async () => {
  const root = join(folder, 'tidy');
  const storage = openStorage(undefined, root);
  await storage.put('deep/er/file', Buffer.from('x'));
  await storage.remove('deep/er/file');
  expect(await readdir(root)).toEqual(['.incoming']);
});

test('a folder that is removed while the files are listed hides no other file', async () => {
  const storage = openStorage(undefined, join(folder, 'passing'));
  const passing = Array.from({ length: 100 }, (_, n) => `all/${n}/file`);
  for (const key of ['all/kept', 'all/z/kept', ...passing]) await storage.put(key, Buffer.from('rows'));
  const lists: string[][] = [];
  const removing = passing.map(async (key) => storage.remove(key));
  const listing = passing.map(async () => lists.push(await keysOf(storage, 'all/')));
  await Promise.all([...removing, ...listing]);
  for (const keys of lists) expect(keys).toEqual(expect.arrayContaining(['all/kept', 'all/z/kept']));
  expect(await keysOf(storage, 'all/')).toEqual(['all/kept', 'all/z/kept']);
});

test.each([
  ['s3://bucket', { bucket: 'bucket', prefix: '', region: 'us-east-1', endpoint: undefined, forcePathStyle: false }],
  [
    's3://bucket/a/b/?endpoint=http://127.0.0.1:9000&region=eu-west-1&forcePathStyle=true',
    { bucket: 'bucket', prefix: 'a/b/', region: 'eu-west-1', endpoint: 'http://127.0.0.1:9000', forcePathStyle: true },
  ],
])('reads %s', (url, expected) => {
  expect(readS3Url(new URL(url), {})).toEqual(expected);
});

test('takes the region from the environment when the address names none', () => {
  expect(readS3Url(new URL('s3://bucket'), { AWS_REGION: 'eu-north-1' }).region).toBe('eu-north-1');
});

test.each([
  'http://bucket',
  's3://',
  's3://bucket?regio=x',
  's3://key:secret@bucket',
  's3://bucket?endpoint=localhost',
  's3://bucket?forcePathStyle=yes',
  'file://folder',
  'nonsense',
])('refuses %s and names the setting', (url) => {
  expect(() => openStorage(url, folder)).toThrow(ConfigError);
  expect(() => openStorage(url, folder)).toThrow(/^STORAGE_URL: /);
});
