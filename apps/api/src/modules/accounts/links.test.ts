import { emptyTables } from '@granary/db/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../testing.ts';
import { waitFor } from '../../testing-wait.ts';
import { createServices } from '../../services.ts';
import { createBrowser } from './test-browser.ts';

const password = 'a long sentence is a good password';
const publicUrl = 'https://granary.example';
let now = Date.now();
let test: TestApp;
const apps = new Map<string, TestApp>();

afterAll(async () => {
  for (const app of apps.values()) await app.close();
});

/** An application without users: two take turns, with and without SMTP. */
async function start({ mail }: { mail: boolean }) {
  const key = mail ? 'mail' : 'no mail';
  test = apps.get(key) ?? (await createTestApp({ mail, env: { PUBLIC_URL: publicUrl }, clock: () => new Date(now) }));
  apps.set(key, test);
  test.mails.length = 0;
  await emptyTables(test.db, ['users', 'one_time_links', 'events']);
}
/** Mails are sent after the answer. */
async function mailsSent(count: number): Promise<void> {
  await waitFor(`mail ${count}`, { look: () => test.mails.length, isDone: (sent) => sent >= count });
  expect(test.mails).toHaveLength(count);
}
const person = { email: 'ada@example.org', password, displayName: 'Ada' };
const tokenIn = (text: string) => /token=([\w-]+)/.exec(text)?.[1] ?? 'no token found in the text';

