import type { Page, Pair } from '@granary/contract';
import { hostileTexts } from '@granary/domain/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createCommunity, type Community } from '../testing-community.ts';
import type { TestUser } from '../testing.ts';
import { createTextIndexer } from './text-indexer.ts';

/** As long as a response may be; they took PostgreSQL's parser from 5 to 27 seconds each. */
const long = [
  { name: '_a', text: '_a'.repeat(9_900) },
  { name: '<!--', text: '<!--'.repeat(4_900) },
];
/** Every so many of the kinds; the benchmark takes them all. */
const some = hostileTexts(2_000).filter((_, index) => index % 9 === 0);

let world: Community;
let author: TestUser;
let reviewer: TestUser;
beforeAll(async () => {
  world = await createCommunity();
  author = await world.author();
  reviewer = await world.signIn('reviewer');
});
afterAll(() => world.close());

const submit = (text: string) =>
  author.send<{ entry: { id: string } }>('POST', '/api/v1/datasets/shapes/entries', {
    kind: 'pair',
    category: 'open_qa',
    language: 'en',
    instruction: { text: `What is this? ${text.slice(0, 7_900)}` },
    response: { text: `Barley says: ${text}.` },
  });
const search = (q: string) => world.anonymous.send<Page<Pair>>('GET', `/api/v1/pairs?${new URLSearchParams({ q })}`);

/** Of the approved responses, one for each of the long texts. */
const approved: string[] = [];
beforeAll(async () => {
  for (const { text } of long) {
    const reply = await submit(text);
    if (reply.status !== 201) throw new Error(`A text was answered with ${reply.status}`);
    approved.push(reply.body.entry.id);
    const task = await world.next(reviewer);
    await world.review(reviewer, task?.id ?? '', { verdict: 'approve', ratings: { helpfulness: 4 } });
  }
});

it('long runs of symbols, once approved, are found', async () => {
  expect((await search('barley')).body.items.map(({ id }) => id)).toEqual(approved.toReversed());
  expect((await search(long[0]!.text.slice(0, 200))).body.items.map(({ id }) => id)).toEqual([approved[0]]);
  expect((await search(long[1]!.text.slice(0, 200))).body.items).toEqual([]);
});

it.each(some)('$name is submitted or refused with a reason, and searched for', async ({ text }) => {
  const reply = await submit(text);
  expect([201, 400, 422]).toContain(reply.status);
  const answers = [
    await search(text.slice(0, 200).toWellFormed().trim()),
    await search(text.split(/\s+/u).slice(0, 5).join(' ').slice(0, 200)),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
});

it.each([
  '-'.repeat(33),
  '-'.repeat(200),
  '!'.repeat(200),
  '('.repeat(200),
  '"'.repeat(199),
  '- '.repeat(99),
  "'",
  '\\',
  ':*',
  'or '.repeat(60),
])('a search for %j is answered, with nothing found', async (q) => {
  const { status, body } = await search(q);
  expect([status, body.items]).toEqual([200, []]);
});

it('words of texts that have none yet are filled in', async () => {
  await world.db.prisma.$executeRaw`UPDATE revisions SET words = NULL`;
  await world.db.prisma.$executeRaw`UPDATE pairs SET words = NULL`;
  expect((await search('barley')).body.items).toEqual([]);
  const revisions = await world.db.prisma.revision.count();
  expect(await createTextIndexer({ db: world.db })()).toBe(revisions);
  expect((await search('barley')).body.items).toHaveLength(long.length);
  expect(await createTextIndexer({ db: world.db })()).toBe(0);
});
