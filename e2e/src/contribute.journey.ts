import { acceptTerms, approvedPair, handIn, realPair, review, send } from './community.ts';
import { expect, expectAccessible, expectNoSidewaysScroll, test } from './journey.ts';

test('a stranger writes first, joins then, and finds every word where it was', async ({ visitor, dataset }) => {
  const slug = await dataset('Write first');
  const { instruction, response } = realPair(0);
  const page = await visitor();
  await page.goto('/contribute');
  await page
    .getByRole('link', { name: /Open question/ })
    .first()
    .waitFor();
  await page.goto(`/datasets/${slug}/contribute?category=open_qa`);
  await page.getByRole('textbox', { name: 'Instruction' }).fill(instruction);
  await page.getByRole('textbox', { name: 'Response' }).fill(response);
  await expect(page.getByText('Saved on this device. Sign in to submit it.')).toBeVisible();

  await page.reload();
  await expect(page.getByRole('textbox', { name: 'Instruction' })).toHaveValue(instruction);
  await page.getByRole('button', { name: 'Sign in to hand in' }).click();
  await page.getByRole('link', { name: 'No account yet? Join' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Join' })).toBeVisible();
  await page.getByLabel('Display name').fill(`First timer ${Date.now() % 100000}`);
  await page.getByLabel('E-mail').fill(`first-timer-${Date.now()}@example.org`);
  await page.getByLabel('Password').fill('a long sentence is a good password');
  await page.getByRole('button', { name: 'Join' }).click();

  await expect(page.getByRole('textbox', { name: 'Response' })).toHaveValue(response);
  await page.getByRole('button', { name: 'Hand in' }).click();
  const terms = page.getByRole('dialog', { name: /Before you hand in/ });
  await expectAccessible(page);
  await terms.getByRole('checkbox').check();
  await terms.getByRole('button', { name: 'Agree and hand in' }).click();
  await expect(page.getByRole('heading', { name: 'Handed in. Thank you!' })).toBeFocused();

  await page.getByRole('link', { name: 'My contributions' }).click();
  await expect(page.getByRole('heading', { name: instruction })).toBeVisible();
  await expect(page.getByText('Waits for its first reading.')).toBeVisible();
  await page.goto('/my/drafts');
  await expect(page.getByRole('heading', { name: 'No drafts' })).toBeVisible();
});

test('what is wrong is said while one types, by the rules of the server', async ({ person, dataset }) => {
  const slug = await dataset('Checks');
  const { page } = await person('Hasty');
  await page.goto(`/datasets/${slug}/contribute?category=closed_qa`);
  await page.getByRole('textbox', { name: 'Instruction' }).fill('Why?');
  await page.getByRole('textbox', { name: 'Response' }).fill('As an AI language model, I cannot answer this question.');
  await expect(page.getByText('At least 8 characters')).toBeVisible();
  await expect(page.getByText(/sounds like a chatbot/)).toBeVisible();
  // A closed question rests on a passage: its fields are there, and nothing takes them away.
  await expect(page.getByRole('checkbox', { name: /rests on a passage/ })).toHaveCount(0);
  await page.getByLabel('Passage', { exact: true }).fill(realPair(1).response);
  await page.getByLabel('Its licence').selectOption('CC-BY-SA-4.0');
  await page.getByLabel('Where it comes from').fill('the library');
  await page.getByRole('button', { name: 'Hand in' }).click();
  await expect(page.getByRole('textbox', { name: 'Instruction' })).toBeFocused();
  await expect(page.getByText(/A full address that begins with/)).toBeVisible();
  await expectAccessible(page);
});

test('a lost connection loses nothing: words wait in the browser and go on by themselves', async ({ person, dataset }) => {
  const slug = await dataset('Offline');
  const { instruction, response } = realPair(2);
  const { page, context } = await person('Traveller');
  await page.goto(`/datasets/${slug}/contribute?category=open_qa`);
  await page.getByRole('textbox', { name: 'Instruction' }).fill(instruction);
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();

  await context.setOffline(true);
  await page.getByRole('textbox', { name: 'Response' }).fill(response);
  await expect(page.getByText('You are offline.')).toBeVisible();
  await expect(page.getByText('Offline: saved on this device')).toBeVisible();
  await page.getByRole('button', { name: 'Hand in' }).click();
  await page.getByRole('checkbox', { name: /I agree/ }).check();
  await page.getByRole('button', { name: 'Agree and hand in' }).click();
  await expect(page.getByText('The server does not answer')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('textbox', { name: 'Response' })).toHaveValue(response);

  await context.setOffline(false);
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  const { items } = await send<{ items: { content: { response: string } }[] }>(context, 'GET', '/api/v1/me/drafts');
  expect(items.map(({ content }) => content.response)).toEqual([response]);
});

test('a lost session asks for the password over the page and goes on', async ({ person, dataset }) => {
  const slug = await dataset('Session');
  const { instruction, response } = realPair(3);
  const author = await person('Forgotten');
  const { page, context, password } = author;
  await acceptTerms(author, slug);
  await page.goto(`/datasets/${slug}/contribute?category=open_qa`);
  await page.getByRole('textbox', { name: 'Instruction' }).fill(instruction);
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await context.clearCookies();
  await page.getByRole('textbox', { name: 'Response' }).fill(response);
  await page.getByRole('button', { name: 'Hand in' }).click();
  const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
  await dialog.getByLabel('Password').fill(password);
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Handed in. Thank you!' })).toBeVisible();
});

test('two tabs on one draft: both versions survive, and the author chooses', async ({ person, dataset }) => {
  const slug = await dataset('Two tabs');
  const { instruction, response } = realPair(4);
  const { page, context } = await person('Twofold');
  await page.goto(`/datasets/${slug}/contribute?category=open_qa`);
  await page.getByRole('textbox', { name: 'Instruction' }).fill(instruction);
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  const second = await context.newPage();
  await second.goto(page.url());
  await second.getByLabel('Response', { exact: true }).fill(response);
  await expect(second.getByText('Saved', { exact: true })).toBeVisible();

  await page.getByRole('textbox', { name: 'Response' }).fill('Written in the first tab.');
  await expect(page.getByText('This draft was also changed in another tab or device.')).toBeVisible();
  await page.getByRole('button', { name: 'Compare' }).click();
  const dialog = page.getByRole('dialog', { name: 'Two versions of this draft' });
  await expect(dialog.getByText(response)).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Go on with this one' }).click();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Response' })).toHaveValue('Written in the first tab.');
  await expect
    .poll(async () => {
      const { items } = await send<{ items: { content: { response: string } }[] }>(context, 'GET', '/api/v1/me/drafts');
      return items.map(({ content }) => content.response).toSorted();
    })
    .toEqual([response, 'Written in the first tab.'].toSorted());
});

