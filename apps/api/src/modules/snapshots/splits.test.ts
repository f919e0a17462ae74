import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fullRecordSchema, selectionSchema } from '@granary/contract';
import type { FullRecord } from '@granary/contract';
import { inTransaction } from '@granary/db';
import type { Database } from '@granary/db';
import { createTestDatabase, findPostgres, testDatabaseKind } from '@granary/db/testing';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { addSampleDataset, addSamplePairs, instructionId, responseId, sampleDatasetId, sampleSlug } from './sample-pairs.ts';
import type { SamplePair } from './sample-pairs.ts';
import { createSplitAssigner } from './split-assigner.ts';
import { createTestPublishing, editEntry } from './test-publishing.ts';

const root = resolve(import.meta.dirname, '../../../../..');
const shared = process.env['GRANARY_SHARED_DATA'] ?? resolve(root, '../shared/data');
/** Real questions: 400 of GSM8K where the whole file lies beside the repository, else 20. */
const whole = resolve(shared, 'gsm8k-train.jsonl');
const questions = readFileSync(existsSync(whole) ? whole : resolve(root, 'fixtures/imports/gsm8k.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .slice(0, 400)
  .map((line) => (JSON.parse(line) as { instruction: string }).instruction);
/** What somebody hands in who has seen a question: a near-duplicate of it. */
const retold = (text: string) => `${text.replace(/[.,]/g, '').toLowerCase()} Explain.`;

const postgresThere = (await findPostgres()) !== undefined;

/** Of two pairs, the split of whose instruction was reckoned once. */
const inTest = 45;
const inTrain = 43;

describe('assigning', () => {
  const target = { datasetId: sampleDatasetId, selection: selectionSchema.parse({}) };
  const calm = { signal: new AbortController().signal, onBatch: async () => {} };
  /** The questions; then each of them again in other words, the last first, with a follow-up here and there. */
  const pairs: SamplePair[] = [
    ...questions.map((instruction) => ({ instruction, response: 'An answer.', ratings: [] })),
    ...questions.toReversed().map((text) => ({ instruction: retold(text), response: 'Another answer.', ratings: [] })),
  ];

  async function createSample(kind = testDatabaseKind()): Promise<Database> {
    const db = await createTestDatabase({ kind });
    onTestFinished(() => db.close());
    await addSampleDataset(db);
    await addSamplePairs(db, pairs);
    return db;
  }
  const assignmentsIn = (db: Database) => db.prisma.splitAssignment.findMany({ orderBy: { conversationId: 'asc' } });

  test('every question and its copy are in one cluster, and so in one split', async () => {
    const db = await createSample();
    await createSplitAssigner({ db }).assign(target, calm);
    const found = await assignmentsIn(db);
    expect(found).toHaveLength(pairs.length);
    const byId = new Map(found.map((each) => [each.conversationId, each]));
    for (const index of questions.keys()) {
      const [one, copy] = [byId.get(instructionId(index))!, byId.get(instructionId(pairs.length - 1 - index))!];
      expect([copy.clusterId, copy.split]).toEqual([one.clusterId, one.split]);
    }
    const clusters = new Set(found.map(({ clusterId }) => clusterId));
    expect(clusters.size).toBeGreaterThan(questions.length * 0.97);
  });

  test('in batches of any size, in several goes, and by two processes at once, it comes out the same', async () => {
    const [db, other] = [await createSample(), await createSample()];
    await createSplitAssigner({ db, batchSize: 1_000 }).assign(target, calm);
    const small = createSplitAssigner({ db: other, batchSize: 7 });
    const stopping = new AbortController();
    let batches = 0;
    const stopped = small.assign(target, {
      signal: stopping.signal,
      onBatch: async () => void ((batches += 1) === 2 && stopping.abort(new Error('stopping'))),
    });
    await expect(stopped).rejects.toThrow('stopping');
    expect((await assignmentsIn(other)).length).toBeLessThan(pairs.length);
    await Promise.all([small.assign(target, calm), createSplitAssigner({ db: other, batchSize: 11 }).assign(target, calm)]);
    await inTransaction(other, (tx) => small.assignIn(tx, target), { isolation: 'RepeatableRead' });
    expect(await assignmentsIn(other)).toEqual(await assignmentsIn(db));
    const bands = (on: Database) => on.prisma.splitBand.findMany({ orderBy: [{ conversationId: 'asc' }, { band: 'asc' }] });
    expect(await bands(other)).toEqual(await bands(db));
  });

  test.skipIf(testDatabaseKind() !== 'pglite' || !postgresThere)('the same on PGlite and on PostgreSQL', async () => {
    const [here, there] = [await createSample(), await createSample('postgres')];
    await createSplitAssigner({ db: here }).assign(target, calm);
    await createSplitAssigner({ db: there, batchSize: 13 }).assign(target, calm);
    expect(await assignmentsIn(there)).toEqual(await assignmentsIn(here));
  });

  test('what is deleted leaves nothing behind, and moves no other', async () => {
    const db = await createSample();
    await createSplitAssigner({ db }).assign(target, calm);
    const before = await assignmentsIn(db);
    // The first of a cluster: its copy stays.
    const [deleted, copy] = [instructionId(0), instructionId(pairs.length - 1)];
    await db.prisma.$executeRaw`DELETE FROM entries WHERE root_id = ${deleted}::uuid`;
    const others = before.filter(({ conversationId }) => conversationId !== deleted);
    expect([others.length, await assignmentsIn(db)]).toEqual([before.length - 1, others]);
    const bandsOfEach = async () => new Map((await db.prisma.splitBand.groupBy({ by: ['conversationId'], _count: true })).map((row) => [row.conversationId, row._count])); // prettier-ignore
    const bands = await bandsOfEach();
    expect([bands.has(deleted), bands.get(copy), bands.size]).toEqual([false, 20, others.length]);

    await addSamplePairs(db, [{ instruction: questions[0]!, response: 'Once more.' }], pairs.length);
    await createSplitAssigner({ db }).assign(target, calm);
    const again = await assignmentsIn(db);
    const { clusterId, split } = before.find(({ conversationId }) => conversationId === copy)!;
    expect(again.find(({ conversationId }) => conversationId === instructionId(pairs.length))).toMatchObject({ clusterId, split });
    expect(again.filter(({ conversationId }) => conversationId !== instructionId(pairs.length))).toEqual(others);

    await db.prisma.dataset.delete({ where: { id: sampleDatasetId } });
    expect([await assignmentsIn(db), await bandsOfEach()]).toEqual([[], new Map()]);
  });

  test('bands of another version are made again, and what would then be on two sides gives way', async () => {
    const db = await createSample();
    const assigner = createSplitAssigner({ db, batchSize: 100 });
    await assigner.assign(target, calm);
    const [before, bands] = [
      await assignmentsIn(db),
      await db.prisma.splitBand.findMany({ orderBy: [{ conversationId: 'asc' }, { band: 'asc' }] }),
    ];
    await db.prisma.splitAssignment.updateMany({ data: { bandsVersion: 1, comparedVersion: 1, responseRevisionIds: [] } });
    // An old version found other bands, and did not see that a copy of the first question is one.
    await db.prisma.$executeRaw`UPDATE split_bands SET band = band + 1`;
    // They go some at a time: a process that dies leaves the rest to the next.
    let batches = 0;
    const dies = () => ((batches += 1) < 3 ? Promise.resolve() : Promise.reject(new Error('Killed')));
    const broken = createSplitAssigner({ db, removedAtOnce: 500 }).assign(target, { ...calm, onBatch: dies });
    await expect(broken).rejects.toThrow('Killed');
    expect(await db.prisma.splitBand.count()).toBe(bands.length - 3 * 500);
    expect(await db.prisma.splitAssignment.count({ where: { bandsVersion: 1 } })).toBe(before.length);
    const copy = instructionId(pairs.length - 1);
    const [first] = before;
    const elsewhere = first?.split === 'train' ? 'test' : 'train';
    await db.prisma.splitAssignment.update({ where: { conversationId: copy }, data: { clusterId: copy, split: elsewhere } });
    await assigner.remakeBands();
    const remade = await db.prisma.splitBand.findMany({ orderBy: [{ conversationId: 'asc' }, { band: 'asc' }] });
    const places = (rows: typeof bands) => rows.map(({ conversationId, band }) => [conversationId, band]);
    expect(places(remade)).toEqual(places(bands));
    await assigner.assign(target, calm);
    const after = await assignmentsIn(db);
    expect(after.filter(({ comparedVersion }) => comparedVersion < 2).map(({ conversationId }) => conversationId)).toEqual([copy]);
    const others = (rows: typeof after) => rows.filter(({ conversationId }) => conversationId !== copy);
    expect(others(after)).toEqual(others(before));
  });

  test('the same response makes two conversations near-duplicates', async () => {
    const db = await createTestDatabase();
    onTestFinished(() => db.close());
    await addSampleDataset(db);
    const [one, other] = [questions[0] ?? '', questions[1] ?? ''];
    const response = 'A granary stands on stone pillars, so that neither mice nor damp reach the grain that is kept on its upper floor.';
    await addSamplePairs(db, [{ instruction: one, response }, { instruction: other, response: `${response.toUpperCase()} Yes.` }], inTest); // prettier-ignore
    await createSplitAssigner({ db }).assign(target, calm);
    const found = await assignmentsIn(db);
    expect(new Set(found.map(({ clusterId }) => clusterId)).size).toBe(1);
    // A response that comes later is compared as well.
    await addSamplePairs(db, [{ instruction: questions[2] ?? '', response: 'Short.' }], inTrain);
    await createSplitAssigner({ db }).assign(target, calm);
    expect(new Set((await assignmentsIn(db)).map(({ clusterId }) => clusterId)).size).toBe(2);
    await editEntry(db, responseId(inTrain), response);
    await createSplitAssigner({ db }).assign(target, calm);
    // By itself it had another split: it is withheld until its response is another one again.
    const changed = (await assignmentsIn(db)).find(({ conversationId }) => conversationId === instructionId(inTrain));
    expect([changed?.split, found[0]?.split, changed?.responseRevisionIds.length]).toEqual(['train', 'test', 1]);
    const revision = await db.prisma.entry.findUniqueOrThrow({ where: { id: responseId(inTrain) }, select: { currentRevisionId: true } });
    expect(changed?.responseRevisionIds).not.toContain(revision.currentRevisionId);
  });

  test('what the selection leaves out is not looked at', async () => {
    const db = await createSample();
    const none = selectionSchema.parse({ languages: ['de'] });
    await createSplitAssigner({ db }).assign({ datasetId: sampleDatasetId, selection: none }, calm);
    expect(await assignmentsIn(db)).toEqual([]);
  });
});

// One dataset that grows from snapshot to snapshot: each test goes on where the one before has left it.
describe('a published snapshot', { shuffle: false }, () => {
  let t: Awaited<ReturnType<typeof createTestPublishing>>;
  beforeAll(async () => {
    t = await createTestPublishing();
  });
  afterAll(() => t.close());

  async function rowsOf(number: number): Promise<Map<string, FullRecord>> {
    const { raw } = await t.anonymous.send('GET', `/api/v1/datasets/${sampleSlug}/snapshots/${number}/files/full.jsonl.gz`);
    const rows = gunzipSync(raw).toString('utf8').trimEnd().split('\n').map((line) => fullRecordSchema.parse(JSON.parse(line))); // prettier-ignore
    return new Map(rows.map((row) => [row.id, row]));
  }
  const withheldIn = async (number: number) => (await t.db.prisma.snapshot.findFirstOrThrow({ where: { number } })).withheld;
  const question = 'How many bushels of wheat did the four farmers of the valley bring to the granary in the dry year?';
  const another = 'Which tools does a thatcher need for the roof of a barn, and how long does such a roof last in the rain?';
  const third = 'Tell the story of a mouse that lived in a mill and counted the sacks that were brought in every day.';

  test('has conversations whole in a split, near-duplicates together, and moves nothing', async () => {
    const filler = questions.slice(0, inTrain).map((instruction) => ({ instruction, response: 'An answer.' }));
    await addSamplePairs(t.db, filler);
    await addSamplePairs(t.db, [{ instruction: question, response: 'In train.' }, { instruction: third, response: 'Else.' }, { instruction: another, response: 'In test.' }], inTrain); // prettier-ignore
    await addSamplePairs(t.db, [{ instruction: 'And in a wet one?', response: 'Fewer.', follows: inTest }], inTest + 1);
    const first = await t.publish();
    const before = await rowsOf(first.number);
    expect(before.get(responseId(inTrain))?.split).toBe('train');
    expect(before.get(responseId(inTest))?.split).toBe('test');
    expect(before.get(responseId(inTest + 1))).toMatchObject({ turn: 2, split: 'test' });

    await addSamplePairs(t.db, [{ instruction: retold(another), response: 'Late, and in test too.' }], 60);
    const second = await t.publish();
    const after = await rowsOf(second.number);
    expect(after.get(responseId(60))?.split).toBe('test');
    for (const [id, { split }] of before) expect([id, after.get(id)?.split]).toEqual([id, split]);
    expect(await withheldIn(second.number)).toBe(0);
  });

  test('withholds what became a near-duplicate of another split, as long as it is one', async () => {
    await editEntry(t.db, instructionId(inTest), retold(question));
    const { number } = await t.publish();
    const rows = await rowsOf(number);
    expect([rows.has(responseId(inTest)), rows.has(responseId(inTest + 1)), rows.has(responseId(inTrain))]).toEqual([false, false, true]);
    expect(await withheldIn(number)).toBe(2);
    const event = await t.db.prisma.event.findFirstOrThrow({ where: { kind: 'snapshot_published' }, orderBy: { position: 'desc' } });
    expect(event.payload).toMatchObject({ number, withheld: 2 });
    const { body } = await t.anonymous.send('GET', `/api/v1/datasets/${sampleSlug}/snapshots/${number}/changes`);
    expect(body).toMatchObject({
      items: [
        { id: responseId(inTest), change: 'removed', reason: 'withheld', at: null },
        { id: responseId(inTest + 1), change: 'removed', reason: 'withheld' },
      ],
      counts: { added: 0, edited: 0, retracted: 0, removed: 2 },
    });

    // Its cluster is still where its published text was.
    await addSamplePairs(t.db, [{ instruction: `${another} Be brief.`, response: 'In test.' }], 61);
    await editEntry(
      t.db,
      instructionId(inTest),
      `${third.slice(0, 30)}, and what the sparrows in the yard of the inn said about all of it.`,
    );
    const next = await t.publish();
    const again = await rowsOf(next.number);
    expect([again.get(responseId(61))?.split, again.get(responseId(inTest))?.split, again.get(responseId(inTest + 1))?.split]).toEqual(['test', 'test', 'test']); // prettier-ignore
    expect(await withheldIn(next.number)).toBe(0);
    const bands = await t.db.prisma.splitBand.groupBy({ by: ['conversationId'], _count: true });
    expect(new Set(bands.map(({ _count }) => _count))).toEqual(new Set([20]));
  });

  test('does not withhold a conversation whose first instruction is under review: its published text is another', async () => {
    await t.db.prisma
      .$executeRaw`UPDATE entries SET status = 'in_review', current_revision_id = gen_random_uuid() WHERE id = ${instructionId(inTest)}::uuid`;
    await t.db.prisma.$executeRaw`
      INSERT INTO revisions (id, entry_id, number, text) SELECT current_revision_id, id, 9, 'Something else entirely?' FROM entries WHERE id = ${instructionId(inTest)}::uuid`;
    await t.db.prisma.$executeRaw`DELETE FROM pairs WHERE response_id = ${responseId(inTest)}::uuid`;
    const { number } = await t.publish();
    const rows = await rowsOf(number);
    expect([rows.has(responseId(inTest)), rows.get(responseId(inTest + 1))?.split]).toEqual([false, 'test']);
    expect(await withheldIn(number)).toBe(0);
  });

  test('names people as they chose, from then on', async () => {
    const [earlier] = await t.db.prisma.snapshot.findMany({ orderBy: { number: 'desc' }, take: 1 });
    await t.db.prisma.$executeRaw`UPDATE users SET attribution = 'anonymous' WHERE display_name LIKE 'Chaff%'`;
    const editor = await t.db.prisma.user.findFirstOrThrow({ where: { displayName: 'Reviewer 3' } });
    const hidden = await t.db.prisma.user.create({
      data: { email: 'h@example.org', passwordHash: 'none', displayName: 'Hidden', displayNameKey: 'hidden', attribution: 'anonymous' },
    });
    for (const [number, { id }] of [editor, hidden].entries())
      await t.db.prisma
        .$executeRaw`INSERT INTO revisions (id, entry_id, number, text, author_id) VALUES (gen_random_uuid(), ${responseId(3)}::uuid, ${-number}::int, 'Other words.', ${id}::uuid)`;
    const { number } = await t.publish();
    const authors = (row: FullRecord | undefined) => [row?.instruction_author, row?.response_author, row?.editors];
    expect(authors((await rowsOf(number)).get(responseId(3)))).toEqual(['Wheatear', null, ['Reviewer 3']]);
    expect(authors((await rowsOf(earlier!.number)).get(responseId(3)))).toEqual(['Wheatear', 'Chaff “& Co” 🌾', []]);
  });
});
