import { gunzipSync } from 'node:zlib';
import type { ComparisonTask, FullRecord, Snapshot } from '@granary/contract';
import { differenceError, strengthsOf } from '@granary/domain';
import { afterEach, expect, it } from 'vitest';
import { createServices } from '../../services.ts';
import { createCommunity, pairOf, type Community } from '../../testing-community.ts';
import type { TestUser } from '../../testing.ts';

let world: Community;
afterEach(() => world.close());

const path = '/api/v1/datasets/shapes/snapshots';
const running = { signal: new AbortController().signal, lastTry: true };

async function publish(selection: object = {}, services = createServices(world.deps)): Promise<Snapshot> {
  const { body } = await world.admin.send<Snapshot>('POST', path, { selection });
  const { id } = await world.db.prisma.snapshot.findFirstOrThrow({ orderBy: { number: 'desc' }, select: { id: true } });
  await services.buildSnapshot(id, running);
  return (await world.anonymous.send<Snapshot>('GET', `${path}/${body.number}`)).body;
}
type Message = { role: string; content: string };
type Preference = { chosen: Message[]; rejected: Message[]; margin: number; margin_error: number };
async function rowsOf<Row>(number: number, format: string): Promise<Row[]> {
  const { raw } = await world.anonymous.send('GET', `${path}/${number}/export?format=${format}`);
  const text = gunzipSync(raw).toString('utf8').trim();
  return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as Row);
}
const approve = async (reviewer: TestUser) => world.review(reviewer, (await world.next(reviewer))?.id ?? '', { verdict: 'approve' });

it('what was compared leaves as preferences with margin and counts, pinned with the snapshot; thresholds choose by it', async () => {
  world = await createCommunity();
  await world.deps.jobs.start();
  const [author, rival, reviewer] = [await world.author(), await world.author(), await world.signIn()];
  const { entry, instruction } = await world.handIn(author, pairOf(1));
  await approve(reviewer);
  const other = await world.handIn(rival, {
    kind: 'response',
    parentId: instruction?.id ?? '',
    language: 'en',
    response: { text: 'One for every side it has.' },
  });
  await approve(reviewer);
  const { entry: alone } = await world.handIn(author, pairOf(2));
  await approve(reviewer);
  for (const said of ['better', 'better', 'better', 'better', 'tie', 'both_bad']) {
    const user = await world.signIn();
    const { task } = (await user.send<{ task: ComparisonTask }>('POST', '/api/v1/comparisons/next', { dataset: 'shapes' })).body;
    const answer = said === 'better' ? (task.left.id === other.entry.id ? 'left' : 'right') : said;
    expect((await user.send('POST', `/api/v1/comparisons/${task.id}/answer`, { answer, left: task.left.id })).status).toBe(201);
  }
  await createServices(world.deps).comparisons.updateStrengths(instruction?.id ?? '');

  const first = await publish();
  const stored = ({ files }: Snapshot) => files.filter(({ format }) => format === 'dpo');
  expect(stored(first).map(({ rows }) => rows)).toEqual([1]);
  const [preference] = await rowsOf<Preference>(first.number, 'dpo');
  expect(preference).toMatchObject({
    id: `${other.entry.id}:${entry.id}`,
    instruction_id: instruction?.id,
    chosen: [{ role: 'assistant', content: 'One for every side it has.' }],
    chosen_id: other.entry.id,
    rejected_id: entry.id,
    comparisons: 6,
    ties: 1,
    both_bad: 1,
  });
  expect(preference?.margin).toBeGreaterThan(0);
  // The error of the difference, of which each strength is one half.
  const { margin = 0, margin_error: error = 0 } = preference ?? {};
  const found = strengthsOf(2, [{ a: 0, b: 1, aWins: 4, bWins: 0, ties: 2 }]);
  expect([margin, error]).toEqual([(found.values[0] ?? 0) * 2, differenceError(found, 0, 1)].map((value) => Number(value.toFixed(4))));
  expect(margin / error).toBeGreaterThan(1);
  const full = await rowsOf<FullRecord>(first.number, 'full');
  const of = (id: string) => full.find((row) => row.id === id);
  expect(of(other.entry.id)).toMatchObject({ comparisons: 6, strength_error: Number((differenceError(found, 0, 1) / 2).toFixed(4)) });
  expect(of(other.entry.id)?.strength).toBeCloseTo(-(of(entry.id)?.strength ?? 0), 4);
  expect(of(alone.id)).toMatchObject({ comparisons: 0, strength: null, strength_error: null });

  const compared = await publish({ minComparisons: 6 });
  expect(compared.counts?.pairs).toBe(2);
  await rival.send('PUT', `/api/v1/entries/${alone.id}/rating`, { ratings: { helpfulness: 5 } });
  expect((await publish({ minRatings: 1 })).counts?.pairs).toBe(1);
  // What comes later is in later snapshots: the same state, the same bytes; another state changes nothing that was published.
  expect(await rowsOf(first.number, 'dpo')).toEqual([preference]);
  const again = await publish();
  expect(stored(again).map(({ sha256 }) => sha256)).toEqual(stored(first).map(({ sha256 }) => sha256));

  // An upgrade leaves the errors out: a snapshot that is built before the chore comes by has the same preferences all the same.
  await world.db.prisma.comparisonPair.updateMany({ data: { strengthDifferenceError: null } });
  const upgraded = await publish();
  expect(stored(upgraded).map(({ sha256 }) => sha256)).toEqual(stored(first).map(({ sha256 }) => sha256));
  expect(await world.db.prisma.comparisonPair.count({ where: { strengthDifferenceError: null } })).toBe(0);
  // One that came to be missing since then is taken from the two strengths: too large, and not lost.
  await world.db.prisma.comparisonPair.updateMany({ data: { strengthDifferenceError: null } });
  const services = createServices(world.deps);
  services.comparisons.estimateErrors = () => Promise.resolve();
  const { number } = await publish({}, services);
  const ofEach = differenceError(found, 0, 1) / 2;
  expect(await rowsOf<Preference>(number, 'dpo')).toMatchObject([
    { ...preference, margin_error: Number(Math.hypot(ofEach, ofEach).toFixed(4)) },
  ]);
});

