import { acceptTerms, approvedPair, realPair, review, send } from './community.ts';
import { expect, expectAccessible, expectNoSidewaysScroll, test } from './journey.ts';
import { holdMoments } from './moments.ts';

test('two responses are compared from the keyboard, taken back, compared again; the entry tells how they compare', async ({
  person,
  dataset,
  accounts,
  community,
  pageOf,
}) => {
  const slug = await dataset('Compare');
  const { author } = community;
  const [rival, reviewer] = [await accounts.signUp('Rival'), await person('Reviewer')];
  const answers: string[] = [];
  for (const number of [0, 1]) {
    const pair = realPair(number);
    const { responseId, instructionId } = await approvedPair(author, reviewer, slug, pair);
    await acceptTerms(rival, slug);
    const response = { text: `In short: ${realPair(number).response}` };
    const { entry } = await send<{ entry: { id: string } }>(rival.context, 'POST', `/api/v1/datasets/${slug}/entries`, {
      kind: 'response',
      parentId: instructionId,
      language: 'en',
      response,
    });
    await review(reviewer, slug, { verdict: 'approve' });
    answers.push(responseId, entry.id);
  }

  const { page } = reviewer;
  await holdMoments(page);
  await page.goto('/review');
  await page.getByRole('link', { name: 'Compare responses' }).click();
  await page.goto(`/compare?dataset=${slug}`);
  const [instruction, a, b] = [
    page.getByRole('region', { name: 'Instruction' }),
    page.getByRole('region', { name: 'Response A' }),
    page.getByRole('region', { name: 'Response B' }),
  ];
  await expect(a).toBeVisible();
  await expect(b).toBeVisible();
  await expectAccessible(page);
  await page.setViewportSize({ width: 360, height: 740 });
  await expectNoSidewaysScroll(page);
  await page.setViewportSize({ width: 1280, height: 800 });
  const first = await instruction.innerText();
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByText('A it is.')).toBeVisible();
  await expect(instruction).not.toHaveText(first);
  await page.keyboard.press('z');
  await expect.poll(() => instruction.innerText()).toBe(first);
  await page.keyboard.press('t');
  await expect.poll(() => instruction.innerText()).not.toBe(first);
  await page.keyboard.press('b');
  await expect(page.getByRole('heading', { name: 'Nothing to compare for you' })).toBeVisible();
  await expect(page.getByText('You compared 2 pairs. Thank you!')).toBeVisible();
  await expectAccessible(page);

  const authorsPage = await pageOf(author);
  await authorsPage.goto(`/compare?dataset=${slug}`);
  await expect(authorsPage.getByRole('heading', { name: 'Nothing to compare for you' })).toBeVisible();
  await expect(async () => {
    await page.goto(`/entries/${answers[0]}`);
    const strengths = page.getByRole('region', { name: 'Compared with the other responses' });
    await expect(strengths.getByText('1 comparison').first()).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await expectAccessible(page);
});
