import type { Page } from '@playwright/test';
import { handIn, realPair, review, send } from './community.ts';
import { expect, expectAccessible, expectNoSidewaysScroll, inPage, test } from './journey.ts';
import { holdMoments } from './moments.ts';

test('reviewing from the keyboard alone: rate, approve, undo, ask for changes, reject, skip', async ({ person, dataset, community }) => {
  const slug = await dataset('Keyboard');
  const { author } = community;
  const reviewer = await person('Reviewer');
  for (const number of [0, 1, 2, 3]) await handIn(author, slug, realPair(number));
  const { page, context } = reviewer;
  const shown = page.getByRole('region', { name: 'Instruction' });
  await holdMoments(page);
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
  await expect(page.getByText('You reviewed 3 texts.')).toBeVisible();
  await expectAccessible(page);
  await page.goto('/my/reviews');
  await expect(page.getByText('You approved')).toBeVisible();
  await expect(page.getByText('You rejected')).toBeVisible();
  await expectAccessible(page);

  const { items } = await send<{ items: { verdict: string }[] }>(context, 'GET', '/api/v1/me/reviews');
  expect(items.map(({ verdict }) => verdict)).toEqual(['approve', 'reject', 'request_changes']);
});

/** Asks for work until the text comes; what comes late takes the button away. */
async function lookAgainFor(page: Page, text: string): Promise<void> {
  const again = page.getByRole('button', { name: 'Look again' });
  await expect(async () => {
    if (await again.isVisible()) await again.click({ timeout: 2_000 });
    await expect(page.getByRole('region', { name: 'Instruction' })).toContainText(text, { timeout: 2_000 });
  }).toPass();
}

test('two reviewers never hold the same seat, a closed tab frees it, and nobody gets their own', async ({
  person,
  dataset,
  community,
  pageOf,
}) => {
  const slug = await dataset('Seats');
  const { author } = community;
  const [one, other] = [await person('One'), await person('Other')];
  const pair = realPair(0);
  await handIn(author, slug, pair);

  await one.page.goto(`/review?dataset=${slug}`);
  await expect(one.page.getByRole('region', { name: 'Instruction' })).toContainText(pair.instruction);
  await other.page.goto(`/review?dataset=${slug}`);
  await expect(other.page.getByRole('heading', { name: 'Nothing waits for you' })).toBeVisible();
  const authorsPage = await pageOf(author);
  await authorsPage.goto(`/review?dataset=${slug}`);
  await expect(authorsPage.getByRole('heading', { name: 'Nothing waits for you' })).toBeVisible();

  // Going elsewhere on the page frees it as well.
  await one.page.getByRole('link', { name: 'Browse' }).first().click();
  await expect(one.page).toHaveURL(/\/browse/);
  await lookAgainFor(other.page, pair.instruction);
  await other.page.goto('/');
  await one.page.goto(`/review?dataset=${slug}`);
  await expect(one.page.getByRole('region', { name: 'Instruction' })).toContainText(pair.instruction);
  await other.page.goto(`/review?dataset=${slug}`);
  await expect(other.page.getByRole('heading', { name: 'Nothing waits for you' })).toBeVisible();

  await one.page.close({ runBeforeUnload: true });
  await lookAgainFor(other.page, pair.instruction);
});

