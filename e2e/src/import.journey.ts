import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { send } from './community.ts';
import { downloaded, expect, expectAccessible, expectNoSidewaysScroll, test } from './journey.ts';

const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/imports/${name}`, import.meta.url));

test('an admin imports a file: preview, columns, progress, report, and a second time adds nothing', async ({ dataset, adminPage }) => {
  const slug = await dataset('Imports');
  const page = await adminPage();
  await page.goto(`/admin/datasets/${slug}/imports`);
  await expect(page.getByRole('heading', { name: 'Nothing imported yet' })).toBeVisible();
  await expectAccessible(page);

  // Real rows with two broken ones between them.
  const rows = readFileSync(fixture('gsm8k.jsonl'), 'utf8').trim().split('\n');
  const file = {
    name: 'gsm8k.jsonl',
    mimeType: 'application/jsonl',
    buffer: Buffer.from([...rows, '{"instruction": 7}', 'not json', ''].join('\n')),
  };
  await page.getByLabel('File to import').setInputFiles(file);
  await expect(page.getByRole('heading', { level: 1, name: 'gsm8k.jsonl' })).toBeVisible();
  const preview = page.getByRole('list', { name: 'The first rows' });
  const first = JSON.parse(rows[0] ?? '') as { instruction: string; response: string };
  await expect(preview.getByText(first.instruction)).toBeVisible();
  await page.getByLabel('Column for: response').selectOption('instruction');
  await expect(preview.getByText(first.response)).toBeHidden();
  await page.getByLabel('Column for: response').selectOption('response');
  await expect(preview.getByText(first.response)).toBeVisible();
  await expectAccessible(page);
  await page.setViewportSize({ width: 360, height: 800 });
  await expectNoSidewaysScroll(page);
  await page.setViewportSize({ width: 1280, height: 800 });

  await page.getByRole('button', { name: 'Start the import' }).click();
  await expect(page.getByLabel('Their licence')).toBeFocused();
  await page.getByLabel('Their licence').selectOption('MIT');
  await page.getByLabel('Where the rows come from').fill('GSM8K');
  await page.getByRole('radio', { name: /^Approved/ }).check();
  await page.getByRole('button', { name: 'Start the import' }).click();
  await expect(page.getByText('Done: 20 rows are in.')).toBeVisible();
  await expect(page.getByText('2 rows were not taken; the report says why.')).toBeVisible();
  await expectAccessible(page);

  const downloading = page.waitForEvent('download');
  await page.getByRole('link', { name: /^Report of the rows/ }).click();
  const text = String(await downloaded(await downloading));
  expect(text).toContain('\n21,');
  expect(text).toContain('\n22,');

  await page.goto(`/admin/datasets/${slug}/imports`);
  await page.getByLabel('File to import').setInputFiles(file);
  await page.getByLabel('Their licence').selectOption('MIT');
  await page.getByLabel('Where the rows come from').fill('GSM8K');
  await page.getByRole('radio', { name: /^Approved/ }).check();
  await page.getByRole('button', { name: 'Start the import' }).click();
  await expect(page.getByText('Done: nothing new was in it.')).toBeVisible();

  await page.goto(`/browse?dataset=${slug}`);
  await expect(page.getByText('from GSM8K').first()).toBeVisible();
  const { items } = await send<{ items: { approved: number; slug: string }[] }>(page.context(), 'GET', '/api/v1/datasets');
  expect(items.find((each) => each.slug === slug)?.approved).toBe(20);
});

test('all or nothing: one bad row keeps every row out; conversations arrive as trees', async ({ dataset, adminPage }) => {
  const slug = await dataset('Strict');
  const page = await adminPage();
  await page.goto(`/admin/datasets/${slug}/imports`);
  const rows = readFileSync(fixture('dolly.jsonl'), 'utf8');
  await page
    .getByLabel('File to import')
    .setInputFiles({ name: 'dolly.jsonl', mimeType: 'text/plain', buffer: Buffer.from(`${rows}{"instruction": ""}\n`) });
  await page.getByLabel('Their licence').selectOption('CC-BY-SA-3.0');
  await page.getByRole('checkbox', { name: /^All or nothing/ }).check();
  await page.getByRole('button', { name: 'Start the import' }).click();
  await expect(page.getByText('The import stopped')).toBeVisible();
  await page.goto(`/datasets/${slug}`);
  await expect(page.getByRole('complementary').getByText('In review').locator('..')).toContainText('0');

  await page.goto(`/admin/datasets/${slug}/imports`);
  await page.getByLabel('File to import').setInputFiles(fixture('oasst.jsonl'));
  await expect(page.getByText('follow-up turn').first()).toBeVisible();
  await page.getByLabel('Their licence').selectOption('Apache-2.0');
  await page.getByRole('button', { name: 'Start the import' }).click();
  await expect(page.getByText(/^Done: \d+ rows are in\.$/)).toBeVisible();

  await page.goto(`/admin/datasets/${slug}/imports`);
  await page
    .getByLabel('File to import')
    .setInputFiles({ name: 'photo.jsonl', mimeType: 'image/png', buffer: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]) });
  await expect(page.getByText('The file cannot be read')).toBeVisible();
});

test('a row whose number is known with another text is shown as such, and revises what is there when asked to', async ({
  dataset,
  adminPage,
}) => {
  const slug = await dataset('Corrected');
  const page = await adminPage();
  const upload = async (response: string) => {
    await page.goto(`/admin/datasets/${slug}/imports`);
    const row = JSON.stringify({ id: 7, instruction: 'Where is grain stored, and why there?', response });
    await page.getByLabel('File to import').setInputFiles({ name: 'sevens.jsonl', mimeType: 'text/plain', buffer: Buffer.from(row) });
    await page.getByLabel('Their licence').selectOption('MIT');
    await page.getByRole('radio', { name: /^Approved/ }).check();
  };
  const start = () => page.getByRole('button', { name: 'Start the import' }).click();
  await upload('In a granary, which is dry.');
  await start();
  await expect(page.getByText('Done: 1 row is in.')).toBeVisible();

  await upload('In a granary, which is dry and cool.');
  await expect(page.getByText('The number of this row is known with another text.')).toBeVisible();
  await page.getByRole('radio', { name: /^Revise what is there/ }).check();
  await expectAccessible(page);
  await start();
  await expect(page.getByText('Done: 1 row is in.')).toBeVisible();
  await expect(page.getByText('Revised', { exact: true }).locator('..')).toContainText('1');
  await page.goto(`/browse?dataset=${slug}`);
  await expect(page.getByText('In a granary, which is dry and cool.')).toBeVisible();
});
