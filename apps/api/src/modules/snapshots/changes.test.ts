import { gunzipSync } from 'node:zlib';
import { manifestSchema, problemSchema, snapshotChangeEndpoints, snapshotChangeSchema } from '@granary/contract';
import type { SnapshotChange } from '@granary/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '../../plugins/auth.ts';
import { addSamplePairs, instructionId, responseId, sampleSlug } from './sample-pairs.ts';
import { createTestPublishing, editEntry, setStatus } from './test-publishing.ts';

const base = `/api/v1/datasets/${sampleSlug}/snapshots`;
const texts = [
  'What is a granary?', 'Name three sorts of grain.', 'How does a water mill work?', 'When is barley sown?', 'Who invented the reaper?',
  'Why do mice like barns?', 'Write a verse about rye.', 'Is maize a grass?', 'Which bird eats most seeds?', 'How is beer brewed?',
  'Explain crop rotation.', 'What does “winnow” mean?',
]; // prettier-ignore
const pairs = texts.map((instruction, index) => ({
  instruction,
  response: `Answer ${index}, at some length.`,
  category: index === 5 ? 'brainstorming' : 'open_qa',
}));
type Answer = { items: SnapshotChange[]; nextCursor: string | null; since: number | null; counts: Record<string, number> };

let t: Awaited<ReturnType<typeof createTestPublishing>>;
const author: Actor = {
  id: '0198c7a2-0000-7000-a000-000000000002',
  role: 'contributor',
  scopes: null,
  displayName: 'Chaff',
  via: 'session',
  sessionId: null,
};
let moderator: Actor;

async function changes(number: number, query = ''): Promise<Answer> {
  const reply = await t.anonymous.send('GET', `${base}/${number}/changes?${query}`);
  expect(reply.status).toBe(200);
  return snapshotChangeEndpoints.list.response.parse(reply.body) as Answer;
}
/** What a change says, in short. */
const told = ({ items }: { items: SnapshotChange[] }) =>
  items.map(({ id, change, reason }) => [Number.parseInt(id.slice(-12), 16), change, reason]);
const problem = (reply: { body: unknown }) => problemSchema.parse(reply.body);
async function lines(path: string): Promise<unknown[]> {
  const { raw, status } = await t.anonymous.send('GET', path);
  expect(status).toBe(200);
  const text = (path.includes('.gz') ? gunzipSync(raw) : raw).toString('utf8');
  return text === '' ? [] : text.trimEnd().split('\n').map((line) => JSON.parse(line) as unknown); // prettier-ignore
}

beforeAll(async () => {
  t = await createTestPublishing();
  const user = await t.db.prisma.user.findFirstOrThrow({ where: { role: 'admin' } });
  moderator = { id: user.id, role: 'moderator', scopes: null, displayName: user.displayName, via: 'session', sessionId: null };
  await addSamplePairs(t.db, pairs.slice(0, 10));
  await t.publish();

  await addSamplePairs(t.db, pairs.slice(10, 11), 10);
  await editEntry(t.db, responseId(1), 'Wheat, rye and oats.');
  await t.services.entries.retract(author, responseId(2), '');
  await t.services.moderation.retract(moderator, instructionId(3), 'It names a person.');
  await setStatus(t.db, responseId(4), 'in_review', '2026-03-20T08:00:00.000Z');
  await setStatus(t.db, instructionId(6), 'rejected', '2026-03-21T08:00:00.000Z');
  await t.publish({ categories: ['open_qa'] });

  await t.services.moderation.retract(moderator, responseId(4), 'Copied from a book.');
  await t.services.moderation.restore(moderator, instructionId(3), 'The person agreed.');
  await setStatus(t.db, instructionId(6), 'approved', '2026-03-22T08:00:00.000Z');
  await editEntry(t.db, instructionId(6), 'Write two verses about rye.');
  await addSamplePairs(t.db, pairs.slice(11), 11);
  await t.publish();
});
afterAll(() => t.close());

const firstStep = [
  [1, 'edited', null],
  [2, 'retracted', 'retracted_by_author'],
  [3, 'retracted', 'It names a person.'],
  [4, 'removed', 'in_review'],
  [5, 'removed', 'not_selected'],
  [6, 'removed', 'rejected'],
  [10, 'added', null],
];
const secondStep = [
  [3, 'added', null],
  [5, 'added', null],
  [6, 'added', null],
  [11, 'added', null],
];
const bothSteps = [
  [1, 'edited', null],
  [2, 'retracted', 'retracted_by_author'],
  [4, 'retracted', 'Copied from a book.'],
  [6, 'edited', null],
  [10, 'added', null],
  [11, 'added', null],
];

