import type { Endpoint, Role, Scope } from '@granary/contract';
import { permissions, roles, scopes, takesIdempotencyKey } from '@granary/contract';
import type { RouteOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listEndpoints } from './openapi/document.ts';
import { hashToken } from './plugins/auth.ts';
import { createTestApp, type TestApp, type TestUser } from './testing.ts';

/** Routes that are not rows of the contract: files. Nothing here may depend on who asks. */
const plainRoutes = [/^\/$/, /^\/api\/docs(\/.*)?$/, /^\/(?!api\/)[\w./-]*\*?$/];

const rows = listEndpoints();
const closedRows = rows.filter(({ endpoint }) => endpoint.permission !== 'public');
const served: { method: string; url: string; endpoint: Endpoint | undefined }[] = [];
let test: TestApp;
const users = new Map<Role, TestUser>();

beforeAll(async () => {
  test = await createTestApp({
    onRoute: (route: RouteOptions) => {
      for (const method of [route.method].flat()) served.push({ method, url: route.url, endpoint: route.config?.endpoint });
    },
  });
  for (const role of roles) users.set(role, await test.signIn(role));
});
afterAll(() => test.close());

/** An address that fits the path; what it names does not exist. */
const addressOf = ({ path }: Endpoint) =>
  path
    .replace(':id', crypto.randomUUID())
    .replace(':number', '1')
    .replace(':name', 'README.md')
    .replace(/\*$/, 'README.md')
    .replace(/:\w+/g, 'no-such-dataset');

function call(who: Pick<TestUser, 'send'>, endpoint: Endpoint, headers: Record<string, string> = {}) {
  const body = endpoint.method === 'GET' || endpoint.method === 'DELETE' ? undefined : {};
  return who.send(endpoint.method, addressOf(endpoint), body, headers);
}

async function tokenWith(granted: readonly Scope[]): Promise<Record<string, string>> {
  const token = `grn_${crypto.randomUUID()}`;
  const owner = users.get('admin')?.id ?? '';
  await test.db.prisma.accessToken.create({
    data: { userId: owner, name: 'walk', prefix: 'grn_walk', tokenHash: hashToken(token), scopes: [...granted] },
  });
  return { authorization: `Bearer ${token}` };
}

describe('routes', () => {
  it('are rows of the contract or plain files', () => {
    const strangers = served.filter(({ url, endpoint }) => endpoint === undefined && !plainRoutes.some((pattern) => pattern.test(url)));
    expect(strangers.map(({ method, url }) => `${method} ${url}`)).toEqual([]);
  });

  it('take nothing but reading where they are plain files', () => {
    const writing = served.filter(({ method, endpoint }) => endpoint === undefined && !['GET', 'HEAD', 'OPTIONS'].includes(method));
    expect(writing).toEqual([]);
  });

  it('serve their row at its own address and method', () => {
    const wrong = served.filter(({ method, url, endpoint }) => {
      if (endpoint === undefined) return false;
      return url !== endpoint.path || !(method === endpoint.method || (method === 'HEAD' && endpoint.method === 'GET'));
    });
    expect(wrong).toEqual([]);
  });

  it.each(rows)('$id is served, once', ({ endpoint }) => {
    expect(served.filter((route) => route.endpoint === endpoint && route.method === endpoint.method)).toHaveLength(1);
  });
});

describe('a body that no operation asked for', () => {
  const bodyless = rows.filter(({ endpoint }) => endpoint.method !== 'GET' && endpoint.body === undefined && endpoint.kind === 'json');

  it.each(bodyless)('$id: a JSON body makes no difference', async ({ endpoint }) => {
    // A user of its own each time: some endpoints end the session they are called with.
    const [bare, ...others] = await Promise.all(
      [undefined, '{"needless":1}', '[]', 'null'].map(async (body) =>
        (await test.signIn('admin')).send(
          endpoint.method,
          addressOf(endpoint),
          body,
          body === undefined ? {} : { 'content-type': 'application/json' },
        ),
      ),
    );
    for (const other of others) expect(other.status).toBe(bare?.status);
    expect(bare?.status).not.toBe(400);
  });
});

