import AxeBuilder from '@axe-core/playwright';
import { expect, test as base, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { startServer, type GranaryServer } from './granary-server.ts';

export type Person = { page: Page; context: BrowserContext; displayName: string; email: string; password: string };
type WorkerFixtures = { server: GranaryServer; admin: { email: string; password: string } };
type TestFixtures = {
  /** A new browser with nobody signed in. */
  visitor: () => Promise<Page>;
  /** Signs somebody up through the interface's own endpoint, in a browser of their own; with a role, the admin gives it. */
  person: (name: string, role?: 'reviewer' | 'moderator') => Promise<Person>;
  /** The admin's browser. */
  adminPage: () => Promise<Page>;
  /** A dataset of its own, so that a journey meets only what it made itself; resolves to its slug. */
  dataset: (title: string, changes?: object) => Promise<string>;
};

const password = 'a long sentence is a good password';
let people = 0;
let datasets = 0;

export const test = base.extend<TestFixtures, WorkerFixtures>({
  server: [
    async ({}, use) => {
      const server = await startServer({ WEBHOOK_PRIVATE_HOSTS: '127.0.0.1' });
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 90_000 },
  ],
  admin: [
    async ({ server }, use) => {
      const admin = { email: 'admin@example.org', password };
      const token = new URL(server.setupLink).searchParams.get('token');
      const reply = await fetch(`${server.url}/api/v1/setup`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token, ...admin, displayName: 'The admin' }),
      });
      if (reply.status !== 201) throw new Error(`Setup answered ${reply.status}: ${await reply.text()}`);
      await use(admin);
    },
    { scope: 'worker' },
  ],
  visitor: async ({ browser, server }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async () => {
      const context = await openContext(browser, server, contexts);
      return context.newPage();
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
  adminPage: async ({ browser, server, admin }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async () => {
      const context = await openContext(browser, server, contexts);
      await postJson(context, server, '/api/v1/auth/sign-in', admin);
      return context.newPage();
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
  dataset: async ({ browser, server, admin }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (title, changes = {}) => {
      datasets += 1;
      const slug = `journey-${process.pid}-${datasets}`;
      const context = await openContext(browser, server, contexts);
      await postJson(context, server, '/api/v1/auth/sign-in', admin);
      const description = 'Made for one journey through the page.';
      const policy = { kind: 'fixed', approvals: 1, rejections: 1, changeRequests: 1, maxReviews: 3, openReview: true };
      await postJson(context, server, '/api/v1/datasets', {
        slug,
        title,
        description,
        licence: 'CC-BY-4.0',
        languages: ['en', 'de'],
        policy,
        ...changes,
      });
      return slug;
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
  person: async ({ browser, server, admin }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (name, role) => {
      people += 1;
      const email = `person${process.pid}-${people}@example.org`;
      const displayName = `${name} ${people}`;
      const context = await openContext(browser, server, contexts);
      const me = await postJson(context, server, '/api/v1/auth/sign-up', { email, password, displayName, languages: ['en'] });
      if (role !== undefined) {
        const adminContext = await openContext(browser, server, contexts);
        await postJson(adminContext, server, '/api/v1/auth/sign-in', admin);
        const given = await adminContext.request.put(`${server.url}/api/v1/users/${me.id}/role`, {
          data: { role, reason: 'Needed for a journey' },
        });
        expect(given.status()).toBe(200);
      }
      return { page: await context.newPage(), context, displayName, email, password };
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
});

/**
 * Waits for the page to be there and still: its heading in place of skeletons, fonts loaded, nothing animated, so that what is
 * measured is what stays. A page without a heading fails here.
 */
export async function settled(page: Page): Promise<void> {
  await expect(page.locator('h1').first(), `${page.url()} has a heading`).toBeAttached();
  await expect(page.locator('.skeleton'), `${page.url()} has loaded`).toHaveCount(0);
  await page.evaluate(async () => {
    await document.fonts.ready;
    await Promise.allSettled(
      document
        .getAnimations()
        .filter(({ effect }) => effect?.getTiming().iterations === 1)
        .map((each) => each.finished),
    );
  });
}

async function openContext(browser: Browser, server: GranaryServer, contexts: BrowserContext[]): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL: server.url });
  contexts.push(context);
  return context;
}

async function postJson(context: BrowserContext, server: GranaryServer, path: string, data: object): Promise<{ id: string }> {
  const reply = await context.request.post(`${server.url}${path}`, { data });
  expect(reply.ok(), `${path} answered ${reply.status()}: ${await reply.text()}`).toBe(true);
  return (await reply.json()) as { id: string };
}

/** No accessibility violation on the page as it stands, by axe with all of its WCAG A and AA rules. */
export async function expectAccessible(page: Page): Promise<void> {
  await settled(page);
  // Without frames on our pages, the older way of collecting results finds the same in half the time.
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode()
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  const found = violations.map(
    (violation) =>
      `${violation.id}: ${violation.help}\n${violation.nodes.map((node) => `  ${node.target.join(' ')}: ${node.failureSummary ?? ''}`).join('\n')}`,
  );
  expect(found, `axe on ${page.url()}`).toEqual([]);
}

/** Nothing sticks out sideways. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overflow, `sideways scroll on ${page.url()}`).toBeLessThanOrEqual(0);
}

export { expect };
