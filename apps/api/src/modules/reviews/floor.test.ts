import type { Dataset } from '@granary/contract';
import { defaultAdaptivePolicy } from '@granary/domain';
import { afterEach, describe, expect, it } from 'vitest';
import { createServices } from '../../services.ts';
import { createCommunity, pairOf, type Community } from '../../testing-community.ts';
import type { TestUser } from '../../testing.ts';
import { isProvenIn } from '../reliability/skills.ts';

let world: Community;
afterEach(() => world.close());

const approve = { verdict: 'approve' };
const fixed = { kind: 'fixed', approvals: 2, rejections: 2, changeRequests: 2, maxReviews: 5, openReview: true } as const;

async function say(user: TestUser, verdict: object = approve): Promise<string> {
  const task = await world.next(user);
  if (task === null) return 'nothing';
  const { status, body } = await world.review(user, task.id, { ...verdict });
  expect(status).toBe(201);
  return body.status;
}
const inGeneral = (n: number) => ({ ...pairOf(n), category: 'general_qa' });
const provenFlags = async () =>
  (await world.db.prisma.review.findMany({ where: { entry: { role: 'response' } }, orderBy: { createdAt: 'asc' } })).map(
    ({ proven }) => proven,
  );

describe.each([
  ['weighed', defaultAdaptivePolicy],
  ['counted', fixed],
])('the floor, verdicts %s', (_name, policy) => {
  it('lets strangers decide nothing among themselves, and keeps the seat that is left for somebody who is proven', async () => {
    world = await createCommunity(policy, {}, 'proven_pair');
    const [one, two, moderator] = [await world.signIn(), await world.signIn(), await world.signIn('moderator')];
    const { entry } = await world.handIn(await world.author(), pairOf(1));
    expect(await say(one)).toBe('in_review');
    expect(await say(two)).toBe('nothing');
    const queue = async (user: TestUser) =>
      (await user.send<{ items: { waiting: number }[] }>('GET', '/api/v1/review-tasks/queue')).body.items[0]?.waiting;
    expect([await queue(two), await queue(moderator)]).toEqual([0, 1]);
    expect(await say(moderator)).toBe('approved');
    expect(await provenFlags()).toEqual([false, true]);
    const events = await world.db.prisma.event.findMany({
      where: { entryId: entry.id, kind: 'entry_reviewed' },
      orderBy: { position: 'asc' },
    });
    expect(events.map(({ payload }) => (payload as { proven?: boolean }).proven)).toEqual([false, true]);
  });

  it('takes anybody after a proven one, and two strangers who hold seats at once do no harm', async () => {
    world = await createCommunity(policy, {}, 'proven_pair');
    const [one, two, three, moderator] = [
      await world.signIn(),
      await world.signIn(),
      await world.signIn(),
      await world.signIn('moderator'),
    ];
    const author = await world.author();
    await world.handIn(author, pairOf(1));
    expect(await say(moderator)).toBe('in_review');
    expect(await say(one)).toBe('approved');
    await world.handIn(author, pairOf(2));
    const [first, second] = [await world.next(one), await world.next(two)];
    await world.review(one, first?.id ?? '', approve);
    expect((await world.review(two, second?.id ?? '', approve)).body.status).toBe('in_review');
    expect(await say(three)).toBe('nothing');
    expect(await say(moderator)).toBe('approved');
  });
});

it('who has passed the qualification is proven, and who has ten known verdicts', async () => {
  world = await createCommunity(defaultAdaptivePolicy, {}, 'proven_pair');
  const [one, qualified, known] = [await world.signIn(), await world.signIn(), await world.signIn()];
  const author = await world.author();
  const { id: datasetId } = await world.db.prisma.dataset.findUniqueOrThrow({ where: { slug: 'shapes' } });
  await world.handIn(author, pairOf(1));
  await say(one);
  await world.db.prisma.reviewerSkill.upsert({
    where: { datasetId_userId: { datasetId, userId: known.id } },
    create: { datasetId, userId: known.id, counts: Array.from({ length: 9 }, () => 0), reviews: 9 },
    update: {},
  });
  expect(await say(known)).toBe('nothing');
  await world.db.prisma.reviewerSkill.updateMany({ where: { userId: known.id }, data: { reviews: 10 } });
  expect(await say(known)).toBe('approved');
  await world.handIn(author, pairOf(2));
  await say(one);
  await world.db.prisma.qualification.create({ data: { datasetId, userId: qualified.id, needed: 1, passedAt: new Date() } });
  expect(await say(qualified)).toBe('approved');
});

