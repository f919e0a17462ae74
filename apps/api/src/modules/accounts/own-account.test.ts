import type { AccessToken } from '@granary/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../testing.ts';
import { createBrowser } from './test-browser.ts';

const password = 'a long sentence is a good password';
let test: TestApp;
let people = 0;

beforeAll(async () => {
  test = await createTestApp();
});
afterAll(() => test.close());

async function signUp() {
  people += 1;
  const browser = createBrowser(test);
  const email = `person${people}@example.org`;
  const reply = await browser.send<{ id: string }>('POST', '/api/v1/auth/sign-up', { email, password, displayName: `Person ${people}` });
  return { browser, email, id: reply.body.id, displayName: `Person ${people}` };
}

describe('my account', () => {
  it('200: changes name and languages, each alone', async () => {
    const { browser, email } = await signUp();
    expect(await browser.send('PATCH', '/api/v1/me', { displayName: 'Ährenleser' })).toMatchObject({
      status: 200,
      body: { displayName: 'Ährenleser', email },
    });
    expect(await browser.send('PATCH', '/api/v1/me', { languages: ['de'] })).toMatchObject({
      status: 200,
      body: { displayName: 'Ährenleser', languages: ['de'] },
    });
  });

  it('200: is named by the display name until somebody chooses otherwise', async () => {
    const { browser } = await signUp();
    expect(await browser.send('PATCH', '/api/v1/me', { languages: ['de'] })).toMatchObject({
      status: 200,
      body: { attribution: 'pseudonym' },
    });
    expect(await browser.send('PATCH', '/api/v1/me', { attribution: 'anonymous' })).toMatchObject({
      status: 200,
      body: { attribution: 'anonymous', languages: ['de'] },
    });
    expect(await browser.send('GET', '/api/v1/session')).toMatchObject({ body: { user: { attribution: 'anonymous' } } });
    expect(await browser.send('PATCH', '/api/v1/me', { attribution: 'hidden' })).toMatchObject({ status: 400 });
  });

  it('200: one may change the case of one’s own name; 409 for another’s', async () => {
    const { browser, displayName } = await signUp();
    const other = await signUp();
    expect(await browser.send('PATCH', '/api/v1/me', { displayName: displayName.toUpperCase() })).toMatchObject({ status: 200 });
    expect(await browser.send('PATCH', '/api/v1/me', { displayName: other.displayName.toLowerCase() })).toMatchObject({
      status: 409,
      body: { code: 'display_name_taken' },
    });
  });

  it('names the newest accepted terms of each dataset', async () => {
    const { browser, id } = await signUp();
    const dataset = await test.db.prisma.dataset.create({
      data: {
        slug: 'terms',
        title: 'Terms',
        description: '',
        licence: 'CC0-1.0',
        guidelines: '',
        terms: '',
        languages: ['en'],
        dimensions: [],
        policy: {},
      },
    });
    await test.db.prisma.termsAcceptance.createMany({
      data: [1, 3].map((termsVersion) => ({ userId: id, datasetId: dataset.id, termsVersion, licence: 'CC0-1.0' })),
    });
    const { body } = await browser.send('GET', '/api/v1/session');
    expect(body).toMatchObject({ user: { acceptedTerms: [{ datasetSlug: 'terms', termsVersion: 3 }] } });
  });
});