describe('what changed', () => {
  test.each([
    ['the one before, by itself', 2, '', firstStep, { added: 1, edited: 1, retracted: 2, removed: 3 }],
    ['the one before', 3, 'since=2', secondStep, { added: 4, edited: 0, retracted: 0, removed: 0 }],
    ['one from further back', 3, 'since=1', bothSteps, { added: 2, edited: 2, retracted: 2, removed: 0 }],
  ])('since %s', async (_, number, query, expected, counts) => {
    const answer = await changes(number, query);
    expect(told(answer)).toEqual(expected);
    expect(answer).toMatchObject({ counts, nextCursor: null, since: query === 'since=1' ? 1 : number - 1 });
    // Counted anew or remembered, it is the same.
    expect((await changes(number, query)).counts).toEqual(counts);
  });

  test('has the rows of both ends', async () => {
    const { items } = await changes(2);
    const [edited, retracted] = items;
    expect(edited).toMatchObject({
      id: responseId(1),
      previous: { instruction: texts[1], response: 'Answer 1, at some length.', response_revision: 1 },
      row: { instruction: texts[1], response: 'Wheat, rye and oats.', response_revision: 2 },
      at: edited?.row?.approved_at,
    });
    expect(edited?.content_hash).not.toBe(edited?.previous_content_hash);
    expect([edited?.content_hash, edited?.previous_content_hash]).toEqual([edited?.row?.content_hash, edited?.previous?.content_hash]);
    expect(retracted).toMatchObject({ row: null, content_hash: null, previous: { id: responseId(2) } });
    const { at } = await t.db.prisma.event.findFirstOrThrow({ where: { kind: 'entry_retracted', entryId: responseId(2) } });
    expect(retracted?.at).toBe(at.toISOString());
    expect(items.find(({ id }) => id === responseId(4))?.at).toBe('2026-03-20T08:00:00.000Z');
    expect(items.at(-1)).toMatchObject({
      previous: null,
      previous_content_hash: null,
      row: { id: responseId(10), instruction: texts[10] },
    });
  });

  test('comes in pages of any size, and by kind', async () => {
    for (const limit of [1, 2, 5]) {
      const items: SnapshotChange[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page: Answer = await changes(3, `since=1&limit=${limit}${cursor === '' ? '' : `&cursor=${cursor}`}`);
        expect(page.items.length).toBeLessThanOrEqual(limit);
        items.push(...page.items);
        cursor = page.nextCursor;
      }
      expect(told({ items })).toEqual(bothSteps);
    }
    for (const change of ['added', 'edited', 'retracted', 'removed'])
      expect(told(await changes(3, `since=1&change=${change}`))).toEqual(bothSteps.filter(([, kind]) => kind === change));
    const { nextCursor } = await changes(2, 'limit=1&change=removed');
    expect(told(await changes(2, `limit=5&change=removed&cursor=${nextCursor}`))).toEqual([[5, 'removed', 'not_selected'], [6, 'removed', 'rejected']]); // prettier-ignore
  });

  test('before the first there is nothing', async () => {
    expect(await changes(1)).toEqual({
      items: [],
      nextCursor: null,
      since: null,
      counts: { added: 0, edited: 0, retracted: 0, removed: 0 },
    });
  });

  test.each([
    [2, 'since=2', 400, 'validation_failed'],
    [2, 'since=3', 400, 'validation_failed'],
    [2, 'since=0', 400, 'validation_failed'],
    [2, 'change=moved', 400, 'validation_failed'],
    [2, 'cursor=abc', 400, 'cursor_invalid'],
    [9, '', 404, 'not_found'],
    [9, 'since=8', 404, 'not_found'],
  ])('%i/changes?%s: %i', async (number, query, status, code) => {
    const reply = await t.anonymous.send('GET', `${base}/${number}/changes?${query}`);
    expect([reply.status, problem(reply).code]).toEqual([status, code]);
  });

  test('a later one as `since` is told which would do', async () => {
    const reply = await t.anonymous.send('GET', `${base}/2/changes?since=3`);
    expect(problem(reply).errors).toEqual([{ path: 'since', message: 'Take a snapshot before 2' }]);
  });
});

