import type { EntryRatings } from '@granary/contract';
import { bayesianMean } from '@granary/domain';
import { afterEach, expect, it } from 'vitest';
import { createServices } from '../../services.ts';
import { createCommunity, pairOf, type Community } from '../../testing-community.ts';
import type { TestUser } from '../../testing.ts';

let world: Community;
afterEach(() => world.close());

async function approvedPairs(count: number) {
  world = await createCommunity();
  const author = await world.author();
  const reviewer = await world.signIn();
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) {
    ids.push((await world.handIn(author, pairOf(n))).entry.id);
    await world.review(reviewer, (await world.next(reviewer))?.id ?? '', { verdict: 'approve' });
  }
  return { author, reviewer, ids };
}
type Answer = EntryRatings & { code: string; errors: { path: string }[] };
const rate = (user: TestUser, id: string | undefined, ratings: object) =>
  user.send<Answer>('PUT', `/api/v1/entries/${id}/rating`, { ratings });
const pairRow = (id: string | undefined) => world.db.prisma.pair.findUniqueOrThrow({ where: { responseId: id ?? '' } });

it('takes scores on approved responses from everybody but their author, and tells at once what they come to', async () => {
  const { author, reviewer, ids } = await approvedPairs(1);
  const [id] = ids;
  const read = (user: { send: TestUser['send'] }) => user.send<Answer>('GET', `/api/v1/entries/${id}/ratings`);
  expect((await read(world.anonymous)).body).toMatchObject({
    rating: null,
    raters: 0,
    mine: null,
    mayRate: false,
    dimensions: [{ slug: 'helpfulness', mean: null }],
  });
  expect((await world.anonymous.send('PUT', `/api/v1/entries/${id}/rating`, { ratings: { helpfulness: 5 } })).status).toBe(401);
  expect((await rate(author, id, { helpfulness: 5 })).body.code).toBe('own_entry');
  expect((await read(author)).body.mayRate).toBe(false);
  expect((await rate(reviewer, id, {})).status).toBe(400);
  expect((await rate(reviewer, id, { helpfulness: 6 })).status).toBe(400);
  expect((await rate(reviewer, id, { beauty: 5 })).body.errors).toMatchObject([{ path: 'ratings.beauty' }]);
  expect((await rate(reviewer, crypto.randomUUID(), { helpfulness: 5 })).status).toBe(404);
  const { entry } = await world.handIn(author, pairOf(9));
  expect((await rate(reviewer, entry.id, { helpfulness: 5 })).status).toBe(404);

  expect((await rate(reviewer, id, { helpfulness: 5 })).body).toMatchObject({
    rating: 4,
    raters: 1,
    mine: { helpfulness: 5 },
    mayRate: true,
  });
  expect((await rate(reviewer, id, { helpfulness: 2 })).body).toMatchObject({ rating: 3, raters: 1, mine: { helpfulness: 2 } });
  expect((await rate(await world.signIn(), id, { helpfulness: 5 })).body).toMatchObject({ rating: 3.5, raters: 2 });
  expect(await pairRow(id)).toMatchObject({ rating: 3.5, ratingCount: 2, ratings: { helpfulness: 3.5 } });
  const cleared = await reviewer.send<Answer>('DELETE', `/api/v1/entries/${id}/rating`);
  expect(cleared.body).toMatchObject({ rating: 4, raters: 1, mine: null });
});

it('counts what an approving reviewer gave along, once per person: the newer', async () => {
  world = await createCommunity();
  const author = await world.author();
  const { entry } = await world.handIn(author, pairOf(1));
  const reviewer = await world.signIn();
  await world.review(reviewer, (await world.next(reviewer))?.id ?? '', { verdict: 'approve', ratings: { helpfulness: 2 } });
  expect(await pairRow(entry.id)).toMatchObject({ rating: 3, ratingCount: 1 });
  await rate(reviewer, entry.id, { helpfulness: 5 });
  expect(await pairRow(entry.id)).toMatchObject({ rating: 4, ratingCount: 1 });
});

it('says what was given beside what is made of it: the plain mean, and how many scores that is', async () => {
  const { reviewer, ids } = await approvedPairs(1);
  const none = await reviewer.send<EntryRatings>('GET', `/api/v1/entries/${ids[0]}/ratings`);
  expect(none.body).toMatchObject({ mean: null, scores: 0, rating: null, raters: 0 });
  await rate(reviewer, ids[0], { helpfulness: 5 });
  const { body } = await rate(await world.signIn(), ids[0], { helpfulness: 4 });
  expect(body).toMatchObject({ mean: 4.5, scores: 2, raters: 2, dimensions: [{ slug: 'helpfulness', mean: 4.5 }] });
  expect(body.rating, 'drawn towards the middle').toBeLessThan(4.5);
});

