import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sweep } from '../../jobs/sweeper.ts';
import { createServices } from '../../services.ts';
import { createTestApp, type TestApp } from '../../testing.ts';
import { createBrowser } from './test-browser.ts';

const password = 'a long sentence is a good password';
let test: TestApp;
let now = Date.now();
let people = 0;
const lines: string[] = [];

beforeAll(async () => {
  test = await createTestApp({
    mail: true,
    clock: () => new Date(now),
    env: { LOG_LEVEL: 'warn' },
    writeLog: (line) => void lines.push(line),
  });
});
afterAll(() => test.close());
beforeEach(() => {
  lines.length = 0;
});

async function signUp() {
  people += 1;
  const browser = createBrowser(test);
  const email = `sleeper${people}@example.org`;
  const reply = await browser.send('POST', '/api/v1/auth/sign-up', { email, password, displayName: `Sleeper ${people}` });
  expect(reply.status).toBe(201);
  return { browser, email };
}
type Answer = { code: string; detail: string; data: { retryAfterSeconds: number } };
const guess = (email: string, attempt = 'not the password') =>
  createBrowser(test).send<Answer>('POST', '/api/v1/auth/sign-in', { email, password: attempt });
async function guesses(email: string, count: number) {
  const replies = [];
  for (let n = 0; n < count; n += 1) replies.push(await guess(email));
  return replies;
}

