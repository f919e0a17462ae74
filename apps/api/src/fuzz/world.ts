import type { Entry, Role } from '@granary/contract';
import { queryRows, type Prisma } from '@granary/db';
import * as z from 'zod';
import { cookieName } from '../http/cookies.ts';
import { hashPassword } from '../modules/accounts/passwords.ts';
import { createServices } from '../services.ts';
import { createCommunity, pairOf, type Community } from '../testing-community.ts';
import type { TestUser } from '../testing.ts';

export const fuzzedRoles = ['anonymous', 'contributor', 'moderator', 'admin'] as const;
export type FuzzedRole = (typeof fuzzedRoles)[number];

export const password = 'a long sentence is a good password';
/** Account that nobody else changes: signs in with `password`. */
export const knownEmail = 'known@example.org';
/** Dataset whose own fields requests may change; the others stay as they are, so that contributions to them go on working. */
export const playground = 'playground';

export type World = Awaited<ReturnType<typeof createWorld>>;

/**
 * A small community with something of every kind in it: entries of every status, tasks, comparisons, reports, appeals, proposals,
 * two published snapshots, imports, webhooks, links. `users` are who the requests come from.
 */
export async function createWorld() {
  const community = await createCommunity({}, { mail: true });
  await community.deps.jobs.start();
  const passwordHash = await hashPassword(password);
  const users: Record<Exclude<FuzzedRole, 'anonymous'>, TestUser> = {
    contributor: await community.author(),
    moderator: await community.signIn('moderator'),
    admin: community.admin,
  };
  const helpers = await Promise.all([1, 2, 3, 4].map(() => community.author()));
  for (const user of [...helpers, ...Object.values(users)]) extendSession(community, user);
  for (const user of [users.moderator, users.admin]) await accept(user);
  await community.db.prisma.user.create({
    data: { email: knownEmail, passwordHash, displayName: 'Known', displayNameKey: 'known', role: 'contributor' },
  });
  const made = createMaker(community, helpers);
  await seedEntries(made, Object.values(users));
  await seedDatasets(users.admin);
  await seedSnapshots(community, users.admin);
  const world = { ...community, users, helpers, made, passwordHash };
  for (const user of Object.values(users)) await restoreUser(world, user);
  return world;
}

/** Gives a user back what requests took: role, password, session. */
export async function restoreUser(
  world: Pick<Community, 'db' | 'app'> & { users: Record<string, TestUser>; passwordHash: string },
  user: TestUser,
) {
  const role = Object.entries(world.users).find(([, { id }]) => id === user.id)?.[0] as Role;
  const data = { role, status: 'active' as const, email: user.email, passwordHash: world.passwordHash };
  await world.db.prisma.user.update({ where: { id: user.id }, data });
  const live = { revokedAt: null, expiresAt: new Date(Date.now() + 86_400_000) };
  await world.db.prisma.session.updateMany({ where: { id: user.sessionId }, data: live });
}

/** A run may take longer than an access token is good for. */
function extendSession({ app }: Pick<Community, 'app'>, user: TestUser): void {
  user.cookies[cookieName('access', false)] = app.jwt.sign({ sid: user.sessionId }, { expiresIn: '1d' });
}

/** All rows of a statement, each one as a record of plain values. */
export const select = (world: Pick<Community, 'db'>, sql: Prisma.Sql) => queryRows(world.db.prisma, z.record(z.string(), z.unknown()), sql);

async function accept(user: TestUser): Promise<void> {
  await user.send('POST', '/api/v1/datasets/shapes/terms-acceptance', { termsVersion: 1 });
}

export type Maker = ReturnType<typeof createMaker>;

