import type { CalibrationItem, EntryPage, Reliability, ReviewOutcome, ReviewTask } from '@granary/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { registerJobHandlers } from '../../job-handlers.ts';
import { createServices } from '../../services.ts';
import { createCommunity, pairOf, type Community } from '../../testing-community.ts';
import type { TestUser } from '../../testing.ts';

let world: Community;
let chance = 0;
let now = new Date();
afterEach(() => world.close());

const good = { expected: 'approve', explanation: 'True, complete, and in plain words.' };
const bad = { expected: 'reject', reason: 'incorrect', explanation: 'A square has four corners, not five.' };

async function community(policy: object) {
  chance = 0;
  now = new Date();
  world = await createCommunity(policy, { random: () => chance, clock: () => now });
  return { author: await world.author(), moderator: await world.signIn('moderator') };
}
/** The seat of one entry, whatever else waits. */
async function seatOf(reviewer: TestUser, entryId: string): Promise<ReviewTask | null> {
  const held: string[] = [];
  for (;;) {
    const task = await next(reviewer, held);
    if (task === null || task.entry.id === entryId) {
      for (const id of held) await reviewer.send('POST', `/api/v1/review-tasks/${id}/release`);
      return task;
    }
    held.push(task.id);
  }
}
/** Decided pairs, as items. */
async function items(author: TestUser, moderator: TestUser, expected: readonly object[], from = 100): Promise<CalibrationItem[]> {
  const reviewer = await world.signIn('moderator');
  const made: CalibrationItem[] = [];
  for (const [index, input] of expected.entries()) {
    const { entry } = await world.handIn(author, pairOf(from + index));
    const verdict =
      (input as { expected: string }).expected === 'approve' ? { verdict: 'approve' } : { verdict: 'reject', reason: 'incorrect' };
    await world.review(reviewer, (await seatOf(reviewer, entry.id))?.id ?? '', verdict);
    const reply = await moderator.send<CalibrationItem>('POST', `/api/v1/entries/${entry.id}/calibration-item`, input);
    expect(reply.status).toBe(201);
    made.push(reply.body);
  }
  return made;
}
const next = async (user: TestUser, holding: string[] = []) =>
  (await user.send<{ task: ReviewTask | null }>('POST', '/api/v1/review-tasks/next', { dataset: 'shapes', holding })).body.task;
const answer = async (user: TestUser, task: ReviewTask | null, input: object) =>
  (await user.send<ReviewOutcome>('POST', `/api/v1/review-tasks/${task?.id}/review`, input)).body;
const skillOf = (user: TestUser) => world.db.prisma.reviewerSkill.findFirst({ where: { userId: user.id } });

