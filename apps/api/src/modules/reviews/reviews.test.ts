import type { EntryPage, ReviewTask } from '@granary/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { createCommunity, pairOf, type Community } from '../../testing-community.ts';

let world: Community;
afterEach(() => world.close());

describe('next', () => {
  it('401 without a session, and nothing for whoever wrote what waits', async () => {
    world = await createCommunity();
    expect((await world.anonymous.send('POST', '/api/v1/review-tasks/next', {})).status).toBe(401);
    const author = await world.author();
    await world.handIn(author, pairOf(1));
    expect(await world.next(author)).toBe(null);
  });

  it('gives the pair as one task, without naming its author', async () => {
    world = await createCommunity();
    const { entry, instruction } = await world.handIn(await world.author(), pairOf(1));
    const task = await world.next(await world.signIn());
    expect(task).toMatchObject({
      entry: { id: entry.id, author: null },
      instruction: { id: instruction?.id, author: null },
      path: [],
      previousRevision: null,
      category: { slug: 'open_qa' },
    });
  });

  it('403 for volunteers where only reviewers review', async () => {
    world = await createCommunity({ openReview: false });
    await world.handIn(await world.author(), pairOf(1));
    const volunteer = await world.signIn();
    expect((await volunteer.send('POST', '/api/v1/review-tasks/next', { dataset: 'shapes' })).status).toBe(403);
    expect((await volunteer.send<{ task: null }>('POST', '/api/v1/review-tasks/next', {})).body.task).toBe(null);
    expect(await world.next(await world.signIn('reviewer'))).not.toBe(null);
  });

  it('404 for a dataset that is not there, 400 for a wrong language', async () => {
    world = await createCommunity();
    const user = await world.signIn();
    expect((await user.send('POST', '/api/v1/review-tasks/next', { dataset: 'nowhere' })).status).toBe(404);
    expect((await user.send('POST', '/api/v1/review-tasks/next', { languages: ['English'] })).status).toBe(400);
  });

  it('never gives one seat to two people at once, and gives the same task again to who holds it', async () => {
    world = await createCommunity({ approvals: 2 });
    const author = await world.author();
    for (let n = 0; n < 6; n += 1) await world.handIn(author, pairOf(n));
    const reviewers = await Promise.all(Array.from({ length: 14 }, () => world.signIn()));
    const tasks = await Promise.all(reviewers.map((reviewer) => world.next(reviewer)));
    const leased = tasks.filter((task) => task !== null).map((task) => task.id);
    expect(leased).toHaveLength(12);
    expect(new Set(leased).size).toBe(12);
    const holder = reviewers[tasks.findIndex((task) => task !== null)];
    expect(holder && (await world.next(holder))?.id).toBe(leased[0]);
  });

  it('gives nobody a response to an instruction that they have answered too, not even one who answered while holding it', async () => {
    world = await createCommunity();
    const [asker, rival, late] = [await world.author(), await world.author(), await world.author()];
    const { instruction } = await world.handIn(asker, pairOf(1));
    await world.review(rival, (await world.next(rival))?.id ?? '', { verdict: 'approve' });
    const answer = (user: typeof asker, text: string) =>
      world.handIn(user, { kind: 'response', parentId: instruction?.id ?? '', language: 'en', response: { text } });
    const { entry } = await answer(rival, 'As many as it has sides, because each corner begins one.');
    expect(await world.next(asker)).toBe(null);
    expect((await asker.send<{ items: { waiting: number }[] }>('GET', '/api/v1/review-tasks/queue')).body.items[0]?.waiting).toBe(0);
    const held = await world.next(late);
    expect(held?.entry.id).toBe(entry.id);
    await answer(late, 'Just as many as there are sides: walk around it and count.');
    const reply = await world.review(late, held?.id ?? '', { verdict: 'reject', reason: 'incorrect' });
    expect([reply.status, reply.body.code]).toEqual([403, 'own_entry']);
    expect(await world.statusOf(entry.id)).toBe('in_review');
  });

  it('gives a seat to somebody else once it is released, skipped or its lease has ended', async () => {
    world = await createCommunity();
    await world.handIn(await world.author(), pairOf(1));
    const [first, second] = [await world.signIn(), await world.signIn()];
    const task = await world.next(first);
    expect(await world.next(second)).toBe(null);
    expect((await first.send('POST', `/api/v1/review-tasks/${task?.id}/release`)).status).toBe(204);
    expect((await world.next(second))?.id).toBe(task?.id);
    expect((await first.send('POST', `/api/v1/review-tasks/${task?.id}/heartbeat`)).body).toMatchObject({ code: 'task_taken' });
    expect((await second.send('POST', `/api/v1/review-tasks/${task?.id}/skip`)).status).toBe(204);
    expect(await world.next(second)).toBe(null);
    expect((await world.next(first))?.id).toBe(task?.id);
    await world.db.prisma.reviewTask.updateMany({ data: { leaseExpiresAt: new Date(Date.now() - 1) } });
    expect((await world.next(await world.signIn()))?.id).toBe(task?.id);
  });
});

