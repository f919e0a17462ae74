import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createTestApp, type TestApp } from '../../testing.ts';
import { passwordMatches } from './passwords.ts';
import { createBrowser } from './test-browser.ts';

// The real ones, with a note of every call.
vi.mock('./passwords.ts', { spy: true });

const password = 'a long sentence is a good password';
let test: TestApp;
let now = Date.now();
let people = 0;

beforeAll(async () => {
  test = await createTestApp({ clock: () => new Date(now) });
});
afterAll(() => test.close());

async function signUp() {
  people += 1;
  const browser = createBrowser(test);
  const email = `person${people}@example.org`;
  const reply = await browser.send<{ id: string }>('POST', '/api/v1/auth/sign-up', { email, password, displayName: `Person ${people}` });
  expect(reply.status).toBe(201);
  return { browser, email, id: reply.body.id };
}
const who = async (browser: ReturnType<typeof createBrowser>) => (await browser.send('GET', '/api/v1/session')).body;

describe('sign-up', () => {
  it('201: creates the account, signs in, keeps the e-mail in lower case and no password', async () => {
    const browser = createBrowser(test);
    const body = { email: 'Mixed.Case@Example.ORG', password, displayName: '  Wheat   Ear ', languages: ['en', 'de', 'en'] };
    const reply = await browser.send('POST', '/api/v1/auth/sign-up', body);
    expect(reply).toMatchObject({
      status: 201,
      body: { email: 'mixed.case@example.org', displayName: 'Wheat Ear', role: 'contributor', languages: ['en', 'de'] },
    });
    expect(await who(browser)).toMatchObject({ user: { email: 'mixed.case@example.org' } });
    const stored = await test.db.prisma.user.findUniqueOrThrow({ where: { email: 'mixed.case@example.org' } });
    expect(stored.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('sets an access cookie for the whole site and a refresh cookie for /api/v1/auth, both out of reach of scripts', async () => {
    const { browser, email } = await signUp();
    const reply = await browser.send('POST', '/api/v1/auth/sign-in', { email, password });
    const month = 30 * 86_400;
    expect(reply.cookies).toMatchObject([
      { name: 'granary_access', path: '/', httpOnly: true, sameSite: 'Lax', maxAge: month },
      { name: 'granary_refresh', path: '/api/v1/auth', httpOnly: true, sameSite: 'Strict', maxAge: month },
    ]);
    for (const cookie of reply.cookies) expect(cookie).not.toHaveProperty('secure');
    const [, payload = ''] = (reply.cookies[0]?.value ?? '').split('.');
    const { iat, exp } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { iat: number; exp: number };
    expect(exp - iat).toBe(600);
    const rows = await test.db.prisma.session.findMany({ select: { currentTokenHash: true } });
    expect(rows.map((row) => row.currentTokenHash)).not.toContain(reply.cookies[1]?.value);
  });

  it.each([
    ['email_taken', { email: 'TAKEN@example.org', displayName: 'Someone Else' }],
    ['display_name_taken', { email: 'other@example.org', displayName: 'ｔａｋｅｎ  NAME' }],
  ])('409 %s', async (code, given) => {
    await test.anonymous.send('POST', '/api/v1/auth/sign-up', { email: 'taken@example.org', password, displayName: 'Taken Name' });
    expect(await test.anonymous.send('POST', '/api/v1/auth/sign-up', { password, ...given })).toMatchObject({
      status: 409,
      body: { code },
    });
  });

  it('409: of two at once with one name, one succeeds', async () => {
    const body = (email: string) => ({ email, password, displayName: 'Both Want This' });
    const replies = await Promise.all(
      ['race1@example.org', 'race2@example.org'].map((email) => test.anonymous.send('POST', '/api/v1/auth/sign-up', body(email))),
    );
    expect(replies.map((reply) => reply.status).sort()).toEqual([201, 409]);
  });

  it('400: names every field that is not right', async () => {
    const reply = await test.anonymous.send<{ errors: { path: string }[] }>('POST', '/api/v1/auth/sign-up', {
      email: 'nobody',
      password: 'short',
      displayName: '<b>',
    });
    expect(reply.body).toMatchObject({ code: 'validation_failed' });
    expect(reply.body.errors.map(({ path }) => path)).toEqual(['email', 'password', 'displayName']);
  });
});

describe('sign-in', () => {
  it('200 with any case of the e-mail', async () => {
    const { email } = await signUp();
    const reply = await createBrowser(test).send('POST', '/api/v1/auth/sign-in', { email: email.toUpperCase(), password });
    expect(reply).toMatchObject({ status: 200, body: { email } });
  });

  it('ends the session that the browser had before, and no other', async () => {
    const { browser, email } = await signUp();
    const elsewhere = createBrowser(test);
    await elsewhere.send('POST', '/api/v1/auth/sign-in', { email, password });
    const left = browser.copy();
    expect(await browser.send('POST', '/api/v1/auth/sign-in', { email, password })).toMatchObject({ status: 200 });
    expect(await left.send('GET', '/api/v1/me/sessions')).toMatchObject({ status: 401, body: { code: 'session_revoked' } });
    expect(await elsewhere.send('GET', '/api/v1/me/sessions')).toMatchObject({ status: 200 });
    expect((await browser.send<{ items: unknown[] }>('GET', '/api/v1/me/sessions')).body.items).toHaveLength(2);
  });

  it('401: says the same about a wrong password and an unknown address, and hashes for both, so that the time tells nothing', async () => {
    const { email } = await signUp();
    const attempt = async (address: string) => {
      vi.mocked(passwordMatches).mockClear();
      const reply = await test.anonymous.send<Record<string, unknown>>('POST', '/api/v1/auth/sign-in', {
        email: address,
        password: 'not the password',
      });
      const { instance: _, ...body } = reply.body;
      return { body, hashes: vi.mocked(passwordMatches).mock.calls.map(([hash]) => hash.split('$').slice(0, 4)) };
    };
    const known = await attempt(email);
    const unknown = await attempt('unknown@example.org');
    expect(known.body).toMatchObject({ status: 401, code: 'credentials_wrong' });
    expect(unknown.body).toEqual(known.body);
    // The same algorithm at the same cost.
    expect(known.hashes).toHaveLength(1);
    expect(unknown.hashes).toEqual(known.hashes);
  });

  it('403: tells only who knows the password that the account is suspended, and why', async () => {
    const { email, id } = await signUp();
    await test.db.prisma.user.update({ where: { id }, data: { status: 'suspended', suspendedReason: 'Spam.' } });
    const right = await test.anonymous.send('POST', '/api/v1/auth/sign-in', { email, password });
    expect(right).toMatchObject({ status: 403, body: { code: 'account_suspended', detail: 'The account is suspended: Spam.' } });
    const wrong = await test.anonymous.send('POST', '/api/v1/auth/sign-in', { email, password: 'wrong' });
    expect(wrong).toMatchObject({ status: 401, body: { code: 'credentials_wrong' } });
  });

  it('403: a page of another site cannot sign a browser in', async () => {
    const { email } = await signUp();
    const reply = await test.anonymous.send(
      'POST',
      '/api/v1/auth/sign-in',
      { email, password },
      { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' },
    );
    expect(reply).toMatchObject({ status: 403, body: { code: 'cross_site_request' } });
  });

  it('429 after too many attempts', async () => {
    const limited = await createTestApp({ env: { RATE_LIMIT_FACTOR: '1' } });
    try {
      const attempt = (n: number) =>
        limited.anonymous.send('POST', '/api/v1/auth/sign-in', { email: `a${n}@example.org`, password: 'guess' });
      const replies = [];
      for (let n = 0; n < 11; n += 1) replies.push(await attempt(n));
      expect(replies.map(({ status }) => status)).toEqual([...Array<number>(10).fill(401), 429]);
      expect(Number(replies.at(-1)?.headers['retry-after'])).toBeGreaterThan(0);
    } finally {
      await limited.close();
    }
  });
});

describe('cookies over HTTPS', () => {
  let secure: TestApp;
  beforeAll(async () => {
    secure = await createTestApp({ env: { PUBLIC_URL: 'https://granary.example' } });
  });
  afterAll(() => secure.close());
  const person = { email: 'a@example.org', password, displayName: 'Safe' };

  it('have the prefix __Host- and what browsers want of it, when the public address is https', async () => {
    const reply = await secure.anonymous.send('POST', '/api/v1/auth/sign-up', person);
    expect(reply.cookies.map(({ name }) => name)).toEqual(['__Host-granary_access', '__Host-granary_refresh', '__Host-granary_device']);
    for (const cookie of reply.cookies) {
      expect(cookie).toMatchObject({ secure: true, path: '/', httpOnly: true });
      expect(cookie).not.toHaveProperty('domain');
    }
  });

  it.each([
    ['the public address', {}, {}],
    ['a trusted proxy', { PUBLIC_URL: '', TRUST_PROXY: 'loopback' }, { 'x-forwarded-proto': 'https' }],
  ])(
    'without the prefix count for nothing when https is what %s says: a neighbouring site may have planted them',
    async (_who, env, headers) => {
      const app = await createTestApp({ env: { PUBLIC_URL: 'https://granary.example', ...env } });
      const [intruder, visitor] = [createBrowser(app), createBrowser(app)];
      expect(await intruder.send('POST', '/api/v1/auth/sign-up', person, headers)).toMatchObject({ status: 201 });
      for (const [prefixed, { value }] of intruder.jar) visitor.jar.set(prefixed.replace('__Host-', ''), { value, path: '/' });
      expect([...visitor.jar.keys()].toSorted()).toEqual(['granary_access', 'granary_device', 'granary_refresh']);
      expect((await visitor.send('GET', '/api/v1/session', undefined, headers)).body).toMatchObject({ user: null });
      const answers = [
        await visitor.send('GET', '/api/v1/me/sessions', undefined, headers),
        await visitor.send('POST', '/api/v1/auth/refresh', undefined, headers),
      ];
      expect(answers).toMatchObject([
        { status: 401, body: { code: 'not_signed_in' } },
        { status: 401, body: { code: 'not_signed_in' } },
      ]);
      expect((await intruder.send('GET', '/api/v1/session', undefined, headers)).body).toMatchObject({ user: { email: person.email } });
      await app.close();
    },
  );

  it('with the prefix stand beside planted ones, which go with the next sign-in', async () => {
    const [owner, intruder] = [createBrowser(secure), createBrowser(secure)];
    const planted = { ...person, email: 'c@example.org', displayName: 'Planted' };
    await owner.send('POST', '/api/v1/auth/sign-up', planted);
    await intruder.send('POST', '/api/v1/auth/sign-up', { email: 'b@example.org', password, displayName: 'Intruder' });
    owner.jar.set('granary_access', { value: intruder.jar.get('__Host-granary_access')?.value ?? '', path: '/' });
    expect(await who(owner)).toMatchObject({ user: { email: planted.email } });
    await owner.send('POST', '/api/v1/auth/sign-in', planted);
    expect([...owner.jar.keys()].toSorted()).toEqual(['__Host-granary_access', '__Host-granary_device', '__Host-granary_refresh']);
  });
});

describe('access tokens of a session', () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const secret = 'x'.repeat(40);
  function forge(header: { alg: string }, claims: object): string {
    const signed = `${part({ typ: 'JWT', ...header })}.${part(claims)}`;
    const hash = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' }[header.alg];
    return `${signed}.${hash === undefined ? '' : createHmac(hash, secret).update(signed).digest('base64url')}`;
  }
  const later = Math.floor(Date.now() / 1000) + 600;

  it.each([
    ['HS256 and an end', { alg: 'HS256' }, { exp: later }, true],
    ['HS256 without an end', { alg: 'HS256' }, {}, false],
    ['HS256 and an end that is no time', { alg: 'HS256' }, { exp: null }, false],
    ['HS384', { alg: 'HS384' }, { exp: later }, false],
    ['HS512', { alg: 'HS512' }, { exp: later }, false],
    ['none', { alg: 'none' }, { exp: later }, false],
  ])('%s: taken only when signed by HS256 and ending', async (_case, header, claims, good) => {
    const { browser, id } = await signUp();
    const { id: sid } = await test.db.prisma.session.findFirstOrThrow({ where: { userId: id } });
    browser.jar.set('granary_access', { value: forge(header, { sid, ...claims }), path: '/' });
    const reply = await browser.send('GET', '/api/v1/me/sessions');
    expect(reply.status).toBe(good ? 200 : 401);
  });
});

describe('session', () => {
  it('200 null for a stranger', async () => {
    expect(await who(createBrowser(test))).toEqual({ user: null, mailConfigured: false, setupNeeded: true });
  });

  it('401 session_expired when the access token has grown old, and all is well after a refresh', async () => {
    const { browser, id } = await signUp();
    const old = test.app.jwt.sign(
      { sid: (await test.db.prisma.session.findFirstOrThrow({ where: { userId: id } })).id },
      { expiresIn: '-1s' },
    );
    browser.jar.set('granary_access', { value: old, path: '/' });
    expect(await who(browser)).toMatchObject({ code: 'session_expired' });
    expect(await browser.send('PATCH', '/api/v1/me', { languages: [] })).toMatchObject({ status: 401, body: { code: 'session_expired' } });
    expect(await browser.send('POST', '/api/v1/auth/refresh')).toMatchObject({ status: 200 });
    expect(await who(browser)).toMatchObject({ user: { id } });
  });

  it('an old access token does not stand in the way of signing in', async () => {
    const { browser, email, id } = await signUp();
    browser.jar.set('granary_access', { value: 'not.a.token', path: '/' });
    expect(await browser.send('POST', '/api/v1/auth/sign-in', { email, password })).toMatchObject({ status: 200 });
    expect(await who(browser)).toMatchObject({ user: { id } });
  });

  it('200 null, and the cookies are cleared, when the session was ended elsewhere', async () => {
    const { browser, email } = await signUp();
    const elsewhere = createBrowser(test);
    await elsewhere.send('POST', '/api/v1/auth/sign-in', { email, password });
    expect(await elsewhere.send('POST', '/api/v1/auth/sign-out-everywhere')).toMatchObject({ status: 204 });
    expect(await who(browser)).toMatchObject({ user: null });
    expect([...browser.jar.keys()]).toEqual(['granary_device']);
  });
});

describe('refresh', () => {
  it('200: exchanges both tokens', async () => {
    const { browser } = await signUp();
    const before = browser.jar.get('granary_refresh')?.value;
    const reply = await browser.send('POST', '/api/v1/auth/refresh');
    expect(reply).toMatchObject({ status: 200, body: { expiresAt: new Date(now + 30 * 86_400_000).toISOString() } });
    expect(browser.jar.get('granary_refresh')?.value).not.toBe(before);
  });

  it('slides: each use gives it 30 more days, and without one it ends', async () => {
    const { browser } = await signUp();
    for (let n = 0; n < 2; n += 1) {
      now += 29 * 86_400_000;
      expect(await browser.send('POST', '/api/v1/auth/refresh')).toMatchObject({ status: 200 });
    }
    now += 31 * 86_400_000;
    expect(await browser.send('POST', '/api/v1/auth/refresh')).toMatchObject({ status: 401, body: { code: 'session_expired' } });
    expect([...browser.jar.keys()]).toEqual(['granary_device']);
  });

  it('ends 90 days after the sign-in, however often it is refreshed', async () => {
    const { browser, id } = await signUp();
    const begin = now;
    const refresh = () => browser.send<{ expiresAt: string }>('POST', '/api/v1/auth/refresh');
    for (const day of [20, 40, 60, 80]) {
      now = begin + day * 86_400_000;
      const reply = await refresh();
      expect(reply.status).toBe(200);
      const left = Math.min(30, 90 - day);
      expect(reply.body.expiresAt).toBe(new Date(now + left * 86_400_000).toISOString());
      expect(reply.cookies.map(({ maxAge }) => maxAge)).toEqual([left * 86_400, left * 86_400]);
    }
    now = begin + 90 * 86_400_000;
    expect(await refresh()).toMatchObject({ status: 401, body: { code: 'session_expired' } });
    expect(await test.db.prisma.session.findFirstOrThrow({ where: { userId: id } })).toMatchObject({ expiresAt: new Date(now) });
  });

  it('200: two tabs that refresh at once both stay signed in', async () => {
    const { browser } = await signUp();
    const replies = await Promise.all([browser.copy(), browser.copy()].map((tab) => tab.send('POST', '/api/v1/auth/refresh')));
    expect(replies.map((reply) => reply.status)).toEqual([200, 200]);
    // One of them was given new tokens, the other an access token alone: the newer refresh cookie must survive in the browser.
    expect(replies.map((reply) => reply.cookies.map((cookie) => cookie.name)).sort((a, b) => a.length - b.length)).toEqual([
      ['granary_access'],
      ['granary_access', 'granary_refresh'],
    ]);
  });

  it('401: a refresh token that comes again later ends the session for everyone who has a copy', async () => {
    const { browser, id } = await signUp();
    const thief = browser.copy();
    await browser.send('POST', '/api/v1/auth/refresh');
    now += 11_000;
    expect(await thief.send('POST', '/api/v1/auth/refresh')).toMatchObject({ status: 401, body: { code: 'session_revoked' } });
    expect([...thief.jar.keys()]).toEqual(['granary_device']);
    expect(await browser.send('POST', '/api/v1/auth/refresh')).toMatchObject({ status: 401, body: { code: 'session_revoked' } });
    expect(await test.db.prisma.session.findFirstOrThrow({ where: { userId: id } })).toMatchObject({ revokedReason: 'reuse_detected' });
  });

  it('401: a token from several exchanges ago is recognised as well', async () => {
    const { browser } = await signUp();
    const thief = browser.copy();
    await browser.send('POST', '/api/v1/auth/refresh');
    await browser.send('POST', '/api/v1/auth/refresh');
    expect(await thief.send('POST', '/api/v1/auth/refresh')).toMatchObject({ status: 401, body: { code: 'session_revoked' } });
    expect(await browser.send('PATCH', '/api/v1/me', { languages: [] })).toMatchObject({ status: 401, body: { code: 'session_revoked' } });
  });

  it.each([undefined, 'nonsense', `${crypto.randomUUID()}.short`])('401 not_signed_in with %s for a token', async (value) => {
    const browser = createBrowser(test);
    if (value !== undefined) browser.jar.set('granary_refresh', { value, path: '/api/v1/auth' });
    expect(await browser.send('POST', '/api/v1/auth/refresh')).toMatchObject({ status: 401, body: { code: 'not_signed_in' } });
  });
});

describe('sign-out', () => {
  it('204: ends this session only', async () => {
    const { browser, email } = await signUp();
    const other = createBrowser(test);
    await other.send('POST', '/api/v1/auth/sign-in', { email, password });
    const stolen = browser.copy();
    expect(await browser.send('POST', '/api/v1/auth/sign-out')).toMatchObject({ status: 204 });
    expect([...browser.jar.keys()]).toEqual(['granary_device']);
    expect(await stolen.send('PATCH', '/api/v1/me', { languages: [] })).toMatchObject({ status: 401 });
    expect(await other.send('PATCH', '/api/v1/me', { languages: [] })).toMatchObject({ status: 200 });
  });

  it('204: ends the session although only the refresh token is left', async () => {
    const { browser, id } = await signUp();
    browser.jar.delete('granary_access');
    expect(await browser.send('POST', '/api/v1/auth/sign-out')).toMatchObject({ status: 204 });
    expect(await test.db.prisma.session.findFirstOrThrow({ where: { userId: id } })).toMatchObject({ revokedReason: 'signed_out' });
  });

  it('204 for a stranger', async () => {
    expect(await test.anonymous.send('POST', '/api/v1/auth/sign-out')).toMatchObject({ status: 204 });
  });
});

describe('my sessions', () => {
  it('lists the open ones and ends any of them, never another person’s', async () => {
    const { browser, email } = await signUp();
    const other = createBrowser(test);
    await other.send('POST', '/api/v1/auth/sign-in', { email, password }, { 'user-agent': 'Another Browser' });
    const list = async () =>
      (await browser.send<{ items: { id: string; current: boolean; userAgent: string }[] }>('GET', '/api/v1/me/sessions')).body.items;
    const items = await list();
    expect(items).toHaveLength(2);
    expect(items.filter((item) => item.current)).toHaveLength(1);
    const another = items.find((item) => item.userAgent === 'Another Browser');
    const stranger = await signUp();
    expect(await stranger.browser.send('DELETE', `/api/v1/me/sessions/${another?.id}`)).toMatchObject({ status: 404 });
    expect(await browser.send('DELETE', `/api/v1/me/sessions/${another?.id}`)).toMatchObject({ status: 204 });
    expect(await other.send('PATCH', '/api/v1/me', { languages: [] })).toMatchObject({ status: 401, body: { code: 'session_revoked' } });
    expect(await list()).toHaveLength(1);
  });
});
