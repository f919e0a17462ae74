import type { ReviewTask } from '@granary/contract';
import { assignmentWindow } from '@granary/domain';
import { afterEach, expect, it } from 'vitest';
import { createCommunity, pairOf, type Community } from '../../testing-community.ts';
import { createServices } from '../../services.ts';
import type { TestUser } from '../../testing.ts';

let world: Community;
afterEach(() => world.close());

const inCategory = (n: number, category: string) => ({ ...pairOf(n), category });
const lease = async (user: TestUser, body: object = {}) =>
  (await user.send<{ task: ReviewTask | null }>('POST', '/api/v1/review-tasks/next', { dataset: 'shapes', ...body })).body.task;
const give = (user: TestUser, task: ReviewTask | null) => user.send('POST', `/api/v1/review-tasks/${task?.id}/release`);
/** Makes all seats wait since now, so that only what is under test tells them apart. */
const level = () => world.db.executeSql(`UPDATE review_tasks SET created_at = now(), due_at = now()`, []);

it('gives another seat while the page holds one, never two of one text, and the same again without saying so', async () => {
  world = await createCommunity({ approvals: 2 });
  const author = await world.author();
  for (const n of [1, 2, 3]) await world.handIn(author, pairOf(n));
  const user = await world.signIn();
  const held: ReviewTask[] = [];
  for (let n = 0; n < 3; n += 1) {
    const task = await lease(user, { holding: held.map(({ id }) => id) });
    if (task !== null) held.push(task);
  }
  expect(new Set(held.map(({ entry }) => entry.id)).size).toBe(3);
  expect(await lease(user, { holding: held.map(({ id }) => id) })).toBe(null);
  expect(held.map(({ id }) => id)).toContain((await lease(user))?.id);
});

it('takes the languages of the profile when none are named', async () => {
  world = await createCommunity();
  const author = await world.author();
  await world.handIn(author, { ...pairOf(1), language: 'de' });
  const english = await world.signIn();
  await world.db.prisma.user.update({ where: { id: english.id }, data: { languages: ['en'] } });
  expect(await lease(english)).toBe(null);
  const queue = await english.send<{ items: { waiting: number }[] }>('GET', '/api/v1/review-tasks/queue');
  expect(queue.body.items[0]?.waiting).toBe(0);
  expect((await lease(english, { languages: ['de'] }))?.entry.language).toBe('de');
  expect(await lease(await world.signIn())).toBe(null);
});

it('brings what is close to a decision first, and what waits long before that', async () => {
  world = await createCommunity({ approvals: 2 });
  const author = await world.author();
  const handed = [];
  for (const n of [1, 2, 3]) handed.push(await world.handIn(author, pairOf(n)));
  await world.db.executeSql(`UPDATE review_tasks SET created_at = created_at - interval '1 hour', due_at = due_at - interval '1 hour'`, []);
  const first = await world.signIn();
  const task = await lease(first);
  await world.review(first, task?.id ?? '', { verdict: 'approve' });
  const second = await world.signIn();
  expect((await lease(second))?.entry.id).toBe(task?.entry.id);
  await give(second, await lease(second));
  const other = handed.find(({ entry }) => entry.id !== task?.entry.id)?.entry.id ?? '';
  await world.db.executeSql(`UPDATE review_tasks SET due_at = now() - interval '5 days' WHERE entry_id = $1::uuid`, [other]);
  expect((await lease(second))?.entry.id).toBe(other);
});

it('prefers the category in which the reviewer has proved right', async () => {
  world = await createCommunity();
  const author = await world.author();
  const texts = [await world.handIn(author, inCategory(1, 'open_qa')), await world.handIn(author, inCategory(2, 'general_qa'))];
  await level();
  const user = await world.signIn();
  for (const { entry } of texts) {
    await world.db.prisma.reviewerCategorySkill.deleteMany({});
    const { categoryId } = await world.db.prisma.entry.findUniqueOrThrow({ where: { id: entry.id } });
    await world.db.prisma.reviewerCategorySkill.create({ data: { userId: user.id, categoryId, met: 20, reviews: 20 } });
    const task = await lease(user);
    expect(task?.entry.id).toBe(entry.id);
    await give(user, task);
  }
});

it('learns the skill in a category from decisions, and forgets it with an undo', async () => {
  world = await createCommunity({ approvals: 2 });
  const { entry } = await world.handIn(await world.author(), pairOf(1));
  const [one, other] = [await world.signIn(), await world.signIn()];
  await world.review(one, (await lease(one))?.id ?? '', { verdict: 'approve' });
  const last = await world.review(other, (await lease(other))?.id ?? '', { verdict: 'approve' });
  expect(await world.statusOf(entry.id)).toBe('approved');
  const skills = await world.db.prisma.reviewerCategorySkill.findMany();
  expect(skills.map(({ userId, reviews }) => [userId, reviews]).toSorted()).toEqual(
    [
      [one.id, 1],
      [other.id, 1],
    ].toSorted(),
  );
  expect(skills.every(({ met }) => met > 0.5 && met < 1)).toBe(true);
  await other.send('DELETE', `/api/v1/reviews/${last.body.reviewId}`);
  expect((await world.db.prisma.reviewerCategorySkill.findMany()).every(({ met, reviews }) => reviews === 0 && met < 1e-9)).toBe(true);
});

