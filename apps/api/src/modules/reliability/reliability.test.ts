import type { Reliability, ReliabilityEstimate, ReviewPolicy } from '@granary/contract';
import { defaultAdaptivePolicy, inForce, posterior } from '@granary/domain';
import { afterEach, describe, expect, it } from 'vitest';
import { registerJobHandlers } from '../../job-handlers.ts';
import { createServices } from '../../services.ts';
import { createCommunity, pairOf, type Community } from '../../testing-community.ts';
import type { TestUser } from '../../testing.ts';
import { estimateInThread, estimateReviewers } from './estimate-reviewers.ts';
import { createVerdictFold } from './verdict-columns.ts';

let world: Community;
afterEach(() => world.close());

const approve = { verdict: 'approve' };
const reject = { verdict: 'reject', reason: 'incorrect' };
const estimatesPath = '/api/v1/datasets/shapes/reliability-estimates';
let pairs = 0;

async function reviewed(author: TestUser, said: readonly [TestUser, Record<string, unknown>][]): Promise<string> {
  pairs += 1;
  const { entry } = await world.handIn(author, pairOf(pairs));
  for (const [reviewer, verdict] of said) {
    const task = await world.next(reviewer);
    expect((await world.review(reviewer, task?.id ?? '', verdict)).status).toBe(201);
  }
  return entry.id;
}
/** Three reviewers who agree on three entries and one who turns everything down. */
async function crowd() {
  world = await createCommunity({ approvals: 3, rejections: 3, changeRequests: 3, maxReviews: 4 });
  await world.deps.jobs.start();
  const author = await world.author();
  const [one, two, three, sour] = await Promise.all([1, 2, 3, 4].map(() => world.signIn()));
  if (!one || !two || !three || !sour) throw new Error('Four people');
  for (let entry = 0; entry < 3; entry += 1)
    await reviewed(author, [
      [sour, reject],
      [one, approve],
      [two, approve],
      [three, approve],
    ]);
  return { author, one, two, three, sour };
}
/** Makes an estimate as the job does, from all events that there are by now. */
async function estimate(): Promise<ReliabilityEstimate> {
  const later = createServices({ ...world.deps, clock: () => new Date(Date.now() + 3_600_000) });
  const { id } = await later.reliability.request(world.admin.id, 'shapes');
  await later.reliability.run(id, { lastTry: true });
  return (await later.reliability.estimates('shapes'))[0]!;
}
const reliabilityOf = async (user: TestUser) => (await user.send<{ items: Reliability[] }>('GET', '/api/v1/me/reliability')).body.items[0];

