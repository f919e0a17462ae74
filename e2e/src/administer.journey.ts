import { approvedPair, handIn, realPair, review, send } from './community.ts';
import { expect, expectAccessible, inPage, test } from './journey.ts';

test('an admin creates a dataset, changes its rules and categories, and volunteers see it', async ({ adminPage, visitor }) => {
  const title = `Garden questions ${process.pid}`;
  const page = await adminPage();
  await page.goto('/admin');
  await page.getByRole('link', { name: 'New dataset' }).click();
  await page.getByLabel('Title').fill(title);
  await expect(page.getByLabel('Short name')).toHaveValue(`garden-questions-${process.pid}`);
  await page.getByLabel('Licence of what is contributed').selectOption('Another licence …');
  await page.getByLabel('SPDX name of the licence').fill('all mine!');
  await page.getByRole('button', { name: 'Create the dataset' }).click();
  await expect(page.getByLabel('What it is for')).toBeFocused();
  await page.getByLabel('What it is for').fill('Questions gardeners ask, answered by gardeners.');
  await page.getByLabel('Licence of what is contributed').selectOption('CC-BY-4.0');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Create the dataset' }).click();

  await expect(page.getByRole('heading', { level: 1, name: 'Dataset settings' })).toBeVisible();
  await expect(page).toHaveURL(/\/settings\/about$/);
  await page.getByRole('link', { name: 'Reviews', exact: true }).click();
  // A new dataset weighs verdicts, and two people have to agree of whom one is proven.
  const floor = page.getByLabel('Two people have to agree, one of them proven');
  await expect(floor).toBeChecked();
  await page.getByRole('radio', { name: /^Counted/ }).check();
  await expect(page.getByLabel('Requests that send back')).toHaveValue('2');
  await page.getByLabel('Requests that send back').fill('1');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByLabel('Requests that send back')).toHaveAttribute('aria-invalid', 'true');
  await floor.uncheck();
  await expect(page.getByText('If a single review decides, about one decision in five is wrong.')).toBeVisible();
  await page.getByLabel('Approvals that approve').fill('3');
  await page.getByRole('link', { name: 'Ratings', exact: true }).click();
  // What was touched elsewhere is still there, and says so.
  await expect(page.getByRole('link', { name: 'Reviews not saved' })).toBeVisible();
  await page.getByRole('button', { name: 'Add a rating' }).click();
  const rating = page.getByRole('group', { name: /^Rating/ }).last();
  await rating.getByLabel('Name', { exact: true }).fill('Green thumb');
  await rating.getByLabel('Short name').fill('green_thumb');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Saved.')).toBeVisible();

  await page.getByRole('link', { name: 'Categories', exact: true }).click();
  await page.getByText('Add a category').click();
  const form = page.getByRole('group').filter({ hasText: 'Add a category' });
  await form.getByLabel('Title of the category').fill('Pruning');
  await form.getByLabel('Goal').fill('250');
  await form.getByLabel('Guideline', { exact: true }).fill('Questions about cutting back shrubs and trees, with the season in the answer.');
  await form.getByRole('button', { name: 'Add it' }).click();
  await expect(page.getByText('Pruning', { exact: true })).toBeVisible();

  const stranger = await visitor();
  await stranger.goto('/datasets');
  await stranger.getByRole('link', { name: title }).click();
  await expect(stranger.getByRole('heading', { name: 'Pruning' })).toBeVisible();
  await expect(stranger.getByText('3 approvals or 2 rejections')).toBeVisible();
  await expect(stranger.getByText('Green thumb')).toBeVisible();
});

test('two admins change one dataset: neither loses what they typed', async ({ adminPage, dataset }) => {
  const slug = await dataset('Two admins');
  const [one, other] = [await adminPage(), await adminPage()];
  await one.goto(`/admin/datasets/${slug}`);
  await other.goto(`/admin/datasets/${slug}`);
  await one.getByLabel('Title', { exact: true }).fill('Changed by the first');
  await other.getByLabel('What it is for').fill('Written by the second, at the same time.');
  await one.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(one.getByText('Saved.')).toBeVisible();
  await other.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(other.getByText('Somebody changed this dataset meanwhile')).toBeVisible();
  await expectAccessible(other);
  await expect(other.getByLabel('Title', { exact: true })).toHaveValue('Changed by the first');
  await expect(other.getByLabel('What it is for')).toHaveValue('Written by the second, at the same time.');
  await other.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(other.getByText('Saved.')).toBeVisible();
  const { title, description } = await send<{ title: string; description: string }>(other.context(), 'GET', `/api/v1/datasets/${slug}`);
  expect([title, description]).toEqual(['Changed by the first', 'Written by the second, at the same time.']);
});