it('corrects by what each rater usually gives too much; what counts at once and what the job finds agree', async () => {
  const { ids } = await approvedPairs(6);
  const [fair, generous, strict] = [await world.signIn(), await world.signIn(), await world.signIn()];
  const worth = [2, 3, 4, 2, 3, 4];
  for (const [n, id] of ids.entries()) {
    const score = worth[n] ?? 3;
    await rate(fair, id, { helpfulness: score });
    await rate(generous, id, { helpfulness: score + 1 });
    if (n > 0) await rate(strict, id, { helpfulness: score - 1 });
  }
  const services = createServices(world.deps);
  const { datasetId } = await world.db.prisma.entry.findUniqueOrThrow({ where: { id: ids[0] ?? '' } });
  await services.ratings.aggregate(datasetId);
  const biases = new Map((await world.db.prisma.raterBias.findMany()).map(({ userId, bias }) => [userId, bias]));
  expect(biases.get(generous.id)).toBeGreaterThan(0.3);
  expect(biases.get(strict.id)).toBeLessThan(-0.3);
  const { means } = await world.db.prisma.ratingEstimate.findUniqueOrThrow({ where: { datasetId } });
  const mean = (means as { helpfulness: number }).helpfulness;
  const given = [
    { score: 2, bias: biases.get(fair.id) ?? 0 },
    { score: 3, bias: biases.get(generous.id) ?? 0 },
  ];
  const expected = Number(bayesianMean(given, mean).toFixed(4));
  // The first was rated by the fair and the generous one only: it is worth less than its plain mean.
  expect((await pairRow(ids[0])).rating).toBe(expected);
  expect(expected).toBeLessThan((2 * mean + 5) / 4);
  const again = await rate(strict, ids[0], { helpfulness: 1 });
  expect(again.body.rating).toBe(Number(bayesianMean([...given, { score: 1, bias: biases.get(strict.id) ?? 0 }], mean).toFixed(4)));
  const before = await world.db.prisma.pair.findMany({ orderBy: { responseId: 'asc' }, select: { rating: true } });
  await world.db.prisma.$executeRaw`UPDATE pairs SET rating = NULL, ratings = '{}'`;
  await world.db.prisma.$executeRaw`UPDATE rater_biases SET bias = bias`;
  await services.ratings.aggregate(datasetId);
  const after = await world.db.prisma.pair.findMany({ orderBy: { responseId: 'asc' }, select: { rating: true } });
  for (const [n, { rating }] of after.entries()) expect(Math.abs((rating ?? 0) - (before[n]?.rating ?? 9))).toBeLessThan(0.3);
});

it('is looked at together once an hour where there are new ones', async () => {
  const { reviewer, ids } = await approvedPairs(1);
  let now = new Date();
  const services = createServices({ ...world.deps, clock: () => now });
  await world.deps.jobs.start();
  expect(await services.ratings.requestDue()).toEqual([]);
  await rate(reviewer, ids[0], { helpfulness: 4 });
  now = new Date();
  const [due] = await services.ratings.requestDue();
  await services.ratings.aggregate(due ?? '');
  expect(await services.ratings.requestDue()).toEqual([]);
  now = new Date(now.getTime() + 2 * 3_600_000);
  expect(await services.ratings.requestDue()).toEqual([]);
});

it('is kept with an edit for the version it was given to, and comes back with a restored entry', async () => {
  const { author, reviewer, ids } = await approvedPairs(1);
  await rate(reviewer, ids[0], { helpfulness: 5 });
  const moderator = await world.signIn('moderator');
  await moderator.send('POST', `/api/v1/entries/${ids[0]}/moderation/retract`, { reason: 'To be looked at' });
  await moderator.send('POST', `/api/v1/entries/${ids[0]}/moderation/restore`, { reason: 'It is fine' });
  expect(await pairRow(ids[0])).toMatchObject({ rating: 4, ratingCount: 1 });
  const edit = { response: { text: 'It has as many corners as it has sides.' }, aiAssistance: 'none' };
  await author.send('POST', `/api/v1/entries/${ids[0]}/revisions`, edit, { 'if-match': '"1"' });
  const other = await world.signIn();
  await world.review(other, (await world.next(other))?.id ?? '', { verdict: 'approve' });
  expect(await pairRow(ids[0])).toMatchObject({ rating: null, ratingCount: 0, ratings: {} });
});