describe('items', () => {
  it('are made of decided entries by moderators, never of their own, once each', async () => {
    const { author, moderator } = await community({});
    const { entry, instruction } = await world.handIn(author, pairOf(1));
    const mark = (user: TestUser, id: string, input: object) =>
      user.send<CalibrationItem & { code: string }>('POST', `/api/v1/entries/${id}/calibration-item`, input);
    expect((await mark(author, entry.id, good)).status).toBe(403);
    expect((await mark(moderator, entry.id, good)).body.code).toBe('status_conflict');
    const reviewer = await world.signIn();
    await world.review(reviewer, (await world.next(reviewer))?.id ?? '', { verdict: 'approve' });
    expect((await mark(moderator, instruction?.id ?? '', good)).body.code).toBe('status_conflict');
    expect((await mark(moderator, entry.id, { ...bad, reason: undefined })).status).toBe(400);
    expect((await mark(moderator, entry.id, { expected: 'approve', explanation: 'x' })).status).toBe(400);
    const made = await mark(moderator, entry.id, good);
    expect(made).toMatchObject({ status: 201, body: { expected: 'approve', reason: null, inUse: true, answered: 0, category: 'open_qa' } });
    expect((await mark(moderator, entry.id, good)).body.code).toBe('already_exists');
    expect((await mark(moderator, crypto.randomUUID(), good)).status).toBe(404);

    const page = (user: TestUser) => user.send<EntryPage>('GET', `/api/v1/entries/${entry.id}`);
    expect((await page(moderator)).body).toMatchObject({ calibration: { id: made.body.id }, can: { calibrate: false } });
    expect((await page(author)).body).toMatchObject({ calibration: null, can: { calibrate: false } });
    expect((await page(author)).body.history.map(({ kind }) => kind)).not.toContain('calibration_marked');
    const own = await world.signIn('moderator');
    await own.send('POST', '/api/v1/datasets/shapes/terms-acceptance', { termsVersion: 1 });
    const mine = await world.handIn(own, pairOf(2));
    await world.review(reviewer, (await world.next(reviewer))?.id ?? '', { verdict: 'approve' });
    expect((await mark(own, mine.entry.id, good)).body.code).toBe('own_entry');
  });

  it('are listed with how reviewers fared, changed, and retired', async () => {
    const { author, moderator } = await community({ calibrationRate: 0.5 });
    const [item] = await items(author, moderator, [good]);
    const list = (state: string) =>
      moderator.send<{ items: CalibrationItem[] }>('GET', `/api/v1/datasets/shapes/calibration-items?state=${state}`);
    const user = await world.signIn();
    await answer(user, await next(user), { verdict: 'reject', reason: 'low_effort' });
    expect((await list('in_use')).body.items).toMatchObject([{ id: item?.id, answered: 1, met: 0 }]);
    expect((await skillOf(user))?.counts).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 0]);
    const changed = await moderator.send<CalibrationItem>('PUT', `/api/v1/calibration-items/${item?.id}`, bad);
    expect(changed.body).toMatchObject({ expected: 'reject', reason: 'incorrect', answered: 1, met: 1 });
    expect((await skillOf(user))?.counts).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0]);
    expect((await moderator.send('DELETE', `/api/v1/calibration-items/${item?.id}`)).status).toBe(204);
    expect((await moderator.send<{ code: string }>('PUT', `/api/v1/calibration-items/${item?.id}`, bad)).body.code).toBe('status_conflict');
    expect((await list('in_use')).body.items).toEqual([]);
    expect((await list('retired')).body.items).toHaveLength(1);
    expect(await next(await world.signIn())).toBe(null);
    expect((await user.send('GET', '/api/v1/datasets/shapes/calibration-items')).status).toBe(403);
  });
});