describe('submit', () => {
  it('approves instruction and response together and adds the pair', async () => {
    world = await createCommunity();
    const { entry, instruction } = await world.handIn(await world.author(), pairOf(1));
    const reviewer = await world.signIn();
    const task = await world.next(reviewer);
    const reply = await world.review(reviewer, task?.id ?? '', { verdict: 'approve', ratings: { helpfulness: 4 } });
    expect(reply).toMatchObject({ status: 201, body: { status: 'approved' } });
    expect([await world.statusOf(entry.id), await world.statusOf(instruction?.id ?? '')]).toEqual(['approved', 'approved']);
    expect(await world.db.prisma.pair.findFirst({ select: { responseId: true, rating: true, reviewCount: true } })).toEqual({
      responseId: entry.id,
      rating: 3.6667,
      reviewCount: 1,
    });
  });

  it('400 for a rejection without a reason, a change request without a note, an unknown dimension', async () => {
    world = await createCommunity();
    await world.handIn(await world.author(), pairOf(1));
    const reviewer = await world.signIn();
    const id = (await world.next(reviewer))?.id ?? '';
    expect((await world.review(reviewer, id, { verdict: 'reject' })).status).toBe(400);
    expect((await world.review(reviewer, id, { verdict: 'request_changes', note: '' })).status).toBe(400);
    const unknown = await world.review(reviewer, id, { verdict: 'approve', ratings: { beauty: 5 } });
    expect(unknown).toMatchObject({ status: 400, body: { code: 'validation_failed', errors: [{ path: 'ratings.beauty' }] } });
  });

  it('409 for a seat one does not hold', async () => {
    world = await createCommunity();
    await world.handIn(await world.author(), pairOf(1));
    const task = await world.next(await world.signIn());
    const other = await world.signIn();
    expect(await world.review(other, task?.id ?? '', { verdict: 'approve' })).toMatchObject({ status: 409, body: { code: 'task_taken' } });
  });

  it('keeps the instruction for others when only the response is bad', async () => {
    world = await createCommunity();
    const { entry, instruction } = await world.handIn(await world.author(), pairOf(1));
    const reviewer = await world.signIn();
    const task = await world.next(reviewer);
    await world.review(reviewer, task?.id ?? '', { verdict: 'reject', reason: 'incorrect', keepInstruction: true });
    expect([await world.statusOf(entry.id), await world.statusOf(instruction?.id ?? '')]).toEqual(['rejected', 'approved']);
    const open = await world.anonymous.send<{ items: { id: string }[] }>('GET', '/api/v1/datasets/shapes/open-instructions');
    expect(open.body.items.map(({ id }) => id)).toEqual([instruction?.id]);
  });

  it('decides when k agree, opens a further seat when they do not, and escalates in the end', async () => {
    world = await createCommunity({ approvals: 2, rejections: 2, maxReviews: 3, changeRequests: 2 });
    const { entry, instruction } = await world.handIn(await world.author(), pairOf(1));
    const verdicts = [
      { verdict: 'approve' },
      { verdict: 'reject', reason: 'incorrect' },
      { verdict: 'request_changes', note: 'Say why, please.' },
    ];
    for (const verdict of verdicts) {
      const reviewer = await world.signIn();
      const task = await world.next(reviewer);
      expect(task).not.toBe(null);
      expect((await world.review(reviewer, task?.id ?? '', verdict)).body.status).toBe('in_review');
    }
    expect(await world.next(await world.signIn())).toBe(null);
    expect(await world.db.prisma.entry.count({ where: { escalatedAt: { not: null } } })).toBe(2);
    const moderator = await world.signIn('moderator');
    const mayDecide = async () => (await moderator.send<EntryPage>('GET', `/api/v1/entries/${entry.id}`)).body.can.decide;
    expect(await mayDecide()).toBe(true);
    const listed = await moderator.send<{ items: { entry: { id: string } }[] }>('GET', '/api/v1/escalated-entries');
    expect(listed.body.items.map((item) => item.entry.id)).toEqual([entry.id]);
    const decided = await moderator.send('POST', `/api/v1/entries/${entry.id}/moderation/decision`, {
      verdict: 'approve',
      reason: 'It is right.',
    });
    expect(decided.status).toBe(200);
    expect(await mayDecide()).toBe(false);
    expect([await world.statusOf(entry.id), await world.statusOf(instruction?.id ?? ''), await world.pairs()]).toEqual([
      'approved',
      'approved',
      1,
    ]);
  });

  it('counts every verdict once when all reviewers decide at the same moment', async () => {
    world = await createCommunity({ approvals: 3 });
    const { entry } = await world.handIn(await world.author(), pairOf(1));
    const reviewers = await Promise.all([world.signIn(), world.signIn(), world.signIn()]);
    const tasks = await Promise.all(reviewers.map((reviewer) => world.next(reviewer)));
    const replies = await Promise.all(reviewers.map((reviewer, n) => world.review(reviewer, tasks[n]?.id ?? '', { verdict: 'approve' })));
    expect(replies.map((reply) => reply.status)).toEqual([201, 201, 201]);
    expect(replies.filter((reply) => reply.body.status === 'approved')).toHaveLength(1);
    expect(await world.statusOf(entry.id)).toBe('approved');
  });

  it('shows the version reviewed before when an edit comes back', async () => {
    world = await createCommunity();
    const author = await world.author();
    const { entry } = await world.handIn(author, pairOf(1));
    const reviewer = await world.signIn();
    await world.review(reviewer, (await world.next(reviewer))?.id ?? '', { verdict: 'request_changes', note: 'Shorter, please.' });
    const edit = await author.send('POST', `/api/v1/entries/${entry.id}/revisions`, { response: { text: 'Four.' } }, { 'if-match': '"1"' });
    expect(edit.status).toBe(201);
    const task = await world.next(await world.signIn());
    expect(task).toMatchObject({
      entry: { revision: { number: 2, text: 'Four.' } },
      previousRevision: { number: 1 },
      requests: [{ reason: null, note: 'Shorter, please.' }],
    });
  });

  it('answers a repeated request the same way without a second verdict', async () => {
    world = await createCommunity();
    await world.handIn(await world.author(), pairOf(1));
    const reviewer = await world.signIn();
    const id = (await world.next(reviewer))?.id ?? '';
    const send = () =>
      reviewer.send<{ reviewId: string }>(
        'POST',
        `/api/v1/review-tasks/${id}/review`,
        { verdict: 'approve' },
        { 'idempotency-key': 'the-same-key' },
      );
    const [first, second] = [await send(), await send()];
    expect([first.status, second.status, second.body.reviewId]).toEqual([201, 201, first.body.reviewId]);
  });
});