test('new terms are asked for before the next contribution', async ({ adminPage, dataset, community, pageOf }) => {
  const slug = await dataset('New terms');
  const { author, reviewer } = community;
  await approvedPair(author, reviewer, slug, realPair(0));
  const page = await adminPage();
  await page.goto(`/admin/datasets/${slug}/settings/texts`);
  await page
    .getByLabel('Contributor terms')
    .fill('Whatever you write here is given to everyone, for ever, with your display name beside it.');
  await expect(page.getByText('Everybody will be asked again')).toBeVisible();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Saved.')).toBeVisible();

  const writing = await pageOf(author);
  await writing.goto(`/datasets/${slug}/contribute?category=open_qa`);
  await writing.getByRole('textbox', { name: 'Instruction' }).fill(realPair(1).instruction);
  await writing.getByRole('textbox', { name: 'Response' }).fill(realPair(1).response);
  await writing.getByRole('button', { name: 'Hand in' }).click();
  await expect(writing.getByRole('dialog')).toContainText('for ever, with your display name beside it');
  await writing.getByRole('checkbox', { name: /I agree/ }).check();
  await writing.getByRole('button', { name: 'Agree and hand in' }).click();
  await expect(writing.getByRole('heading', { name: 'Handed in. Thank you!' })).toBeVisible();
});

test('an admin has verdicts weighed, and an entry tells how its reviewers came to agree', async ({
  adminPage,
  dataset,
  accounts,
  community,
  pageOf,
}) => {
  const slug = await dataset('Weighed');
  const page = await adminPage();
  await page.goto(`/admin/datasets/${slug}/settings/policy`);
  await page.getByRole('radio', { name: /^Weighed/ }).check();
  await page.getByLabel('Least reviews').fill('9');
  await page.getByLabel('Most reviews').fill('4');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByLabel('Least reviews')).toHaveAttribute('aria-invalid', 'true');
  await page.getByLabel('Least reviews').fill('2');
  await page.getByLabel('Approve at, %').fill('92.5');
  // Half below the header that stays, a choice would count as too small to hit.
  await inPage(
    page,
    'its top',
    page.evaluate(() => window.scrollTo(0, 0)),
  );
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('Approve at, %')).toHaveValue('92.5');

  const { author } = community;
  const { responseId } = await handIn(author, slug, realPair(4));
  for (const name of ['One', 'Other']) await review(await accounts.signUp(name), slug, { verdict: 'approve' });
  const reading = await pageOf(author);
  await reading.goto(`/entries/${responseId}`);
  await expect(
    reading.getByText(/weighed by how reliable each reviewer has proved\. Together they made this 9\d(\.\d)?% sure; 92\.5% was enough/),
  ).toBeVisible();
  await expect(reading.getByText('counted as usual')).toHaveCount(2);
  await expectAccessible(reading);
  await reading.goto(`/datasets/${slug}`);
  await expect(reading.getByText('2 to 4 reviews, weighed by how reliable each reviewer has proved')).toBeVisible();
});

const weighed = {
  kind: 'adaptive',
  approveAt: 0.88,
  rejectAt: 0.95,
  changesAt: 0.9,
  minReviews: 2,
  maxReviews: 9,
  expectedApproval: 0.7,
  openReview: true,
  floor: 'none',
};

test('how reliable reviewers are: for each of them, for an admin who plans a policy, and how all of them agree', async ({
  adminPage,
  dataset,
  person,
  accounts,
  community,
}) => {
  const slug = await dataset('Estimated', { policy: weighed });
  const [one, other] = [await person('One'), await accounts.signUp('Other')];
  await handIn(community.author, slug, realPair(4));
  for (const reviewer of [one, other]) await review(reviewer, slug, { verdict: 'approve' });
  await one.page.goto('/my/reviews');
  await expect(one.page.getByRole('row', { name: /Estimated 1 \d+%/ })).toBeVisible();
  await expectAccessible(one.page);
  const page = await adminPage();
  await page.goto(`/admin/datasets/${slug}/settings/policy`);
  await page.getByText('What it would cost').click();
  await page.getByLabel('Approve at, %').fill('80');
  await expect(page.getByRole('row', { name: /^As edited/ })).toBeVisible();
  await expect(page.getByRole('img', { name: 'Reviews and wrong decisions under different policies' })).toBeVisible();
  await page.getByRole('button', { name: 'Discard changes' }).click();
  await page.getByRole('button', { name: 'Estimate anew' }).click();
  await expect(page.getByText(/verdicts by \d+ reviewers on/)).toBeVisible();
  await expectAccessible(page);

  await page.goto(`/datasets/${slug}`);
  await page.getByRole('link', { name: 'How reviewers agree' }).click();
  await expect(page.getByText('Texts read by two or more').first()).toBeVisible();
  await expectAccessible(page);
});
