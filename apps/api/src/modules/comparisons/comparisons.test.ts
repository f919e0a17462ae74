import type { ComparisonOutcome, ComparisonTask, Strength } from '@granary/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { createServices } from '../../services.ts';
import { createCommunity, pairOf, type Community } from '../../testing-community.ts';
import type { TestUser } from '../../testing.ts';

let world: Community;
let chance = 0;
afterEach(() => world.close());

/** An approved instruction with so many approved responses, each by somebody else. */
async function alternatives(count: number, from = 1) {
  const authors: TestUser[] = [];
  const ids: string[] = [];
  const reviewer = await world.signIn('moderator');
  const approve = async () => world.review(reviewer, (await world.next(reviewer))?.id ?? '', { verdict: 'approve' });
  const first = await world.author();
  const { entry, instruction } = await world.handIn(first, pairOf(from));
  await approve();
  authors.push(first);
  ids.push(entry.id);
  const texts = [
    'Count the sides: there is a corner between every two.',
    'As many as sides, since each corner begins one.',
    'One for every side it has.',
  ];
  for (let n = 1; n < count; n += 1) {
    const author = await world.author();
    const text = texts[n - 1] ?? '';
    ids.push(
      (await world.handIn(author, { kind: 'response', parentId: instruction?.id ?? '', language: 'en', response: { text } })).entry.id,
    );
    await approve();
    authors.push(author);
  }
  return { authors, ids, instructionId: instruction?.id ?? '', reviewer };
}
async function open() {
  chance = 0;
  world = await createCommunity({}, { random: () => chance });
  await world.deps.jobs.start();
}
const next = async (user: TestUser, body: object = {}) =>
  (await user.send<{ task: ComparisonTask | null }>('POST', '/api/v1/comparisons/next', { dataset: 'shapes', ...body })).body.task;
type Answer = ComparisonOutcome & { code: string };
const answer = (user: TestUser, task: ComparisonTask | null, said: string) =>
  user.send<Answer>('POST', `/api/v1/comparisons/${task?.id}/answer`, { answer: said, left: task?.left.id });
const strengths = async (id: string) =>
  (await world.anonymous.send<{ items: Strength[] }>('GET', `/api/v1/entries/${id}/strengths`)).body.items;
const update = (instructionId: string) => createServices(world.deps).comparisons.updateStrengths(instructionId);
const both = (task: ComparisonTask | null) => [task?.left.id, task?.right.id].toSorted();

describe('next', () => {
  it('gives two approved responses to one instruction, without their authors, never to either of them, sides by chance', async () => {
    await open();
    const { authors, ids, instructionId } = await alternatives(2);
    const user = await world.signIn();
    const task = await next(user);
    expect(both(task)).toEqual(ids.toSorted());
    expect(task).toMatchObject({
      left: { author: null, revision: { author: null } },
      right: { author: null },
      path: [{ id: instructionId }],
      category: { slug: 'open_qa' },
    });
    for (const author of authors) expect(await next(author)).toBe(null);
    await user.send('POST', `/api/v1/comparisons/${task?.id}/release`);
    chance = 0.9;
    expect((await next(user))?.left.id).toBe(task?.right.id);
    expect((await world.anonymous.send('POST', '/api/v1/comparisons/next', {})).status).toBe(401);
    expect((await user.send('POST', '/api/v1/comparisons/next', { dataset: 'nowhere' })).status).toBe(404);
  });

  it('gives each to one person at a time, the same again to who holds it, and another one while the page holds one', async () => {
    await open();
    await alternatives(3);
    const people = await Promise.all(Array.from({ length: 4 }, () => world.signIn()));
    const tasks = await Promise.all(people.map((user) => next(user)));
    const given = tasks.filter((task) => task !== null).map(({ id }) => id);
    expect(given).toHaveLength(3);
    expect(new Set(given).size).toBe(3);
    const holder = people[tasks.findIndex((task) => task !== null)] as TestUser;
    expect((await next(holder))?.id).toBe(given[0]);
    expect(await next(holder, { holding: [given[0]] })).toBe(null);
    await people[tasks.findLastIndex((task) => task !== null)]?.send('POST', `/api/v1/comparisons/${given[2]}/release`);
    expect((await next(holder, { holding: [given[0]] }))?.id).toBe(given[2]);
    expect((await holder.send('POST', `/api/v1/comparisons/${given[2]}/heartbeat`)).status).toBe(200);
    expect((await holder.send('POST', `/api/v1/comparisons/${given[1]}/heartbeat`)).status).toBe(409);
  });

  it('keeps to the languages of the profile, and to the rest of a skip', async () => {
    await open();
    await alternatives(2);
    const german = await world.signIn();
    await world.db.prisma.user.update({ where: { id: german.id }, data: { languages: ['de'] } });
    expect(await next(german)).toBe(null);
    expect((await next(german, { languages: ['en'] }))?.datasetSlug).toBe('shapes');
    await german.send('POST', `/api/v1/comparisons/${(await next(german, { languages: ['en'] }))?.id}/release`);
    const user = await world.signIn();
    const queue = async () =>
      (await user.send<{ items: { waiting: number }[] }>('GET', '/api/v1/comparisons/queue')).body.items[0]?.waiting;
    expect(await queue()).toBe(1);
    const task = await next(user);
    expect((await user.send('POST', `/api/v1/comparisons/${task?.id}/skip`)).status).toBe(204);
    expect(await next(user)).toBe(null);
    expect(await queue()).toBe(0);
    expect(await next(await world.signIn())).not.toBe(null);
  });
});

