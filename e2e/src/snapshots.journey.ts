import type { Page } from '@playwright/test';
import type { Account } from './accounts.ts';
import { acceptTerms, approvedPair, publish, realPair, review, send } from './community.ts';
import { expect, expectAccessible, inPage, test } from './journey.ts';

const rowsOf = (page: Page) => page.getByRole('list', { name: 'Rows' }).getByRole('listitem');
const nav = (page: Page, name: string) => page.getByRole('navigation', { name: 'Pages of this snapshot' }).getByRole('link', { name });

async function editResponse(author: Account, responseId: string, text: string): Promise<void> {
  const reply = await author.context.request.post(`/api/v1/entries/${responseId}/revisions`, {
    data: { response: { text }, note: 'Said more clearly.' },
    headers: { 'if-match': '"1"' },
  });
  expect(reply.status(), await reply.text()).toBe(201);
}

test('a stranger looks through a snapshot, finds a row, reports it after signing in, and a moderator sees in which snapshot', async ({
  dataset,
  visitor,
  accounts,
  community,
  pageOf,
}) => {
  const slug = await dataset('Rows of a snapshot');
  const { author, reviewer, moderator } = community;
  const pairs = [0, 1, 2, 3].map((number) => realPair(number));
  const handed = [];
  for (const pair of pairs) handed.push(await approvedPair(author, reviewer, slug, pair));
  await publish(accounts.admin, slug);
  const [first] = handed;
  const id = first?.responseId ?? '';

  const page = await visitor();
  await page.goto(`/datasets/${slug}/snapshots/1`);
  await nav(page, 'Rows').click();
  await expect(rowsOf(page)).toHaveCount(4);

  await test.step('from one row to the next and back', async () => {
    await rowsOf(page).getByRole('link').first().click();
    await expect(page.getByRole('button', { name: 'Previous row' })).toBeDisabled();
    const here = page.url();
    await page.getByRole('button', { name: 'Next row' }).click();
    await expect(page).not.toHaveURL(here);
    await expect(page.getByRole('button', { name: 'Previous row' })).toBeEnabled();
    await page.keyboard.press('k');
    await expect(page).toHaveURL(here);
    await expectAccessible(page);
    await page.goBack();
    await expect(rowsOf(page)).toHaveCount(4);
  });

  await test.step('a sample has an address, and another one is another', async () => {
    await page.getByRole('button', { name: /Draw a sample/ }).click();
    await expect(page).toHaveURL(/seed=\d+/);
    const address = page.url();
    await page.getByRole('button', { name: /Another sample/ }).click();
    await expect(page).not.toHaveURL(address);
    await expect(rowsOf(page)).toHaveCount(4);
    await page.getByRole('button', { name: 'Back to the files’ order' }).click();
    await expect(page).not.toHaveURL(/seed/);
  });

  await test.step('words and filters stand in the address; nothing found says what to do', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('zzzunheardof');
    await expect(page.getByRole('heading', { name: 'No such row' })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('searchbox').fill('');
    await page.getByLabel('Split').selectOption('train');
    await expect(page).toHaveURL(/split=train/);
    await page.getByLabel('Category').selectOption({ label: 'Summarization' });
    await expect(page.getByRole('heading', { name: 'No such row' })).toBeVisible();
    await page.getByRole('button', { name: 'Clear' }).first().click();
    await expect(page).not.toHaveURL(/split|category/);
    await expect(rowsOf(page)).toHaveCount(4);
  });

  await test.step('the keyboard goes from row to row', async () => {
    await page.locator('h1').focus();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await expect(rowsOf(page).nth(1).getByRole('link')).toBeFocused();
    await page.keyboard.press('k');
    await expect(rowsOf(page).nth(0).getByRole('link')).toBeFocused();
  });

  await test.step('retracted since, the row stays what it was and says so', async () => {
    await send(moderator.context, 'POST', `/api/v1/entries/${id}/moderation/retract`, { reason: 'It is in a book.' });
    await page.goto(`/datasets/${slug}/snapshots/1/rows/${id}`);
    await expect(page.getByText('Retracted since')).toBeVisible();
    await expect(page.getByText(pairs[0]?.instruction ?? '').first()).toBeVisible();
    await expect(page.getByRole('complementary').getByText(author.displayName).first()).toBeVisible();
    await expectAccessible(page);
  });

  await test.step('what a stranger typed into the report survives signing in', async () => {
    await page.getByRole('button', { name: 'Sign in to send' }).click();
    await expect(page.getByText('Choose what fits best.')).toBeVisible();
    await page.getByRole('radio', { name: 'Licence does not allow it' }).check();
    await page.getByLabel('What should the moderator know?').fill('Page 12, under a licence that forbids it.');
    await page.getByRole('button', { name: 'Sign in to send' }).click();
    await page.getByLabel('E-mail').fill(reviewer.email);
    await page.getByLabel('Password', { exact: true }).fill(reviewer.password);
    await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('radio', { name: 'Licence does not allow it' })).toBeChecked();
    await page.getByRole('button', { name: 'Send report' }).click();
    await expect(page.getByText('Thank you. A moderator will look at it.')).toBeVisible();
    await expectAccessible(page);
  });

  const moderating = await pageOf(moderator);
  await moderating.goto('/moderate');
  const reported = moderating.getByRole('listitem').filter({ hasText: 'Page 12, under a licence that forbids it.' });
  await expectAccessible(moderating);
  await reported.getByRole('link', { name: 'in snapshot v1' }).first().click();
  await expect(moderating).toHaveURL(`/datasets/${slug}/snapshots/1/rows/${id}`);
});