test('changes are asked for: the author sees why, edits, and the page shows the difference', async ({ person, dataset, community }) => {
  const slug = await dataset('Changes');
  const { instruction, response } = realPair(5);
  const author = await person('Author');
  const { reviewer } = community;
  const { responseId } = await handIn(author, slug, { instruction, response });
  await review(reviewer, slug, { verdict: 'request_changes', note: 'Please end with where you learned this.' });

  const { page } = author;
  await page.goto('/my/contributions');
  await expect(page.getByText('Please end with where you learned this.')).toBeVisible();
  await page.getByRole('link', { name: 'Edit' }).click();
  await expect(page.getByText('Please end with where you learned this.')).toBeVisible();
  await page.getByRole('textbox', { name: 'Response' }).fill(`${response} I learned this at school.`);
  await page.getByLabel('What did you change?').fill('Said where I know it from.');
  await page.getByRole('button', { name: 'Hand in the new version' }).click();
  await expect(page.getByRole('heading', { name: 'The new version is handed in.' })).toBeVisible();

  await review(reviewer, slug, { verdict: 'approve' });
  await page.goto(`/entries/${responseId}`);
  await page.getByText('What version 2 changed').click();
  await expect(page.locator('ins')).toContainText('I learned this at school.');
  await expect(page.getByText('Said where I know it from.')).toBeVisible();
  await expectAccessible(page);
});

test('an open instruction is answered, an alternative written, and the conversation goes on', async ({ person, dataset, community }) => {
  const slug = await dataset('Conversations');
  const asker = await person('Asker');
  const answerer = await person('Answerer');
  const { instruction, response } = realPair(6);

  // Only the instruction.
  await acceptTerms(asker, slug);
  await asker.page.goto(`/datasets/${slug}/contribute?category=open_qa`);
  await asker.page.getByText('Only an instruction').click();
  await asker.page.getByRole('textbox', { name: 'Instruction' }).fill(instruction);
  await asker.page.getByRole('button', { name: 'Hand in' }).click();
  await expect(asker.page.getByRole('heading', { name: 'Handed in. Thank you!' })).toBeVisible();
  await review(answerer, slug, { verdict: 'approve' });

  // Its answer.
  await acceptTerms(answerer, slug);
  const { page } = answerer;
  await page.goto(`/datasets/${slug}/open-instructions`);
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Answer this' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Answer an instruction' })).toBeVisible();
  await page.getByRole('textbox', { name: 'Response' }).fill(response);
  await page.getByRole('button', { name: 'Hand in' }).click();
  await expect(page.getByRole('heading', { name: 'Handed in. Thank you!' })).toBeVisible();
  await review(asker, slug, { verdict: 'approve' });

  // An alternative, from the page of the answer.
  await page.getByRole('link', { name: 'See its page' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Instruction and response' })).toBeVisible();
  await asker.page.goto(page.url());
  await asker.page.getByRole('link', { name: 'Write another response' }).click();
  await asker.page.getByRole('textbox', { name: 'Response' }).fill(realPair(1).response);
  await asker.page.getByRole('button', { name: 'Hand in' }).click();
  await expect(asker.page.getByRole('heading', { name: 'Handed in. Thank you!' })).toBeVisible();
  // Who wrote one response does not judge another.
  await review(community.reviewer, slug, { verdict: 'approve' });
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Another response to this instruction' })).toBeVisible();

  // A follow-up turn.
  await page.getByRole('link', { name: 'Go on with the conversation' }).click();
  await page.getByRole('textbox', { name: 'Instruction' }).fill(realPair(2).instruction);
  await page.getByRole('textbox', { name: 'Response' }).fill(realPair(2).response);
  await page.getByRole('button', { name: 'Hand in' }).click();
  await page.getByRole('link', { name: 'See its page' }).click();
  await expect(page.getByRole('list', { name: 'Conversation' }).getByRole('listitem').filter({ hasText: 'Instruction' })).toHaveCount(2);
  await expectNoSidewaysScroll(page);
});

