import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { approvedPair, realPair } from './community.ts';
import { expect, expectGoodInEveryLook, test } from './journey.ts';

/** A program of somebody else's that wants to hear of new snapshots. */
async function openReceiver() {
  const received: { headers: IncomingHttpHeaders; body: string }[] = [];
  const state = { status: 204 };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      response.writeHead(state.status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/granary`;
  return { url, received, state, close: () => void server.close() };
}

test('an admin has a dataset publish every week, adds a webhook, tests it, and a snapshot is told to it', async ({
  dataset,
  adminPage,
  community,
}) => {
  const slug = await dataset('Publishing by itself');
  const { author, reviewer } = community;
  await approvedPair(author, reviewer, slug, realPair(0));
  const receiver = await openReceiver();
  const page = await adminPage();
  await page.goto(`/admin/datasets/${slug}/publish`);
  await page.getByRole('link', { name: 'Schedule and webhooks' }).click();

  await page.getByRole('radio', { name: 'every week' }).check();
  await page.getByLabel('Day', { exact: true }).selectOption('Sunday');
  await page.getByLabel('Hour', { exact: true }).selectOption('05:00');
  await page.getByText('What goes in').click();
  await page.getByRole('checkbox', { name: 'Deutsch' }).check();
  await page.getByRole('checkbox', { name: 'English' }).check();
  await page.getByRole('button', { name: 'Save the schedule' }).click();
  await expect(page.getByText('The schedule is saved.')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('radio', { name: 'every week' })).toBeChecked();
  await expect(page.getByLabel('Day', { exact: true })).toHaveValue('7');
  await expect(page.locator('dd', { hasText: '5:00 AM' })).toBeVisible();

  await page.getByLabel('Address').fill('http://example.org/insecure');
  await page.getByRole('button', { name: 'Add webhook' }).click();
  await expect(page.getByText('Use an address that begins with https://.')).toBeVisible();
  await page.getByLabel('Address').fill(receiver.url);
  await page.getByRole('button', { name: 'Add webhook' }).click();
  const secret = (await page.locator('figure', { hasText: 'Secret for checking signatures' }).locator('code').textContent()) ?? '';
  expect(secret).toMatch(/^whsec_/);
  await page.getByRole('button', { name: 'Send a ping' }).click();
  await expect(page.getByText('delivered').first()).toBeVisible();
  expect(receiver.received).toHaveLength(1);
  expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({ type: 'ping', data: { dataset: slug } });

  // It is down when the snapshot comes, and up when it is sent again.
  receiver.state.status = 503;
  await page.request.post(`/api/v1/datasets/${slug}/snapshots`, { data: { selection: {}, notes: '' } });
  await expect.poll(() => receiver.received.length).toBeGreaterThan(1);
  receiver.state.status = 200;
  await page.reload();
  await page.getByText('What was sent').click();
  const row = page.getByRole('row', { name: /Snapshot 1/ });
  await row.getByRole('button', { name: 'Send again' }).click();
  await expect(page.getByRole('row', { name: /Snapshot 1.*delivered/ })).toBeVisible();
  const { headers, body } = receiver.received.at(-1) ?? { headers: {}, body: '' };
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  const expected = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'))
    .update(signed)
    .digest('base64');
  expect(headers['webhook-signature']).toBe(`v1,${expected}`);
  expect(JSON.parse(body)).toMatchObject({ type: 'snapshot.published', data: { snapshot: 1, pairs: 1 } });

  await expectGoodInEveryLook(page);

  const feed = await page.request.get(`/api/v1/datasets/${slug}/snapshots/feed.atom`);
  expect(feed.headers()['content-type']).toContain('application/atom+xml');
  expect(await feed.text()).toContain('Publishing by itself v1');

  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText('Nobody is told yet.')).toBeVisible();
  receiver.close();
});
