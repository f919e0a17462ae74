import { approvedPair, realPair, realPairs } from './community.ts';
import { expect, expectAccessible, expectNoSidewaysScroll, test } from './journey.ts';

test('anyone finds a pair by its words and by filters, all of it in the address', async ({ visitor, person, dataset, community }) => {
  const slug = await dataset('Browsing');
  const author = await person('Author');
  for (const pair of realPairs.slice(0, 3)) await approvedPair(author, community.reviewer, slug, pair);
  const wanted = realPair(0);
  const word = wanted.response.split(/\W+/).toSorted((one, other) => other.length - one.length)[0] ?? '';

  const page = await visitor();
  await page.goto(`/browse?dataset=${slug}`);
  const rows = page.getByRole('list', { name: 'Pairs' }).getByRole('listitem');
  await expect(rows).toHaveCount(3);
  await page.keyboard.press('/');
  await page.keyboard.type(word);
  await expect(page).toHaveURL(new RegExp(`q=${word}`));
  await expect(rows).toHaveCount(1);
  await expectAccessible(page);

  // The address alone brings the same list back.
  await page.goto(page.url());
  await expect(rows).toHaveCount(1);
  await expect(page.getByRole('searchbox')).toHaveValue(word);
  await page.getByRole('button', { name: 'Clear all' }).click();
  await page.getByLabel('Dataset').selectOption('Browsing');
  await page.getByLabel('Category').selectOption('Summarization');
  await expect(page.getByRole('heading', { name: 'Nothing matches' })).toBeVisible();
  await page.getByLabel('Category').selectOption('Open question');
  await expect(rows).toHaveCount(3);
  await page.getByLabel('To day').fill('2020-01-01');
  await expect(page.getByRole('heading', { name: 'Nothing matches' })).toBeVisible();
  await page.getByLabel('To day').fill('');
  await expect(page.getByText('3 pairs', { exact: true })).toBeVisible();
  await page.getByLabel('Sort by').selectOption('Most compared');
  await expect(page).toHaveURL(/sort=comparisons/);
  await expect(page.getByRole('heading', { name: 'No compared responses' })).toBeVisible();
  await page.getByLabel('Sort by').selectOption('Newest');

  await rows.getByRole('link', { name: wanted.instruction }).click();
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await expect(page.getByText(wanted.response.slice(0, 40))).toBeVisible();
  await expect(page.getByText('CC-BY-4.0')).toBeVisible();

  // One key shows the texts as they are stored, blanks and all.
  await page.keyboard.press('v');
  await expect(page.getByRole('button', { name: 'Source', pressed: true })).toBeVisible();
  await expect(page.locator('[data-mark="·"]').first()).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('v');
  await expect(page.locator('[data-mark]')).toHaveCount(0);

  await page.getByRole('complementary').getByRole('link', { name: author.displayName }).click();
  await expect(page.getByRole('heading', { level: 1, name: author.displayName })).toBeVisible();
  await expect(page.getByRole('list', { name: 'Pairs' }).getByRole('listitem')).toHaveCount(3);
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
});

test('a search that is not found, an entry that is not there and a page that does not exist say what to do', async ({ visitor }) => {
  const page = await visitor();
  await page.goto('/browse?q=zzzzqqqq');
  await expect(page.getByRole('heading', { name: 'Nothing matches' })).toBeVisible();
  for (const nothing of [
    '/entries/01980000-0000-7000-8000-000000000000',
    '/entries/nonsense',
    '/contributors/nonsense',
    '/datasets/no-such',
    '/datasets/granary-open/snapshots/zero',
  ]) {
    await page.goto(nothing);
    await expect(page.getByRole('heading', { level: 1, name: 'Page not found' })).toBeVisible();
  }
  await page.goto('/nowhere');
  await expect(page.getByRole('link', { name: 'Browse the corpus' })).toBeVisible();
  await expectAccessible(page);
});
