import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { limits, problemSchema } from '@granary/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from './testing.ts';

let t: TestApp;
let port: number;
beforeAll(async () => {
  t = await createTestApp({ env: { REQUEST_TIMEOUT_SECONDS: '0.5' } });
  await t.app.listen({ port: 0, host: '127.0.0.1' });
  ({ port } = t.app.server.address() as AddressInfo);
});
afterAll(() => t.close());

/** Everything the server sends until it ends the connection. */
async function talk(write: (socket: Socket) => void): Promise<{ head: string; body: unknown }> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => (text += String(chunk)));
  // A server that ends the connection while more is being sent resets it.
  socket.on('error', () => {});
  write(socket);
  await once(socket, 'close');
  const [head = '', ...rest] = text.split('\r\n\r\n');
  return { head, body: JSON.parse(rest.join('\r\n\r\n')) as unknown };
}
const request = (line: string, ...headers: string[]) => `${[line, ...headers].join('\r\n')}\r\n\r\n`;

async function refused(write: (socket: Socket) => void, status: number, code: string) {
  const { head, body } = await talk(write);
  expect(head.split('\r\n')[0]).toContain(` ${status} `);
  expect(head.toLowerCase()).toContain('content-type: application/problem+json');
  expect(problemSchema.parse(body)).toMatchObject({ status, code });
  return { head, body };
}

test('an address that no parser takes is 414, one that only the server finds too long as well', async () => {
  await refused((socket) => socket.write(request(`GET /${'a'.repeat(limits.headersMax * 2)} HTTP/1.1`, 'Host: here')), 414, 'uri_too_long');
  await refused(
    (socket) => socket.write(request(`GET /api/v1/pairs?q=${'a'.repeat(limits.addressMax)} HTTP/1.1`, 'Host: here')),
    414,
    'uri_too_long',
  );
});

test('headers without end are 431', async () => {
  await refused(
    (socket) => socket.write(request('GET /api/health HTTP/1.1', 'Host: here', `Cookie: ${'a'.repeat(limits.headersMax)}`)),
    431,
    'headers_too_large',
  );
});

test('what is not HTTP is 400', async () => {
  await refused((socket) => socket.write('hello\r\n\r\n'), 400, 'malformed_request');
  await refused((socket) => socket.write(request('GET /api/health HTTP/1.1', 'Host: here', 'Bad\u0000name: 1')), 400, 'malformed_request');
});

test('a percent sign that encodes nothing is 400', async () => {
  const reply = await t.anonymous.send('GET', '/api/v1/datasets/%zz');
  expect(reply).toMatchObject({
    status: 400,
    headers: { 'content-type': expect.stringContaining('application/problem+json') as unknown },
    body: { code: 'malformed_request' },
  });
});

test.each(['a b"', 'a"b', 'a/b', 'a@b', 'a:99999', '[::1', 'a?b', '<script>', '..', 'a\\b', 'a:b:c', 'ä.example'])(
  '400 for a Host that is none: %s',
  async (host) => {
    for (const url of ['/api/datasets?limit=1', '/api/v1/session', '/nothing'])
      expect(await t.anonymous.send('GET', url, undefined, { host })).toMatchObject({ status: 400, body: { code: 'malformed_request' } });
  },
);

test.each(['granary.example.org', 'localhost:4321', '[::1]:4321', '10.0.0.1', 'under_score.internal'])(
  'a Host that is one is taken: %s',
  async (host) => {
    expect(await t.anonymous.send('GET', '/api/v1/session', undefined, { host })).toMatchObject({ status: 200 });
  },
);

test('a client of HTTP/1.0 need not name the host', async () => {
  const { head } = await talk((socket) => socket.write('GET /api/datasets HTTP/1.0\r\n\r\n'));
  expect(head).toContain(' 200 ');
});

test('headers that never end are cut with 408', async () => {
  await refused((socket) => socket.write('GET /api/health HTTP/1.1\r\nHost: here\r\n'), 408, 'request_timeout');
});

test.each([
  ['JSON', '/api/v1/auth/sign-in', 'application/json'],
  ['a path that does not exist', '/api/nothing', 'application/json'],
])('a body that dribbles is cut with 408: %s', async (_, path, type) => {
  let dribble: NodeJS.Timeout | undefined;
  await refused(
    (socket) => {
      socket.write(request(`POST ${path} HTTP/1.1`, 'Host: here', `Content-Type: ${type}`, 'Content-Length: 100000'));
      dribble = setInterval(() => socket.write('{'), 20);
    },
    408,
    'request_timeout',
  );
  clearInterval(dribble);
});

test('so is a file', async () => {
  const admin = await t.signIn('admin');
  const dataset = { slug: 'shapes', title: 'Shapes', description: 'Questions about shapes.', licence: 'CC-BY-4.0', languages: ['en'] };
  expect((await admin.send('POST', '/api/v1/datasets', dataset)).status).toBe(201);
  const cookie = Object.entries(admin.cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ');
  let dribble: NodeJS.Timeout | undefined;
  await refused(
    (socket) => {
      const headers = ['Host: here', `Cookie: ${cookie}`, 'Content-Type: application/octet-stream', 'Content-Length: 100000'];
      socket.write(request('POST /api/v1/datasets/shapes/imports?fileName=rows.jsonl HTTP/1.1', ...headers));
      dribble = setInterval(() => socket.write('{'), 20);
    },
    408,
    'request_timeout',
  );
  clearInterval(dribble);
  expect((await admin.send<{ items: unknown[] }>('GET', '/api/v1/datasets/shapes/imports')).body.items).toEqual([]);
});