describe('setup', () => {
  const admin = { email: 'first@example.org', password, displayName: 'First' };
  const link = async () => tokenIn((await createServices(test.deps).accounts.createSetupLink(publicUrl)) ?? '');

  it('201: the newest link makes the first admin, once', async () => {
    await start({ mail: false });
    const old = await link();
    const url = await createServices(test.deps).accounts.createSetupLink(publicUrl);
    expect(url).toMatch(/^https:\/\/granary\.example\/setup#token=[\w-]{43}$/);
    expect(await test.anonymous.send('POST', '/api/v1/setup', { ...admin, token: old })).toMatchObject({
      status: 410,
      body: { code: 'link_invalid' },
    });
    const browser = createBrowser(test);
    expect(await browser.send('GET', '/api/v1/session')).toMatchObject({ body: { setupNeeded: true } });
    expect(await browser.send('POST', '/api/v1/setup', { ...admin, token: tokenIn(url ?? '') })).toMatchObject({
      status: 201,
      body: { role: 'admin' },
    });
    expect(await browser.send('GET', '/api/v1/session')).toMatchObject({ body: { setupNeeded: false, user: { role: 'admin' } } });
    const again = { ...admin, email: 'second@example.org', displayName: 'Second', token: tokenIn(url ?? '') };
    expect(await test.anonymous.send('POST', '/api/v1/setup', again)).toMatchObject({ status: 409, body: { code: 'setup_done' } });
    expect(await createServices(test.deps).accounts.createSetupLink(publicUrl)).toBeNull();
  });

  it('of several at once, one becomes the admin', async () => {
    await start({ mail: false });
    const token = await link();
    const replies = await Promise.all(
      [1, 2, 3, 4].map((n) =>
        test.anonymous.send('POST', '/api/v1/setup', { email: `a${n}@example.org`, password, displayName: `Admin ${n}`, token }),
      ),
    );
    expect(replies.map((reply) => reply.status).sort()).toEqual([201, 409, 409, 409]);
    expect(await test.db.prisma.user.count({ where: { role: 'admin' } })).toBe(1);
  });

  it('409: the link is not used up by a name that is taken', async () => {
    await start({ mail: false });
    await test.anonymous.send('POST', '/api/v1/auth/sign-up', person);
    const token = await link();
    expect(await test.anonymous.send('POST', '/api/v1/setup', { ...admin, displayName: 'ADA', token })).toMatchObject({
      status: 409,
      body: { code: 'display_name_taken' },
    });
    expect(await test.anonymous.send('POST', '/api/v1/setup', { ...admin, token })).toMatchObject({ status: 201 });
  });
});

describe('password reset by e-mail', () => {
  it('sends a link that works once, ends every session and access token, and signs in', async () => {
    await start({ mail: true });
    const browser = createBrowser(test);
    await browser.send('POST', '/api/v1/auth/sign-up', person);
    const { body } = await browser.send<{ token: string }>('POST', '/api/v1/me/tokens', { name: 'script', scopes: ['read'] });
    await mailsSent(1);
    test.mails.length = 0;
    expect(await test.anonymous.send('POST', '/api/v1/auth/password-reset', { email: 'ADA@example.org' })).toMatchObject({
      status: 202,
      body: { delivery: 'email' },
    });
    await mailsSent(1);
    const [mail] = test.mails;
    expect(mail).toMatchObject({ to: person.email });
    expect(mail?.text).toContain('Hello Ada');
    expect(mail?.text).toContain(`${publicUrl}/reset-password#token=`);
    const complete = { token: tokenIn(mail?.text ?? ''), newPassword: 'a new sentence, long enough' };
    const fresh = createBrowser(test);
    expect(await fresh.send('POST', '/api/v1/auth/password-reset/complete', complete)).toMatchObject({
      status: 200,
      body: { email: person.email },
    });
    expect(await fresh.send('GET', '/api/v1/me/sessions')).toMatchObject({ status: 200, body: { items: [{ current: true }] } });
    expect(await browser.send('GET', '/api/v1/me/sessions')).toMatchObject({ status: 401, body: { code: 'session_revoked' } });
    const bearer = { authorization: `Bearer ${body.token}` };
    expect(await test.anonymous.send('GET', '/api/v1/session', undefined, bearer)).toMatchObject({
      status: 401,
      body: { code: 'token_invalid' },
    });
    expect(await test.anonymous.send('POST', '/api/v1/auth/password-reset/complete', complete)).toMatchObject({
      status: 410,
      body: { code: 'link_invalid' },
    });
    expect(
      await test.anonymous.send('POST', '/api/v1/auth/sign-in', { email: person.email, password: complete.newPassword }),
    ).toMatchObject({ status: 200 });
  });

  it('answers the same for an unknown address and sends nothing', async () => {
    await start({ mail: true });
    expect(await test.anonymous.send('POST', '/api/v1/auth/password-reset', { email: 'nobody@example.org' })).toMatchObject({
      status: 202,
      body: { delivery: 'email' },
    });
    // What the route leaves to the background, awaited.
    await (
      await createServices(test.deps).accounts.passwordResets.request('nobody@example.org', publicUrl)
    ).mailing;
    expect(test.mails).toEqual([]);
  });

  it('410 after a day', async () => {
    await start({ mail: true });
    await createServices(test.deps).accounts.createAccount(person);
    await test.anonymous.send('POST', '/api/v1/auth/password-reset', { email: person.email });
    await mailsSent(1);
    now += 24 * 3_600_000 + 1;
    const complete = { token: tokenIn(test.mails[0]?.text ?? ''), newPassword: 'a new sentence, long enough' };
    expect(await test.anonymous.send('POST', '/api/v1/auth/password-reset/complete', complete)).toMatchObject({
      status: 410,
      body: { code: 'link_invalid' },
    });
  });

  it('403 for a suspended account, whose link is not used up', async () => {
    await start({ mail: true });
    const id = await createServices(test.deps).accounts.createAccount(person);
    await test.anonymous.send('POST', '/api/v1/auth/password-reset', { email: person.email });
    await mailsSent(1);
    const complete = { token: tokenIn(test.mails[0]?.text ?? ''), newPassword: 'a new sentence, long enough' };
    await test.db.prisma.user.update({ where: { id }, data: { status: 'suspended' } });
    expect(await test.anonymous.send('POST', '/api/v1/auth/password-reset/complete', complete)).toMatchObject({
      status: 403,
      body: { code: 'account_suspended' },
    });
    await test.db.prisma.user.update({ where: { id }, data: { status: 'active' } });
    expect(await test.anonymous.send('POST', '/api/v1/auth/password-reset/complete', complete)).toMatchObject({ status: 200 });
  });
});

describe('password reset by the admin', () => {
  it('the request waits, once, for an admin, who makes the link; a newer link replaces it', async () => {
    await start({ mail: false });
    await createServices(test.deps).accounts.createAccount(person);
    const ask = (email: string) => test.anonymous.send('POST', '/api/v1/auth/password-reset', { email });
    for (const email of [person.email, person.email, 'nobody@example.org'])
      expect(await ask(email)).toMatchObject({ status: 202, body: { delivery: 'admin' } });
    const admin = await test.signIn('admin');
    const list = async () =>
      (await admin.send<{ items: { id: string; linkIssuedAt: string | null }[] }>('GET', '/api/v1/password-resets')).body.items;
    const [request, ...others] = await list();
    expect(others).toEqual([]);
    expect(request).toMatchObject({ email: person.email, displayName: 'Ada', linkIssuedAt: null });
    const issue = async () => {
      const reply = await admin.send<{ url: string }>('POST', `/api/v1/password-resets/${request?.id}/link`, undefined, {
        'idempotency-key': 'same-key-every-time',
      });
      expect(reply.status).toBe(201);
      return tokenIn(reply.body.url);
    };
    const [first, second] = [await issue(), await issue()];
    expect((await list())[0]?.linkIssuedAt).toBe(new Date(now).toISOString());
    const complete = (token: string) =>
      test.anonymous.send('POST', '/api/v1/auth/password-reset/complete', { token, newPassword: 'a new sentence, long enough' });
    expect(await complete(first)).toMatchObject({ status: 410 });
    expect(await complete(second)).toMatchObject({ status: 200, body: { email: person.email } });
    expect(await list()).toEqual([]);
    expect(await admin.send('POST', `/api/v1/password-resets/${request?.id}/link`)).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    });
  });

  it('pages through the requests, oldest first', async () => {
    await start({ mail: false });
    const { accounts } = createServices(test.deps);
    for (let n = 0; n < 5; n += 1) {
      now += 1000;
      await accounts.createAccount({ email: `p${n}@example.org`, password, displayName: `P ${n}` });
      await test.anonymous.send('POST', '/api/v1/auth/password-reset', { email: `p${n}@example.org` });
    }
    const admin = await test.signIn('admin');
    type Page = { items: { email: string }[]; nextCursor: string | null };
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const reply: { body: Page } = await admin.send<Page>(
        'GET',
        `/api/v1/password-resets?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`,
      );
      const page = reply.body;
      seen.push(...page.items.map((item) => item.email));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual([0, 1, 2, 3, 4].map((n) => `p${n}@example.org`));
    expect(await admin.send('GET', '/api/v1/password-resets?cursor=bm9uc2Vuc2U')).toMatchObject({
      status: 400,
      body: { code: 'cursor_invalid' },
    });
  });
});