describe('an estimate', () => {
  it('tells who agrees with the others and who does not, and the same again from the same log', async () => {
    const { one, sour } = await crowd();
    const first = await estimate();
    expect(first).toMatchObject({ status: 'done', verdicts: 12, reviewers: 4, revisions: 3, error: null });
    expect(await reliabilityOf(one)).toMatchObject({ datasetSlug: 'shapes', reviews: 3 });
    expect((await reliabilityOf(one))?.agreement).toBeGreaterThan(0.95);
    expect((await reliabilityOf(sour))?.agreement).toBeLessThan(0.05);
    const known = await world.db.prisma.reviewerSkill.findMany({ orderBy: { userId: 'asc' }, select: { userId: true, counts: true } });
    await world.db.prisma.reviewerSkill.deleteMany();
    const again = await estimate();
    expect([again.digest, again.eventPosition]).toEqual([first.digest, first.eventPosition]);
    expect(await world.db.prisma.reviewerSkill.findMany({ orderBy: { userId: 'asc' }, select: { userId: true, counts: true } })).toEqual(
      known,
    );
    const event = await world.db.prisma.event.findFirstOrThrow({ where: { kind: 'reliability_estimated' } });
    expect(event).toMatchObject({ actorId: world.admin.id, payload: { digest: first.digest, eventPosition: first.eventPosition } });
  });

  it('is what the next decisions expect, and says whether it came to rest and how sure decisions were', async () => {
    const { author, one, two, three } = await crowd();
    const { converged, model, calibration } = await estimate();
    expect([converged, model]).toEqual([true, 'matrix']);
    expect(calibration?.reduce((sum, { revisions }) => sum + revisions, 0)).toBe(3);
    for (const { claimedError, actualError, known } of calibration ?? []) {
      expect(Math.max(claimedError, actualError)).toBeLessThan(0.02);
      expect(known).toBe(0);
    }
    const { learnedShares, policy } = await world.db.prisma.dataset.findUniqueOrThrow({ where: { slug: 'shapes' } });
    expect(learnedShares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 4);
    expect(learnedShares[0]).toBeGreaterThan(0.7);
    await reviewed(author, [[one, approve]]);
    const event = await world.db.prisma.event.findFirstOrThrow({ where: { kind: 'entry_reviewed' }, orderBy: { position: 'desc' } });
    const told = event.payload as { learnedShares: number[]; posterior: number[]; evidence: number[] };
    expect(told.learnedShares).toEqual(learnedShares);
    const opinion = { reviewerId: one.id, verdict: 'approve' as const, evidence: told.evidence, proven: false };
    expect(told.posterior).toEqual(posterior(inForce(policy as ReviewPolicy, learnedShares), [opinion]));
    // In a category somebody is known by what they said there, too.
    const skills = await world.db.prisma.reviewerCategorySkill.findMany({ where: { userId: { in: [two.id, three.id] } } });
    for (const { counts, reviews } of skills) {
      expect([counts.length, reviews]).toEqual([9, 3]);
      expect(counts[0]).toBeGreaterThan(2.5);
    }
  });

  it('leaves out what was taken back and holds what a moderator decided for certain', async () => {
    const { author, one, two, three, sour } = await crowd();
    pairs += 1;
    const { entry } = await world.handIn(author, pairOf(pairs));
    const tasks = await Promise.all([one, two].map((reviewer) => world.next(reviewer)));
    const { body } = await world.review(one, tasks[0]?.id ?? '', approve);
    expect((await one.send('DELETE', `/api/v1/reviews/${body.reviewId}`)).status).toBe(200);
    expect((await estimate()).verdicts).toBe(12);
    for (const [reviewer, verdict] of [
      [one, approve],
      [two, approve],
      [three, reject],
      [sour, reject],
    ] as const)
      await world.review(reviewer, (await world.next(reviewer))?.id ?? '', verdict);
    const moderator = await world.signIn('moderator');
    const decision = { verdict: 'reject', reason: 'It has as many corners as sides.' };
    expect((await moderator.send('POST', `/api/v1/entries/${entry.id}/moderation/decision`, decision)).status).toBe(200);
    expect(await estimate()).toMatchObject({ verdicts: 16, revisions: 4 });
    const caught = await reliabilityOf(sour);
    expect([caught?.reviews, Math.round((caught?.agreement ?? 0) * 4)]).toEqual([4, 1]);
  });

  it('is made by a job, one at a time, and is for admins', async () => {
    const { one } = await crowd();
    expect((await one.send('POST', estimatesPath)).status).toBe(403);
    const asked = await world.admin.send<ReliabilityEstimate>('POST', estimatesPath);
    expect([asked.status, asked.body.status]).toEqual([202, 'queued']);
    expect((await world.admin.send('POST', estimatesPath)).status).toBe(409);
    expect((await world.admin.send('POST', '/api/v1/datasets/nowhere/reliability-estimates')).status).toBe(404);
    await registerJobHandlers(world.deps.jobs, createServices(world.deps));
    await expect
      .poll(async () => (await world.admin.send<{ items: ReliabilityEstimate[] }>('GET', estimatesPath)).body.items[0]?.status, {
        timeout: 30_000,
      })
      .toBe('done');
  });

  it('keeps what was learned from decisions that came after the last event it read', async () => {
    const { one } = await crowd();
    const { id } = await createServices(world.deps).reliability.request(world.admin.id, 'shapes');
    // No event is a minute old yet: all that is known is what the decisions have taught.
    await createServices(world.deps).reliability.run(id, { lastTry: true });
    expect(await reliabilityOf(one)).toMatchObject({ reviews: 3 });
  });

  it('fails for good after its last try, and says why', async () => {
    await crowd();
    const services = createServices({
      ...world.deps,
      db: {
        ...world.db,
        prisma: new Proxy(world.db.prisma, {
          get: (prisma, name) =>
            name === '$transaction' ? () => Promise.reject(new Error('The disk is full')) : Reflect.get(prisma, name),
        }),
      },
    });
    const { id } = await createServices(world.deps).reliability.request(null, 'shapes');
    await expect(services.reliability.run(id, { lastTry: true })).rejects.toThrow('The disk is full');
    expect((await services.reliability.estimates('shapes'))[0]).toMatchObject({ status: 'failed', error: 'The disk is full' });
  });
});