it('brings variety: another category and another author after several of one kind', async () => {
  world = await createCommunity();
  const [busy, rare] = [await world.author(), await world.author()];
  for (const n of [1, 2, 3]) await world.handIn(busy, pairOf(n));
  const user = await world.signIn();
  for (let n = 0; n < 3; n += 1) await world.review(user, (await lease(user))?.id ?? '', { verdict: 'approve' });
  await world.handIn(busy, pairOf(4));
  const { entry } = await world.handIn(rare, pairOf(5));
  await level();
  expect((await lease(user))?.entry.id).toBe(entry.id);
});

it('keeps a skipped text from that person alone; a reason puts its like behind for them', async () => {
  world = await createCommunity();
  const author = await world.author();
  const texts = [];
  for (const n of [1, 2]) texts.push(await world.handIn(author, inCategory(n, 'open_qa')));
  const other = await world.handIn(author, inCategory(3, 'brainstorming'));
  await level();
  await world.db.executeSql(`UPDATE review_tasks SET due_at = now() + interval '6 hours' WHERE entry_id = $1::uuid`, [other.entry.id]);
  const [user, next] = [await world.signIn(), await world.signIn()];
  const task = await lease(user);
  expect(task?.category.slug).toBe('open_qa');
  const bad = await user.send('POST', `/api/v1/review-tasks/${task?.id}/skip`, { reason: 'boring' });
  expect(bad.status).toBe(400);
  expect((await user.send('POST', `/api/v1/review-tasks/${task?.id}/skip`, { reason: 'not_my_field' })).status).toBe(204);
  expect((await lease(user))?.entry.id).toBe(other.entry.id);
  expect((await lease(next))?.category.slug).toBe('open_qa');
  expect((await user.send('POST', `/api/v1/review-tasks/${task?.id}/skip`)).status).toBe(409);
});

it('brings an edited text back to who judged the version before, with what they said and what changed since', async () => {
  world = await createCommunity({ approvals: 2 });
  const author = await world.author();
  const { entry } = await world.handIn(author, pairOf(1));
  for (const n of [2, 3]) await world.handIn(author, pairOf(n));
  const reviewer = await world.signIn();
  const first = await lease(reviewer);
  await give(reviewer, first);
  await world.db.executeSql(`UPDATE review_tasks SET due_at = now() - interval '9 days' WHERE entry_id = $1::uuid`, [entry.id]);
  const given = await lease(reviewer);
  expect(given?.entry.id).toBe(entry.id);
  expect(given?.earlier).toBe(null);
  await world.review(reviewer, given?.id ?? '', { verdict: 'approve', ratings: { helpfulness: 4 }, note: 'Good.' });
  const text = 'One corner more than you would think, if you think of too few.';
  const edited = await author.send(
    'POST',
    `/api/v1/entries/${entry.id}/revisions`,
    { response: { text }, aiAssistance: 'none' },
    { 'if-match': '"1"' },
  );
  expect(edited.status).toBe(201);
  await level();
  const again = await lease(reviewer);
  expect(again).toMatchObject({
    entry: { id: entry.id, revision: { text } },
    previousRevision: { text: pairOf(1).kind === 'pair' ? (pairOf(1) as { response: { text: string } }).response.text : '' },
    earlier: { verdict: 'approve', reason: null, note: 'Good.', ratings: { helpfulness: 4 } },
  });
});

it('lets everybody who asks at once have a seat while there are seats, though all weigh the same ones', async () => {
  world = await createCommunity();
  const author = await world.author();
  const seats = assignmentWindow + 8;
  for (let n = 0; n < seats; n += 1) await world.handIn(author, pairOf(n));
  const people = await Promise.all(Array.from({ length: seats }, () => world.signIn()));
  const tasks = await Promise.all(people.map((user) => lease(user)));
  expect(new Set(tasks.map((task) => task?.id)).size).toBe(seats);
  expect(tasks).not.toContain(null);
});

it('hands to the moderators what nobody who reviews may take, after days, and nothing else', async () => {
  let now = new Date();
  world = await createCommunity({ approvals: 2 });
  const services = createServices({ ...world.deps, clock: () => now });
  const author = await world.author();
  const { entry, instruction } = await world.handIn(author, pairOf(1));
  const [one, other] = [await world.signIn(), await world.signIn()];
  await world.review(one, (await lease(one))?.id ?? '', { verdict: 'approve' });
  expect(await services.reviews.escalateStuck()).toBe(0);
  await other.send('POST', `/api/v1/review-tasks/${(await lease(other))?.id}/skip`, {});
  expect(await services.reviews.escalateStuck()).toBe(0);
  now = new Date(now.getTime() + 4 * 86_400_000);
  await world.handIn(author, pairOf(2));
  expect(await services.reviews.escalateStuck()).toBe(1);
  expect(await services.reviews.escalateStuck()).toBe(0);
  const rows = await world.db.prisma.entry.findMany({ where: { escalatedAt: { not: null } }, select: { id: true, status: true } });
  expect(rows.map(({ id }) => id).toSorted()).toEqual([entry.id, instruction?.id ?? ''].toSorted());
  expect(rows.every(({ status }) => status === 'in_review')).toBe(true);
  const moderator = await world.signIn('moderator');
  const decided = await moderator.send('POST', `/api/v1/entries/${entry.id}/moderation/decision`, {
    verdict: 'approve',
    reason: 'Fine as it is',
  });
  expect(decided.status).toBe(200);
});