describe('change of password', () => {
  const change = { currentPassword: password, newPassword: 'another sentence, just as long' };

  it('204: ends other sessions and keeps this one and the access tokens', async () => {
    const { browser, email } = await signUp();
    const other = createBrowser(test);
    await other.send('POST', '/api/v1/auth/sign-in', { email, password });
    await browser.send('POST', '/api/v1/me/tokens', { name: 'kept', scopes: ['read'] });
    expect(await browser.send('POST', '/api/v1/me/password', change)).toMatchObject({ status: 204 });
    expect(await browser.send('GET', '/api/v1/me/tokens')).toMatchObject({ status: 200, body: { items: [{ name: 'kept' }] } });
    expect(await other.send('GET', '/api/v1/me/tokens')).toMatchObject({ status: 401, body: { code: 'session_revoked' } });
    expect(await other.send('POST', '/api/v1/auth/sign-in', { email, password })).toMatchObject({ status: 401 });
    expect(await other.send('POST', '/api/v1/auth/sign-in', { email, password: change.newPassword })).toMatchObject({ status: 200 });
  });

  it('204: ends the access tokens too when asked', async () => {
    const { browser, id } = await signUp();
    const stranger = await signUp();
    for (const each of [browser, stranger.browser]) await each.send('POST', '/api/v1/me/tokens', { name: 'script', scopes: ['read'] });
    expect(await browser.send('POST', '/api/v1/me/password', { ...change, endAccessTokens: true })).toMatchObject({ status: 204 });
    expect(await browser.send('GET', '/api/v1/me/tokens')).toMatchObject({ status: 200, body: { items: [] } });
    expect(await test.db.prisma.accessToken.count({ where: { userId: { in: [id, stranger.id] }, revokedAt: null } })).toBe(1);
  });

  it('400 for a new password that is easily guessed', async () => {
    const { browser, email } = await signUp();
    for (const newPassword of ['password12', email])
      expect(await browser.send('POST', '/api/v1/me/password', { ...change, newPassword })).toMatchObject({
        status: 400,
        body: { errors: [{ path: 'newPassword' }] },
      });
  });

  it('401 with a wrong password', async () => {
    const { browser } = await signUp();
    const reply = await browser.send('POST', '/api/v1/me/password', { ...change, currentPassword: 'wrong' });
    expect(reply).toMatchObject({ status: 401, body: { code: 'credentials_wrong' } });
  });

  it('keeps nothing of the request under an Idempotency-Key', async () => {
    const { browser, id } = await signUp();
    await browser.send('POST', '/api/v1/me/password', change, { 'idempotency-key': 'password-key-1' });
    expect(
      await browser.send('POST', '/api/v1/me/tokens', { name: 'one', scopes: ['read'] }, { 'idempotency-key': 'token-key-1' }),
    ).toMatchObject({ status: 201 });
    expect(await test.db.prisma.idempotencyKey.count({ where: { userId: id } })).toBe(0);
  });
});

describe('change of e-mail without SMTP', () => {
  it('200 changed at once', async () => {
    const { browser, id } = await signUp();
    const reply = await browser.send('POST', '/api/v1/me/email', { password, newEmail: 'New@Example.org' });
    expect(reply).toMatchObject({ status: 200, body: { status: 'changed' } });
    expect(await test.db.prisma.user.findUniqueOrThrow({ where: { id } })).toMatchObject({
      email: 'new@example.org',
      emailVerifiedAt: null,
    });
  });

  it('401 with a wrong password, 409 for an address in use', async () => {
    const { browser } = await signUp();
    const other = await signUp();
    expect(await browser.send('POST', '/api/v1/me/email', { password: 'wrong', newEmail: 'x@example.org' })).toMatchObject({
      status: 401,
      body: { code: 'credentials_wrong' },
    });
    expect(await browser.send('POST', '/api/v1/me/email', { password, newEmail: other.email.toUpperCase() })).toMatchObject({
      status: 409,
      body: { code: 'email_taken' },
    });
  });
});