describe('the delta file', () => {
  test.each([
    [2, ''],
    [3, ''],
    [3, '?since=1'],
  ])('of %i%s says what the pages say', async (number, query) => {
    const { items } = await changes(number, query.slice(1));
    const found = await lines(`${base}/${number}/changes.jsonl.gz${query}`);
    expect(found.map((line) => snapshotChangeSchema.parse(line))).toEqual(items);
  });

  test('has the bytes of the one that the snapshot holds', async () => {
    const [made, stored] = await Promise.all([
      t.anonymous.send('GET', `${base}/3/changes.jsonl.gz`),
      t.anonymous.send('GET', `${base}/3/files/changes.jsonl.gz`),
    ]);
    expect(made.raw.equals(stored.raw)).toBe(true);
    expect(made.headers).toMatchObject({
      'content-type': 'application/gzip',
      'content-disposition': `attachment; filename="${sampleSlug}-v2-v3-changes.jsonl.gz"`,
      'cache-control': 'public, max-age=31536000, immutable',
    });
  });

  test('is known by its tag, which is another for another pair of snapshots', async () => {
    const tagOf = async (path: string) => (await t.anonymous.send('GET', `${base}/${path}`)).headers['etag'] as string;
    const tags = [await tagOf('3/changes.jsonl.gz'), await tagOf('3/changes.jsonl.gz?since=1'), await tagOf('2/changes.jsonl.gz')];
    expect(new Set(tags).size).toBe(3);
    expect(await tagOf('3/changes.jsonl.gz?since=2')).toBe(tags[0]);
    const again = await t.anonymous.send('GET', `${base}/3/changes.jsonl.gz`, undefined, { 'if-none-match': tags[0]! });
    expect([again.status, again.raw.length]).toEqual([304, 0]);
  });

  test.each([
    ['1/changes.jsonl.gz', 404, 'not_found'],
    ['9/changes.jsonl.gz', 404, 'not_found'],
    ['2/changes.jsonl.gz?since=2', 400, 'validation_failed'],
  ])('%s: %i', async (path, status, code) => {
    const reply = await t.anonymous.send('GET', `${base}/${path}`);
    expect([reply.status, problem(reply).code]).toEqual([status, code]);
  });
});

describe('what a snapshot holds of it', () => {
  test('rows of all earlier snapshots that are taken back by now', async () => {
    expect(await lines(`${base}/2/files/retracted.jsonl`)).toMatchObject([
      { id: responseId(2), last_snapshot: 1, reason: 'retracted_by_author' },
      { id: responseId(3), last_snapshot: 1, reason: 'It names a person.' },
    ]);
    const { items } = await changes(2);
    const inThird = await lines(`${base}/3/files/retracted.jsonl`);
    expect(inThird).toMatchObject([
      { id: responseId(2), last_snapshot: 1, reason: 'retracted_by_author' },
      { id: responseId(4), last_snapshot: 1, reason: 'Copied from a book.' },
    ]);
    expect(inThird[1]).toMatchObject({ content_hash: items.find(({ id }) => id === responseId(4))?.previous_content_hash });
  });

  test('the manifest names both files; the first snapshot has neither', async () => {
    const named = async (number: number) => {
      const { raw } = await t.anonymous.send('GET', `${base}/${number}/files/manifest.json`);
      return manifestSchema
        .parse(JSON.parse(raw.toString('utf8')))
        .files.flatMap(({ name, rows }) => (name === 'changes.jsonl.gz' || name === 'retracted.jsonl' ? [[name, rows]] : []));
    };
    expect(await named(1)).toEqual([]);
    expect(await named(3)).toEqual([['changes.jsonl.gz', 4], ['retracted.jsonl', 2]]); // prettier-ignore
  });
});

test('the log grows, and what was told stays', async () => {
  const ask = async () => Promise.all([changes(2), changes(3), changes(3, 'since=1'), lines(`${base}/3/changes.jsonl.gz?since=1`)]);
  const before = await ask();
  await t.services.moderation.restore(moderator, responseId(4), 'It was not copied.');
  await t.services.moderation.retract(moderator, responseId(1), 'Wrong.');
  await setStatus(t.db, responseId(8), 'in_review', '2026-04-01T08:00:00.000Z');
  await t.db.prisma.$executeRaw`UPDATE pairs SET approved_at = now()`;
  await t.db.prisma.snapshotChangeCount.deleteMany({ where: { since: 1, snapshot: { number: 3 } } });
  expect(await ask()).toEqual(before);
  await t.publish();
  expect(await ask()).toEqual(before);
  expect(told(await changes(4))).toEqual([[1, 'retracted', 'Wrong.'], [8, 'removed', 'in_review']]); // prettier-ignore
  expect(told(await changes(4, 'since=1&change=retracted'))).toEqual([[1, 'retracted', 'Wrong.'], [2, 'retracted', 'retracted_by_author']]); // prettier-ignore
  // Restored to what it was before it was taken back.
  expect(told(await changes(4, 'since=1&change=removed'))).toEqual([[4, 'removed', 'in_review'], [8, 'removed', 'in_review']]); // prettier-ignore
});