test('from a line of a file to the row, and its report, in the newest snapshot that holds it', async ({
  dataset,
  visitor,
  accounts,
  community,
}) => {
  const slug = await dataset('Find a row');
  const { author, reviewer } = community;
  const { responseId, instructionId } = await approvedPair(author, reviewer, slug, realPair(4));
  await publish(accounts.admin, slug);
  await publish(accounts.admin, slug);

  const page = await visitor();
  await page.goto(`/datasets/${slug}/snapshots/1`);
  await page.getByRole('link', { name: 'Report a row by its id' }).click();
  await expect(page.getByRole('combobox', { name: 'Dataset' })).toHaveValue(slug);
  await page.getByRole('button', { name: 'Open the row' }).click();
  await expect(page.getByText(/There is no id in it/)).toBeVisible();
  await page.getByLabel('Id of the row').fill(instructionId);
  await page.getByRole('button', { name: 'Open the row' }).click();
  await expect(page.getByText('No published snapshot of this dataset holds this row.')).toBeVisible();
  await page.getByLabel('Id of the row').fill(`{"instruction_id":"${instructionId}","id":"${responseId}","instruction":"…"}`);
  await page.getByRole('button', { name: 'Open the row' }).click();
  await expect(page).toHaveURL(`/datasets/${slug}/snapshots/2/rows/${responseId}#report`);
  await expect(page.getByRole('radio', { name: 'Wrong' })).toBeFocused();
  await page.getByRole('link', { name: 'snapshot 1', exact: true }).click();
  await expect(page).toHaveURL(`/datasets/${slug}/snapshots/1/rows/${responseId}`);
});

