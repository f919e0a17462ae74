import { approvedPair, realPair, send } from './community.ts';
import { expect, expectAccessible, test } from './journey.ts';

test('a reader reports an entry, a moderator upholds it and retracts, then restores it; all of it is in the log', async ({
  person,
  dataset,
  community,
  pageOf,
}) => {
  const slug = await dataset('Reports');
  const author = await person('Author');
  const { reviewer, moderator } = community;
  const pair = realPair(0);
  const { responseId } = await approvedPair(author, reviewer, slug, pair);

  const reading = await pageOf(reviewer);
  await reading.goto(`/entries/${responseId}`);
  await reading.getByRole('button', { name: 'Report' }).click();
  const report = reading.getByRole('dialog');
  await report.getByRole('radio', { name: 'Copied from elsewhere' }).check();
  await report.getByRole('textbox').fill('Word for word from an encyclopedia.');
  await expectAccessible(reading);
  await report.getByRole('button', { name: 'Send report' }).click();
  await expect(reading.getByText(/Thank you/)).toBeVisible();

  const page = await pageOf(moderator);
  await page.goto('/moderate');
  const uphold = page.getByRole('button', { name: 'Uphold…' });
  const reported = page.getByRole('listitem').filter({ hasText: 'Word for word from an encyclopedia.' }).filter({ has: uphold });
  await expect(reported).toContainText(pair.instruction);
  await reported.getByRole('button', { name: 'Uphold…' }).click();
  const decision = page.getByRole('dialog');
  await decision.getByRole('checkbox', { name: /Retract the entry as well/ }).check();
  await decision.getByRole('textbox').fill('It is on page 12 of that book.');
  await expectAccessible(page);
  await decision.getByRole('button', { name: 'Uphold and retract' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();

  await page.goto(`/entries/${responseId}`);
  await expect(page.getByRole('complementary').getByText('Retracted', { exact: true })).toBeVisible();
  await author.page.goto('/my/contributions');
  await expect(author.page.getByText('It is on page 12 of that book.')).toBeVisible();

  await page.getByRole('button', { name: /^Restore/ }).click();
  await page.getByRole('dialog').getByRole('textbox').fill('The author is the author of that book.');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Restore/ })
    .click();
  await expect(page.getByRole('complementary').getByText('Approved', { exact: true })).toBeVisible();
  await page.getByRole('link', { name: 'Event log' }).click();
  await expect(page.getByText('The author is the author of that book.')).toBeVisible();
  await expectAccessible(page);
});

test('a moderator finds a user, gives a role, suspends and reinstates them', async ({ person, community, pageOf }) => {
  const someone = await person('Sparrow');
  const page = await pageOf(community.moderator);
  await page.goto('/moderate/users');
  await page.getByLabel('Name').fill(someone.displayName);
  await expect(page).toHaveURL(/q=Sparrow/);
  await page.getByRole('link', { name: someone.displayName }).click();
  await expect(page.getByRole('heading', { level: 1, name: someone.displayName })).toBeVisible();

  await page.getByRole('button', { name: 'Change role…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('New role').selectOption('Reviewer');
  await dialog.getByLabel('Reason').fill('Careful work over many weeks.');
  await dialog.getByRole('button', { name: 'Change role', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText('Careful work over many weeks.')).toBeVisible();

  await page.getByRole('button', { name: 'Suspend…' }).click();
  await dialog.getByLabel('Reason').fill('Two hundred copies of the same text.');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Suspend', exact: true }).click();
  await expect(page.getByText('Two hundred copies of the same text.').first()).toBeVisible();
  const refused = await someone.context.request.get('/api/v1/me/sessions');
  expect(refused.status()).toBe(401);
  await someone.page.goto('/sign-in');
  await someone.page.getByLabel('E-mail').fill(someone.email);
  await someone.page.getByLabel('Password').fill(someone.password);
  await someone.page.getByRole('button', { name: 'Sign in' }).click();
  await expect(someone.page.getByText('Two hundred copies of the same text.')).toBeVisible();

  await page.getByRole('button', { name: 'Reinstate…' }).click();
  await dialog.getByLabel('Reason').fill('It was a mistake of a program.');
  await dialog.getByRole('button', { name: 'Reinstate', exact: true }).click();
  await expect(dialog).toBeHidden();
  await someone.page.getByRole('button', { name: 'Sign in' }).click();
  await expect(someone.page).toHaveURL(/contribute/);
  const { user } = await send<{ user: { role: string } }>(someone.context, 'GET', '/api/v1/session');
  expect(user.role).toBe('reviewer');
});
