import type { Account } from './accounts.ts';
import type { EveryPageWorld } from './every-page-world.ts';
import { expect, expectAccessible, expectGoodInEveryLook, expectNoSidewaysScroll, inPage, takeFirstLook, test } from './journey.ts';

type Viewer = 'stranger' | 'author' | 'reviewer' | 'admin';
/** A few pages that one person opens one after the other: their names and addresses. */
type Round = { title: string; viewer: Viewer; pages: (world: EveryPageWorld) => Record<string, string> };

const rounds: Round[] = [
  {
    title: 'of the corpus',
    viewer: 'stranger',
    pages: ({ slug, responseId, instructionId, author }) => ({
      'landing page': '/',
      browse: `/browse?dataset=${slug}`,
      entry: `/entries/${responseId}`,
      instruction: `/entries/${instructionId}`,
      contributor: `/contributors/${author.id}`,
    }),
  },
  {
    title: 'of a dataset',
    viewer: 'stranger',
    pages: ({ slug }) => ({
      datasets: '/datasets',
      dataset: `/datasets/${slug}`,
      terms: `/datasets/${slug}/terms`,
      agreement: `/datasets/${slug}/agreement`,
      snapshots: `/datasets/${slug}/snapshots`,
    }),
  },
  {
    title: 'of the rows of a snapshot',
    viewer: 'stranger',
    pages: ({ slug, responseId }) => ({
      rows: `/datasets/${slug}/snapshots/1/rows`,
      'sample of rows': `/datasets/${slug}/snapshots/1/rows?seed=1`,
      'no such rows': `/datasets/${slug}/snapshots/1/rows?q=zzzunheardof`,
      row: `/datasets/${slug}/snapshots/1/rows/${responseId}`,
      'find a row': '/find-row',
    }),
  },
  {
    title: 'of a snapshot',
    viewer: 'stranger',
    pages: ({ slug }) => ({
      snapshot: `/datasets/${slug}/snapshots/1`,
      formats: `/datasets/${slug}/snapshots/1/formats`,
      'formats with options': `/datasets/${slug}/snapshots/1/formats?format=kshot&k=1`,
      'first snapshot compared': `/datasets/${slug}/snapshots/1/changes`,
      changes: `/datasets/${slug}/snapshots/2/changes`,
    }),
  },
  {
    title: 'for whoever begins',
    viewer: 'stranger',
    pages: ({ slug }) => ({
      contribute: '/contribute',
      write: `/datasets/${slug}/contribute?category=open_qa`,
      'open instructions': `/datasets/${slug}/open-instructions`,
    }),
  },
  {
    title: 'around signing in',
    viewer: 'stranger',
    pages: () => ({
      'sign in': '/sign-in',
      'sign up': '/sign-up',
      'forgotten password': '/forgot-password',
      'not found': '/no/such/page',
      'sign in first': '/my/contributions',
    }),
  },
  {
    title: 'where an author writes',
    viewer: 'author',
    pages: ({ responseId, instructionId }) => ({
      respond: `/entries/${instructionId}/respond`,
      'follow up': `/entries/${responseId}/follow-up`,
      edit: `/entries/${responseId}/edit`,
    }),
  },
  {
    title: 'of an author',
    viewer: 'author',
    pages: () => ({
      'my contributions': '/my/contributions',
      'my drafts': '/my/drafts',
      account: '/account',
      'not for everyone': '/admin',
    }),
  },
  {
    title: 'of a reviewer',
    viewer: 'reviewer',
    pages: ({ slug }) => ({ 'review desk': `/review?dataset=${slug}`, compare: '/compare', 'my reviews': '/my/reviews' }),
  },
  {
    title: 'of a moderator’s queues',
    viewer: 'admin',
    pages: ({ reportedId }) => ({
      moderate: '/moderate',
      disagreements: '/moderate?view=escalated',
      appeals: '/moderate?view=appealed',
      calibration: '/moderate/calibration',
      'entry for moderators': `/entries/${reportedId}`,
    }),
  },
  {
    title: 'about users',
    viewer: 'admin',
    pages: ({ author }) => ({
      users: '/moderate/users',
      user: `/moderate/users/${author.id}`,
      'event log': '/moderate/events',
      administration: '/admin',
      'password resets': '/admin/password-resets',
    }),
  },
  {
    title: 'where datasets are managed',
    viewer: 'admin',
    pages: ({ reportedSlug }) => ({
      publish: `/admin/datasets/${reportedSlug}/publish`,
      'publish by itself': `/admin/datasets/${reportedSlug}/publishing`,
      imports: `/admin/datasets/${reportedSlug}/imports`,
      'new dataset': '/admin/datasets/new',
      'edit a dataset': `/admin/datasets/${reportedSlug}`,
      categories: `/admin/datasets/${reportedSlug}/settings/categories`,
      'review policy': `/admin/datasets/${reportedSlug}/settings/policy`,
      'rating dimensions': `/admin/datasets/${reportedSlug}/settings/ratings`,
    }),
  },
];

for (const { title, viewer, pages } of rounds)
  test(`the pages ${title} are accessible, in both themes, down to 360 pixels`, async ({ everyPageWorld, accounts, visitor, pageOf }) => {
    const viewers: Record<Viewer, Account | undefined> = { ...everyPageWorld, admin: accounts.admin, stranger: undefined };
    const account = viewers[viewer];
    const page = account === undefined ? await visitor() : await pageOf(account);
    for (const [name, path] of Object.entries(pages(everyPageWorld)))
      await test.step(name, async () => {
        await takeFirstLook(page);
        await page.goto(path);
        await expectGoodInEveryLook(page);
      });
  });

test('the page speaks German, and reads from right to left without breaking', async ({ visitor }) => {
  const page = await visitor();
  await page.goto('/');
  await page.getByRole('button', { name: 'Theme and language' }).click();
  await page.getByRole('menuitemradio', { name: 'Deutsch' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Schreib die Beispiele, aus denen Maschinen lernen' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  for (const path of ['/', '/browse', '/contribute', '/datasets']) {
    await page.setViewportSize({ width: 360, height: 800 });
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await inPage(
      page,
      'its direction',
      page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl')),
    );
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  }
});
