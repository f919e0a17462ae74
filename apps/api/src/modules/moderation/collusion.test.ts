import type { CollusionFlag } from '@granary/contract';
import { seededRandom } from '@granary/domain';
import { afterEach, expect, it } from 'vitest';
import { createServices } from '../../services.ts';
import { createCommunity, pairOf, type Community } from '../../testing-community.ts';
import type { TestUser } from '../../testing.ts';

let world: Community;
afterEach(() => world.close());

const path = '/api/v1/collusion-flags';

/** Texts of twenty people that come to each other by chance, and two who approve each other's. */
async function community() {
  world = await createCommunity({ approvals: 2 });
  const random = seededRandom(3);
  const honest: TestUser[] = [];
  for (let n = 0; n < 20; n += 1) honest.push(await world.author());
  const friends = [await world.author(), await world.author()];
  const judge = async (author: TestUser, reviewers: readonly TestUser[], n: number) => {
    const { entry } = await world.handIn(author, pairOf(n));
    const task = await world.db.prisma.reviewTask.findFirstOrThrow({ where: { entryId: entry.id } });
    await world.db.prisma.review.createMany({
      data: reviewers.map(({ id: reviewerId }) => ({
        entryId: entry.id,
        revisionId: task.revisionId,
        taskId: task.id,
        reviewerId,
        verdict: 'approve' as const,
      })),
    });
  };
  for (let n = 0; n < 60; n += 1) {
    const author = n % 20;
    const others = honest.filter((_, index) => index !== author);
    const first = others[Math.floor(random() * 19)] as TestUser;
    await judge(honest[author] as TestUser, [first], n);
  }
  for (let n = 0; n < 12; n += 1) await judge(friends[n % 2] as TestUser, [friends[(n + 1) % 2] as TestUser], 100 + n);
  return friends.map(({ id }) => id).toSorted();
}

it('finds two who approve each other, tells moderators how it knows, and does not ask again what was dismissed', async () => {
  const friends = await community();
  const { moderation } = createServices(world.deps);
  expect(await moderation.lookForCollusion()).toBe(1);
  // Looked for once more, it is the same suspicion.
  expect(await moderation.lookForCollusion()).toBe(0);
  const moderator = await world.signIn('moderator');
  const list = async (status = 'open') => (await moderator.send<{ items: CollusionFlag[] }>('GET', `${path}?status=${status}`)).body.items;
  const [flag, ...others] = await list();
  expect(others).toEqual([]);
  expect(flag).toMatchObject({
    datasetSlug: 'shapes',
    kind: 'judging',
    status: 'open',
    evidence: { meetings: 12, approvals: 12, mutual: true },
  });
  expect(flag?.people.map(({ id }) => id)).toEqual(friends);
  expect(flag?.evidence.expected).toBeLessThan(3);
  const resolve = (user: TestUser, resolution: string) =>
    user.send<CollusionFlag>('POST', `${path}/${flag?.id}/resolution`, { resolution, reason: 'They share a desk and said so.' });
  expect((await resolve(await world.signIn('reviewer'), 'dismissed')).status).toBe(403);
  expect((await world.anonymous.send('GET', path)).status).toBe(401);
  expect((await resolve(moderator, 'dismissed')).body).toMatchObject({ status: 'dismissed', resolver: { id: moderator.id } });
  expect((await resolve(moderator, 'upheld')).status).toBe(409);
  expect(await moderation.lookForCollusion()).toBe(0);
  expect([await list(), (await list('dismissed')).length]).toEqual([[], 1]);
  const kinds = (await world.db.prisma.event.findMany({ where: { kind: { startsWith: 'collusion' } }, orderBy: { position: 'asc' } })).map(
    ({ kind }) => kind,
  );
  expect(kinds).toEqual(['collusion_suspected', 'collusion_dismissed']);
});

it('nobody closes a suspicion about themselves', async () => {
  const [suspected] = await community();
  await createServices(world.deps).moderation.lookForCollusion();
  await world.db.prisma.user.update({ where: { id: suspected ?? '' }, data: { role: 'moderator' } });
  const flag = await world.db.prisma.collusionFlag.findFirstOrThrow();
  const session = await world.db.prisma.session.findFirstOrThrow({ where: { userId: suspected ?? '' } });
  const reply = await world.app.inject({
    method: 'POST',
    url: `${path}/${flag.id}/resolution`,
    cookies: { granary_access: world.app.jwt.sign({ sid: session.id }, { expiresIn: '10m' }) },
    payload: { resolution: 'dismissed', reason: 'It was not me.' },
  });
  expect([reply.statusCode, (await world.db.prisma.collusionFlag.findFirstOrThrow()).status]).toEqual([403, 'open']);
});
