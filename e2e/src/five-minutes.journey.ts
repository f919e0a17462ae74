import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { Browser, Page } from '@playwright/test';
import { createTestDatabase, findPostgres } from '@granary/db/testing';
import { realPair, send } from './community.ts';
import { startServer } from './granary-server.ts';
import { downloaded, expect, expectAccessible, test, within } from './journey.ts';
import { followTrail } from './trail.ts';

const password = 'a long sentence is a good password';
const pair = realPair(0);

/** What somebody who has never seen Granary does in their first five minutes, all of it in the browser. */
async function firstFiveMinutes(browser: Browser, url: string, setupLink: string): Promise<void> {
  const open = async (): Promise<Page> => {
    const context = await browser.newContext({ baseURL: url });
    followTrail(context);
    return context.newPage();
  };

  await test.step('the one-time link makes the admin', async () => {
    const admin = await open();
    await admin.goto(setupLink);
    await admin.getByLabel('E-mail').fill('admin@example.org');
    await admin.getByLabel('Password').fill(password);
    await admin.getByLabel('Display name').fill('The admin');
    await admin.getByRole('button', { name: 'Become the admin' }).click();
    await expect(admin.getByRole('heading', { level: 1, name: 'Administration' })).toBeVisible();
    // Among friends one review may decide, and nobody is examined: the admin says so.
    const policy = { kind: 'fixed', approvals: 1, rejections: 1, changeRequests: 1, maxReviews: 5, openReview: true, floor: 'none' };
    const { headers } = await admin.request.get('/api/v1/datasets/granary-open').then((reply) => ({ headers: reply.headers() }));
    const changed = await admin.request.patch('/api/v1/datasets/granary-open', {
      data: { policy },
      headers: { 'if-match': headers['etag'] ?? '' },
    });
    expect(changed.ok(), await changed.text()).toBe(true);
    await admin.context().close();
  });

  await test.step('a volunteer signs up and contributes', async () => {
    const page = await open();
    await page.goto('/');
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Write a pair' }).click();
    await page.getByRole('link', { name: /^Open question/ }).click();
    await page.getByRole('textbox', { name: 'Instruction' }).fill(pair.instruction);
    await page.getByRole('textbox', { name: 'Response' }).fill(pair.response);
    await page.getByRole('button', { name: 'Sign in to hand in' }).click();
    await page.getByRole('link', { name: 'No account yet? Join' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Join' })).toBeVisible();
    await page.getByLabel('E-mail').fill('writer@example.org');
    await page.getByLabel('Password').fill(password);
    await page.getByLabel('Display name').fill('Wheatear');
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByRole('button', { name: 'Hand in' }).click();
    await page.getByRole('checkbox', { name: /I agree to these terms/ }).check();
    await page.getByRole('button', { name: 'Agree and hand in' }).click();
    await expect(page.getByRole('heading', { name: 'Handed in. Thank you!' })).toBeVisible();
    await page.context().close();
  });

  await test.step('a second volunteer reviews it, from the keyboard', async () => {
    const page = await open();
    await page.goto('/sign-up?next=/review');
    await page.getByLabel('E-mail').fill('reader@example.org');
    await page.getByLabel('Password').fill(password);
    await page.getByLabel('Display name').fill('Reader');
    await page.getByRole('button', { name: 'Join' }).click();
    await expect(page.getByRole('region', { name: 'Instruction' })).toContainText(pair.instruction);
    for (const key of ['5', '4', '5', 'a']) await page.keyboard.press(key);
    await expect(page.getByRole('heading', { name: 'Nothing waits for you' })).toBeVisible();
    await page.context().close();
  });

  await test.step('the admin publishes, and everyone downloads', async () => {
    const admin = await open();
    await admin.goto('/sign-in?next=/admin');
    await admin.getByLabel('E-mail').fill('admin@example.org');
    await admin.getByLabel('Password').fill(password);
    await admin.getByRole('button', { name: 'Sign in' }).click();
    await admin
      .getByRole('link', { name: /^Publish/ })
      .first()
      .click();
    await expect(admin.getByRole('region', { name: 'Size of the selection' }).getByRole('status')).toHaveText('1pair');
    await expectAccessible(admin);
    await admin.getByRole('button', { name: 'Publish' }).click();
    await admin.getByRole('button', { name: 'Publish snapshot' }).click();
    await expect(admin).toHaveURL('/datasets/granary-open/snapshots/1');
    await expect(admin.getByRole('region', { name: 'Files' })).toBeVisible();

    const visitor = await open();
    await visitor.goto('/datasets/granary-open');
    await visitor.getByRole('link', { name: 'Snapshot 1' }).first().click();
    await expect(visitor.getByRole('heading', { level: 1, name: 'Snapshot 1' })).toBeVisible();
    await expectAccessible(visitor);
    const shown = (await visitor.getByRole('listitem').filter({ hasText: 'dolly.jsonl.gz' }).locator('code').innerText()).trim();
    const downloading = visitor.waitForEvent('download');
    await visitor.getByRole('link', { name: 'dolly.jsonl.gz' }).click();
    const bytes = await downloaded(await downloading);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(shown);
    const rows = gunzipSync(bytes)
      .toString('utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(rows).toEqual([{ instruction: pair.instruction, context: '', response: pair.response, category: 'open_qa' }]);
    const { items } = await send<{ items: { latestSnapshot: number }[] }>(visitor.context(), 'GET', '/api/v1/datasets');
    expect(items[0]?.latestSnapshot).toBe(1);
    await Promise.all([admin.context().close(), visitor.context().close()]);
  });
}

test('sign up, contribute, review, publish, download: on the embedded database', async ({ browser }) => {
  const server = await startServer();
  try {
    await firstFiveMinutes(browser, server.url, server.setupLink);
  } finally {
    await server.stop();
  }
});

test('sign up, contribute, review, publish, download: on PostgreSQL', async ({ browser }) => {
  test.skip((await within('an answer of PostgreSQL', findPostgres())) === undefined, 'No PostgreSQL answers');
  // Empty: the server migrates it.
  const database = await within('an empty database', createTestDatabase({ kind: 'postgres', migrations: [] }));
  const server = await startServer({ DATABASE_URL: database.url ?? '' });
  try {
    await firstFiveMinutes(browser, server.url, server.setupLink);
  } finally {
    await server.stop();
    await within('the database to close', database.close());
  }
});