describe('e-mail addresses with SMTP', () => {
  it('sign-up asks to confirm the address', async () => {
    await start({ mail: true });
    const browser = createBrowser(test);
    expect(await browser.send('POST', '/api/v1/auth/sign-up', person)).toMatchObject({ body: { emailVerified: false } });
    await mailsSent(1);
    expect(test.mails[0]).toMatchObject({ to: person.email });
    expect(await test.anonymous.send('POST', '/api/v1/auth/confirm-email', { token: tokenIn(test.mails[0]?.text ?? '') })).toMatchObject({
      status: 200,
      body: { email: person.email },
    });
    expect(await browser.send('GET', '/api/v1/session')).toMatchObject({ body: { user: { emailVerified: true } } });
    expect(test.mails).toHaveLength(1);
  });

  it('a change waits for the new address, tells the old one, and works once', async () => {
    await start({ mail: true });
    const browser = createBrowser(test);
    await browser.send('POST', '/api/v1/auth/sign-up', person);
    await mailsSent(1);
    test.mails.length = 0;
    expect(await browser.send('POST', '/api/v1/me/email', { password, newEmail: 'ada@new.example' })).toMatchObject({
      status: 200,
      body: { status: 'confirmation_sent' },
    });
    expect(await browser.send('GET', '/api/v1/session')).toMatchObject({ body: { user: { email: person.email } } });
    expect(test.mails[0]).toMatchObject({ to: 'ada@new.example' });
    expect(test.mails[0]?.text).toContain(`${publicUrl}/confirm-email#token=`);
    const confirm = () => test.anonymous.send('POST', '/api/v1/auth/confirm-email', { token: tokenIn(test.mails[0]?.text ?? '') });
    expect(await confirm()).toMatchObject({ status: 200, body: { email: 'ada@new.example' } });
    expect(await browser.send('GET', '/api/v1/session')).toMatchObject({
      body: { user: { email: 'ada@new.example', emailVerified: true } },
    });
    await mailsSent(2);
    expect(test.mails[1]).toMatchObject({ to: person.email });
    expect(await confirm()).toMatchObject({ status: 410, body: { code: 'link_invalid' } });
  });

  it('409 when somebody took the address in the meantime', async () => {
    await start({ mail: true });
    const browser = createBrowser(test);
    await browser.send('POST', '/api/v1/auth/sign-up', person);
    await mailsSent(1);
    await browser.send('POST', '/api/v1/me/email', { password, newEmail: 'wanted@example.org' });
    await createServices(test.deps).accounts.createAccount({ email: 'wanted@example.org', password, displayName: 'Faster' });
    const token = tokenIn(test.mails.find((mail) => mail.to === 'wanted@example.org')?.text ?? '');
    expect(await test.anonymous.send('POST', '/api/v1/auth/confirm-email', { token })).toMatchObject({
      status: 409,
      body: { code: 'email_taken' },
    });
  });
});