test('a sitting: the next task is there at once, undo brings back what was typed, a goal ends in a summary', async ({
  person,
  dataset,
  community,
}) => {
  const slug = await dataset('Sitting');
  const { author } = community;
  const { page } = await person('Reviewer');
  for (const number of [0, 1, 2, 3, 4, 5, 6, 7, 8]) await handIn(author, slug, realPair(number));
  const shown = page.getByRole('region', { name: 'Instruction' });
  const moments = await holdMoments(page);
  await page.goto(`/review?dataset=${slug}`);
  await page.getByText('Change the goal').click();
  await page.getByRole('group', { name: 'Reviews in one sitting' }).getByText('5', { exact: true }).click();
  await expect(page.getByRole('meter', { name: 'Goal for this sitting' })).toHaveAttribute('aria-valuetext', '0 of 5');

  // The answer to a verdict is held up: the next task is shown all the same.
  const first = await shown.innerText();
  let go: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (go = resolve));
  await page.route('**/review-tasks/*/review', async (route) => {
    await held;
    await route.continue();
  });
  await page.getByRole('heading', { level: 2 }).first().focus();
  await page.keyboard.press('4');
  await page.keyboard.press('c');
  await page.getByLabel('To the author').fill('Say where this was, please.');
  await page.keyboard.press('Control+Enter');
  await expect(shown).not.toHaveText(first);
  const second = await shown.innerText();
  await page.keyboard.press('z');
  go();
  await expect.poll(() => shown.innerText()).toBe(first);
  await page.unroute('**/review-tasks/*/review');
  await expect(page.getByRole('group', { name: 'Helpfulness' }).getByRole('radio', { name: '4' })).toBeChecked();
  await page.keyboard.press('c');
  await expect(page.getByLabel('To the author')).toHaveValue('Say where this was, please.');
  await page.keyboard.press('Control+Enter');
  await expect.poll(() => shown.innerText()).toBe(second);

  // What is typed about the next one stays when the moment for taking the last verdict back has passed.
  const five = page.getByRole('group', { name: 'Helpfulness' }).getByRole('radio', { name: '5' });
  await page.keyboard.press('5');
  await page.keyboard.press('3');
  await page.keyboard.press('Backspace');
  await page.keyboard.press('c');
  await page.getByLabel('To the author').fill('Half a thought');
  await expect(page.getByText('Changes asked for.')).toBeVisible();
  await moments.pass();
  await expect(page.getByText('Changes asked for.')).toBeHidden();
  await expect(page.getByLabel('To the author')).toHaveValue('Half a thought');
  await page.keyboard.press('Escape');
  await expect(five).toBeChecked();
  await expect(page.getByRole('radio', { checked: true, name: /^[1-5]$/ })).toHaveCount(1);

  // The verdict that was sent in between may close what opens at that moment.
  await expect(async () => {
    await page.keyboard.press('Shift+S');
    await expect(page.getByRole('menuitem', { name: 'I cannot tell' })).toBeFocused({ timeout: 2_000 });
  }).toPass({ timeout: 20_000 });
  await page.keyboard.press('n');
  await page.keyboard.press('Enter');
  await expect.poll(() => shown.innerText()).not.toBe(second);
  const third = await shown.innerText();
  await page.getByRole('button', { name: 'Why not this one?' }).click();
  await page.getByRole('menuitem', { name: 'Too long for now' }).click();
  await expect.poll(() => shown.innerText()).not.toBe(third);
  for (let n = 2; n <= 5; n += 1) {
    const before = await shown.innerText();
    await page.keyboard.press('a');
    if (n < 5) await expect.poll(() => shown.innerText()).not.toBe(before);
  }
  await expect(page.getByRole('heading', { name: 'That was your goal' })).toBeFocused();
  await expect(page.getByText('You reviewed 5 texts.')).toBeVisible();
  await expect(page.getByText('Skipped')).toBeVisible();
  await expectAccessible(page);
  // While the summary is read the texts are free for others: the two that were skipped and the two that were not reached.
  const other = community.reviewer;
  for (const _ of [1, 2, 3, 4]) await review(other, slug, { verdict: 'approve' });
  await handIn(author, slug, realPair(9));
  await page.keyboard.press('Enter');
  await expect(shown).toContainText(realPair(9).instruction);
  await expect(page.getByRole('meter', { name: 'Goal for this sitting' })).toHaveAttribute('aria-valuetext', '0 of 5');
  await page.keyboard.press('f');
  await expect(page.getByRole('heading', { name: 'This sitting' })).toBeVisible();
});

test('a verdict that cannot be sent brings its text back with all that was typed, and can be given again', async ({
  person,
  dataset,
  community,
}) => {
  const slug = await dataset('Offline');
  const { author } = community;
  const { page, context } = await person('Reviewer');
  for (const number of [0, 1, 2]) await handIn(author, slug, realPair(number));
  const shown = page.getByRole('region', { name: 'Instruction' });
  const helpfulness = page.getByRole('group', { name: 'Helpfulness' });
  await page.goto(`/review?dataset=${slug}`);
  const first = await shown.innerText();
  const keys: (string | undefined)[] = [];
  await page.route('**/review-tasks/*/review', async (route) => {
    keys.push(route.request().headers()['idempotency-key']);
    await route.abort();
  });
  await page.keyboard.press('2');
  await page.keyboard.press('a');
  await expect(shown).not.toHaveText(first);
  const second = await shown.innerText();
  await expect(page.getByText('Your verdict was not sent.')).toBeVisible();
  await expect.poll(() => shown.innerText()).toBe(first);
  await expect(helpfulness.getByRole('radio', { name: '2' })).toBeChecked();
  await expectAccessible(page);
  expect(new Set(keys).size).toBe(1);
  expect(keys.length).toBeGreaterThan(1);

  // Whoever is writing about another text is not torn out of it.
  await page.keyboard.press('a');
  await expect.poll(() => shown.innerText()).toBe(second);
  await page.keyboard.press('c');
  await page.getByLabel('To the author').pressSequentially('A, r and c: all keys of verdicts.');
  await expect(page.getByText('Your verdict was not sent.')).toBeAttached();
  await expect(page.getByLabel('To the author')).toHaveValue('A, r and c: all keys of verdicts.');
  await page.unroute('**/review-tasks/*/review');
  await page.keyboard.press('Control+Enter');
  await expect.poll(() => shown.innerText()).toBe(first);
  await page.keyboard.press('a');
  await expect.poll(async () => (await send<{ items: unknown[] }>(context, 'GET', '/api/v1/me/reviews')).items.length).toBe(2);
});

