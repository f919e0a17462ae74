import type { ContributionInput, Entry, OpenInstruction, Page, SameText, Waiting } from '@granary/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCommunity, pairOf, type Community } from '../../testing-community.ts';
import type { TestUser } from '../../testing.ts';

type Handed = { entry: Entry; instruction: Entry | null; code: string; errors: { path: string }[] };
let world: Community;
let author: TestUser;
let other: TestUser;
let reviewer: TestUser;

beforeAll(async () => {
  world = await createCommunity();
  [author, other, reviewer] = [await world.author(), await world.author(), await world.signIn('reviewer')];
});
afterAll(() => world.close());

const handIn = (who: TestUser, body: unknown) => who.send<Handed>('POST', '/api/v1/datasets/shapes/entries', body);
const decide = async (verdict: Record<string, unknown>) => {
  const task = await world.next(reviewer);
  if (task === null) throw new Error('No review task is waiting');
  await world.review(reviewer, task.id, verdict);
  return task;
};
/** `decide` takes whichever task is waiting, so no test may leave one behind. */
beforeEach(async () => {
  for (let task = await world.next(reviewer); task !== null; task = await world.next(reviewer))
    await world.review(reviewer, task.id, { verdict: 'approve' });
});
const context = { text: 'A square has four corners, says the passage.', url: 'https://example.org/square', licence: 'CC-BY-4.0' };

describe('a category that requires a passage', () => {
  const closed = (changes: object = {}) => ({
    kind: 'pair',
    category: 'closed_qa',
    language: 'en',
    instruction: { text: 'How many corners does the passage speak of?', ...changes },
    response: { text: 'Four of them, all alike.' },
  });

  it('takes no instruction without one, new or edited, and names the field', async () => {
    const refused = await handIn(author, closed());
    expect([refused.status, refused.body.errors.map(({ path }) => path)]).toEqual([400, ['instruction.context.text']]);
    const { status, body } = await handIn(author, closed({ context }));
    expect(status).toBe(201);
    const revise = (instruction: object, category?: string) =>
      author.send<Handed>(
        'POST',
        `/api/v1/entries/${body.entry.id}/revisions`,
        { instruction, response: { text: 'Four of them.' }, category },
        { 'if-match': '"1"' },
      );
    const lost = await revise({ text: 'How many corners is the passage about?' });
    expect([lost.status, lost.body.errors.map(({ path }) => path)]).toEqual([400, ['instruction.context.text']]);
    const moved = await revise({ text: 'How many corners is this about?' }, 'summarization');
    expect(moved.body.errors.map(({ path }) => path)).toEqual(['instruction.context.text']);
    expect((await revise({ text: 'How many corners is the passage about?', context })).status).toBe(201);
    await decide({ verdict: 'approve' });
    const followUp = await handIn(author, { ...closed(), parentId: body.entry.id });
    expect(followUp.status, 'a follow-up rests on the passage above').toBe(201);
    await decide({ verdict: 'approve' });
  });

  it('is set by an admin', async () => {
    const category = '/api/v1/datasets/shapes/categories/closed_qa';
    expect((await world.admin.send('PATCH', category, { requiresContext: false })).status).toBe(200);
    expect((await handIn(author, closed())).status).toBe(201);
    await decide({ verdict: 'approve' });
    await world.admin.send('PATCH', category, { title: 'Closed question' });
    expect((await handIn(author, closed())).status, 'another change leaves it alone').toBe(201);
    await decide({ verdict: 'approve' });
    expect((await world.admin.send('PATCH', category, { requiresContext: true })).status).toBe(200);
  });
});

describe('a text that is there already', () => {
  const same = async (who: Pick<TestUser, 'send'>, body: object) =>
    (await who.send<{ found: SameText | null }>('POST', '/api/v1/datasets/shapes/same-text', body)).body.found;

  it('is pointed out to anyone who writes it again, with a link if they may see it', async () => {
    const pair = pairOf(1) as Extract<ContributionInput, { kind: 'pair' }>;
    const again = ` ${pair.instruction.text.toUpperCase().replaceAll(' ', '\n ')}\t`;
    expect(await same(other, { text: again })).toBeNull();
    const { entry, instruction } = await world.handIn(author, pair);
    expect(await same(other, { text: again }), 'somebody else’s waits').toEqual({ id: null, status: 'in_review' });
    expect(await same(author, { text: again })).toEqual({ id: instruction?.id, status: 'in_review' });
    expect(await same(reviewer, { text: again, except: entry.id }), 'the pair under review is not its own duplicate').toBeNull();
    await decide({ verdict: 'approve' });
    expect(await same(world.anonymous, { text: again })).toEqual({ id: instruction?.id, status: 'approved' });
    expect(await same(other, { text: again, context: 'About another passage.' }), 'another passage makes another question').toBeNull();
    const parentId = instruction?.id;
    expect(await same(other, { text: pair.response.text.toUpperCase(), parentId })).toEqual({ id: entry.id, status: 'approved' });
    expect(await same(other, { text: 'Something else entirely.', parentId })).toBeNull();
    expect((await other.send('POST', '/api/v1/datasets/none/same-text', { text: again })).status).toBe(404);
  });
});

describe('what waits', () => {
  const waiting = async (who: TestUser, since?: string) =>
    (await who.send<Waiting>('GET', `/api/v1/me/waiting${since === undefined ? '' : `?since=${since}`}`)).body;

  it('is counted for its author: changes, and decisions since they last looked', async () => {
    const mine = await world.author();
    const since = new Date(Date.now() - 60_000).toISOString();
    expect(await waiting(mine, since)).toEqual({ changesRequested: 0, proposals: 0, approved: 0, rejected: 0 });
    for (const [number, verdict] of [
      { verdict: 'approve' },
      { verdict: 'reject', reason: 'low_effort' },
      { verdict: 'request_changes', note: 'Say which polygon.' },
    ].entries()) {
      await world.handIn(mine, pairOf(20 + number));
      await decide(verdict);
    }
    expect(await waiting(mine, since)).toEqual({ changesRequested: 1, proposals: 0, approved: 1, rejected: 1 });
    expect(await waiting(mine)).toMatchObject({ changesRequested: 1, approved: 0, rejected: 0 });
    expect(await waiting(await world.author(), since)).toEqual({ changesRequested: 0, proposals: 0, approved: 0, rejected: 0 });
  });

  it('an instruction is not offered again to people who have answered it', async () => {
    const instruction = {
      kind: 'instruction',
      category: 'open_qa',
      language: 'en',
      instruction: { text: 'Name a solid without any edges.' },
    };
    const { body } = await handIn(author, instruction);
    await decide({ verdict: 'approve' });
    const offered = async (who: Pick<TestUser, 'send'>) =>
      (await who.send<Page<OpenInstruction>>('GET', '/api/v1/datasets/shapes/open-instructions')).body.items.map(({ id }) => id);
    expect(await offered(other)).toContain(body.entry.id);
    await handIn(other, { kind: 'response', parentId: body.entry.id, language: 'en', response: { text: 'A ball has none of them.' } });
    expect(await offered(other)).not.toContain(body.entry.id);
    expect(await offered(author)).toContain(body.entry.id);
    expect(await offered(world.anonymous)).toContain(body.entry.id);
    await decide({ verdict: 'approve' });
  });
});
