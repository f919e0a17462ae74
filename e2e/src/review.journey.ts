import { handIn, realPair, send } from './community.ts';
import { expect, expectAccessible, test } from './journey.ts';

test('reviewing from the keyboard alone: rate, approve, undo, ask for changes, reject, skip', async ({ person, dataset }) => {
  const slug = await dataset('Keyboard');
  const author = await person('Author');
  const reviewer = await person('Reviewer');
  for (const number of [0, 1, 2, 3]) await handIn(author, slug, realPair(number));
  const { page, context } = reviewer;
  const shown = page.getByRole('region', { name: 'Instruction' });
  await page.goto(`/review?dataset=${slug}`);
  const first = await shown.innerText();
  await expectAccessible(page);

  await page.keyboard.press('4');
  await page.keyboard.press('5');
  await page.keyboard.press('a');
  await expect(page.getByText('Approved.', { exact: true })).toBeVisible();
  await expect(shown).not.toHaveText(first);
  await page.keyboard.press('z');
  await expect.poll(() => shown.innerText()).toBe(first);

  await page.keyboard.press('c');
  await page.getByLabel('To the author').fill('Say where this was.');
  await expectAccessible(page);
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('Changes asked for.')).toBeVisible();
  await expect.poll(() => shown.innerText()).not.toBe(first);

  const second = await shown.innerText();
  await page.keyboard.press('r');
  const dialog = page.getByRole('dialog', { name: 'Reject this?' });
  await dialog.getByRole('radio', { name: 'Too little care.' }).check();
  await dialog.getByRole('button', { name: 'Reject' }).click();
  await expect(page.getByText('Rejected.', { exact: true })).toBeVisible();
  await expect.poll(() => shown.innerText()).not.toBe(second);

  const third = await shown.innerText();
  await page.keyboard.press('s');
  await expect.poll(() => shown.innerText()).not.toBe(third);
  await page.keyboard.press('a');
  await expect(page.getByRole('heading', { name: 'Nothing waits for you' })).toBeVisible();
  await page.goto('/my/reviews');
  await expect(page.getByText('You approved')).toBeVisible();
  await expect(page.getByText('You rejected')).toBeVisible();
  await expectAccessible(page);

  const { items } = await send<{ items: { verdict: string }[] }>(context, 'GET', '/api/v1/me/reviews');
  expect(items.map(({ verdict }) => verdict)).toEqual(['approve', 'reject', 'request_changes']);
});

test('two reviewers never hold the same seat, a closed tab frees it, and nobody gets their own', async ({ person, dataset }) => {
  const slug = await dataset('Seats');
  const author = await person('Author');
  const [one, other] = [await person('One'), await person('Other')];
  const pair = realPair(0);
  await handIn(author, slug, pair);

  await one.page.goto(`/review?dataset=${slug}`);
  await expect(one.page.getByRole('region', { name: 'Instruction' })).toContainText(pair.instruction);
  await other.page.goto(`/review?dataset=${slug}`);
  await expect(other.page.getByRole('heading', { name: 'Nothing waits for you' })).toBeVisible();
  await author.page.goto(`/review?dataset=${slug}`);
  await expect(author.page.getByRole('heading', { name: 'Nothing waits for you' })).toBeVisible();

  // Going elsewhere on the page frees it as well.
  await one.page.getByRole('link', { name: 'Browse' }).first().click();
  await expect(one.page).toHaveURL(/\/browse/);
  await expect(async () => {
    await other.page.getByRole('button', { name: 'Look again' }).click();
    await expect(other.page.getByRole('region', { name: 'Instruction' })).toContainText(pair.instruction, { timeout: 2_000 });
  }).toPass();
  await other.page.goto('/');
  await one.page.goto(`/review?dataset=${slug}`);
  await expect(one.page.getByRole('region', { name: 'Instruction' })).toContainText(pair.instruction);
  await other.page.goto(`/review?dataset=${slug}`);
  await expect(other.page.getByRole('heading', { name: 'Nothing waits for you' })).toBeVisible();

  await one.page.close({ runBeforeUnload: true });
  await expect(async () => {
    await other.page.getByRole('button', { name: 'Look again' }).click();
    await expect(other.page.getByRole('region', { name: 'Instruction' })).toContainText(pair.instruction, { timeout: 2_000 });
  }).toPass();
});
