import { handIn, realPair, review } from './community.ts';
import { expect, expectAccessible, expectNoSidewaysScroll, test } from './journey.ts';

/** Nearly 5,000 different words between the same sentences: as long as a response may be. */
function longText(firstWord: number): string {
  const words = Array.from({ length: 4_980 }, (_, index) => (firstWord + index).toString(36));
  return `This stays. ${words.join(' ')}. So does this.`;
}

test('two long texts without a word in common are compared beside the page, by sentence', async ({ dataset, community, pageOf }) => {
  const slug = await dataset('Long texts');
  const { author, reviewer } = community;
  const [before, after] = [longText(10_000), longText(20_000)];
  const { responseId } = await handIn(author, slug, { instruction: realPair(8).instruction, response: before });
  await review(reviewer, slug, { verdict: 'request_changes', note: 'Please use other words.' });
  const reply = await author.context.request.post(`/api/v1/entries/${responseId}/revisions`, {
    data: { response: { text: after }, aiAssistance: 'none', note: 'Used other words.' },
    headers: { 'if-match': '"1"' },
  });
  expect(reply.status()).toBe(201);

  const page = await pageOf(reviewer);
  const open = async () => {
    await page.goto(`/review?dataset=${slug}`);
    return page.getByRole('region', { name: 'Response' });
  };
  // While the worker is on its way, nothing else compares: the new text is there, and the page answers.
  let [release, refuse] = [() => {}, () => {}];
  await page.route(/diff\.worker/, (route) => {
    release = () => void route.continue();
    refuse = () => void route.abort();
  });
  let response = await open();
  await expect(response.getByText('Comparing with the old text…')).toBeVisible();
  await expect(response).toContainText(after);
  const changes = page.getByRole('switch', { name: 'Show what changed since the last review' });
  await changes.uncheck();
  await expect(response.getByText('Comparing with the old text…')).toHaveCount(0);
  await changes.check();
  await expect(response.getByText('Comparing with the old text…')).toBeVisible();
  release();
  await expect(response.getByText('Compared by sentence: the texts differ too much to compare by word.')).toBeVisible();
  await expect(response.getByRole('deletion')).toHaveText(`Removed: ${before.slice(12, -14)}`);
  await expect(response.getByRole('insertion')).toHaveText(`Added: ${after.slice(12, -14)}`);
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);

  // A worker that cannot be loaded.
  response = await open();
  await expect(response.getByText('Comparing with the old text…')).toBeVisible();
  refuse();
  await expect(response.getByText(/^The comparison failed in this browser/)).toBeVisible();
  await expect(response.getByRole('deletion')).toHaveText(`Removed: ${before}`);
  await expect(response.getByRole('insertion')).toHaveText(`Added: ${after}`);
});
