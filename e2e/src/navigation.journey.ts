import type { Page } from '@playwright/test';
import { expect, inPage, test } from './journey.ts';

const scrolled = (page: Page) =>
  inPage(
    page,
    'how far it is scrolled',
    page.evaluate(() => Math.round(window.scrollY)),
  );

test('from page to page: title, focus and place are where a browser would leave them', async ({ visitor, dataset }) => {
  const slug = await dataset('Going about');
  const page = await visitor();
  await page.goto(`/datasets/${slug}`);
  await page.getByRole('link', { name: 'Write', exact: true }).last().scrollIntoViewIfNeeded();
  await page.evaluate(() => window.scrollTo(0, 300));
  await expect.poll(() => scrolled(page)).toBe(300);
  const place = 300;

  await page.getByRole('link', { name: 'Browse', exact: true }).first().press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await expect(page).toHaveTitle(/Granary$/);
  await expect.poll(() => scrolled(page)).toBe(0);
  await page.goBack();
  await expect(page).toHaveURL(`/datasets/${slug}`);
  await expect.poll(() => scrolled(page)).toBe(place);
  await page.reload();
  await expect.poll(() => scrolled(page)).toBe(place);

  // An address that changes in its place leaves the page where it is.
  await page.setViewportSize({ width: 1280, height: 300 });
  await page.goto(`/datasets/${slug}/open-instructions`);
  await page.evaluate(() => window.scrollTo(0, 80));
  await page.getByLabel('Category').selectOption('open_qa');
  await expect(page).toHaveURL(/category=open_qa/);
  expect(await scrolled(page)).toBe(80);
});

test('a page whose file does not come leaves the way to the others open, and can be asked for again', async ({ visitor }) => {
  const page = await visitor();
  await page.goto('/browse');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.route('**/assets/*.js', (route) => route.abort());
  await page.getByRole('link', { name: 'Contribute', exact: true }).first().click();
  await expect(page.getByRole('button', { name: 'Reload' })).toBeVisible();
  await page.unroute('**/assets/*.js');
  await page.getByRole('link', { name: 'Browse', exact: true }).first().click();
  await expect(page.getByRole('searchbox')).toBeVisible();
  await page.getByRole('link', { name: 'Contribute', exact: true }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'What would you like to write?' })).toBeVisible();
});