describe('answers', () => {
  it('say which is better whatever side it was on; once each; the job makes strengths of them', async () => {
    await open();
    const { ids, instructionId } = await alternatives(2);
    const [better, worse] = ids as [string, string];
    expect(await strengths(instructionId)).toEqual([]);
    for (const side of [0, 0.9, 0]) {
      chance = side;
      const user = await world.signIn();
      const task = await next(user);
      const said = await answer(user, task, task?.left.id === better ? 'left' : 'right');
      expect(said.status).toBe(201);
      expect(await next(user)).toBe(null);
      expect((await answer(user, task, 'left')).body.code).toBe('task_taken');
    }
    await update(instructionId);
    const found = await strengths(instructionId);
    expect(found.map(({ responseId, comparisons }) => [responseId, comparisons])).toEqual([
      [better, 3],
      [worse, 3],
    ]);
    expect(found[0]?.strength).toBeGreaterThan(0.3);
    expect((found[0]?.strength ?? 0) + (found[1]?.strength ?? 0)).toBeCloseTo(0, 5);
    expect(await strengths(better)).toEqual(found);
    expect((await world.anonymous.send('GET', `/api/v1/entries/${crypto.randomUUID()}/strengths`)).status).toBe(404);
  });

  it('can be taken back for a minute: the comparison is theirs again', async () => {
    await open();
    const { instructionId } = await alternatives(2);
    const [user, other] = [await world.signIn(), await world.signIn()];
    const task = await next(user);
    const { body } = await answer(user, task, 'tie');
    expect((await other.send('DELETE', `/api/v1/comparison-answers/${body.answerId}`)).status).toBe(404);
    const undone = await user.send<{ task: ComparisonTask }>('DELETE', `/api/v1/comparison-answers/${body.answerId}`);
    expect(undone.body.task.id).toBe(task?.id);
    expect(await next(other)).toBe(null);
    await answer(user, undone.body.task, 'both_bad');
    await update(instructionId);
    expect((await strengths(instructionId)).map(({ strength }) => Math.abs(strength))).toEqual([0, 0]);
    await world.db.prisma.comparison.updateMany({ data: { createdAt: new Date(Date.now() - 61_000) } });
    const [{ id } = { id: '' }] = await world.db.prisma.comparison.findMany();
    expect((await user.send<Answer>('DELETE', `/api/v1/comparison-answers/${id}`)).body.code).toBe('undo_too_late');
  });

  it('are asked for where they tell most: what has not been compared comes before what has', async () => {
    await open();
    const { instructionId } = await alternatives(3);
    const first = await world.signIn();
    const done = await next(first);
    await answer(first, done, 'left');
    await update(instructionId);
    for (let n = 0; n < 3; n += 1) expect(both(await next(await world.signIn()))).not.toEqual(n < 2 ? both(done) : []);
  });

  it('refuse a left side that is neither, and what is no longer held', async () => {
    await open();
    const { ids } = await alternatives(2);
    const user = await world.signIn();
    const task = await next(user);
    const wrong = await user.send<Answer>('POST', `/api/v1/comparisons/${task?.id}/answer`, { answer: 'left', left: crypto.randomUUID() });
    expect(wrong.status).toBe(400);
    expect((await answer(await world.signIn(), task, 'left')).body.code).toBe('task_taken');
    const moderator = await world.signIn('moderator');
    await moderator.send('POST', `/api/v1/entries/${ids[1]}/moderation/retract`, { reason: 'Not needed any more' });
    expect((await answer(user, task, 'left')).body.code).toBe('task_taken');
  });
});

it('asks again for strengths whose job was lost', async () => {
  await open();
  const { instructionId } = await alternatives(2);
  const user = await world.signIn();
  await answer(user, await next(user), 'left');
  const later = createServices({ ...world.deps, clock: () => new Date(Date.now() + 120_000) });
  expect(await createServices(world.deps).comparisons.requestDue()).toEqual([]);
  expect(await later.comparisons.requestDue()).toEqual([instructionId]);
  await update(instructionId);
  expect(await later.comparisons.requestDue()).toEqual([]);
});

it('follows the pairs: gone when a response is retracted, there again when it is restored, a new thing after an edit', async () => {
  await open();
  const { authors, ids, instructionId } = await alternatives(2);
  const user = await world.signIn();
  await answer(user, await next(user), 'left');
  await update(instructionId);
  expect(await strengths(instructionId)).toHaveLength(2);
  const moderator = await world.signIn('moderator');
  await moderator.send('POST', `/api/v1/entries/${ids[1]}/moderation/retract`, { reason: 'To be looked at' });
  expect(await world.db.prisma.comparisonPair.count()).toBe(0);
  expect(await strengths(instructionId)).toHaveLength(1);
  await moderator.send('POST', `/api/v1/entries/${ids[1]}/moderation/restore`, { reason: 'It is fine' });
  expect(await world.db.prisma.comparisonPair.count()).toBe(1);
  expect(await next(user)).toBe(null);
  const edit = { response: { text: 'There is one corner between every two sides.' }, aiAssistance: 'none' };
  await authors[1]?.send('POST', `/api/v1/entries/${ids[1]}/revisions`, edit, { 'if-match': '"1"' });
  await world.review(moderator, (await world.next(moderator))?.id ?? '', { verdict: 'approve' });
  expect(await next(user)).not.toBe(null);
  await update(instructionId);
  expect(await strengths(instructionId)).toEqual([]);
});