describe('the schedule', () => {
  const later = (hours: number) => createServices({ ...world.deps, clock: () => new Date(Date.now() + hours * 3_600_000) }).reliability;

  it('asks once a day where new verdicts came', async () => {
    world = await createCommunity(defaultAdaptivePolicy);
    await world.deps.jobs.start();
    expect(await later(0).requestDue()).toEqual([]);
    const [author, one, two] = [await world.author(), await world.signIn(), await world.signIn()];
    await reviewed(author, [
      [one, approve],
      [two, approve],
    ]);
    expect(await later(0).requestDue()).toEqual(['shapes']);
    expect(await later(48).requestDue()).toEqual([]);
    const { id } = await world.db.prisma.reliabilityEstimate.findFirstOrThrow();
    await later(1).run(id, { lastTry: true });
    // A day has passed, and nobody has reviewed anything since.
    expect(await later(48).requestDue()).toEqual([]);
    await reviewed(author, [[one, approve]]);
    expect(await later(1).requestDue()).toEqual([]);
    expect(await later(48).requestDue()).toEqual(['shapes']);
  });

  it('asks where verdicts are counted as well: they teach the same', async () => {
    await crowd();
    expect(await later(48).requestDue()).toEqual(['shapes']);
  });
});

describe('reliability', () => {
  it('is for the reviewer and for moderators, and empty of somebody new', async () => {
    const { one, sour } = await crowd();
    await estimate();
    const moderator = await world.signIn('moderator');
    const told = await moderator.send<{ items: Reliability[] }>('GET', `/api/v1/users/${sour.id}/reliability`);
    expect(told.body.items).toEqual([await reliabilityOf(sour)]);
    expect((await one.send('GET', `/api/v1/users/${sour.id}/reliability`)).status).toBe(403);
    expect((await moderator.send('GET', '/api/v1/users/0198c7a2-7f1e-7d3a-9a52-0c0d5b6f2e11/reliability')).status).toBe(404);
    expect((await moderator.send<{ items: Reliability[] }>('GET', '/api/v1/me/reliability')).body.items).toEqual([]);
  });
});

describe('agreement', () => {
  it('is for everyone to see, once it has been estimated', async () => {
    const { sour } = await crowd();
    type Told = { agreement: { overall: { raw: number; revisions: number } } | null; estimatedAt: string | null };
    const told = async () => (await world.anonymous.send<Told>('GET', '/api/v1/datasets/shapes/agreement')).body;
    expect(await told()).toEqual({ agreement: null, estimatedAt: null });
    await estimate();
    const { agreement } = await told();
    // Of the six pairs among one rejection and three approvals, three are the same.
    expect(agreement).toMatchObject({ overall: { raw: 0.5, revisions: 3 }, byCategory: [{ category: 'open_qa', raw: 0.5, revisions: 3 }] });
    const { items } = (await sour.send<{ items: Reliability[] }>('GET', '/api/v1/me/reliability')).body;
    expect(items[0]?.withOthers).toMatchObject({ raw: 0, revisions: 3, byMonth: [{ raw: 0, revisions: 3 }] });
    expect((await world.anonymous.send('GET', '/api/v1/datasets/nowhere/agreement')).status).toBe(404);
  });
});