it('makes nobody proven by verdicts that nothing has settled, before an estimate or after it', async () => {
  world = await createCommunity(defaultAdaptivePolicy, {}, 'proven_pair');
  await world.deps.jobs.start();
  const strangers = [await world.signIn(), await world.signIn()];
  const { id: datasetId } = await world.db.prisma.dataset.findUniqueOrThrow({ where: { slug: 'shapes' } });
  const author = await world.author();
  const leased: [TestUser, string][] = [];
  for (let n = 0; n < 10; n += 1) {
    await world.handIn(author, pairOf(n));
    // Both hold a seat before either has said anything.
    for (const stranger of strangers) leased.push([stranger, (await world.next(stranger))?.id ?? '']);
    for (const [stranger, id] of leased.splice(0)) expect((await world.review(stranger, id, approve)).body.status).toBe('in_review');
  }
  const later = createServices({ ...world.deps, clock: () => new Date(Date.now() + 3_600_000) });
  const { id } = await later.reliability.request(world.admin.id, 'shapes');
  await later.reliability.run(id, { lastTry: true });
  expect((await later.reliability.estimates('shapes'))[0]).toMatchObject({ verdicts: 20, reviewers: 2 });
  for (const stranger of strangers) expect(await isProvenIn(world.db.prisma, datasetId, stranger.id)).toBe(false);
  // The seats that are left are kept for people who are proven, and these two are still not.
  expect(await say(await world.signIn())).toBe('nothing');
  const moderator = await world.signIn('moderator');
  for (let n = 0; n < 10; n += 1) expect(await say(moderator)).toBe('approved');
  const again = await later.reliability.request(world.admin.id, 'shapes');
  await later.reliability.run(again.id, { lastTry: true });
  for (const stranger of strangers) expect(await isProvenIn(world.db.prisma, datasetId, stranger.id)).toBe(true);
});

it('what only strangers have looked at for days is a moderator’s', async () => {
  world = await createCommunity(defaultAdaptivePolicy, {}, 'proven_pair');
  const [one, two] = [await world.signIn(), await world.signIn()];
  const { entry } = await world.handIn(await world.author(), pairOf(1));
  await say(one);
  await world.handIn(await world.author(), pairOf(2));
  await say(two);
  const later = createServices({ ...world.deps, clock: () => new Date(Date.now() + 4 * 86_400_000) });
  expect(await later.reviews.escalateStuck()).toBe(2);
  expect((await world.db.prisma.entry.findUniqueOrThrow({ where: { id: entry.id } })).escalatedAt).not.toBe(null);
});

it('is the default; an admin who wants fewer people has to say so', async () => {
  world = await createCommunity();
  const { version } = (await world.admin.send<Dataset>('GET', '/api/v1/datasets/shapes')).body;
  const change = (policy: object) =>
    world.admin.send<Dataset & { errors: { path: string }[] }>(
      'PATCH',
      '/api/v1/datasets/shapes',
      { policy },
      { 'if-match': `"${version}"` },
    );
  const alone = { ...fixed, approvals: 1, changeRequests: 1 };
  const refused = await change(alone);
  expect([refused.status, refused.body.errors.map(({ path }) => path).toSorted()]).toEqual([
    400,
    ['policy.approvals', 'policy.changeRequests'],
  ]);
  expect((await change({ ...alone, floor: 'none' })).body.policy).toEqual({ ...alone, floor: 'none' });
  const made = await world.admin.send<Dataset>('POST', '/api/v1/datasets', {
    slug: 'plain',
    title: 'Plain',
    description: 'Says nothing of a policy.',
    licence: 'CC-BY-4.0',
    languages: ['en'],
  });
  expect(made.body.policy).toMatchObject({ kind: 'adaptive', floor: 'proven_pair', minReviews: 2, qualification: { items: 5, needed: 4 } });
});

