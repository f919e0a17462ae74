import { connect, type AddressInfo, type Socket } from 'node:net';
import { limits, problemSchema } from '@granary/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listEndpoints } from './openapi/document.ts';
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
async function talk(write: (socket: Socket) => void): Promise<{ head: string; body: string }> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => (text += String(chunk)));
  // A server that ends the connection while more is being sent resets it.
  socket.on('error', () => {});
  write(socket);
  // `once` of node:events would throw that error.
  await new Promise((resolve) => socket.once('close', resolve));
  const [head = '', ...rest] = text.split('\r\n\r\n');
  return { head, body: rest.join('\r\n\r\n') };
}
const request = (line: string, ...headers: string[]) => `${[line, ...headers].join('\r\n')}\r\n\r\n`;

/** Status and code of a refusal; undefined where the answer is no problem. */
async function refusal(write: (socket: Socket) => void): Promise<[number, string] | undefined> {
  const { head, body } = await talk(write);
  if (!/^content-type: application\/problem\+json/im.test(head)) return undefined;
  const problem = problemSchema.parse(JSON.parse(body));
  return head.split(' ')[1] === String(problem.status) ? [problem.status, problem.code] : undefined;
}
/** Begins a request and sends its body a byte at a time for as long as the connection lasts. */
function dribble(line: string, ...headers: string[]) {
  return (socket: Socket) => {
    socket.write(request(line, 'Host: here', 'Content-Length: 100000', ...headers));
    const timer = setInterval(() => socket.write('{'), 20);
    socket.once('close', () => clearInterval(timer));
  };
}

const securityHeaderNames = [
  'content-security-policy',
  'x-content-type-options',
  'referrer-policy',
  'x-frame-options',
  'permissions-policy',
];

test('an address that no parser takes is 414, and so is one that only the server finds too long', async () => {
  const endless = request(`GET /${'a'.repeat(limits.headersMax * 2)} HTTP/1.1`, 'Host: here');
  expect(await refusal((socket) => socket.write(endless))).toEqual([414, 'uri_too_long']);
  const long = request(`GET /api/v1/pairs?q=${'a'.repeat(limits.addressMax)} HTTP/1.1`, 'Host: here', 'Connection: close');
  expect(await refusal((socket) => socket.write(long))).toEqual([414, 'uri_too_long']);
});

test('headers without end are 431', async () => {
  const endless = request('GET /api/health HTTP/1.1', 'Host: here', `Cookie: ${'a'.repeat(limits.headersMax)}`);
  expect(await refusal((socket) => socket.write(endless))).toEqual([431, 'headers_too_large']);
});

test.each([
  'hello\r\n\r\n',
  request('GET /api/health HTTP/1.1', 'Host: here', 'Bad\u0000name: 1'),
  // Two lengths for one body are how requests are smuggled past a proxy.
  `${request('POST /api/v1/auth/sign-out HTTP/1.1', 'Host: here', 'Content-Length: 5', 'Transfer-Encoding: chunked')}0\r\n\r\n`,
  request('POST /api/v1/auth/sign-out HTTP/1.1', 'Host: here', 'Content-Length: 5', 'Content-Length: 6'),
])('what is not HTTP is 400: %j', async (text) => {
  expect(await refusal((socket) => socket.write(text))).toEqual([400, 'malformed_request']);
});

test('a percent sign that encodes nothing is 400', async () => {
  const reply = await t.anonymous.send('GET', '/api/v1/datasets/%zz');
  expect(reply).toMatchObject({ status: 400, body: { code: 'malformed_request' } });
  expect(reply.headers['content-type']).toContain('application/problem+json');
});

test.each(['a b"', 'a"b', 'a/b', 'a@b', 'a:99999', '[::1', 'a?b', '<script>', '..', 'a\\b', 'a:b:c', 'ä.example'])(
  '400 for a Host that is none: %s',
  async (host) => {
    for (const url of ['/api/datasets?limit=1', '/api/v1/session', '/nothing'])
      expect(await t.anonymous.send('GET', url, undefined, { host })).toMatchObject({ status: 400, body: { code: 'malformed_request' } });
  },
);

/** Endpoints whose body may be left out. */
const bodyless = listEndpoints().filter(({ endpoint }) => endpoint.kind !== 'upload' && endpoint.body?.safeParse(undefined).success);

