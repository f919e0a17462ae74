import type { ContributionItem, Entry, EntryPage, Proposal } from '@granary/contract';
import { afterEach, expect, it } from 'vitest';
import { createCommunity, pairOf, type Community } from '../../testing-community.ts';
import type { TestUser } from '../../testing.ts';

let world: Community;
afterEach(() => world.close());

const text = 'As many corners as sides: walk around it and count.';
const edit = { response: { text }, note: 'Shorter, and one can try it.' };
type Answer = Proposal & { code: string };
const propose = (user: TestUser, id: string, body: object = edit, version = 1) =>
  user.send<Answer>('POST', `/api/v1/entries/${id}/edit-proposals`, body, { 'if-match': `"${version}"` });
const page = async (user: TestUser, id: string) => (await user.send<EntryPage>('GET', `/api/v1/entries/${id}`)).body;
const accept = (user: TestUser, id: string) => user.send<{ entry: Entry; code: string }>('POST', `/api/v1/edit-proposals/${id}/acceptance`);

async function handedIn(policy = {}) {
  world = await createCommunity(policy);
  const author = await world.author();
  const { entry, instruction } = await world.handIn(author, pairOf(1));
  return { author, reviewer: await reviewerWithTerms(), id: entry.id, instructionId: instruction?.id ?? '' };
}
async function reviewerWithTerms(): Promise<TestUser> {
  const user = await world.signIn('reviewer');
  await user.send('POST', '/api/v1/datasets/shapes/terms-acceptance', { termsVersion: 1 });
  return user;
}

it('is for those who may review, with the terms accepted, never for one’s own; checked as the edit would be', async () => {
  const { author, reviewer, id } = await handedIn();
  expect((await propose(author, id)).body.code).toBe('own_entry');
  expect((await propose(await world.author(), id)).body.code).toBe('not_found');
  expect((await propose(await world.signIn('reviewer'), id)).body.code).toBe('terms_not_accepted');
  expect((await propose(reviewer, id, { ...edit, note: '' })).status).toBe(400);
  expect((await propose(reviewer, id, { note: 'Nothing to it' })).status).toBe(400);
  expect((await propose(reviewer, id, edit, 2)).status).toBe(412);
  const same = (await page(reviewer, id)).entry.revision.text;
  expect((await propose(reviewer, id, { response: { text: same }, note: 'The same again' })).status).toBe(400);
  const made = await propose(reviewer, id);
  expect(made).toMatchObject({
    status: 201,
    body: { status: 'open', builtOn: 1, mine: true, proposer: { id: reviewer.id }, response: { text } },
  });
  expect((await propose(reviewer, id)).body.code).toBe('already_exists');
  expect(await world.statusOf(id)).toBe('in_review');
});

it('is shown to the author without a name, to moderators with one, to its proposer, and to nobody else', async () => {
  const { author, reviewer, id } = await handedIn();
  await propose(reviewer, id);
  const [moderator, stranger] = [await world.signIn('moderator'), await reviewerWithTerms()];
  expect(await page(author, id)).toMatchObject({
    proposals: [{ proposer: null, mine: false, note: edit.note }],
    can: { judgeProposals: true, propose: false },
  });
  expect(await page(moderator, id)).toMatchObject({ proposals: [{ proposer: { id: reviewer.id } }], can: { judgeProposals: true } });
  expect(await page(reviewer, id)).toMatchObject({ proposals: [{ mine: true }], can: { judgeProposals: false, propose: true } });
  expect((await page(stranger, id)).proposals).toEqual([]);
  const mine = await author.send<{ items: ContributionItem[] }>('GET', '/api/v1/me/entries');
  expect(mine.body.items[0]?.openProposals).toBe(1);
  expect((await reviewer.send<{ items: Proposal[] }>('GET', '/api/v1/me/edit-proposals')).body.items).toMatchObject([
    { entryId: id, excerpt: expect.stringContaining('corners') },
  ]);
});

it('becomes a revision by its proposer when the author accepts it: credit to both, and neither reviews it', async () => {
  const { author, reviewer, id, instructionId } = await handedIn();
  const other = await reviewerWithTerms();
  const [first, second] = [
    await propose(reviewer, id),
    await propose(other, id, { response: { text: `${text} Try it.` }, note: 'Also invites' }),
  ];
  expect((await accept(reviewer, first.body.id)).body.code).toBe('forbidden');
  expect((await accept(await world.signIn(), first.body.id)).status).toBe(404);
  const accepted = await accept(author, first.body.id);
  expect(accepted.body.entry).toMatchObject({
    author: { id: author.id },
    revision: { number: 2, text, note: edit.note, author: { id: reviewer.id }, acceptedBy: { id: author.id } },
  });
  expect((await page(author, id)).proposals).toMatchObject([{ status: 'outdated' }, { status: 'accepted', proposer: { id: reviewer.id } }]);
  expect((await accept(author, first.body.id)).body.code).toBe('status_conflict');
  expect((await accept(author, second.body.id)).body.code).toBe('status_conflict');
  for (const user of [author, reviewer]) expect(await world.next(user)).toBe(null);
  const third = await world.signIn();
  const task = await world.next(third);
  expect(task?.entry.revision).toMatchObject({ author: null, acceptedBy: null });
  await world.review(third, task?.id ?? '', { verdict: 'approve' });
  expect([await world.statusOf(id), await world.statusOf(instructionId)]).toEqual(['approved', 'approved']);
  const credited = await world.db.executeSql(`SELECT user_id::text AS id FROM dataset_contributors`, []);
  expect(credited.rows.map((row) => (row as { id: string }).id).toSorted()).toEqual([author.id, reviewer.id].toSorted());
});

it('goes to a moderator as well; declined with a reason, or taken back by who proposed it', async () => {
  const { author, reviewer, id } = await handedIn();
  const first = await propose(reviewer, id);
  const declined = await author.send<Answer>('POST', `/api/v1/edit-proposals/${first.body.id}/refusal`, { reason: 'I like mine better.' });
  expect(declined.body).toMatchObject({ status: 'declined', reason: 'I like mine better.', proposer: null });
  const second = await propose(reviewer, id);
  expect((await author.send('DELETE', `/api/v1/edit-proposals/${second.body.id}`)).status).toBe(404);
  expect((await reviewer.send('DELETE', `/api/v1/edit-proposals/${second.body.id}`)).status).toBe(204);
  expect((await reviewer.send('DELETE', `/api/v1/edit-proposals/${second.body.id}`)).status).toBe(409);
  const third = await propose(reviewer, id);
  const moderator = await world.signIn('moderator');
  expect((await accept(moderator, third.body.id)).body.entry.revision).toMatchObject({
    author: { id: reviewer.id },
    acceptedBy: { id: moderator.id },
  });
});

it('is outdated by an edit of the author', async () => {
  const { author, reviewer, id } = await handedIn();
  const made = await propose(reviewer, id);
  const own = { response: { text: 'Count the sides; there are as many corners.' }, aiAssistance: 'none' };
  await author.send('POST', `/api/v1/entries/${id}/revisions`, own, { 'if-match': '"1"' });
  expect((await page(author, id)).proposals[0]?.status).toBe('outdated');
  expect((await accept(author, made.body.id)).body.code).toBe('status_conflict');
});