it('nobody pages through the queue: strangers get a text at random, the same again, and hold no more than a page does', async () => {
  world = await createCommunity(defaultAdaptivePolicy, {}, 'proven_pair');
  const author = await world.author();
  for (let n = 0; n < 12; n += 1) await world.handIn(author, pairOf(n));
  const lease = async (user: TestUser, holding: string[] = []) =>
    (
      await user.send<{ task: { id: string; entry: { id: string } } | null }>('POST', '/api/v1/review-tasks/next', {
        dataset: 'shapes',
        holding,
      })
    ).body.task;
  const first = new Set<string>();
  for (let n = 0; n < 8; n += 1) {
    const user = await world.signIn();
    const task = await lease(user);
    await user.send('POST', `/api/v1/review-tasks/${task?.id}/release`);
    // Giving it back brings no other text.
    expect((await lease(user))?.entry.id).toBe(task?.entry.id);
    first.add(task?.entry.id ?? '');
    await user.send('POST', `/api/v1/review-tasks/${task?.id}/release`);
  }
  // In the order of age all of them would begin with one or two texts.
  expect(first.size).toBeGreaterThan(3);
  const greedy = await world.signIn();
  const held: string[] = [];
  for (let n = 0; n < 8; n += 1) {
    const task = await lease(greedy, held.slice(-4));
    if (task !== null && !held.includes(task.id)) held.push(task.id);
  }
  expect(held).toHaveLength(5);
});

it('strangers come to nobody’s text by the name of a rare category; who reads one language only has all that waits in it', async () => {
  world = await createCommunity(defaultAdaptivePolicy, {}, 'proven_pair');
  const [stranger, german, moderator] = [await world.signIn(), await world.signIn(), await world.signIn('moderator')];
  await world.db.prisma.user.update({ where: { id: german.id }, data: { languages: ['de'] } });
  const ask = async (user: TestUser, category?: string, holding: string[] = []) => {
    const body = { dataset: 'shapes', ...(category === undefined ? {} : { category }), holding };
    type Answer = { task: { id: string; category: { slug: string }; entry: { id: string } } | null };
    const { task } = (await user.send<Answer>('POST', '/api/v1/review-tasks/next', body)).body;
    if (task !== null) await user.send('POST', `/api/v1/review-tasks/${task.id}/release`);
    return task;
  };
  const friend = await world.author();
  const { entry } = await world.handIn(friend, inGeneral(0));
  // Nothing else waits yet: there is no choice in the choice.
  expect((await ask(stranger, 'general_qa'))?.entry.id).toBe(entry.id);
  const others = await Promise.all(Array.from({ length: 7 }, () => world.author()));
  for (const [n, author] of others.entries()) await world.handIn(author, pairOf(n + 1));
  // As many texts as one likes of one person do not help.
  for (const n of [20, 21, 22, 23, 24, 25, 26, 27]) await world.handIn(friend, inGeneral(n));
  expect([await ask(stranger, 'general_qa'), (await ask(stranger)) === null]).toEqual([null, false]);
  expect((await ask(moderator, 'general_qa'))?.category.slug).toBe('general_qa');
  const { entry: foreign } = await world.handIn(friend, { ...pairOf(30), language: 'de' });
  expect([await ask(german), await ask(german, 'open_qa')]).toMatchObject([{ entry: { id: foreign.id } }, { entry: { id: foreign.id } }]);
  for (const [n, author] of others.entries()) await world.handIn(author, inGeneral(n + 40));
  expect((await ask(stranger, 'general_qa'))?.category.slug).toBe('general_qa');
});

it('what many have passed on is a moderator’s, and nobody passes on more in a day than a reader needs', async () => {
  world = await createCommunity({ approvals: 2 }, { env: { RATE_LIMIT_FACTOR: '0.05' } });
  const { entry } = await world.handIn(await world.author(), pairOf(1));
  await world.handIn(await world.author(), pairOf(2));
  const { currentRevisionId } = await world.db.prisma.entry.findUniqueOrThrow({ where: { id: entry.id } });
  const people = await Promise.all(Array.from({ length: 9 }, () => world.signIn()));
  const [reviewer] = people;
  // Of two skips a day the third is refused.
  for (const status of [204, 204, 429]) {
    const task = await world.next(people[8] as TestUser);
    expect((await people[8]?.send('POST', `/api/v1/review-tasks/${task?.id ?? entry.id}/skip`, {}))?.status).toBe(status);
  }
  await world.db.prisma.reviewSkip.deleteMany();
  await say(reviewer as TestUser);
  await world.db.prisma.reviewSkip.createMany({
    data: people.slice(1).map(({ id: userId }) => ({ userId, revisionId: currentRevisionId })),
  });
  const later = createServices({ ...world.deps, clock: () => new Date(Date.now() + 4 * 86_400_000) });
  await later.reviews.escalateStuck();
  expect((await world.db.prisma.entry.findUniqueOrThrow({ where: { id: entry.id } })).escalatedAt).not.toBe(null);
});