describe('wrong passwords for one account', () => {
  it.each(['known', 'unknown'])('429 after five, longer each time, up to a quarter of an hour; the account is %s', async (kind) => {
    const email = kind === 'known' ? (await signUp()).email : 'nobody@example.org';
    expect((await guesses(email, 6)).map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429]);
    const waits: number[] = [];
    for (let n = 0; n < 10; n += 1) {
      const refused = await guess(email);
      expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
      const wait = refused.body.data.retryAfterSeconds;
      expect(refused.headers['retry-after']).toBe(String(wait));
      waits.push(wait);
      now += wait * 1000;
      expect(await guess(email)).toMatchObject({ status: 401 });
    }
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
    now += 25 * 3_600_000;
    expect((await guesses(email, 5)).map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
  });

  it('the answer does not tell whether there is such an account', async () => {
    const { email } = await signUp();
    const bodies = [];
    for (const address of [email, 'stranger@example.org']) {
      const replies = await guesses(address, 7);
      bodies.push(replies.map(({ status, body }) => ({ status, ...body })));
    }
    expect(bodies[0]).toEqual(bodies[1]);
  });

  it('of many at once, no more than five are looked at', async () => {
    const { email } = await signUp();
    const replies = await Promise.all(Array.from({ length: 20 }, () => guess(email)));
    expect(replies.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(replies.filter(({ status }) => status === 429)).toHaveLength(15);
  });

  it('the right password is refused alike while a stranger has to wait, and ends the waiting afterwards', async () => {
    const { email } = await signUp();
    await guesses(email, 5);
    const refused = await guess(email, password);
    expect(refused).toMatchObject({ status: 429 });
    expect(refused.body.detail).toContain('Forgot your password?');
    now += 5_000;
    expect(await guess(email, password)).toMatchObject({ status: 200 });
    expect((await guesses(email, 5)).map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
  });

  it('does not lock the owner out of a browser that signed in before', async () => {
    const { browser, email } = await signUp();
    await browser.send('POST', '/api/v1/auth/sign-out');
    await guesses(email, 8);
    expect(await browser.send('POST', '/api/v1/auth/sign-in', { email, password })).toMatchObject({ status: 200 });
    // Strangers wait on.
    expect(await guess(email)).toMatchObject({ status: 429 });
  });

  it('a device cookie of another account, or a made-up one, helps nobody', async () => {
    const { email } = await signUp();
    const { browser: attacker } = await signUp();
    await guesses(email, 5);
    expect(await attacker.send('POST', '/api/v1/auth/sign-in', { email, password: 'guess' })).toMatchObject({ status: 429 });
    attacker.jar.set('granary_device', { value: `${'A'.repeat(16)}.${'A'.repeat(43)}`, path: '/api/v1/auth' });
    expect(await attacker.send('POST', '/api/v1/auth/sign-in', { email, password: 'guess' })).toMatchObject({ status: 429 });
  });

  it('in a known browser they are limited on their own', async () => {
    const { browser, email } = await signUp();
    const replies = [];
    for (let n = 0; n < 6; n += 1) replies.push(await browser.send('POST', '/api/v1/auth/sign-in', { email, password: 'guess' }));
    expect(replies.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429]);
    expect(await guess(email)).toMatchObject({ status: 401 });
  });

  it('a new password by a reset link ends all waiting', async () => {
    const { email } = await signUp();
    await guesses(email, 8);
    await test.anonymous.send('POST', '/api/v1/auth/password-reset', { email });
    await expect.poll(() => test.mails.filter((mail) => mail.to === email && mail.text.includes('/reset-password')).length).toBe(1);
    const token = /reset-password#token=([\w-]+)/.exec(test.mails.at(-1)?.text ?? '')?.[1];
    const newPassword = 'a new sentence, long enough';
    expect(await test.anonymous.send('POST', '/api/v1/auth/password-reset/complete', { token, newPassword })).toMatchObject({
      status: 200,
    });
    expect(await guess(email, newPassword)).toMatchObject({ status: 200 });
  });

  it('are limited too where a session asks for the password again', async () => {
    const { browser } = await signUp();
    const replies = [];
    for (let n = 0; n < 6; n += 1)
      replies.push(await browser.send('POST', '/api/v1/me/email', { password: 'guess', newEmail: 'other@example.org' }));
    expect(replies.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429]);
  });

  it('are swept after a day', async () => {
    await guesses('swept@example.org', 2);
    await sweep(test.db, new Date(now + 23 * 3_600_000));
    expect(await test.db.prisma.signInFailure.count()).toBeGreaterThan(0);
    await sweep(test.db, new Date(now + 25 * 3_600_000));
    expect(await test.db.prisma.signInFailure.count()).toBe(0);
  });

  it('are written to the log with request id, address and a name of the account that nobody can read, and without any secret', async () => {
    const { email } = await signUp();
    await guess(email, 'hunter2 hunter2');
    const entries = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(entries).toMatchObject([{ level: 40, msg: 'sign-in failed', code: 'credentials_wrong', address: '127.0.0.1' }]);
    expect(entries[0]).toMatchObject({ reqId: expect.any(String), account: expect.stringMatching(/^[\w-]{10}$/) });
    for (const secret of [email, email.split('@')[0] ?? '', 'hunter2']) expect(lines.join('')).not.toContain(secret);
  });
});

it('at the level info the log has who signed in, and every refusal with its reason', async () => {
  const found: string[] = [];
  const app = await createTestApp({ env: { LOG_LEVEL: 'info' }, writeLog: (line) => void found.push(line) });
  const person = { email: 'miller@example.org', password, displayName: 'Miller' };
  const browser = createBrowser(app);
  const { id } = (await browser.send<{ id: string }>('POST', '/api/v1/auth/sign-up', person)).body;
  expect(await browser.send('GET', '/api/v1/users')).toMatchObject({ status: 403 });
  expect(await app.anonymous.send('GET', '/api/v1/me/tokens', undefined, { authorization: 'Bearer grn_made_up' })).toMatchObject({
    status: 401,
  });
  const entries = found.map((line) => JSON.parse(line) as { msg: string });
  const ours = entries.filter(({ msg }) => msg === 'signed in' || msg === 'request refused');
  expect(ours).toMatchObject([
    {
      msg: 'signed in',
      userId: id,
      sessionId: expect.any(String),
      address: '127.0.0.1',
      reqId: expect.any(String),
      time: expect.any(Number),
    },
    { msg: 'request refused', code: 'forbidden', address: '127.0.0.1', reqId: expect.any(String) },
    { msg: 'request refused', code: 'token_invalid', address: '127.0.0.1', reqId: expect.any(String) },
  ]);
  for (const secret of [person.email, password, ...[...browser.jar.values()].map(({ value }) => value)])
    expect(found.join('')).not.toContain(secret);
  await app.close();
});