describe('mixed into the queue', () => {
  it('comes by the rate and looks like any other task; afterwards the reviewer is told, and it decides nothing', async () => {
    const { author, moderator } = await community({ calibrationRate: 0.3 });
    const [item] = await items(author, moderator, [bad]);
    const { entry } = await world.handIn(author, pairOf(1));
    const user = await world.signIn();
    chance = 0.3;
    const ordinary = await next(user);
    expect(ordinary?.entry.id).toBe(entry.id);
    await user.send('POST', `/api/v1/review-tasks/${ordinary?.id}/release`);
    chance = 0.29;
    const task = await next(user);
    expect(task?.entry.id).toBe(item?.entryId);
    const shape = (value: unknown): unknown =>
      value !== null && typeof value === 'object'
        ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shape(each)]))
        : typeof value;
    expect(shape(task)).toEqual(shape(ordinary));
    expect(task).toMatchObject({
      purpose: 'review',
      entry: { status: 'in_review', author: null, revision: { author: null } },
      instruction: { status: 'in_review' },
    });
    // The same again for who holds it; another one when the page says so.
    expect((await next(user))?.id).toBe(task?.id);
    expect((await next(user, [task?.id ?? '']))?.entry.id).toBe(entry.id);
    expect((await user.send('POST', `/api/v1/review-tasks/${task?.id}/heartbeat`)).status).toBe(200);

    const before = await world.db.prisma.review.count();
    const outcome = await answer(user, task, { verdict: 'approve' });
    expect(outcome).toMatchObject({
      verdict: 'approve',
      status: 'rejected',
      lesson: { met: false, expected: 'reject', reason: 'incorrect', explanation: bad.explanation },
      qualification: null,
    });
    expect(await world.db.prisma.review.count()).toBe(before);
    expect(await world.statusOf(item?.entryId ?? '')).toBe('rejected');
    expect((await user.send<{ code: string }>('DELETE', `/api/v1/reviews/${outcome.reviewId}`)).body.code).toBe('undo_too_late');
    expect((await user.send<{ code: string }>('POST', `/api/v1/review-tasks/${task?.id}/review`, { verdict: 'approve' })).body.code).toBe(
      'task_taken',
    );
    // Once each, and what it told is known: privately, and to moderators.
    chance = 0;
    expect((await next(user))?.entry.id).toBe(entry.id);
    const { body } = await user.send<{ items: Reliability[] }>('GET', '/api/v1/me/reliability');
    expect(body.items).toMatchObject([{ reviews: 1, agreement: 0, calibration: { answered: 1, met: 0 } }]);
    expect((await moderator.send<{ items: Reliability[] }>('GET', `/api/v1/users/${user.id}/reliability`)).body.items).toHaveLength(1);
  });

  it('never comes before its author, who marked or reviewed it, a moderator, or who passed it on; a released one comes again', async () => {
    const { author, moderator } = await community({ calibrationRate: 0.5 });
    await items(author, moderator, [good]);
    const user = await world.signIn();
    for (const each of [author, moderator, await world.signIn('moderator')]) expect(await next(each)).toBe(null);
    const task = await next(user);
    await user.send('POST', `/api/v1/review-tasks/${task?.id}/release`);
    expect((await user.send<{ code: string }>('POST', `/api/v1/review-tasks/${task?.id}/review`, { verdict: 'approve' })).body.code).toBe(
      'task_taken',
    );
    expect((await next(user))?.id).toBe(task?.id);
    expect((await user.send('POST', `/api/v1/review-tasks/${task?.id}/skip`, { reason: 'unsure' })).status).toBe(204);
    expect(await next(user)).toBe(null);
    expect((await user.send('POST', `/api/v1/review-tasks/${task?.id}/skip`, {})).status).toBe(409);
  });

  it('is not shown any more once the entry has changed', async () => {
    const { author, moderator } = await community({ calibrationRate: 0.5 });
    const [item] = await items(author, moderator, [good]);
    await author.send('POST', `/api/v1/entries/${item?.entryId}/retract`, { reason: 'Mine again' });
    expect(await next(await world.signIn())).toBe(null);
    expect(
      (await moderator.send<{ items: CalibrationItem[] }>('GET', '/api/v1/datasets/shapes/calibration-items')).body.items,
    ).toMatchObject([{ inUse: false }]);
  });

  it('counts as known for certain when all reviewers are estimated, and not as agreement', async () => {
    const { author, moderator } = await community({ calibrationRate: 0.5 });
    await items(author, moderator, [good, bad]);
    const [right, wrong] = [await world.signIn(), await world.signIn()];
    for (let n = 0; n < 2; n += 1) {
      const task = await next(right);
      const isGood = (await world.statusOf(task?.entry.id ?? '')) === 'approved';
      await answer(right, task, isGood ? { verdict: 'approve' } : { verdict: 'reject', reason: 'incorrect' });
      await answer(wrong, await next(wrong), { verdict: 'request_changes', note: 'Say more, please.' });
    }
    now = new Date(now.getTime() + 3_600_000);
    const services = createServices({ ...world.deps, clock: () => now });
    await world.deps.jobs.start();
    await registerJobHandlers(world.deps.jobs, services);
    const { id } = await services.reliability.request(null, 'shapes');
    await services.reliability.run(id, { lastTry: true });
    const [estimate] = await services.reliability.estimates('shapes');
    expect(estimate).toMatchObject({ status: 'done' });
    // The last one counts in full, the one before it a little less.
    const shown = async (user: TestUser) => (await skillOf(user))?.counts.map((count) => Number(count.toFixed(1)));
    expect(await shown(right)).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 0]);
    expect(await shown(wrong)).toEqual([0, 0, 1, 0, 0, 1, 0, 0, 0]);
    const { body } = await world.anonymous.send<{ agreement: { overall: { revisions: number } } }>(
      'GET',
      '/api/v1/datasets/shapes/agreement',
    );
    expect(body.agreement.overall.revisions).toBe(0);
  });
});