describe('undo', () => {
  it('brings everything back: statuses, pairs, the seat', async () => {
    world = await createCommunity();
    const { entry, instruction } = await world.handIn(await world.author(), pairOf(1));
    const reviewer = await world.signIn();
    const task = await world.next(reviewer);
    const { body } = await world.review(reviewer, task?.id ?? '', { verdict: 'approve' });
    const undone = await reviewer.send<{ task: ReviewTask }>('DELETE', `/api/v1/reviews/${body.reviewId}`);
    expect(undone).toMatchObject({ status: 200, body: { task: { id: task?.id, instruction: { id: instruction?.id } } } });
    expect([await world.statusOf(entry.id), await world.statusOf(instruction?.id ?? ''), await world.pairs()]).toEqual([
      'in_review',
      'in_review',
      0,
    ]);
    expect((await world.review(reviewer, task?.id ?? '', { verdict: 'reject', reason: 'spam' })).body.status).toBe('rejected');
  });

  it('joins instruction and response again after a split verdict', async () => {
    world = await createCommunity();
    const { entry, instruction } = await world.handIn(await world.author(), pairOf(1));
    const reviewer = await world.signIn();
    const task = await world.next(reviewer);
    const { body } = await world.review(reviewer, task?.id ?? '', { verdict: 'reject', reason: 'incorrect', keepInstruction: true });
    await reviewer.send('DELETE', `/api/v1/reviews/${body.reviewId}`);
    expect(
      await world.db.prisma.entry.findUniqueOrThrow({
        where: { id: instruction?.id ?? '' },
        select: { status: true, reviewedWithId: true },
      }),
    ).toEqual({ status: 'in_review', reviewedWithId: entry.id });
  });

  it('404 for another’s verdict, 409 once the entry has moved on or a minute has passed', async () => {
    world = await createCommunity();
    const author = await world.author();
    const { entry } = await world.handIn(author, pairOf(1));
    const reviewer = await world.signIn();
    const { body } = await world.review(reviewer, (await world.next(reviewer))?.id ?? '', { verdict: 'reject', reason: 'incorrect' });
    const stranger = await world.signIn();
    expect((await stranger.send('DELETE', `/api/v1/reviews/${body.reviewId}`)).status).toBe(404);
    await author.send('POST', `/api/v1/entries/${entry.id}/revisions`, { response: { text: 'Four corners.' } }, { 'if-match': '"1"' });
    expect((await reviewer.send('DELETE', `/api/v1/reviews/${body.reviewId}`)).body).toMatchObject({ code: 'undo_too_late' });
    const late = await world.review(stranger, (await world.next(stranger))?.id ?? '', { verdict: 'approve' });
    await world.db.prisma.review.updateMany({ data: { createdAt: new Date(Date.now() - 61_000) } });
    expect((await stranger.send('DELETE', `/api/v1/reviews/${late.body.reviewId}`)).body).toMatchObject({ code: 'undo_too_late' });
  });
});

it('tells how much waits, and what I have reviewed', async () => {
  world = await createCommunity();
  const author = await world.author();
  await world.handIn(author, pairOf(1));
  await world.handIn(author, pairOf(2));
  const reviewer = await world.signIn();
  const queue = () => reviewer.send('GET', '/api/v1/review-tasks/queue');
  expect((await queue()).body).toMatchObject({
    items: [{ datasetSlug: 'shapes', mayReview: true, waiting: 2, byCategory: [{ category: 'open_qa', waiting: 2 }] }],
  });
  expect((await author.send('GET', '/api/v1/review-tasks/queue')).body).toMatchObject({ items: [{ waiting: 0 }] });
  await world.review(reviewer, (await world.next(reviewer))?.id ?? '', { verdict: 'approve' });
  expect((await queue()).body).toMatchObject({ items: [{ waiting: 1 }] });
  expect((await reviewer.send('GET', '/api/v1/me/reviews')).body).toMatchObject({
    items: [{ verdict: 'approve', status: 'approved' }],
    nextCursor: null,
  });
});