describe('passwords that are guessed first', () => {
  const attempt = (given: string, person: object = {}) =>
    test.anonymous.send<{ errors: { path: string; message: string }[] }>('POST', '/api/v1/auth/sign-up', {
      email: 'kestrel.weaver@meadow.example',
      displayName: 'Tawny Pipit',
      password: given,
      ...person,
    });

  it.each([
    'password12',
    'Password12!',
    'P@ssw0rd2024',
    'pass word 123',
    ' '.repeat(10),
    '\u00a0\u2003 \t'.repeat(4),
    'aaaaaaaaaaaa',
    'AaAaAaAaAaAa',
    'abcabcabcabc',
    'passwordpassword',
    '1234567890',
    '0987654321',
    'qwertyuiop',
    'QWERTZUIOP',
    'abcdefghijklm',
    'granary2026',
    'Granary-Granary',
    'dragon!!!!!!',
    'kestrel.weaver',
    'Kestrel Weaver 1',
    'kestrel.weaver@meadow.example',
    'tawnypipit',
    'Tawny Pipit!!',
  ])('400: %j', async (given) => {
    const reply = await attempt(given);
    expect(reply).toMatchObject({ status: 400, body: { code: 'validation_failed', errors: [{ path: 'password' }] } });
    expect(reply.body.errors[0]?.message).toContain('Use a sentence or several unrelated words');
  });

  it('400: each of the commonest that is long enough, in any case', async () => {
    const list = readFileSync(new URL('common-passwords.txt', import.meta.url), 'utf8')
      .split('\n')
      .filter(Boolean);
    expect(list.length).toBeGreaterThan(10_000);
    const long = list.filter((word) => word.length >= 10);
    expect(long.length).toBeGreaterThan(1_000);
    for (const word of [...long.slice(0, 20), ...long.slice(-20)].map((given) => given.toUpperCase()))
      expect([word, (await attempt(word)).status]).toEqual([word, 400]);
  });

  it.each(['a granary stands on staddle stones', 'correct horse battery staple', 'x9!kQ2#vLm', 'ein langer Satz ist gut'])(
    '201: %j is a good one',
    async (given) => {
      people += 1;
      expect(await attempt(given, { email: `good${people}@example.org`, displayName: `Good ${people}` })).toMatchObject({ status: 201 });
    },
  );

  it('400 at setup and at a reset, which leave the link usable', async () => {
    const fresh = await createTestApp();
    try {
      const { accounts } = createServices(fresh.deps);
      const token = /token=([\w-]+)/.exec((await accounts.createSetupLink('http://localhost')) ?? '')?.[1];
      const admin = { email: 'first@example.org', displayName: 'First', token };
      expect(await fresh.anonymous.send('POST', '/api/v1/setup', { ...admin, password: 'password12' })).toMatchObject({ status: 400 });
      expect(await fresh.anonymous.send('POST', '/api/v1/setup', { ...admin, password })).toMatchObject({ status: 201 });
    } finally {
      await fresh.close();
    }
    const { email } = await signUp();
    await test.anonymous.send('POST', '/api/v1/auth/password-reset', { email });
    const resetMail = () => test.mails.find((mail) => mail.to === email && mail.text.includes('/reset-password'));
    await expect.poll(() => resetMail() !== undefined).toBe(true);
    const token = /reset-password#token=([\w-]+)/.exec(resetMail()?.text ?? '')?.[1];
    const complete = (newPassword: string) => test.anonymous.send('POST', '/api/v1/auth/password-reset/complete', { token, newPassword });
    for (const weak of ['password12', email])
      expect(await complete(weak)).toMatchObject({ status: 400, body: { errors: [{ path: 'newPassword' }] } });
    expect(await complete('a new sentence, long enough')).toMatchObject({ status: 200 });
  });
});
