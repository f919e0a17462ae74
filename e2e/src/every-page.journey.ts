import type { Page } from '@playwright/test';
import { approvedPair, handIn, realPair, send } from './community.ts';
import { expect, expectAccessible, expectNoSidewaysScroll, settled, test } from './journey.ts';

type Check = { name: string; path: string };

const looks = [
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 360 },
] as const;

/** Opens a page in both themes, wide and narrow: no violation, nothing sticks out, and its heading is there. */
async function checkEverywhere(page: Page, { name, path }: Check): Promise<void> {
  await test.step(name, async () => {
    await page.goto(path);
    for (const { colorScheme, width } of looks) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await settled(page);
      await expect(page.getByRole('heading', { level: 1 }).first(), `${name} has a heading`).toBeVisible();
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
    }
  });
}

test('every public page and every page of a volunteer is accessible, in both themes, down to 360 pixels', async ({
  visitor,
  person,
  dataset,
  adminPage,
}) => {
  test.setTimeout(600_000);
  const slug = await dataset('Every page');
  const [author, reviewer] = [await person('Author'), await person('Reviewer')];
  const { responseId, instructionId } = await approvedPair(author, reviewer, slug, realPair(0));
  const { id: authorId } = await send<{ id: string }>(author.context, 'PATCH', '/api/v1/me', { languages: ['en'] });
  const admin = (await adminPage()).context();
  await send(admin, 'POST', `/api/v1/datasets/${slug}/snapshots`, { selection: {}, notes: 'For every page.' });
  await expect
    .poll(async () => (await send<{ status: string }>(admin, 'GET', `/api/v1/datasets/${slug}/snapshots/1`)).status, { timeout: 30_000 })
    .toBe('published');
  await approvedPair(author, reviewer, slug, realPair(2));
  await send(admin, 'POST', `/api/v1/datasets/${slug}/snapshots`, { selection: {}, notes: 'One more.' });
  await expect
    .poll(async () => (await send<{ status: string }>(admin, 'GET', `/api/v1/datasets/${slug}/snapshots/2`)).status, { timeout: 30_000 })
    .toBe('published');
  await handIn(author, slug, realPair(1));

  const stranger = await visitor();
  for (const [name, path] of [
    ['landing page', '/'],
    ['browse', `/browse?dataset=${slug}`],
    ['entry', `/entries/${responseId}`],
    ['instruction', `/entries/${instructionId}`],
    ['contributor', `/contributors/${authorId}`],
    ['datasets', '/datasets'],
    ['dataset', `/datasets/${slug}`],
    ['terms', `/datasets/${slug}/terms`],
    ['agreement', `/datasets/${slug}/agreement`],
    ['snapshots', `/datasets/${slug}/snapshots`],
    ['snapshot', `/datasets/${slug}/snapshots/1`],
    ['rows', `/datasets/${slug}/snapshots/1/rows`],
    ['sample of rows', `/datasets/${slug}/snapshots/1/rows?seed=1`],
    ['no such rows', `/datasets/${slug}/snapshots/1/rows?q=zzzunheardof`],
    ['row', `/datasets/${slug}/snapshots/1/rows/${responseId}`],
    ['find a row', '/find-row'],
    ['formats', `/datasets/${slug}/snapshots/1/formats`],
    ['formats with options', `/datasets/${slug}/snapshots/1/formats?format=kshot&k=1`],
    ['first snapshot compared', `/datasets/${slug}/snapshots/1/changes`],
    ['changes', `/datasets/${slug}/snapshots/2/changes`],
    ['contribute', '/contribute'],
    ['write', `/datasets/${slug}/contribute?category=open_qa`],
    ['open instructions', `/datasets/${slug}/open-instructions`],
    ['sign in', '/sign-in'],
    ['sign up', '/sign-up'],
    ['forgotten password', '/forgot-password'],
    ['not found', '/no/such/page'],
    ['sign in first', '/my/contributions'],
  ] as const)
    await checkEverywhere(stranger, { name, path });

  for (const [name, path] of [
    ['respond', `/entries/${instructionId}/respond`],
    ['follow up', `/entries/${responseId}/follow-up`],
    ['edit', `/entries/${responseId}/edit`],
    ['my contributions', '/my/contributions'],
    ['my drafts', '/my/drafts'],
    ['account', '/account'],
    ['not for everyone', '/admin'],
  ] as const)
    await checkEverywhere(author.page, { name, path });
  for (const [name, path] of [
    ['review desk', `/review?dataset=${slug}`],
    ['compare', '/compare'],
    ['my reviews', '/my/reviews'],
  ] as const)
    await checkEverywhere(reviewer.page, { name, path });
});

test('every page of moderators and admins is accessible, in both themes, down to 360 pixels', async ({ person, dataset, adminPage }) => {
  test.setTimeout(600_000);
  const slug = await dataset('Behind the doors');
  const [author, reviewer] = [await person('Author'), await person('Reviewer')];
  const { responseId } = await approvedPair(author, reviewer, slug, realPair(0));
  await send(reviewer.context, 'POST', `/api/v1/entries/${responseId}/flags`, { reason: 'copied', note: 'I have read this before.' });
  const { id: authorId } = await send<{ id: string }>(author.context, 'PATCH', '/api/v1/me', { languages: ['en'] });
  await send(author.context, 'POST', '/api/v1/auth/password-reset', { email: author.email });
  const page = await adminPage();
  for (const [name, path] of [
    ['moderate', '/moderate'],
    ['disagreements', '/moderate?view=escalated'],
    ['calibration', '/moderate/calibration'],
    ['appeals', '/moderate?view=appealed'],
    ['users', '/moderate/users'],
    ['user', `/moderate/users/${authorId}`],
    ['event log', '/moderate/events'],
    ['entry for moderators', `/entries/${responseId}`],
    ['administration', '/admin'],
    ['password resets', '/admin/password-resets'],
    ['publish', `/admin/datasets/${slug}/publish`],
    ['publish by itself', `/admin/datasets/${slug}/publishing`],
    ['imports', `/admin/datasets/${slug}/imports`],
    ['new dataset', '/admin/datasets/new'],
    ['edit a dataset', `/admin/datasets/${slug}`],
  ] as const)
    await checkEverywhere(page, { name, path });
});

test('the page speaks German, and reads from right to left without breaking', async ({ visitor }) => {
  const page = await visitor();
  await page.goto('/');
  await page.getByRole('button', { name: 'Theme and language' }).click();
  await page.getByRole('menuitemradio', { name: 'Deutsch' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Schreib die Beispiele, aus denen Maschinen lernen' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  for (const path of ['/', '/browse', '/contribute', '/datasets']) {
    await page.setViewportSize({ width: 360, height: 800 });
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'));
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  }
});