test('a snapshot in every format, with its columns, options and addresses; its lines to copy', async ({
  dataset,
  accounts,
  community,
  openContext,
  server,
}) => {
  const slug = await dataset('Formats');
  const { author, reviewer } = community;
  const pairs = [5, 6].map((number) => realPair(number));
  for (const pair of pairs) await approvedPair(author, reviewer, slug, pair);
  await publish(accounts.admin, slug);

  const context = await openContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  await page.goto(`/datasets/${slug}/snapshots/1`);

  await test.step('copies the line of the tool that the arrow keys chose', async () => {
    await page.getByRole('tab', { name: 'datasets' }).focus();
    await page.keyboard.press('ArrowRight');
    await expect(page.getByRole('tab', { name: 'TRL' })).toBeFocused();
    await page.keyboard.press('End');
    await page.getByRole('tabpanel').getByRole('button', { name: 'Copy' }).click();
    const copied = await inPage(
      page,
      'the clipboard',
      page.evaluate(() => navigator.clipboard.readText()),
    );
    const { files } = await send<{ files: { name: string; sha256: string }[] }>(context, 'GET', `/api/v1/datasets/${slug}/snapshots/1`);
    const sha256 = files.find(({ name }) => name === 'dolly.jsonl.gz')?.sha256;
    expect(copied).toBe(
      `curl -fLO ${server.url}/api/v1/datasets/${slug}/snapshots/1/files/dolly.jsonl.gz\necho "${sha256}  dolly.jsonl.gz" | sha256sum --check`,
    );
  });

  await test.step('shows rows to read and as the file has them', async () => {
    await nav(page, 'Formats').click();
    await page.getByLabel('Format').selectOption('dolly');
    await expect(page).toHaveURL(/format=dolly/);
    await expect(page.getByText(pairs[0]?.instruction ?? '').first()).toBeVisible();
    await expect(page.getByText('As in the file')).toBeVisible();
    await page.getByText('As in the file').click();
    const lines = await page.locator('pre', { hasText: '"instruction"' }).innerText();
    const rows = lines.split('\n').map((line) => JSON.parse(line) as Record<string, string>);
    expect(rows.map(({ instruction }) => instruction).sort()).toEqual(pairs.map(({ instruction }) => instruction).sort());
    expect(Object.keys(rows[0] ?? {})).toEqual(['instruction', 'context', 'response', 'category']);
  });

  await test.step('takes the options of k-shot into the rows and the address', async () => {
    await page.getByLabel('Format').selectOption('kshot');
    await page.getByLabel('k', { exact: true }).fill('0');
    await page.getByLabel('k', { exact: true }).press('Enter');
    await expect(page.getByText(/That does not fit/)).toBeVisible();
    await page.getByLabel('k', { exact: true }).fill('2');
    await page.getByLabel('k', { exact: true }).press('Enter');
    await expect(page).toHaveURL(/format=kshot.*k=2/);
    await expect(page.getByText('k2-seed0-1').first()).toBeVisible();
    await expectAccessible(page);
    const link = await page.getByRole('link', { name: 'jsonl', exact: true }).getAttribute('href');
    expect(link).toContain('k=2');
    const answer = await context.request.get(link ?? '');
    expect(JSON.parse(await answer.text())).toMatchObject({ id: 'k2-seed0-1' });
  });

  await test.step('says what there is not', async () => {
    await page.getByLabel('Format').selectOption('dpo');
    await expect(page.getByRole('heading', { name: 'No rows' })).toBeVisible();
    await expect(page).not.toHaveURL(/k=2/);
  });
});

test('two snapshots compared: what came, what was edited word by word, what was taken back and why', async ({
  dataset,
  visitor,
  accounts,
  community,
}) => {
  const slug = await dataset('Compared snapshots');
  const { author, reviewer } = community;
  await acceptTerms(author, slug);
  const [kept, edited, retracted, added] = [6, 7, 8, 9].map((number) => realPair(number));
  if (!kept || !edited || !retracted || !added) throw new Error('There are enough pairs.');
  await approvedPair(author, reviewer, slug, kept);
  const { responseId: editedId } = await approvedPair(author, reviewer, slug, edited);
  const { responseId: retractedId } = await approvedPair(author, reviewer, slug, retracted);
  await publish(accounts.admin, slug);
  await editResponse(author, editedId, `${edited.response} Threshed anew.`);
  await review(reviewer, slug, { verdict: 'approve' });
  await send(accounts.admin.context, 'POST', `/api/v1/entries/${retractedId}/moderation/retract`, { reason: 'It is in a book.' });
  await approvedPair(author, reviewer, slug, added);
  await publish(accounts.admin, slug);

  const page = await visitor();
  await page.goto(`/datasets/${slug}/snapshots`);
  await page.getByRole('link', { name: 'Compare snapshot 2 with 1' }).click();
  const changes = page.getByRole('list', { name: 'Changed rows' }).getByRole('listitem');
  await expect(changes).toHaveCount(3);
  await expect(page.getByText('All (3)')).toBeVisible();
  await expect(page.getByText('Edited (1)')).toBeVisible();
  await expectAccessible(page);

  await page.getByText('Retracted (1)').click();
  await expect(page).toHaveURL(/change=retracted/);
  await expect(changes).toHaveCount(1);
  await expect(changes.first()).toContainText('It is in a book.');
  await page.getByText('Edited (1)').click();
  await expect(changes.first().locator('ins')).toContainText('Threshed anew.');
  await expect(changes.first().locator('del')).toHaveCount(0);
  await expectAccessible(page);
  await changes.first().getByRole('link', { name: 'See the row' }).click();
  await expect(page).toHaveURL(`/datasets/${slug}/snapshots/2/rows/${editedId}`);

  await page.goto(`/datasets/${slug}/snapshots/2/changes`);
  const delta = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download the changes' }).click();
  expect((await delta).suggestedFilename()).toMatch(/\.jsonl\.gz$/);
  await page.goto(`/datasets/${slug}/snapshots/1/changes`);
  await expect(page.getByRole('heading', { name: 'Nothing to compare with' })).toBeVisible();
});