describe('an Idempotency-Key', () => {
  const writes = rows.filter(({ endpoint }) => endpoint.method !== 'GET');
  const callWithMalformedKey = async (endpoint: Endpoint) =>
    call(await test.signIn('admin'), endpoint, { 'idempotency-key': 'short', 'if-match': '"1"' });

  it.each(writes.filter(({ endpoint }) => takesIdempotencyKey(endpoint)))('$id: a malformed one is refused', async ({ endpoint }) => {
    expect(await callWithMalformedKey(endpoint)).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
  });

  it.each(writes.filter(({ endpoint }) => !takesIdempotencyKey(endpoint)))(
    '$id: not even looked at where the document offers none',
    async ({ endpoint }) => {
      expect((await callWithMalformedKey(endpoint)).text).not.toContain('Idempotency-Key');
    },
  );
});

describe('who is let in', () => {
  it.each(closedRows)('$id: 401 not_signed_in for a stranger', async ({ endpoint }) => {
    expect(await call(test.anonymous, endpoint)).toMatchObject({ status: 401, body: { code: 'not_signed_in' } });
  });

  it.each(closedRows.filter(({ endpoint }) => leastRole(endpoint) !== 'contributor'))(
    '$id: 403 forbidden for every role below its own',
    async ({ endpoint }) => {
      for (const role of roles.slice(0, roles.indexOf(leastRole(endpoint))))
        expect(await call(users.get(role) as TestUser, endpoint)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    },
  );

  it.each(closedRows)('$id: 403 scope_missing for a token with every other scope', async ({ endpoint }) => {
    const needed = scopeOf(endpoint);
    const bearer = await tokenWith(scopes.filter((scope) => scope !== needed));
    expect(await call(test.anonymous, endpoint, bearer)).toMatchObject({ status: 403, body: { code: 'scope_missing' } });
  });

  it.each(closedRows)('$id: 401 for tokens and sessions that are not good, 403 for the suspended', async ({ endpoint }) => {
    expect(await call(test.anonymous, endpoint, { authorization: 'Bearer grn_made_up' })).toMatchObject({
      status: 401,
      body: { code: 'token_invalid' },
    });
    const expired = test.app.jwt.sign({ sid: crypto.randomUUID() }, { expiresIn: '-1s' });
    expect(await call(test.anonymous, endpoint, { cookie: `granary_access=${expired}` })).toMatchObject({
      status: 401,
      body: { code: 'session_expired' },
    });
    const forged = `${expired.split('.').slice(0, 2).join('.')}.${'A'.repeat(43)}`;
    expect(await call(test.anonymous, endpoint, { cookie: `granary_access=${forged}` })).toMatchObject({
      status: 401,
      body: { code: 'session_expired' },
    });
    expect(await call(await suspendedAdmin(), endpoint)).toMatchObject({ status: 403, body: { code: 'account_suspended' } });
  });

  it.each(rows.filter(({ endpoint }) => endpoint.method !== 'GET'))(
    '$id: 403 for what another site makes a browser send',
    async ({ endpoint }) => {
      const admin = users.get('admin') as TestUser;
      const crossSite = [
        { 'sec-fetch-site': 'cross-site', origin: 'https://elsewhere.example' },
        { origin: 'https://elsewhere.example' },
        { 'sec-fetch-site': 'same-site' },
      ];
      for (const headers of crossSite)
        expect(await call(admin, endpoint, headers as Record<string, string>)).toMatchObject({
          status: 403,
          body: { code: 'cross_site_request' },
        });
    },
  );

  it.each(closedRows)('$id: lets in who may', async ({ endpoint }) => {
    // A user of its own: some endpoints end the session they are called with.
    const reply = await call(await test.signIn(leastRole(endpoint)), endpoint);
    expect([401, 403]).not.toContain(reply.status);
    expect(reply.status).toBeLessThan(500);
  });
});

describe('what caches may keep', () => {
  /** Published, the same for everybody, under an address of their own. Whatever is added here must be that. */
  const cacheable = [
    'hub.raw',
    'hub.resolve',
    'publishing.feed',
    'snapshotChanges.file',
    'snapshotExports.get',
    'snapshots.file',
    'snapshots.latest',
    'snapshots.latestFile',
  ];

  it('is what the contract says, and open to everybody', () => {
    const said = rows.filter(({ endpoint }) => endpoint.cacheable);
    expect(said.map(({ id }) => id).toSorted()).toEqual(cacheable);
    for (const { endpoint } of said) expect([endpoint.permission, endpoint.method]).toEqual(['public', 'GET']);
  });

  it.each(rows)('$id: no-store for everybody who is answered or refused', async ({ endpoint }) => {
    const callers = [test.anonymous, await test.signIn(leastRole(endpoint)), users.get('admin') as TestUser];
    for (const who of callers) {
      const reply = await call(who, endpoint);
      const kept = endpoint.cacheable && reply.status < 400;
      expect(reply.headers['cache-control']).toMatch(kept ? /^(?:public|no-cache)/ : /^no-store$/);
    }
  });

  it('every page and file that is no row says so itself', async () => {
    const urls = served.filter(({ endpoint, method, url }) => endpoint === undefined && method === 'GET' && !url.includes('*'));
    for (const { url } of urls) {
      const reply = await test.anonymous.send('GET', url);
      expect([url, reply.headers['cache-control']]).toEqual([url, expect.stringMatching(/^(?:public|no-cache|no-store)/)]);
    }
  });

  it('not what is refused before any route is found', async () => {
    for (const url of ['/api/v1/nothing', '/api/v1/users?limit=x'])
      expect((await test.anonymous.send('GET', url)).headers['cache-control']).toBe('no-store');
  });
});

describe('headers of every answer', () => {
  it.each(['/', '/api/health', '/api/v1/me/tokens', '/api/docs', '/api/nothing', '/%'])(
    '%s: takes rights away that no page here needs',
    async (url) => {
      const { headers } = await test.anonymous.send('GET', url);
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'x-frame-options': 'DENY' });
      expect(headers['permissions-policy']).toContain('camera=(), ');
      for (const directive of ["object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "script-src 'self'"])
        expect(`${String(headers['content-security-policy'])};`).toContain(`${directive};`);
      expect(headers['content-security-policy']).toContain("font-src 'self';");
      expect(headers['content-security-policy']).not.toMatch(/font-src[^;]*(?:https:|data:)/);
    },
  );
});

describe('HTTPS', () => {
  it.each([
    ['https://granary.example', 'max-age=31536000; includeSubDomains'],
    ['http://granary.example', undefined],
  ])('is insisted on, in every answer, where PUBLIC_URL is %s', async (publicUrl, policy) => {
    const app = await createTestApp({ env: { PUBLIC_URL: publicUrl } });
    for (const url of ['/', '/api/health', '/api/nothing', '/%'])
      expect([url, (await app.anonymous.send('GET', url)).headers['strict-transport-security']]).toEqual([url, policy]);
    await app.close();
  });
});

const leastRole = ({ permission }: Endpoint): Role => (permission === 'public' ? 'contributor' : permissions[permission].role);
const scopeOf = ({ permission }: Endpoint): Scope | null => (permission === 'public' ? null : permissions[permission].scope);

async function suspendedAdmin(): Promise<TestUser> {
  const known = suspended ?? (await test.signIn('admin'));
  suspended = known;
  await test.db.prisma.user.update({ where: { id: known.id }, data: { status: 'suspended' } });
  return known;
}
let suspended: TestUser | undefined;
