import type { ContributionItem, EntryPage } from '@granary/contract';
import { afterEach, expect, it } from 'vitest';
import { createCommunity, pairOf, type Community } from '../../testing-community.ts';
import type { TestUser } from '../../testing.ts';

let world: Community;
afterEach(() => world.close());

const reject = { verdict: 'reject', reason: 'incorrect' };
const approve = { verdict: 'approve' };
const why = { reason: 'Euclid says so, in the first book.' };

/** A pair that two people have rejected. */
async function rejected() {
  world = await createCommunity({ approvals: 2, rejections: 2, changeRequests: 2 });
  const author = await world.author();
  const { entry, instruction } = await world.handIn(author, pairOf(1));
  const [one, two] = [await world.signIn(), await world.signIn()];
  for (const user of [one, two]) await world.review(user, (await world.next(user))?.id ?? '', reject);
  return { author, one, two, id: entry.id, instructionId: instruction?.id ?? '' };
}
const appeal = (user: TestUser, id: string) => user.send<{ code: string; status: string }>('POST', `/api/v1/entries/${id}/appeal`, why);
const page = async (user: TestUser, id: string) => (await user.send<EntryPage>('GET', `/api/v1/entries/${id}`)).body;
const skills = async () =>
  new Map((await world.db.prisma.reviewerSkill.findMany()).map(({ userId, counts, reviews }) => [userId, { counts, reviews }]));

it('is for the author alone, against a decision, once; it opens the pair again for people who have not seen it', async () => {
  const { author, one, id, instructionId } = await rejected();
  expect((await appeal(one, id)).body.code).toBe('not_found');
  expect((await appeal(await world.signIn('reviewer'), id)).body.code).toBe('forbidden');
  expect((await page(author, id)).can.appeal).toBe(true);
  expect((await appeal(author, id)).body.status).toBe('in_review');
  expect([await world.statusOf(id), await world.statusOf(instructionId)]).toEqual(['in_review', 'in_review']);
  expect((await appeal(author, id)).body.code).toBe('already_exists');
  const seen = await page(author, id);
  expect(seen).toMatchObject({ appeal: { status: 'open', ...why }, can: { appeal: false }, progress: { approvals: 0, reviews: 0 } });
  expect(seen.history.at(-1)).toMatchObject({ kind: 'entry_appealed', reason: why.reason, actor: { id: author.id } });
  expect(await world.next(one)).toBe(null);
  const [three, four] = [await world.signIn(), await world.signIn()];
  await world.review(three, (await world.next(three))?.id ?? '', approve);
  expect(await world.statusOf(id)).toBe('in_review');
  await world.review(four, (await world.next(four))?.id ?? '', approve);
  expect([await world.statusOf(id), await world.statusOf(instructionId)]).toEqual(['approved', 'approved']);
  expect((await page(author, id)).appeal).toMatchObject({ status: 'upheld' });
  expect(await world.db.prisma.event.count({ where: { kind: 'appeal_upheld' } })).toBe(1);
  expect(await world.pairs()).toBe(1);
});

it('takes back what the decision taught; what comes of it teaches those it was made against', async () => {
  const { author, one, id } = await rejected();
  expect((await skills()).get(one.id)?.reviews).toBe(1);
  await appeal(author, id);
  expect((await skills()).get(one.id)?.reviews).toBe(0);
  const moderator = await world.signIn('moderator');
  const decided = await moderator.send('POST', `/api/v1/entries/${id}/moderation/decision`, { verdict: 'approve', reason: 'It is right.' });
  expect(decided.status).toBe(200);
  // Rejected what was to be approved.
  expect((await skills()).get(one.id)).toEqual({ counts: [0, 1, 0, 0, 0, 0, 0, 0, 0], reviews: 1 });
});

it('waits in a list of its own for moderators, who may decide it at any time, though its reviews do not disagree', async () => {
  const { author, id } = await rejected();
  const moderator = await world.signIn('moderator');
  const list = async () =>
    (await moderator.send<{ items: { entry: { id: string }; appeal: object }[] }>('GET', '/api/v1/appealed-entries')).body.items;
  const decide = () =>
    moderator.send<{ code: string }>('POST', `/api/v1/entries/${id}/moderation/decision`, { verdict: 'reject', reason: 'Still wrong.' });
  expect((await decide()).body.code).toBe('status_conflict');
  await appeal(author, id);
  expect(await list()).toMatchObject([{ entry: { id }, appeal: { status: 'open', ...why } }]);
  expect((await author.send('GET', '/api/v1/appealed-entries')).status).toBe(403);
  expect((await page(moderator, id)).can.decide).toBe(true);
  expect((await decide()).status).toBe(200);
  expect(await list()).toEqual([]);
  expect((await page(author, id)).appeal).toMatchObject({ status: 'dismissed' });
  expect(await world.db.prisma.reviewTask.count({ where: { closedAt: null } })).toBe(0);
});

it('is open again when the verdict that closed it is taken back, and withdrawn by an edit', async () => {
  const { author, id } = await rejected();
  await appeal(author, id);
  const [three, four] = [await world.signIn(), await world.signIn()];
  await world.review(three, (await world.next(three))?.id ?? '', reject);
  const last = await world.review(four, (await world.next(four))?.id ?? '', reject);
  expect((await page(author, id)).appeal?.status).toBe('dismissed');
  expect((await four.send('DELETE', `/api/v1/reviews/${last.body.reviewId}`)).status).toBe(200);
  expect((await page(author, id)).appeal?.status).toBe('open');
  const edit = { response: { text: 'As many as it has sides, which is four.' }, aiAssistance: 'none' };
  expect((await author.send('POST', `/api/v1/entries/${id}/revisions`, edit, { 'if-match': '"1"' })).status).toBe(201);
  expect((await page(author, id)).appeal?.status).toBe('withdrawn');
});

it('is offered in My contributions, and refused for what is approved or under review', async () => {
  const { author, id } = await rejected();
  const mine = async () => (await author.send<{ items: ContributionItem[] }>('GET', '/api/v1/me/entries')).body.items[0];
  expect(await mine()).toMatchObject({ mayAppeal: true, appeal: null });
  await appeal(author, id);
  expect(await mine()).toMatchObject({ mayAppeal: false, appeal: { status: 'open', ...why }, approvals: 0 });
  const other = await world.handIn(author, pairOf(2));
  expect((await appeal(author, other.entry.id)).body.code).toBe('status_conflict');
  expect((await author.send('POST', `/api/v1/entries/${id}/appeal`, { reason: '' })).status).toBe(400);
});