describe('qualification', () => {
  const policy = { qualification: { items: 4, needed: 3 } };
  const queue = async (user: TestUser) =>
    (await user.send<{ items: { qualification: object | null }[] }>('GET', '/api/v1/review-tasks/queue')).body.items[0]?.qualification;

  it('comes before anything else, tells how far one is, and opens the queue when passed', async () => {
    const { author, moderator } = await community(policy);
    await items(author, moderator, [good, good, bad, good, bad]);
    const { entry } = await world.handIn(author, pairOf(1));
    const user = await world.signIn();
    expect(await queue(user)).toMatchObject({ state: 'under_way', items: 4, answered: 0, needed: 3 });
    const truth = async (task: ReviewTask | null) =>
      (await world.statusOf(task?.entry.id ?? '')) === 'approved' ? { verdict: 'approve' } : { verdict: 'reject', reason: 'spam' };
    const seen = new Set<string>();
    for (const step of [1, 2, 3]) {
      const task = await next(user);
      const prefetched = await next(user, [task?.id ?? '']);
      expect(prefetched?.entry.id).not.toBe(task?.entry.id);
      expect([task?.purpose, prefetched?.purpose]).toEqual(['qualification', 'qualification']);
      seen.add(task?.entry.id ?? '');
      const outcome = await answer(user, task, await truth(task));
      expect(outcome.qualification).toMatchObject({ state: step === 3 ? 'passed' : 'under_way', answered: step, met: step });
    }
    expect(seen.size).toBe(3);
    expect(await queue(user)).toBe(null);
    expect((await next(user))?.entry.id).toBe(entry.id);
    expect(await world.db.prisma.event.count({ where: { kind: 'qualification_passed', actorId: user.id } })).toBe(1);
  });

  it('closes the queue for a day when failed, then begins anew; what was met before teaches nothing twice', async () => {
    const { author, moderator } = await community(policy);
    await items(author, moderator, [good, good, good, good]);
    await world.handIn(author, pairOf(1));
    const user = await world.signIn();
    await answer(user, await next(user), { verdict: 'request_changes', note: 'Say more, please.' });
    const failed = await answer(user, await next(user), { verdict: 'reject', reason: 'spam' });
    expect(failed.qualification).toMatchObject({ state: 'failed', met: 0, againAt: new Date(now.getTime() + 86_400_000).toISOString() });
    expect(await next(user)).toBe(null);
    expect(await queue(user)).toMatchObject({ state: 'failed' });
    expect((await skillOf(user))?.reviews).toBe(2);
    now = new Date(now.getTime() + 86_400_001);
    for (let n = 0; n < 3; n += 1) await answer(user, await next(user), { verdict: 'approve' });
    expect((await next(user))?.purpose).toBe('review');
    // The two that were new to them first, then one they knew.
    expect((await skillOf(user))?.reviews).toBe(4);
  });

  it('spares moderators, who has proved reliable, and everybody while there are too few items', async () => {
    const { author, moderator } = await community(policy);
    await items(author, moderator, [good, bad]);
    const { entry } = await world.handIn(author, pairOf(1));
    const user = await world.signIn();
    const task = await next(user);
    expect(task?.entry.id).toBe(entry.id);
    await user.send('POST', `/api/v1/review-tasks/${task?.id}/release`);
    await items(author, moderator, [good], 200);
    expect((await next(user))?.purpose).toBe('qualification');
    expect((await next(await world.signIn('moderator')))?.purpose).toBe('review');
    const { datasetId } = await world.db.prisma.entry.findUniqueOrThrow({ where: { id: entry.id } });
    const proven = await world.signIn();
    await world.db.prisma.reviewerSkill.create({
      data: { datasetId, userId: proven.id, counts: Array.from({ length: 9 }, () => 2), reviews: 10 },
    });
    expect(await queue(proven)).toBe(null);
  });
});
