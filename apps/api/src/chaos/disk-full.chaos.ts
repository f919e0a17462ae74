import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase } from '@granary/db';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { killServerProcess, startServerProcess, type ServerProcess } from '../testing-process.ts';
import { accessTokenPrefix, hashToken } from '../plugins/auth.ts';
import { mountSmallDisk } from './small-disk.ts';
import { ask, createVolunteer, isShort, patience, submitUntilAcknowledged, type Volunteer } from './volunteer.ts';

const reserveMb = 64;
const rowCount = isShort ? 200 : 3_000;
const token = `${accessTokenPrefix}chaos`;
const disk = mountSmallDisk(400);
const authorization = { authorization: `Bearer ${token}` };

let server: ServerProcess;
let volunteer: Volunteer;

beforeAll(async () => {
  if (disk === null) return;
  const start = () =>
    startServerProcess({
      databaseUrl: undefined,
      folder: disk.folder,
      env: { MIN_FREE_DISK_MB: String(reserveMb) },
      startTimeoutMs: patience.timeout,
    });
  server = await start();
  volunteer = await createVolunteer(server.url);
  await killServerProcess(server);
  const db = await openDatabase({ dataDir: disk.folder });
  const { id } = await db.prisma.user.update({ where: { email: 'steady@example.org' }, data: { role: 'admin' } });
  const expiresAt = new Date(Date.now() + 86_400_000);
  await db.prisma.accessToken.create({
    data: { userId: id, name: 'chaos', prefix: token.slice(0, 8), tokenHash: hashToken(token), scopes: ['admin', 'read'], expiresAt },
  });
  await db.close();
  server = await start();
}, 600_000);
afterAll(async () => {
  if (disk === null) return;
  await killServerProcess(server);
  disk.remove();
}, 60_000);

const get = async (path: string) => (await ask(server.url, 'GET', path, undefined, authorization))?.body ?? {};
const post = (path: string, body?: object) =>
  ask(server.url, 'POST', path, body === undefined ? undefined : JSON.stringify(body), {
    ...authorization,
    'idempotency-key': crypto.randomUUID(),
  });
const submit = (submission = volunteer.next()) => volunteer.submit(submission, server.url);
const alive = async () => (await ask(server.url, 'GET', '/api/health'))?.status;

async function upload(content: Blob) {
  const response = await fetch(`${server.url}/api/v1/datasets/${volunteer.slug}/imports?fileName=rows.jsonl`, {
    method: 'POST',
    headers: { ...authorization, 'content-type': 'application/octet-stream' },
    body: content,
  }).catch(() => null);
  if (response === null) return null;
  return { status: response.status, body: (await response.json()) as { code?: string; import?: { id: string } } };
}
const rows = () =>
  new Blob(
    Array.from(
      { length: rowCount },
      (_, n) =>
        `${JSON.stringify({ instruction: `How many is ${n} and one?`, context: '', response: `It is ${n + 1}.`, category: volunteer.category })}\n`,
    ),
  );
const options = () => ({
  format: 'dolly',
  mapping: null,
  defaultCategory: volunteer.category,
  originName: 'Numbers',
  licence: 'CC0-1.0',
  status: 'approved',
});

test.skipIf(disk === null)(
  'the disk fills up under a stream of submissions, and empties again',
  async () => {
    if (disk === null) return;
    const first = volunteer.next();
    expect((await submit(first))?.status).toBe(201);
    await disk.fillTo(reserveMb / 2);
    await expect.poll(async () => (await submit())?.status, patience).toBe(507);
    // Somebody else takes the last bytes too.
    await disk.fillTo(0);
    const refused = volunteer.next();
    const reply = await submit(refused);
    expect([reply?.status, reply?.body['code']]).toEqual([507, 'storage_full']);
    expect((await ask(server.url, 'GET', '/api/v1/datasets'))?.status).toBe(200);
    expect(await alive()).toBe(200);
    await disk.empty();
    await expect.poll(async () => (await submit(refused))?.status, patience).toBe(201);
    expect((await submit(first))?.headers.get('idempotent-replayed')).toBe('true');
  },
  900_000,
);

test.skipIf(disk === null)(
  'an upload that does not fit is refused and leaves nothing',
  async () => {
    if (disk === null) return;
    await disk.fillTo(reserveMb + 20);
    const reply = await upload(new Blob(Array.from({ length: 100 }, () => Buffer.alloc(1024 * 1024, 'x'))));
    // The server may close the connection before everything was sent.
    expect([507, undefined]).toContain(reply?.status);
    expect(await alive()).toBe(200);
    const incoming = () => readdir(join(disk.folder, 'files', '.incoming')).catch(() => []);
    await expect.poll(incoming, patience).toEqual([]);
    await disk.empty();
    expect((await submitUntilAcknowledged({ ...volunteer, submit }, volunteer.next())).status).toBe(201);
  },
  900_000,
);

test.skipIf(disk === null)(
  'an import pauses while the disk is full, and takes every row once there is space',
  async () => {
    if (disk === null) return;
    const uploaded = await upload(rows());
    const id = uploaded?.body.import?.id ?? '';
    expect((await post(`/api/v1/imports/${id}/start`, options()))?.status).toBe(202);
    await disk.fillTo(reserveMb / 2);
    await expect.poll(async () => (await submit())?.status, patience).toBe(507);
    expect(await alive()).toBe(200);
    await disk.empty();
    await expect.poll(async () => (await get(`/api/v1/imports/${id}`))['status'], patience).toBe('done');
    expect(await get(`/api/v1/imports/${id}`)).toMatchObject({ added: rowCount, bad: 0 });
  },
  900_000,
);

test.skipIf(disk === null)(
  'a build waits while the disk is full, and is published once there is space',
  async () => {
    if (disk === null) return;
    const asked = await post(`/api/v1/datasets/${volunteer.slug}/snapshots`, { selection: {}, notes: '' });
    expect(asked?.status).toBe(202);
    const path = `/api/v1/datasets/${volunteer.slug}/snapshots/${String(asked?.body['number'])}`;
    await disk.fillTo(reserveMb / 2);
    await expect.poll(async () => (await submit())?.status, patience).toBe(507);
    expect(await alive()).toBe(200);
    await disk.empty();
    await expect.poll(async () => (await get(path))['status'], patience).toBe('published');
    expect(server.child.exitCode).toBeNull();
  },
  900_000,
);