it('two that were only found alike are no preference, whatever a third response makes of their strengths', async () => {
  world = await createCommunity();
  await world.deps.jobs.start();
  const [author, reviewer] = [await world.author(), await world.signIn()];
  const { entry: winner, instruction } = await world.handIn(author, pairOf(1));
  await approve(reviewer);
  const others: string[] = [];
  for (const text of ['As many as it has sides, and one more.', 'One less than a polygon with one side more has.']) {
    const { entry } = await world.handIn(await world.author(), {
      kind: 'response',
      parentId: instruction?.id ?? '',
      language: 'en',
      response: { text },
    });
    await approve(reviewer);
    others.push(entry.id);
  }
  const pairs = await world.db.prisma.comparisonPair.findMany();
  const people = await Promise.all(Array.from({ length: 6 }, () => world.signIn()));
  await world.db.prisma.comparison.createMany({
    data: pairs.flatMap((pair) =>
      people.map(({ id: userId }) => {
        const preference = pair.aId === winner.id ? 'a' : pair.bId === winner.id ? 'b' : 'tie';
        // One of the two loses once less.
        const loses =
          [pair.aId, pair.bId].includes(others[0] ?? '') && userId === people[0]?.id && preference !== 'tie' ? 'tie' : preference;
        const { instructionId, datasetId, aId, bId, aRevisionId, bRevisionId } = pair;
        return { instructionId, datasetId, aId, bId, aRevisionId, bRevisionId, userId, preference: loses, aFirst: true };
      }),
    ),
  });
  // The errors are missing, as after an upgrade: the chore asks for them.
  expect(await createServices({ ...world.deps, clock: () => new Date(Date.now() + 120_000) }).comparisons.requestDue()).toEqual([
    instruction?.id,
  ]);
  await createServices(world.deps).comparisons.updateStrengths(instruction?.id ?? '');
  const strengths = await world.db.prisma.responseStrength.findMany({ where: { responseId: { in: others } } });
  expect(strengths[0]?.strength).not.toBe(strengths[1]?.strength);
  const { number } = await publish();
  expect(
    (await rowsOf<{ chosen_id: string; rejected_id: string }>(number, 'dpo')).map((row) => [row.chosen_id, row.rejected_id]).toSorted(),
  ).toEqual(others.map((id) => [winner.id, id]).toSorted());
});