describe('access tokens', () => {
  it('201: shows the token once and lets a program in, within its scopes', async () => {
    const admin = await test.signIn('admin');
    const made = await admin.send<{ token: string; accessToken: { id: string; prefix: string } }>('POST', '/api/v1/me/tokens', {
      name: ' script ',
      scopes: ['moderate', 'read'],
      expiresInDays: 30,
    });
    expect(made.status).toBe(201);
    const { token, accessToken } = made.body;
    expect(token).toMatch(/^grn_[\w-]{43}$/);
    expect(accessToken).toMatchObject({ name: 'script', prefix: token.slice(0, 10), scopes: ['moderate', 'read'], lastUsedAt: null });
    const listed = await admin.send('GET', '/api/v1/me/tokens');
    expect(listed.text).not.toContain(token.slice(10));
    const bearer = { authorization: `Bearer ${token}` };
    expect(await test.anonymous.send('GET', '/api/v1/users', undefined, bearer)).toMatchObject({ status: 200 });
    expect(await test.anonymous.send('GET', '/api/v1/password-resets', undefined, bearer)).toMatchObject({
      status: 403,
      body: { code: 'scope_missing' },
    });
    expect(await test.anonymous.send('GET', '/api/v1/me/tokens', undefined, bearer)).toMatchObject({
      status: 403,
      body: { code: 'scope_missing' },
    });
    const [used] = (await admin.send<{ items: { lastUsedAt: string | null }[] }>('GET', '/api/v1/me/tokens')).body.items;
    expect(used?.lastUsedAt).not.toBeNull();
    expect(await admin.send('DELETE', `/api/v1/me/tokens/${accessToken.id}`)).toMatchObject({ status: 204 });
    expect(await test.anonymous.send('GET', '/api/v1/users', undefined, bearer)).toMatchObject({
      status: 401,
      body: { code: 'token_invalid' },
    });
  });

  it('400: a scope beyond the role is refused by name', async () => {
    const user = await test.signIn('contributor');
    const reply = await user.send('POST', '/api/v1/me/tokens', { name: 'too much', scopes: ['read', 'admin'] });
    expect(reply).toMatchObject({ status: 400, body: { code: 'validation_failed', errors: [{ path: 'scopes' }] } });
  });

  it('401 once it has expired', async () => {
    const user = await test.signIn('moderator');
    const make = () => user.send<{ token: string }>('POST', '/api/v1/me/tokens', { name: 'old', scopes: ['moderate'], expiresInDays: 30 });
    const tokens = [(await make()).body.token];
    await test.db.prisma.accessToken.updateMany({ where: { userId: user.id }, data: { expiresAt: new Date(Date.now() - 1000) } });
    tokens.push((await make()).body.token);
    const replies = await Promise.all(
      tokens.map((token) => test.anonymous.send('GET', '/api/v1/users', undefined, { authorization: `Bearer ${token}` })),
    );
    expect(replies.map((reply) => reply.status)).toEqual([401, 200]);
  });

  it('expires after 90 days unless another time is chosen, and after a year at the latest', async () => {
    const user = await test.signIn();
    const make = (choice: object) =>
      user.send<{ accessToken: AccessToken }>('POST', '/api/v1/me/tokens', { name: 'life', scopes: ['read'], ...choice });
    const daysOf = ({ createdAt, expiresAt }: AccessToken) => (Date.parse(expiresAt) - Date.parse(createdAt)) / 86_400_000;
    expect(daysOf((await make({})).body.accessToken)).toBe(90);
    expect(daysOf((await make({ expiresInDays: 365 })).body.accessToken)).toBe(365);
    for (const expiresInDays of [366, 0, null])
      expect(await make({ expiresInDays })).toMatchObject({ status: 400, body: { errors: [{ path: 'expiresInDays' }] } });
  });

  it('403 password_required in a session older than ten minutes, until the password comes along', async () => {
    const { browser, id } = await signUp();
    const make = (more: object = {}) => browser.send('POST', '/api/v1/me/tokens', { name: 'late', scopes: ['read'], ...more });
    await test.db.prisma.session.updateMany({ where: { userId: id }, data: { createdAt: new Date(Date.now() - 9 * 60_000) } });
    expect(await make()).toMatchObject({ status: 201 });
    await test.db.prisma.session.updateMany({ where: { userId: id }, data: { createdAt: new Date(Date.now() - 11 * 60_000) } });
    expect(await make()).toMatchObject({ status: 403, body: { code: 'password_required' } });
    expect(await make({ password: 'wrong' })).toMatchObject({ status: 401, body: { code: 'credentials_wrong' } });
    expect(await make({ password })).toMatchObject({ status: 201 });
    expect(await test.db.prisma.accessToken.count({ where: { userId: id } })).toBe(2);
  });

  it('404: nobody revokes another’s token', async () => {
    const [one, other] = [await test.signIn(), await test.signIn()];
    const made = await one.send<{ accessToken: { id: string } }>('POST', '/api/v1/me/tokens', { name: 'mine', scopes: ['read'] });
    const { accessToken } = made.body;
    expect(await other.send('DELETE', `/api/v1/me/tokens/${accessToken.id}`)).toMatchObject({ status: 404 });
  });
});
