import { Prisma } from '@granary/db';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDraw } from '../fuzz/draw.ts';
import { recipes, type Recipe } from '../fuzz/recipes.ts';
import { drawParts, toRequest } from '../fuzz/requests.ts';
import { createWorld, restoreUsers, select, type World } from '../fuzz/world.ts';
import { listEndpoints } from '../openapi/document.ts';
import { pairOf } from '../testing-community.ts';
import type { TestUser } from '../testing.ts';

/**
 * Writes that keep their answer after their work and not with it. Done again after a crash in between they leave what they left before, or are
 * refused as a second time; `next` may lease a second seat, which is free again when its lease ends.
 */
const keptAfterwards = new Set([
  'accounts.signOutEverywhere',
  'accounts.updateMe',
  'accounts.endSession',
  'accounts.revokeAccessToken',
  'datasets.acceptTerms',
  'drafts.save',
  'drafts.remove',
  'reviews.next',
  'reviews.heartbeat',
  'reviews.release',
  'reviews.skip',
  'reviews.undo',
  'comparisons.next',
  'comparisons.heartbeat',
  'comparisons.release',
  'comparisons.skip',
  'comparisons.undo',
]);
/** These only read, though with a body. */
const readOnly = new Set(['snapshots.preview', 'imports.preview', 'hub.pathsInfo']);

const writes = listEndpoints().filter(
  ({ id, endpoint: { method, kind, sensitive, permission } }) =>
    method !== 'GET' && kind === 'json' && !sensitive && permission !== 'public' && !readOnly.has(id),
);
const poisoned = 'poisoned-key';

/** Where the recipe leaves open whether anything changes. */
const ownRecipes: Record<string, Recipe> = {
  'datasets.acceptTerms': async ({ db, admin }) => {
    await db.prisma.termsAcceptance.deleteMany({ where: { userId: admin.id } });
    return { params: { slug: 'shapes' }, wholeBody: { termsVersion: 1 } };
  },
  'reviews.next': async ({ made }) => {
    await made.entry();
    return { wholeBody: { dataset: 'shapes' } };
  },
  'comparisons.next': async () => ({ wholeBody: { dataset: 'shapes' } }),
  'publishing.setPlan': async () => ({
    params: { slug: 'shapes' },
    wholeBody: { mode: 'weekly', weekday: 1, hour: 3, selection: {}, notes: 'Every week.' },
  }),
};

/** Two approved responses to one instruction: something to compare. */
async function addAlternatives(): Promise<void> {
  const first = await world.made.approved();
  const response = { text: 'As many as it has sides, for each side begins where another ends.' };
  const contribution = { kind: 'response' as const, parentId: first.parentId ?? '', response, language: 'en' };
  const { entry } = await world.handIn(world.helpers[1] as TestUser, contribution);
  const judge = await world.signIn();
  const task = await world.db.prisma.reviewTask.findFirstOrThrow({ where: { entryId: entry.id, closedAt: null } });
  const lease = { leasedById: judge.id, leaseExpiresAt: new Date(Date.now() + 600_000) };
  await world.db.prisma.reviewTask.update({ where: { id: task.id }, data: lease });
  const reply = await world.review(judge, task.id, { verdict: 'approve' });
  if (reply.status !== 201) throw new Error(`Not reviewed: ${reply.text}`);
}

let world: World;
beforeAll(async () => {
  world = await createWorld();
  for (let round = 0; round < 3; round += 1) await addAlternatives();
  // From here on, the answer to such a key cannot be kept.
  await world.db.executeSql(`ALTER TABLE idempotency_keys ADD CONSTRAINT poisoned CHECK (key <> '${poisoned}')`);
}, 300_000);
afterAll(() => world.close());

/** Every row of every table but those that count requests and answers. */
async function everything(): Promise<Map<string, unknown>> {
  const tables = await select(
    world,
    Prisma.sql`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ('idempotency_keys', 'rate_limits', '_prisma_migrations') ORDER BY 1`,
  );
  const parts = tables.map(
    ({ name }) =>
      `SELECT '${String(name)}' AS name, md5(coalesce(string_agg(t::text, ' ' ORDER BY t::text), '')) AS content FROM ${String(name)} t`,
  );
  const { rows } = await world.db.executeSql(parts.join(' UNION ALL '));
  return new Map(rows.map(({ name, content }) => [String(name), content]));
}

/** A request that succeeds; `admin` may do all of it. */
async function requestFor({ id, endpoint }: (typeof writes)[number], index: number) {
  const parts = await drawParts(
    { endpoint, recipe: ownRecipes[id] ?? recipes[id] },
    { world, user: world.users.admin, hints: { slug: ['shapes'], dataset: ['shapes'] }, draw: createDraw(20_261_201, index) },
  );
  const { url, headers, payload } = toRequest(endpoint, parts, '');
  return (key: string) => world.users.admin.send(endpoint.method, url, payload, { ...headers, 'idempotency-key': key });
}

test.each(writes.map((write, index) => [write.id, write, index] as const))(
  '%s: the work and the answer to its key are kept together, or neither is',
  async (id, write, index) => {
    await restoreUsers(world);
    const send = await requestFor(write, index);
    const before = await everything();
    const failed = await send(poisoned);
    expect([id, failed.status, failed.text]).toEqual([id, 500, failed.text]);
    const after = await everything();
    const changed = [...before.keys()].filter((table) => before.get(table) !== after.get(table));
    // The list stays true: what is kept together by now has no place in it.
    expect({ id, changed, keptAfterwards: changed.length > 0 }).toEqual({ id, changed, keptAfterwards: keptAfterwards.has(id) });
  },
);

test('of two requests with one key at once, both get the answer of the one that did the work', async () => {
  const author = world.helpers[0] as TestUser;
  const { entry } = await world.handIn(author, pairOf(90_001));
  const send = () =>
    author.send('POST', `/api/v1/entries/${entry.id}/retract`, { reason: 'I found a mistake.' }, { 'idempotency-key': 'both-at-once' });
  const replies = await Promise.all([send(), send()]);
  expect(replies.map((reply) => reply.status)).toEqual([200, 200]);
  expect(replies[1]?.body).toEqual(replies[0]?.body);
});
