import { acceptTerms, handIn, realPair, review, send } from './community.ts';
import { expect, expectAccessible, test } from './journey.ts';

const one = { kind: 'fixed', approvals: 1, rejections: 1, changeRequests: 1, maxReviews: 3, openReview: true, floor: 'none' };

test('an author appeals against a decision, a moderator reads both sides and decides', async ({ person, dataset, community, pageOf }) => {
  const slug = await dataset('Appeals', { policy: one });
  const author = await person('Author');
  const { reviewer } = community;
  const pair = realPair(0);
  const { responseId } = await handIn(author, slug, pair);
  await review(reviewer, slug, { verdict: 'reject', reason: 'incorrect' });

  const { page } = author;
  await page.goto('/my/contributions');
  await page.getByRole('link', { name: 'You see it otherwise? Appeal, once' }).click();
  await page.getByRole('button', { name: 'Appeal' }).click();
  const dialog = page.getByRole('dialog', { name: 'Appeal against this decision?' });
  await dialog.getByRole('button', { name: 'Appeal' }).click();
  await expect(dialog.getByText('Say why, in a few words at least.')).toBeVisible();
  await dialog.getByLabel('Why is the decision wrong?').fill('Any encyclopedia says the same.');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Appeal' }).click();
  await expect(page.getByText('Its author appeals: it is reviewed again')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Appeal' })).toHaveCount(0);
  await expectAccessible(page);

  // Whoever has judged it is not asked again; others are.
  const next = await send<{ task: unknown }>(reviewer.context, 'POST', '/api/v1/review-tasks/next', { dataset: slug });
  expect(next.task).toBe(null);
  const moderating = await pageOf(community.moderator);
  await moderating.goto('/moderate?view=appealed');
  const item = moderating.getByRole('listitem').filter({ hasText: pair.instruction });
  await expect(item).toContainText('Any encyclopedia says the same.');
  await expect(item).toContainText('Rejected');
  await expectAccessible(moderating);
  await item.getByRole('button', { name: 'Approve' }).click();
  await moderating.getByLabel('Reason').fill('The encyclopedia agrees.');
  await moderating.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await expect(item).toHaveCount(0);
  await page.goto(`/entries/${responseId}`);
  await expect(page.getByText('Approved after an appeal')).toBeVisible();
});

test('a reviewer proposes an edit, its author sees what changes and accepts it, both are credited', async ({
  person,
  dataset,
  community,
}) => {
  const slug = await dataset('Proposals', { policy: one });
  const [author, reviewer] = [await person('Author'), await person('Editor', 'reviewer')];
  const pair = realPair(1);
  const { responseId } = await handIn(author, slug, pair);
  await acceptTerms(reviewer, slug);
  const { page } = reviewer;
  await page.goto(`/entries/${responseId}`);
  await page.getByRole('link', { name: 'Propose an edit' }).click();
  await page.getByLabel('Response', { exact: true }).fill(`${pair.response} That is all there is to it.`);
  await page.getByRole('button', { name: 'Propose it' }).click();
  const note = page.getByLabel('What did you change?');
  await expect(note).toHaveAttribute('aria-invalid', 'true');
  await note.fill('It broke off before the end.');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Propose it' }).click();
  await expect(page.getByRole('heading', { name: 'Proposed. Its author decides.' })).toBeVisible();
  await page.goto('/my/reviews');
  await expect(page.getByText('Waits for the author')).toBeVisible();
  await expectAccessible(page);

  await author.page.goto('/my/contributions');
  await author.page.getByRole('link', { name: 'Somebody proposes an edit: have a look' }).click();
  const proposals = author.page.getByRole('region', { name: 'Proposed edits' });
  await expect(proposals.locator('ins')).toContainText('That is all there is to it.');
  await expect(proposals).not.toContainText(reviewer.displayName);
  await expectAccessible(author.page);
  await proposals.getByRole('button', { name: 'Accept' }).click();
  await expect(proposals).toContainText('Accepted');
  await expect(author.page.getByText('Edited by')).toBeVisible();
  await expect(author.page.getByRole('complementary').getByText(reviewer.displayName)).toBeVisible();
  await review(community.reviewer, slug, { verdict: 'approve' });
  await author.page.reload();
  await expect(author.page.locator('.turn-current')).toContainText('That is all there is to it.');
});
