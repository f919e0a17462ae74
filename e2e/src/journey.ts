import { test as base, type BrowserContext, type BrowserContextOptions, type Page } from '@playwright/test';
import { createAccounts, type Account, type Accounts, type Role } from './accounts.ts';
import { createDataset } from './community.ts';
import { buildEveryPageWorld, type EveryPageWorld } from './every-page-world.ts';
import { startServer, type GranaryServer } from './granary-server.ts';
import { patienceMs } from './patience.ts';
import { followTrail, writeTrail } from './trail.ts';

export type Person = Account & { page: Page; context: BrowserContext };
/** Signed in once per worker. They act through the API; what they have done before is theirs still. */
type Community = { author: Account; reviewer: Account; moderator: Account };
type WorkerFixtures = {
  server: GranaryServer;
  accounts: Accounts;
  sharedCommunity: Community;
  /** What the pages that are looked at one by one show. */
  everyPageWorld: EveryPageWorld;
};
type TestFixtures = {
  /** A new browser with nobody signed in. */
  visitor: () => Promise<Page>;
  /** A new browser of somebody who is signed in already. */
  pageOf: (account: Account) => Promise<Page>;
  /** Signs somebody up, in a browser of their own; with a role, the admin gives it. For whoever must be new or is watched. */
  person: (name: string, role?: Role) => Promise<Person>;
  /** An author, a reviewer and a moderator for what happens elsewhere. Their lists of contributions hold more than one journey's. */
  community: Community;
  /** The admin's browser. */
  adminPage: () => Promise<Page>;
  /** A dataset of its own, so that a journey meets only what it made itself; resolves to its slug. */
  dataset: (title: string, changes?: object) => Promise<string>;
  /** A new browser, closed when the journey ends. */
  openContext: (options?: BrowserContextOptions) => Promise<BrowserContext>;
  /** Notes where the journey went. */
  trail: void;
};

export const test = base.extend<TestFixtures, WorkerFixtures>({
  server: [
    async ({}, use) => {
      const server = await startServer({ WEBHOOK_PRIVATE_HOSTS: '127.0.0.1' });
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 2 * patienceMs },
  ],
  accounts: [async ({ playwright, server }, use) => use(await createAccounts(playwright.request, server)), { scope: 'worker' }],
  sharedCommunity: [
    async ({ accounts }, use) => {
      const author = await accounts.share('Shared author');
      const reviewer = await accounts.share('Shared reviewer');
      await use({ author, reviewer, moderator: await accounts.share('Shared moderator', 'moderator') });
    },
    { scope: 'worker' },
  ],
  everyPageWorld: [async ({ accounts }, use) => use(await buildEveryPageWorld(accounts)), { scope: 'worker', timeout: 4 * patienceMs }],
  openContext: async ({ browser, server }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (options = {}) => {
      const context = await browser.newContext({ baseURL: server.url, ...options });
      followTrail(context);
      contexts.push(context);
      return context;
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
  trail: [
    async ({}, use, testInfo) => {
      await use();
      writeTrail(testInfo);
    },
    { auto: true },
  ],
  visitor: async ({ openContext }, use) => use(async () => (await openContext()).newPage()),
  pageOf: async ({ openContext, accounts }, use) => {
    await use(async (account) => {
      await accounts.keepSignedIn(account);
      const context = await openContext({ storageState: await account.context.request.storageState() });
      return context.newPage();
    });
  },
  adminPage: async ({ pageOf, accounts }, use) => use(() => pageOf(accounts.admin)),
  community: async ({ sharedCommunity, accounts }, use) => {
    for (const account of Object.values(sharedCommunity)) await accounts.keepSignedIn(account);
    await use(sharedCommunity);
  },
  dataset: async ({ accounts }, use) => {
    await accounts.keepSignedIn(accounts.admin);
    await use((title, changes) => createDataset(accounts.admin, title, changes));
  },
  person: async ({ openContext, accounts }, use) => {
    await use(async (name, role) => {
      const context = await openContext();
      const account = await accounts.signUp(name, { role, request: context.request });
      return { ...account, context, page: await context.newPage() };
    });
  },
});

export { expect } from '@playwright/test';
export { expectAccessible, expectGoodInEveryLook, expectNoSidewaysScroll, settled, takeFirstLook } from './page-checks.ts';
export { downloaded, inPage, within } from './patience.ts';