describe('the crowd of a dataset', () => {
  it('is told to admins without names, with the share of good work of the last estimate', async () => {
    const { one } = await crowd();
    await estimate();
    const path = '/api/v1/datasets/shapes/reviewer-crowd';
    const { body } = await world.admin.send<{ reviewers: { counts: number[]; reviews: number }[]; approvalShare: number }>('GET', path);
    expect(body.reviewers.map((reviewer) => [reviewer.counts.length, reviewer.reviews])).toEqual(Array.from({ length: 4 }, () => [9, 3]));
    expect(Object.keys(body.reviewers[0]!).sort()).toEqual(['counts', 'reviews']);
    expect(body.approvalShare).toBeGreaterThan(0.5);
    expect((await one.send('GET', path)).status).toBe(403);
  });
});

describe('the fold of the log', () => {
  it('gives the same in a thread, and nothing without verdicts', async () => {
    world = await createCommunity();
    const fold = createVerdictFold();
    const at = new Date('2026-01-15T12:00:00Z');
    expect(estimateReviewers({ ...fold.columns(), categories: [], claims: [], start: [0.7, 0.15, 0.15] })).toMatchObject({
      reviewers: [],
      verdicts: 0,
      revisions: 0,
      approvalShare: null,
    });
    for (const [revisionId, actorId, verdict] of [
      ['r1', 'a', 'approve'],
      ['r1', 'b', 'approve'],
      ['r2', 'a', 'reject'],
      ['r2', 'b', 'approve'],
    ] as const)
      fold.add({ kind: 'entry_reviewed', revisionId, actorId, verdict, expected: null, learned: false, at });
    fold.add({ kind: 'entry_rejected', revisionId: 'r2', actorId: 'm', verdict: null, expected: null, learned: false, at });
    // By the verdict that decided it.
    fold.add({ kind: 'entry_approved', revisionId: 'r1', actorId: 'b', verdict: 'approve', expected: null, learned: false, at });
    const input = {
      ...fold.columns(),
      categories: ['open_qa', 'summarization'],
      claims: [[0.99, 0.005, 0.005], []],
      start: [0.7, 0.15, 0.15],
    };
    const estimated = estimateReviewers(input);
    expect(estimated.agreement.byCategory).toEqual([
      { category: 'open_qa', alpha: null, raw: 1, revisions: 1 },
      { category: 'summarization', alpha: 0, raw: 0, revisions: 1 },
    ]);
    expect(estimated.agreement.byMonth).toEqual([{ month: '2026-01', ...estimated.agreement.overall }]);
    expect(estimated.reviewers.map(({ reviewerId, reviews }) => [reviewerId, reviews])).toEqual([
      ['a', 2],
      ['b', 2],
    ]);
    expect(await estimateInThread(input)).toEqual(estimated);
    // Open again, or decided by the only one who judged it, a text tells nothing of anybody.
    fold.add({ kind: 'entry_appealed', revisionId: 'r2', actorId: 'author', verdict: null, expected: null, learned: false, at });
    fold.add({ kind: 'review_undone', revisionId: 'r1', actorId: 'b', verdict: null, expected: null, learned: false, at });
    const reopened = estimateReviewers({ ...input, ...fold.columns() });
    expect(reopened.reviewers.map(({ reviewerId, reviews }) => [reviewerId, reviews])).toEqual([
      ['a', 0],
      ['b', 0],
    ]);
    expect(reopened.byCategory.map(({ reviews, met }) => [reviews, met])).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
  });
});
