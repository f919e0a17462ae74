import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '@granary/db/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { killServerProcess, startServerProcess, type ServerProcess } from '../testing-process.ts';
import { ask, createVolunteer, isShort, patience } from './volunteer.ts';

const requests = isShort ? 5 : 40;
const sockets = new Set<Socket>();
/** Takes connections and never says a word. */
const mailServer = createServer((socket) => {
  sockets.add(socket);
  socket.on('error', () => {}).on('close', () => sockets.delete(socket));
});
let database: TestDatabase;
let server: ServerProcess;
let folder: string;

beforeAll(async () => {
  mailServer.listen(0, '127.0.0.1');
  await once(mailServer, 'listening');
  database = await createTestDatabase();
  await database.release();
  folder = database.dataDir ?? (await mkdtemp(join(tmpdir(), 'granary-chaos-')));
  const { port } = mailServer.address() as AddressInfo;
  const env = { SMTP_URL: `smtp://127.0.0.1:${port}`, PUBLIC_URL: 'http://granary.example.org' };
  server = await startServerProcess({ databaseUrl: database.url, folder, env, startTimeoutMs: patience.timeout });
}, 600_000);
afterAll(async () => {
  await killServerProcess(server);
  for (const socket of sockets) socket.destroy();
  mailServer.close();
  await database.close();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

test('the mail server hangs, and nobody waits for it', async () => {
  // The mail server never speaks: whatever is answered did not wait for it.
  const volunteer = await createVolunteer(server.url);
  await expect.poll(() => sockets.size, patience).toBeGreaterThan(0);
  const body = JSON.stringify({ email: 'steady@example.org' });
  const replies = await Promise.all(Array.from({ length: requests }, () => ask(server.url, 'POST', '/api/v1/auth/password-reset', body)));
  expect(new Set(replies.map((reply) => reply?.status))).toEqual(new Set([202]));
  expect((await volunteer.submit(volunteer.next()))?.status).toBe(201);
  expect((await ask(server.url, 'GET', '/api/health'))?.status).toBe(200);
  // Every connection is given up.
  await expect.poll(() => sockets.size, patience).toBe(0);
  // Nor does a stopping process wait.
  await ask(server.url, 'POST', '/api/v1/auth/password-reset', body);
  const ended = once(server.child, 'exit');
  server.child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
}, 600_000);
