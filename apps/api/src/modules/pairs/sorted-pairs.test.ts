import type { Entry, Page, Pair } from '@granary/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServices } from '../../services.ts';
import { createCommunity, pairOf, type Community } from '../../testing-community.ts';
import type { TestUser } from '../../testing.ts';

let world: Community;
let author: TestUser;
let other: TestUser;
let reviewer: TestUser;
/** Responses by name: two pairs, an alternative to the first one's response, and a follow-up under it. */
const ids: Record<string, string> = {};
let instructionId: string;

beforeAll(async () => {
  world = await createCommunity();
  [author, other, reviewer] = [await world.author(), await world.author(), await world.signIn('reviewer')];
  const approve = async (name: string, entry: Entry, helpfulness?: number) => {
    const task = await world.next(reviewer);
    const ratings = helpfulness === undefined ? {} : { helpfulness };
    await world.review(reviewer, task?.id ?? '', { verdict: 'approve', ratings });
    ids[name] = entry.id;
  };
  const first = await world.handIn(author, pairOf(1));
  instructionId = first.instruction?.id ?? '';
  await approve('first', first.entry, 3);
  await approve('second', (await world.handIn(author, pairOf(2))).entry, 5);
  const alternative = {
    kind: 'response' as const,
    parentId: instructionId,
    language: 'en',
    response: { text: 'As many as it has sides.' },
  };
  await approve('alternative', (await world.handIn(other, alternative)).entry);
  await approve('followUp', (await world.handIn(other, { ...pairOf(3), parentId: first.entry.id })).entry);
  const comparison = await reviewer.send<{ task: { id: string; left: { id: string } } }>('POST', '/api/v1/comparisons/next', {});
  const { task } = comparison.body;
  await reviewer.send('POST', `/api/v1/comparisons/${task.id}/answer`, { answer: 'left', left: task.left.id });
  await createServices(world.deps).comparisons.updateStrengths(instructionId);
});
afterAll(() => world.close());

const list = (query: Record<string, string>) =>
  world.anonymous.send<Page<Pair> & { code: string; errors: { path: string }[] }>('GET', `/api/v1/pairs?${new URLSearchParams(query)}`);
const names = ({ items }: Page<Pair>) => items.map(({ id }) => Object.keys(ids).find((name) => ids[name] === id));

describe('pairs sorted', () => {
  it('by rating: those that are rated, the best first, in pages that neither repeat nor miss one', async () => {
    expect(names((await list({ sort: 'rating' })).body)).toEqual(['second', 'first']);
    const { body } = await list({ sort: 'rating', dataset: 'shapes', limit: '1' });
    expect(names(body)).toEqual(['second']);
    const next = (await list({ sort: 'rating', dataset: 'shapes', limit: '1', cursor: body.nextCursor ?? '' })).body;
    expect([names(next), next.nextCursor]).toEqual([['first'], null]);
    expect(names((await list({ sort: 'rating', category: 'summarization' })).body)).toEqual([]);
  });

  it('by comparisons: those that were compared', async () => {
    const { body } = await list({ sort: 'comparisons' });
    expect(names(body).toSorted()).toEqual(['alternative', 'first']);
    expect(body.items.map(({ comparisons }) => comparisons)).toEqual([1, 1]);
  });

  it('neither with words nor for what is not approved, and the fields are named', async () => {
    const { status, body } = await list({ sort: 'rating', q: 'corners' });
    expect([status, body.errors.map(({ path }) => path)]).toEqual([400, ['q']]);
    expect((await list({ sort: 'rating', cursor: 'bm9uZQ' })).body.code).toBe('cursor_invalid');
  });
});

it('a pair tells how many rated it, its alternatives, and how its conversation began', async () => {
  const { items } = (await list({})).body;
  const [followUp, alternative, second, first] = items;
  expect(names((await list({})).body)).toEqual(['followUp', 'alternative', 'second', 'first']);
  expect([first?.alternatives, alternative?.alternatives, second?.alternatives]).toEqual([1, 1, 0]);
  expect([first?.raters, alternative?.raters]).toEqual([1, 0]);
  expect([first?.conversation, followUp?.conversation]).toEqual([null, { id: instructionId, text: first?.instruction }]);
});

describe('their count', () => {
  const count = async (query: Record<string, string>) =>
    (await world.anonymous.send<{ count: number; more: boolean }>('GET', `/api/v1/pairs/count?${new URLSearchParams(query)}`)).body;
  it.each<[what: string, query: () => Record<string, string>, expected: number]>([
    ['all', () => ({}), 4],
    ['a dataset', () => ({ dataset: 'shapes' }), 4],
    ['a category', () => ({ dataset: 'shapes', category: 'open_qa' }), 4],
    ['another category', () => ({ dataset: 'shapes', category: 'summarization' }), 0],
    ['no category', () => ({ category: 'unheard_of' }), 0],
    ['an author', () => ({ author: author.id }), 2],
    ['a language', () => ({ language: 'de' }), 0],
    ['a day', () => ({ from: new Date().toISOString().slice(0, 10) }), 4],
  ])('of %s', async (_what, query, expected) => {
    expect(await count(query())).toEqual({ count: expected, more: false });
  });
});
