import type { Page } from '@playwright/test';
import { approvedPair, handIn, realPair } from './community.ts';
import { expect, expectAccessible, inPage, test } from './journey.ts';

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

  // Not by a real press, which would scroll the link into sight first.
  await page.getByRole('link', { name: 'Browse', exact: true }).first().dispatchEvent('click');
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

test('without a network a reload shows the page, and the words are there when it is back', async ({ openContext, dataset }) => {
  const slug = await dataset('Tunnel');
  const { instruction } = realPair(1);
  const context = await openContext({ serviceWorkers: 'allow' });
  const page = await context.newPage();
  await page.goto(`/datasets/${slug}/contribute?category=open_qa`);
  await page.getByRole('textbox', { name: 'Instruction' }).fill(instruction);
  await inPage(
    page,
    'the service worker',
    page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      if (navigator.serviceWorker.controller === null)
        await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }));
    }),
  );
  await context.setOffline(true);
  await page.reload();
  await expect(page.getByText('You are offline.')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Granary, home page' })).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByRole('textbox', { name: 'Instruction' })).toHaveValue(instruction);
});

test('on a desk nothing of the task is under the bar, and nobody scrolls to decide', async ({ person, dataset, community }) => {
  const slug = await dataset('In sight');
  const pair = realPair(0);
  const long = { instruction: `${pair.instruction} ${'And why is that so? '.repeat(60)}`, response: `${pair.response}\n\n`.repeat(12) };
  for (const each of [pair, long, realPair(1), realPair(2)]) await handIn(community.author, slug, each);
  const { page } = await person('Onlooker');
  for (const [width, height] of [
    [1280, 800],
    [390, 844],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.goto(`/review?dataset=${slug}`);
    const approve = page.getByRole('button', { name: 'Approve' });
    await expect(approve).toBeInViewport({ ratio: 1 });
    const head = await page.getByRole('heading', { level: 2 }).first().boundingBox();
    const main = await page.getByRole('main').boundingBox();
    expect((head?.y ?? 999) - (main?.y ?? 0), `head of the page at ${width} px`).toBeLessThan(120);
    await page.keyboard.press('s');
    await expect(approve).toBeInViewport({ ratio: 1 });
  }
});

test('the palette finds pages, datasets and pairs; an Enter that ends a composition does nothing', async ({
  person,
  dataset,
  community,
}) => {
  const slug = await dataset('Findable rye');
  const finder = await person('Finder');
  const { page } = finder;
  // Other journeys hand in the same pairs.
  const pair = { ...realPair(6), instruction: `Which crossword puzzles does the palette of ${slug} find?` };
  const { instructionId, responseId } = await approvedPair(community.author, finder, slug, pair);
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1, name: /^Welcome back/ })).toBeVisible();
  await page.keyboard.press('Control+k');
  const words = page.getByRole('combobox');
  await words.fill('findable');
  await expect(page.getByRole('option', { name: /^Findable rye/ })).toBeVisible();
  await words.fill('contributions');
  await expect(page.getByRole('option', { name: 'My contributions' })).toBeVisible();
  await words.fill(pair.instruction);
  await expect(page.getByRole('option', { name: pair.instruction.slice(0, 40) })).toBeVisible();
  await expectAccessible(page);

  const composing = { key: 'Enter', isComposing: true, bubbles: true, cancelable: true };
  await words.dispatchEvent('keydown', composing);
  await words.dispatchEvent('keydown', { ...composing, isComposing: false, keyCode: 229 });
  await expect(words).toBeVisible();
  expect(new URL(page.url()).pathname).toBe('/');
  await words.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/entries/(${instructionId}|${responseId})`));
});
