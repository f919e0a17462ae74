import type { ContributionInput, Entry, Page, Pair } from '@granary/contract';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { vectorOf } from '../../search/text-vector.ts';
import { createCommunity, type Community } from '../../testing-community.ts';
import type { TestUser } from '../../testing.ts';

let world: Community;
let author: TestUser;
let other: TestUser;
let reviewer: TestUser;
let ids: Record<string, string>;

const texts: [name: string, language: string, category: string, instruction: string, response: string][] = [
  ['stones', 'en', 'open_qa', 'Why do granaries stand on staddle stones?', 'The stones keep rats from climbing in and the floor dry.'],
  ['running', 'en', 'open_qa', 'Who was running the granaries of Rome?', 'The prefect of the grain supply was running them.'],
  ['speicher', 'de', 'general_qa', 'Warum stehen Kornspeicher auf Steinen?', 'Die Steine halten Ratten fern und den Boden trocken.'],
  ['barley', 'en', 'brainstorming', 'Name uses of barley besides bread.', 'Beer, soup, malt and fodder are made of barley.'],
];

async function addPair(
  who: TestUser,
  [name, language, category, instruction, response]: (typeof texts)[number],
): Promise<[string, string]> {
  const body = { kind: 'pair', language, category, instruction: { text: instruction }, response: { text: response } } as ContributionInput;
  const { entry } = await world.handIn(who, body);
  const task = await world.next(reviewer);
  await world.review(reviewer, task?.id ?? '', { verdict: 'approve', ratings: { helpfulness: 4 } });
  return [name, entry.id];
}
beforeAll(async () => {
  world = await createCommunity();
  author = await world.author();
  other = await world.author();
  reviewer = await world.signIn('reviewer');
  const entries: [string, string][] = [];
  for (const [index, text] of texts.entries()) entries.push(await addPair(index === 3 ? other : author, text));
  ids = Object.fromEntries(entries);
});
afterAll(() => world.close());

const list = (query: Record<string, string>, who: { send: TestUser['send'] } = world.anonymous) =>
  who.send<Page<Pair>>('GET', `/api/v1/pairs?${new URLSearchParams(query)}`);
const names = (page: Page<Pair>) => page.items.map(({ id }) => Object.keys(ids).find((name) => ids[name] === id));

describe('approved pairs', () => {
  it('are public, newest first, with everything a reader needs', async () => {
    const { status, body } = await list({});
    expect(status).toBe(200);
    expect(names(body)).toEqual(['barley', 'speicher', 'running', 'stones']);
    expect(body.items[0]).toMatchObject({
      datasetSlug: 'shapes',
      category: 'brainstorming',
      language: 'en',
      status: 'approved',
      instruction: 'Name uses of barley besides bread.',
      author: { id: other.id, displayName: other.displayName },
      origin: null,
      rating: 4,
      raters: 1,
      reviewCount: 1,
    });
  });
  it('come in pages that neither repeat nor miss one', async () => {
    const seen: unknown[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body }: { body: Page<Pair> } = await list({ limit: '1', ...(cursor === '' ? {} : { cursor }) });
      seen.push(...names(body));
      cursor = body.nextCursor;
    }
    expect(seen).toEqual(['barley', 'speicher', 'running', 'stones']);
  });
  const today = new Date().toISOString().slice(0, 10);
  it.each<[what: string, query: Record<string, string>, expected: string[]]>([
    ['a stemmed English word', { q: 'stone' }, ['stones']],
    ['a stemmed German word', { q: 'Stein' }, ['speicher']],
    ['a word of the response', { q: 'malt' }, ['barley']],
    ['all of two words', { q: 'granaries Rome' }, ['running']],
    ['either of two words', { q: 'Rome or barley' }, ['barley', 'running']],
    ['a phrase', { q: '"grain supply"' }, ['running']],
    ['a phrase that is none', { q: '"supply grain"' }, []],
    ['without a word', { q: 'granaries -runs' }, ['stones']],
    ['a word nobody used', { q: 'zebra' }, []],
    ['a word that is everywhere', { q: 'the' }, ['running', 'stones']],
    ['blanks', { q: '  ' }, ['barley', 'speicher', 'running', 'stones']],
    ['quotes around nothing', { q: '"" "' }, []],
    ['a word in one language', { q: 'Rome', language: 'de' }, []],
    ['a word and a filter', { q: 'granaries', category: 'open_qa', dataset: 'shapes' }, ['running', 'stones']],
    ['a category', { category: 'open_qa' }, ['running', 'stones']],
    ['a category that is not there', { category: 'gardening' }, []],
    ['a language', { language: 'de' }, ['speicher']],
    ['days', { from: today, to: today }, ['barley', 'speicher', 'running', 'stones']],
    ['days before', { to: '2020-01-01' }, []],
  ])('by %s', async (_, query, expected) => {
    const { status, body } = await list(query);
    expect(status).toBe(200);
    expect(names(body)).toEqual(expected);
  });
  it('by author', async () => {
    expect(names((await list({ author: other.id })).body)).toEqual(['barley']);
  });
  it('400 for a wrong filter or cursor, 404 for no such dataset', async () => {
    expect((await list({ from: 'yesterday' })).status).toBe(400);
    expect((await list({ limit: '0' })).status).toBe(400);
    expect((await list({ cursor: 'bm8' })).body).toMatchObject({ code: 'cursor_invalid' });
    expect((await list({ dataset: 'nowhere' })).status).toBe(404);
  });
});