test('a body that may be left out may not be null', async () => {
  const admin = await t.signIn('admin');
  expect(bodyless.map(({ id }) => id)).toContain('reviews.skip');
  for (const { id, endpoint } of bodyless) {
    const url = endpoint.path.replaceAll(/:\w*id\b/gi, '01890000-0000-7000-8000-000000000000').replaceAll(/:\w+/g, 'shapes');
    const reply = await admin.send(endpoint.method, url, 'null', { 'content-type': 'application/json', 'if-match': '"1"' });
    expect([id, reply.status, reply.text]).toEqual([id, 400, expect.stringContaining('validation_failed')]);
  }
});

test.each(['/%', '/api/v1/datasets/%zz', '/%?q=1'])(
  'an address that cannot be read is refused with the headers of every answer: %s',
  async (url) => {
    const usual = await t.anonymous.send('GET', '/api/health');
    const refused = await t.anonymous.send('GET', url);
    expect(refused.status).toBe(400);
    for (const name of securityHeaderNames) expect([name, refused.headers[name]]).toEqual([name, usual.headers[name]]);
    expect(refused.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  },
);

test('so is what is not HTTP', async () => {
  const { head } = await talk((socket) => socket.write('hello\r\n\r\n'));
  const usual = await t.anonymous.send('GET', '/api/health');
  for (const name of securityHeaderNames) expect(head).toContain(`\r\n${name}: ${String(usual.headers[name])}`);
});

test.each(['GET', 'PUT'] as const)(
  '%s of a path that takes another method is 405, also where its last word could be a number',
  async (method) => {
    const reply = await t.anonymous.send(method, '/api/v1/datasets/shapes/snapshots/preview');
    expect(reply).toMatchObject({ status: 405, headers: { allow: 'POST' }, body: { code: 'method_not_allowed' } });
  },
);

test('If-Match is asked for before an Idempotency-Key is looked at', async () => {
  const admin = await t.signIn('admin');
  const headers = { 'idempotency-key': 'one-key-for-two' };
  const body = { slug: 'grain', title: 'Grain', description: 'About grain.', licence: 'CC-BY-4.0', languages: ['en'] };
  expect((await admin.send('POST', '/api/v1/datasets', body, headers)).status).toBe(201);
  const reply = await admin.send('PATCH', '/api/v1/datasets/grain', { title: 'Grains' }, headers);
  expect(reply).toMatchObject({ status: 428, body: { code: 'version_required' } });
});

test('a whole address in the first line of a request stands for its path', async () => {
  const found = request('GET http://made-up.example/api/health/live HTTP/1.1', 'Host: here', 'Connection: close');
  expect((await talk((socket) => socket.write(found))).head).toMatch(/^HTTP\/1\.1 200 /);
  const missing = request('GET http://made-up.example/api/nothing?q=1 HTTP/1.1', 'Host: here', 'Connection: close');
  const { head, body } = await talk((socket) => socket.write(missing));
  expect(JSON.parse(body)).toMatchObject({ status: 404, instance: '/api/nothing' });
  expect(head + body).not.toContain('made-up.example');
});

test.each(['TRACE', 'QUERY', 'PROPFIND'])('%s gives nothing back', async (method) => {
  const echo = request(`${method} /api/health HTTP/1.1`, 'Host: here', 'X-Secret: barley', 'Connection: close');
  const { head, body } = await talk((socket) => socket.write(echo));
  expect(head).toMatch(/^HTTP\/1\.1 405 /);
  expect(head + body).not.toContain('barley');
});

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
  expect(await refusal((socket) => socket.write('GET /api/health HTTP/1.1\r\nHost: here\r\n'))).toEqual([408, 'request_timeout']);
});

test.each(['/api/v1/auth/sign-in', '/api/nothing'])('a body that dribbles is cut with 408: %s', async (path) => {
  expect(await refusal(dribble(`POST ${path} HTTP/1.1`, 'Content-Type: application/json'))).toEqual([408, 'request_timeout']);
});

test('so is a file, and nothing of it is kept', async () => {
  const admin = await t.signIn('admin');
  const dataset = { slug: 'shapes', title: 'Shapes', description: 'Questions about shapes.', licence: 'CC-BY-4.0', languages: ['en'] };
  expect((await admin.send('POST', '/api/v1/datasets', dataset)).status).toBe(201);
  const cookie = `Cookie: ${Object.entries(admin.cookies)
    .map((pair) => pair.join('='))
    .join('; ')}`;
  const upload = 'POST /api/v1/datasets/shapes/imports?fileName=rows.jsonl HTTP/1.1';
  expect(await refusal(dribble(upload, cookie, 'Content-Type: application/octet-stream'))).toEqual([408, 'request_timeout']);
  expect((await admin.send<{ items: unknown[] }>('GET', '/api/v1/datasets/shapes/imports')).body.items).toEqual([]);
});