/** Brings entries into every state by the ways people take. */
function createMaker(community: Community, helpers: readonly TestUser[]) {
  let count = 0;
  // The last writes nothing: nobody reviews an alternative to a response of their own.
  const [author, reviewer, third, judgeOfAll] = helpers as [TestUser, TestUser, TestUser, TestUser];
  const otherThan = (user: TestUser) => (user.id === reviewer.id ? author : reviewer);

  async function entry(by: TestUser = author): Promise<Entry> {
    count += 1;
    return (await community.handIn(by, pairOf(count))).entry;
  }
  async function judged(by: TestUser, verdict: Record<string, unknown>): Promise<Entry> {
    const added = await entry(by);
    const judge = otherThan(by);
    await community.db.prisma.reviewTask.updateMany({
      where: { entryId: added.id, closedAt: null },
      data: { leasedById: judge.id, leaseExpiresAt: new Date(Date.now() + 600_000) },
    });
    const task = await community.db.prisma.reviewTask.findFirstOrThrow({ where: { entryId: added.id, closedAt: null } });
    const reply = await community.review(judge, task.id, verdict);
    if (reply.status !== 201) throw new Error(`Not reviewed: ${reply.text}`);
    return added;
  }
  return {
    entry,
    approved: (by: TestUser = author) => judged(by, { verdict: 'approve', ratings: { helpfulness: 4 } }),
    rejected: (by: TestUser = author) => judged(by, { verdict: 'reject', reason: 'incorrect' }),
    async escalated(): Promise<Entry> {
      const added = await entry();
      await community.db.prisma.entry.update({ where: { id: added.id }, data: { escalatedAt: new Date() } });
      return added;
    },
    async retracted(): Promise<Entry> {
      const added = await judged(author, { verdict: 'approve' });
      await author.send('POST', `/api/v1/entries/${added.id}/retract`, { reason: 'Seeded.' });
      return added;
    },
    /** An instruction with three approved responses by different people: three comparisons. */
    async alternatives(): Promise<void> {
      const first = await judged(author, { verdict: 'approve' });
      for (const by of [reviewer, third]) {
        const contribution = {
          kind: 'response' as const,
          parentId: first.parentId ?? '',
          response: { text: `Another answer, number ${(count += 1)}.` },
          language: 'en',
        };
        const { entry: added } = await community.handIn(by, contribution);
        const task = await community.db.prisma.reviewTask.findFirstOrThrow({ where: { entryId: added.id, closedAt: null } });
        await community.db.prisma.reviewTask.update({
          where: { id: task.id },
          data: { leasedById: judgeOfAll.id, leaseExpiresAt: new Date(Date.now() + 600_000) },
        });
        const reply = await community.review(judgeOfAll, task.id, { verdict: 'approve' });
        if (reply.status !== 201) throw new Error(`Not reviewed: ${reply.text}`);
      }
    },
  };
}

async function seedEntries(made: Maker, users: readonly TestUser[]): Promise<void> {
  for (const user of users) {
    await made.entry(user);
    await made.approved(user);
    await made.rejected(user);
  }
  for (let round = 0; round < 4; round += 1) await made.approved();
  for (let round = 0; round < 2; round += 1) await made.alternatives();
  await made.escalated();
  await made.retracted();
}

async function seedDatasets(admin: TestUser): Promise<void> {
  const body = {
    slug: playground,
    title: 'Playground',
    description: 'A dataset to change at will.',
    licence: 'CC-BY-4.0',
    languages: ['en'],
  };
  await admin.send('POST', '/api/v1/datasets', body);
}

async function seedSnapshots(community: Community, admin: TestUser): Promise<void> {
  const services = createServices(community.deps);
  for (const notes of ['The first.', 'The second.']) {
    const reply = await admin.send('POST', '/api/v1/datasets/shapes/snapshots', { selection: {}, notes });
    if (reply.status !== 202) throw new Error(`No snapshot: ${reply.text}`);
    const snapshot = await community.db.prisma.snapshot.findFirstOrThrow({ where: { status: 'queued' } });
    await services.buildSnapshot(snapshot.id, { signal: new AbortController().signal, lastTry: true });
  }
}
