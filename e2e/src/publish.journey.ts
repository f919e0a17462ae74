import { approvedPair, realPairs, send } from './community.ts';
import { expect, test } from './journey.ts';

test('an admin narrows a selection, sees its size at once, publishes it, and the newest snapshot is found by its address', async ({
  dataset,
  adminPage,
  community,
}) => {
  const slug = await dataset('Publishing');
  const { author, reviewer } = community;
  for (const pair of realPairs.slice(0, 3)) await approvedPair(author, reviewer, slug, pair);
  const page = await adminPage();
  await page.goto(`/admin/datasets/${slug}/publish`);
  const size = page.getByRole('region', { name: 'Size of the selection' }).getByRole('status');
  await expect(size).toHaveText('3pairs');
  await page.getByRole('checkbox', { name: 'Summarization' }).check();
  await expect(size).toHaveText('0pairs');
  await expect(page.getByRole('button', { name: 'Publish' })).toBeDisabled();
  await page.getByRole('checkbox', { name: 'Open question' }).check();
  await expect(size).toHaveText('3pairs');
  await page.getByRole('checkbox', { name: 'Only rated pairs' }).check();
  await expect(size).toHaveText('0pairs');
  await page.getByRole('checkbox', { name: 'Only rated pairs' }).uncheck();
  await page.getByLabel('Notes').fill('Three pairs, for a start.');
  await page.getByRole('button', { name: 'Publish' }).click();
  const question = page.getByRole('alertdialog', { name: 'Publish 3 pairs?' });
  await question.getByRole('button', { name: 'Cancel' }).click();
  expect(new URL(page.url()).pathname).toBe(`/admin/datasets/${slug}/publish`);
  await page.getByRole('button', { name: 'Publish' }).click();
  await question.getByRole('button', { name: 'Publish snapshot' }).click();
  await expect(page).toHaveURL(`/datasets/${slug}/snapshots/1`);
  await expect(page.getByText('Three pairs, for a start.')).toBeVisible();
  await expect(page.getByText('Summarization and Open question')).toBeVisible();
  await expect(page.getByText(`load_dataset("granary/${slug}", "dolly", revision="v1", split="train")`)).toBeVisible();

  const newest = await page.request.get(`/api/v1/datasets/${slug}/snapshots/latest/files/manifest.json`);
  expect(newest.status()).toBe(200);
  expect(newest.url()).toContain('/snapshots/1/files/manifest.json');
  const part = await page.request.get(`/api/v1/datasets/${slug}/snapshots/1/files/README.md`, { headers: { range: 'bytes=0-2' } });
  expect(part.status()).toBe(206);
  expect(await part.text()).toBe('---');
  const { counts } = await send<{ counts: { pairs: number } }>(page.context(), 'GET', `/api/v1/datasets/${slug}/snapshots/1`);
  expect(counts.pairs).toBe(3);
});