test('an author takes back what they wrote', async ({ dataset, community, pageOf }) => {
  const slug = await dataset('Taken back');
  const { author, reviewer } = community;
  const { responseId } = await approvedPair(author, reviewer, slug, realPair(7));
  const page = await pageOf(author);
  await page.goto(`/entries/${responseId}`);
  await page.getByRole('button', { name: 'Take back' }).click();
  await page.getByLabel('Why?').fill('I mixed up two rivers.');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Take it back' }).click();
  await expect(page.getByRole('complementary').getByText('Retracted')).toBeVisible();
  await page.goto(`/browse?dataset=${slug}`);
  await expect(page.getByRole('heading', { name: 'Nothing matches' })).toBeVisible();
});

test('both writer and reviewer are told of a text that already exists', async ({ person, dataset, community, pageOf }) => {
  const slug = await dataset('Twice');
  const pair = realPair(4);
  const reviewer = await person('Twice reviewer');
  const { instructionId } = await approvedPair(community.author, reviewer, slug, pair);
  const page = await pageOf(community.author);
  await page.goto(`/datasets/${slug}/contribute?category=open_qa`);
  await page.getByRole('textbox', { name: 'Instruction' }).fill(`  ${pair.instruction.toUpperCase()}`);
  await expect(page.getByText('This instruction is in the dataset already')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Open it' })).toHaveAttribute('href', `/entries/${instructionId}`);
  await expectAccessible(page);
  await page.getByRole('textbox', { name: 'Instruction' }).fill(`${pair.instruction} And since when?`);
  await expect(page.getByText('This instruction is in the dataset already')).toBeHidden();

  await handIn(community.author, slug, { ...pair, response: `Put otherwise: ${pair.response}` });
  await reviewer.page.goto(`/review?dataset=${slug}`);
  await expect(reviewer.page.getByText('This instruction is in the dataset already')).toBeVisible();
  await expect(reviewer.page.getByRole('link', { name: 'Open it' })).toHaveAttribute('href', `/entries/${instructionId}`);
});

test('who is signed in sees what waits for them, and a new version shows what was asked for', async ({ person, dataset, accounts }) => {
  const slug = await dataset('What waits');
  const [author, reviewer, asker] = [await person('Awaited'), await person('Waiting reviewer'), await accounts.signUp('Asker')];
  const { responseId } = await handIn(author, slug, realPair(5));
  await review(asker, slug, { verdict: 'request_changes', note: 'Say where this was.' });

  const { page } = author;
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1, name: /^Welcome back, Awaited/ })).toBeVisible();
  await expect(page.getByRole('button', { name: /^Account of Awaited.*, 1 new$/ })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: /1 ?text needs changes/ }).click();
  await expect(page).toHaveURL('/my/contributions?status=changes_requested');
  await page.getByRole('link', { name: 'Edit', exact: true }).click();
  await page.getByRole('textbox', { name: 'Response' }).fill(`In the north: ${realPair(5).response}`);
  await page.getByRole('button', { name: 'Hand in the new version' }).click();
  await expect(page.getByRole('heading', { level: 2 }).first()).toBeFocused();

  await reviewer.page.goto(`/review?dataset=${slug}`);
  await expect(reviewer.page.getByText('What the reviewers asked for')).toBeVisible();
  await expect(reviewer.page.getByRole('listitem').filter({ hasText: 'Say where this was.' }).first()).toBeVisible();
  await reviewer.page.keyboard.press('a');
  await expect(page.getByRole('button', { name: /^Account of Awaited/ })).toBeVisible();
  await page.goto(`/entries/${responseId}`);
  await expect(page.getByText('In the north:').first()).toBeVisible();
});