test('on a phone the acts stay under the thumb: nothing lies on them, and the goal is one line', async ({ person, dataset, community }) => {
  const slug = await dataset('Phone');
  const { author } = community;
  const { page } = await person('Reviewer');
  for (const number of [0, 1, 2]) await handIn(author, slug, realPair(number));
  await page.setViewportSize({ width: 360, height: 740 });
  await holdMoments(page);
  await page.goto(`/review?dataset=${slug}`);
  await page.getByRole('button', { name: 'Approve' }).click();
  const undo = page.getByRole('button', { name: 'Undo' });
  await expect(undo).toBeVisible();
  await expect(page.getByText('1 of 10').first()).toBeInViewport();
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  const said = await page.locator('.toast').boundingBox();
  for (const name of ['Skip', 'Reject', 'Ask for changes', 'Approve']) {
    const act = page.getByRole('button', { name, exact: true });
    await expect(act).toBeInViewport({ ratio: 1 });
    const { y = 0 } = (await act.boundingBox()) ?? {};
    expect(y, `${name} lies below what was said`).toBeGreaterThanOrEqual((said?.y ?? Infinity) + (said?.height ?? 0));
  }
});

test('an edit comes back to who judged the version before: one key says the same again', async ({ person, dataset, community }) => {
  const two = { kind: 'fixed', approvals: 2, rejections: 2, changeRequests: 1, maxReviews: 5, openReview: true, floor: 'none' };
  const slug = await dataset('Again', { policy: two });
  const { author } = community;
  const { page } = await person('Reviewer');
  const pair = realPair(0);
  const { responseId } = await handIn(author, slug, pair);
  await holdMoments(page);
  await page.goto(`/review?dataset=${slug}`);
  await expect(page.getByRole('region', { name: 'Instruction' })).toBeVisible();
  await page.keyboard.press('a');
  await expect(page.getByRole('heading', { name: 'Nothing waits for you' })).toBeVisible();
  const edited = { response: { text: `${pair.response} And that is all.` }, aiAssistance: 'none', note: 'Added the end.' };
  const reply = await author.context.request.post(`/api/v1/entries/${responseId}/revisions`, {
    data: edited,
    headers: { 'if-match': '"1"' },
  });
  expect(reply.status()).toBe(201);
  await page.getByRole('button', { name: 'Look again' }).click();
  await expect(page.getByText('You approved the version before')).toBeVisible();
  await expect(page.locator('ins').first()).toContainText('And that is all.');
  await expectAccessible(page);
  await page.keyboard.press('e');
  await expect(page.getByText('Approved.', { exact: true })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Nothing waits for you' })).toBeVisible();
});

test('a text that is known teaches: moderators mark it, a new reviewer qualifies with such texts and is told what was expected', async ({
  person,
  dataset,
  community,
  pageOf,
}) => {
  const one = { kind: 'fixed', approvals: 1, rejections: 1, changeRequests: 1, maxReviews: 5, openReview: true, floor: 'none' };
  const slug = await dataset('Calibration', { policy: { ...one, qualification: { items: 3, needed: 2 } } });
  const { author, moderator } = community;
  const moderating = await pageOf(moderator);
  const { page } = await person('Reviewer');
  const entries: string[] = [];
  for (const number of [1, 2, 3]) entries.push((await handIn(author, slug, realPair(number))).responseId);
  for (const _ of entries) await review(moderator, slug, { verdict: 'approve' });
  for (const id of entries) {
    await moderating.goto(`/entries/${id}`);
    await moderating.getByRole('button', { name: 'Use for calibration' }).click();
    const form = moderating.getByRole('dialog', { name: 'What does this text deserve?' });
    await form.getByLabel('Why').fill('True, and in plain words.');
    await form.getByRole('button', { name: 'Use for calibration' }).click();
    await expect(moderating.getByText('It will come before reviewers now.')).toBeVisible();
  }
  await expectAccessible(moderating);
  await handIn(author, slug, realPair(4));

  await page.goto(`/review?dataset=${slug}`);
  await expect(page.getByText('A short qualification: text 1 of 3')).toBeVisible();
  await page.keyboard.press('r');
  const dialog = page.getByRole('dialog', { name: 'Reject this?' });
  await dialog.getByRole('radio', { name: 'Too little care.' }).check();
  await dialog.getByRole('button', { name: 'Reject' }).click();
  const lesson = page.getByRole('dialog', { name: 'The moderators see this one otherwise' });
  await expect(lesson).toContainText('True, and in plain words.');
  await expectAccessible(page);
  await page.keyboard.press('Enter');
  await expect(lesson).toBeHidden();
  for (const last of [false, true]) {
    await expect(page.getByText(`A short qualification: text ${last ? 3 : 2} of 3`)).toBeVisible();
    await page.keyboard.press('a');
    await expect(page.getByRole('dialog', { name: 'You saw it as the moderators did' })).toBeVisible();
    if (last) await expect(page.getByText('Qualified: from now on your verdicts decide')).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog', { name: 'You saw it as the moderators did' })).toBeHidden();
  }
  await expect(page.getByRole('region', { name: 'Instruction' })).toContainText(realPair(4).instruction);

  await moderating.goto(`/moderate/calibration?dataset=${slug}`);
  await expect(moderating.getByText('1 reviewer judged it, 0% as expected.')).toBeVisible();
  await moderating.getByRole('button', { name: 'Retire' }).first().click();
  await moderating.getByRole('alertdialog').getByRole('button', { name: 'Retire' }).click();
  await expect(moderating.getByText('Nobody is shown it any more.', { exact: true })).toBeVisible();
  await expectAccessible(moderating);
});

test('a qualification that is not passed tells when to try again and what to read; a known text met later is told in passing', async ({
  person,
  dataset,
  community,
}) => {
  const policy = { kind: 'fixed', approvals: 1, rejections: 1, changeRequests: 1, maxReviews: 5, openReview: true, floor: 'none' };
  const [gated, sprinkled] = [
    await dataset('Gated', { policy: { ...policy, qualification: { items: 3, needed: 3 } } }),
    await dataset('Sprinkled', { policy: { ...policy, calibrationRate: 0.5 } }),
  ];
  const { author, moderator } = community;
  const { page } = await person('Reviewer');
  for (const slug of [gated, sprinkled]) {
    for (const number of [1, 2, 3]) {
      const { responseId } = await handIn(author, slug, realPair(number));
      await review(moderator, slug, { verdict: 'approve' });
      const item = { expected: 'approve', explanation: 'True, and in plain words.' };
      await send(moderator.context, 'POST', `/api/v1/entries/${responseId}/calibration-item`, item);
    }
  }

  await holdMoments(page);
  await page.goto(`/review?dataset=${gated}`);
  await expect(page.getByText('A short qualification: text 1 of 3')).toBeVisible();
  await page.keyboard.press('c');
  await page.getByLabel('To the author').fill('I would say it otherwise.');
  await page.keyboard.press('Control+Enter');
  const lesson = page.getByRole('dialog', { name: 'The moderators see this one otherwise' });
  await expect(lesson).toContainText('True, and in plain words.');
  // All three were needed: it is settled with the first.
  await expect(lesson.getByText('Gated: not yet')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(lesson).toBeHidden();
  await expect(page.getByRole('heading', { name: 'Nothing waits for you' })).toBeVisible();
  await expect(page.getByText('You can try again from')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Read the guidelines' })).toHaveAttribute('href', `/datasets/${gated}`);
  await expectAccessible(page);
  await page.reload();
  await expect(page.getByText('Until then you can write something yourself.')).toBeVisible();
  await expect(page.getByText('You can try again from')).toBeVisible();

  // Half of what comes is known, by chance: among so many one always is. No goal stops the reading before.
  for (let number = 4; number < 20; number += 1) {
    const { instruction, response } = realPair(number % 10);
    await handIn(author, sprinkled, { instruction: `${number}. ${instruction}`, response: `${number}. ${response}` });
  }
  await inPage(
    page,
    'its storage',
    page.evaluate(() => localStorage.setItem('granary.review-goal', '0')),
  );
  await page.goto(`/review?dataset=${sprinkled}`);
  const shown = page.getByRole('region', { name: 'Instruction' });
  const why = page.getByRole('button', { name: 'Read why' });
  await expect(shown).toBeVisible();
  for (let n = 0; n < 15 && !(await why.first().isVisible()); n += 1) {
    const before = await shown.innerText();
    await page.keyboard.press('a');
    await expect(shown).not.toHaveText(before);
    await expect(shown).toBeVisible();
  }
  await why.first().click();
  const met = page.getByRole('dialog', { name: 'You saw it as the moderators did' });
  await expect(met).toContainText('True, and in plain words.');
  await page.keyboard.press('Enter');
  await expect(met).toBeHidden();
});