describe('frequent and rare words', () => {
  it('are both found in order, beyond what is walked along the date', async () => {
    // One old pair with a rare word under thousands that share a frequent one.
    const old = await world.db.prisma.pair.findUniqueOrThrow({
      where: { responseId: ids['stones'] ?? '' },
      select: { datasetId: true, categoryId: true },
    });
    await world.db.prisma.$executeRaw`
      WITH made AS (
        SELECT gen_random_uuid() AS instruction_id, gen_random_uuid() AS response_id, gen_random_uuid() AS r1, gen_random_uuid() AS r2, n FROM generate_series(1, 5000) n
      ), entry AS (
        INSERT INTO entries (id, dataset_id, category_id, role, parent_id, root_id, depth, language, status, current_revision_id, licence)
        SELECT instruction_id, ${old.datasetId}::uuid, ${old.categoryId}::uuid, 'instruction'::entry_role, NULL::uuid, instruction_id, 0, 'en', 'approved'::entry_status, r1, 'CC0-1.0' FROM made
        UNION ALL SELECT response_id, ${old.datasetId}::uuid, ${old.categoryId}::uuid, 'response', instruction_id, instruction_id, 1, 'en', 'approved', r2, 'CC0-1.0' FROM made
      ), revision AS (
        INSERT INTO revisions (id, entry_id, number, text)
        SELECT r1, instruction_id, 1, 'frequent question ' || n FROM made UNION ALL SELECT r2, response_id, 1, 'frequent answer' FROM made
      )
      INSERT INTO pairs (response_id, instruction_id, dataset_id, category_id, language, approved_at, words)
      SELECT response_id, instruction_id, ${old.datasetId}::uuid, ${old.categoryId}::uuid, 'en', now() + n * interval '1 second', ${vectorOf({ text: 'frequent question', context: null, language: 'en' })}::tsvector FROM made`;
    expect(names((await list({ q: 'staddle' })).body)).toEqual(['stones']);
    const frequent = (await list({ q: 'frequent', limit: '50' })).body;
    expect(frequent.items).toHaveLength(50);
    expect(frequent.items[0]?.instruction).toBe('frequent question 5000');
    const next = (await list({ q: 'frequent', limit: '50', cursor: frequent.nextCursor ?? '' })).body;
    expect(next.items[0]?.instruction).toBe('frequent question 4950');
    await world.db.prisma.$executeRaw`DELETE FROM pairs WHERE author_id IS NULL`;
  });
});

describe('pairs in another status', () => {
  let waiting: Entry;
  beforeAll(async () => {
    waiting = (
      await world.handIn(author, {
        kind: 'pair',
        language: 'en',
        category: 'open_qa',
        instruction: { text: 'What does a thresher do?' },
        response: { text: 'It parts grain from chaff.' },
      })
    ).entry;
  });
  it('are shown to reviewers and to their author', async () => {
    const query = { status: 'in_review' };
    expect((await list(query, reviewer)).body.items.map(({ id }) => id)).toEqual([waiting.id]);
    expect((await list({ ...query, author: author.id }, author)).body.items).toMatchObject([
      { id: waiting.id, status: 'in_review', instruction: 'What does a thresher do?' },
    ]);
    expect((await list({ ...query, q: 'chaff', dataset: 'shapes' }, reviewer)).body.items).toHaveLength(1);
    expect((await list({ ...query, q: 'barley' }, reviewer)).body.items).toEqual([]);
    expect((await list({ status: 'rejected' }, reviewer)).body.items).toEqual([]);
  });
  it('403 for everybody else', async () => {
    expect((await list({ status: 'in_review' })).body).toMatchObject({ code: 'forbidden' });
    expect((await list({ status: 'in_review' }, other)).status).toBe(403);
    expect((await list({ status: 'in_review', author: author.id }, other)).status).toBe(403);
    expect((await list({ status: 'in_review', author: uuid() })).status).toBe(403);
  });
});
