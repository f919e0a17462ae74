import { approvedPair, realPair } from './community.ts';
import { expect, expectAccessible, inPage, test } from './journey.ts';

test('a volunteer rates an approved response as they read, sees what others think, and takes it back', async ({
  dataset,
  visitor,
  community,
  pageOf,
}) => {
  const slug = await dataset('Ratings');
  const { author, reviewer: reader } = community;
  const { responseId } = await approvedPair(author, reader, slug, realPair(0));
  const stranger = await visitor();
  await stranger.goto(`/entries/${responseId}`);
  await expect(stranger.getByText('Nobody has rated this response yet.')).toBeVisible();
  await expect(stranger.getByRole('link', { name: 'Sign in to rate it' })).toBeVisible();

  const page = await pageOf(reader);
  await page.goto(`/entries/${responseId}`);
  await page.getByRole('group', { name: 'Helpfulness' }).getByText('5', { exact: true }).click();
  await expect(page.getByText('5.0 of 5 from one rating by one person.')).toBeVisible();
  await expect(page.getByText('Adjusted for comparison with others: 4.0.')).toBeVisible();
  await page.getByRole('group', { name: 'Clarity' }).getByText('2', { exact: true }).click();
  await expect(page.getByText('3.5 of 5 from 2 ratings by one person.')).toBeVisible();
  // Half below the header that stays, a link would count as too small to hit.
  await inPage(
    page,
    'its top',
    page.evaluate(() => window.scrollTo(0, 0)),
  );
  await expectAccessible(page);
  await page.reload();
  await expect(page.getByRole('group', { name: 'Helpfulness' }).getByRole('radio', { name: '5' })).toBeChecked();
  const authorsPage = await pageOf(author);
  await authorsPage.goto(`/entries/${responseId}`);
  await expect(authorsPage.getByText('3.5 of 5 from 2 ratings by one person.')).toBeVisible();
  await expect(authorsPage.getByRole('group', { name: 'Helpfulness' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Take my rating back' }).click();
  await expect(page.getByText('Nobody has rated this response yet.')).toBeVisible();
  await expect(page.getByRole('group', { name: 'Helpfulness' }).getByRole('radio', { name: '5' })).not.toBeChecked();
});
