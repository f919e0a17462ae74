import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createMailer } from './mailer.ts';

const mail = { to: 'somebody@example.org', subject: 'Hello', text: 'Hello' };
let sockets: Set<Socket>;
let answer: (socket: Socket) => void;
let url: string;
const server = createServer((socket) => {
  sockets.add(socket);
  socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  answer(socket);
});

beforeEach(async () => {
  sockets = new Set();
  answer = () => {};
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  server.close();
  await once(server, 'close');
});

test.each([
  ['says nothing', () => {}],
  ['dribbles a byte now and then', (socket: Socket) => void setInterval(() => socket.writable && socket.write('2'), 50).unref()],
])('a mail server that %s is given up, and its connection closed', async (_, behaviour) => {
  answer = behaviour;
  const mailer = createMailer({ smtpUrl: url, from: 'Granary <granary@example.org>', timeoutMs: 400 });
  await expect(mailer.send(mail)).rejects.toThrow(/did not take the mail within 0\.4 s|timeout/i);
  await expect.poll(() => sockets.size, { timeout: 30_000 }).toBe(0);
});

test('mails that wait for a server that hangs do not gather without end, and it is tried again later', async () => {
  const mailer = createMailer({ smtpUrl: url, from: 'Granary <granary@example.org>', timeoutMs: 1_000 });
  const sent = await Promise.allSettled(Array.from({ length: 25 }, () => mailer.send(mail)));
  const reasons = sent.map((result) => (result.status === 'rejected' ? String(result.reason) : 'sent'));
  expect(reasons.filter((reason) => reason.includes('does not keep up'))).toHaveLength(5);
  await expect(mailer.send(mail)).rejects.not.toThrow(/does not keep up/);
});
