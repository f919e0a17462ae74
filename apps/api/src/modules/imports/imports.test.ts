import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { gzipSync } from 'node:zlib';
import { endpoints, importPreviewSchema, importSchema, problemSchema } from '@granary/contract';
import type { Import, ImportPreview, ImportOptions } from '@granary/contract';
import { isFullRun, testDatabaseKind } from '@granary/db/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registerJobHandlers } from '../../job-handlers.ts';
import { errorCodesOf } from '../../openapi/operation.ts';
import { createServices } from '../../services.ts';
import { createTestApp } from '../../testing.ts';
import type { TestApp, TestUser } from '../../testing.ts';
import { waitFor } from '../../testing-wait.ts';
import { fixtures, wholeFiles } from './test-files.ts';
import type { TestFile } from './test-files.ts';

type Reply = Awaited<ReturnType<TestUser['send']>>;
type Given = Partial<ImportOptions> & Pick<ImportOptions, 'format'>;

let t: TestApp;
let admin: TestUser;
let datasets = 0;

const code = (reply: Reply) => problemSchema.parse(reply.body).code;
const jsonl = (...rows: unknown[]) => rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n');
const options = (given: Given) => ({ originName: 'A test', licence: 'MIT', defaultCategory: 'open_qa', ...given });

async function addDataset(): Promise<string> {
  const slug = `set-${(datasets += 1)}`;
  const body = { slug, title: 'For tests', description: 'A dataset for tests.', licence: 'CC-BY-SA-4.0', languages: ['en', 'de'] };
  expect((await admin.send('POST', '/api/v1/datasets', body)).status).toBe(201);
  return slug;
}
async function upload(
  slug: string,
  content: string | Buffer,
  fileName = 'rows.jsonl',
): Promise<{ import: Import; preview: ImportPreview }> {
  const url = `/api/v1/datasets/${slug}/imports?fileName=${encodeURIComponent(fileName)}`;
  const reply = await admin.send('POST', url, Buffer.from(content), { 'content-type': 'application/octet-stream' });
  expect([reply.status, reply.text]).toEqual([201, expect.anything()]);
  const { import: added, preview } = reply.body as Record<string, unknown>;
  return { import: importSchema.parse(added), preview: importPreviewSchema.parse(preview) };
}
async function start(id: string, given: Given): Promise<Reply> {
  return admin.send('POST', `/api/v1/imports/${id}/start`, options(given));
}
async function ended(id: string): Promise<Import> {
  const look = async () => importSchema.parse((await admin.send('GET', `/api/v1/imports/${id}`)).body);
  return waitFor(`the end of import ${id}`, { look, isDone: ({ status }) => status !== 'queued' && status !== 'running' });
}
async function run(slug: string, content: string | Buffer, given: Given): Promise<Import> {
  const { import: added } = await upload(slug, content);
  const reply = await start(added.id, given);
  expect([reply.status, reply.text]).toEqual([202, expect.anything()]);
  return ended(added.id);
}
const report = async (id: string) => (await admin.send('GET', `/api/v1/imports/${id}/report`)).text.split('\r\n');
const entriesOf = (slug: string) =>
  t.db.prisma.entry.findMany({
    where: { dataset: { slug } },
    include: { revisions: true, category: true },
    orderBy: [{ createdAt: 'asc' }, { depth: 'asc' }, { id: 'asc' }],
  });

beforeAll(async () => {
  t = await createTestApp();
  admin = await t.signIn('admin');
  await t.deps.jobs.start();
  await registerJobHandlers(t.deps.jobs, createServices(t.deps));
});
afterAll(() => t.close());

/** On the embedded database, where a row takes five times as long, the longest file waits for a run that may take its time. */
const wholeFilesHere = wholeFiles.filter(({ rows }) => rows < 1_000 || testDatabaseKind() === 'postgres' || isFullRun());

describe('real files', () => {
  test.each([...Object.values(fixtures), ...wholeFilesHere].map((file) => [basename(file.path), file.rows, file] as const))(
    '%s goes in with all its %d rows, and a second time adds nothing',
    async (_name, _rows, file: TestFile) => {
      const slug = await addDataset();
      const content = await readFile(file.path);
      const { preview, import: added } = await upload(slug, content, basename(file.path));
      expect(preview).toMatchObject({ container: 'jsonl', format: file.format });
      expect(preview.rows.flatMap((row) => row.issues)).toEqual([]);
      const given: Given = {
        format: preview.format,
        mapping: preview.mapping,
        originName: basename(file.path),
        licence: file.licence,
        status: 'approved',
      };
      expect((await start(added.id, given)).status).toBe(202);
      expect(await ended(added.id)).toMatchObject({
        status: 'done',
        error: null,
        added: file.rows,
        duplicates: 0,
        bad: 0,
        linesDone: file.rows,
        bytesDone: content.length,
      });
      expect(await t.db.prisma.pair.count({ where: { dataset: { slug } } })).toBe(file.pairs);
      expect((await admin.send('GET', `/api/v1/datasets/${slug}`)).body).toMatchObject({ approved: file.pairs, inReview: 0 });
      const again = await run(slug, content, given);
      expect(again).toMatchObject({ status: 'done', added: 0, duplicates: file.rows, bad: 0 });
      expect(await t.db.prisma.pair.count({ where: { dataset: { slug } } })).toBe(file.pairs);
    },
    300_000,
  );
});

describe('a row whose id is known with another text', () => {
  const rowOf = (id: unknown, letter: string) => ({
    id,
    instruction: `Question ${letter} about granaries?`,
    response: `Answer ${letter}: grain is stored dry.`,
  });
  const file = jsonl(rowOf(7, 'a'), rowOf(7, 'b'), rowOf('7', 'c'), rowOf(8, 'd'));
  const mapping = { instruction: 'instruction', response: 'response', context: null, category: null, language: null, externalId: 'id' };
  const given = { format: 'dolly', mapping, originName: 'Sevens', status: 'approved' } as const;
  const textsOf = async (slug: string) => {
    const pairs = await t.db.prisma.pair.findMany({ where: { dataset: { slug } }, select: { instructionId: true, responseId: true } });
    const revisions = await t.db.prisma.revision.findMany({ where: { entry: { dataset: { slug } } }, orderBy: { number: 'asc' } });
    const current = new Map(revisions.map(({ entryId, text }) => [entryId, text]));
    return pairs.map(({ instructionId, responseId }) => `${current.get(instructionId)} ${current.get(responseId)}`).toSorted();
  };
  const pair = (letter: string) => `Question ${letter} about granaries? Answer ${letter}: grain is stored dry.`;

  test('is reported with the line that has the id, in the file or in an earlier one', async () => {
    const slug = await addDataset();
    const done = await run(slug, file, given);
    expect(done).toMatchObject({ status: 'done', added: 2, duplicates: 0, revised: 0, bad: 2 });
    expect((await report(done.id)).slice(1, 3)).toEqual([
      expect.stringMatching(/^2,id,id 7 exists with another text \(line 1\),Question b/),
      expect.stringMatching(/^3,id,id 7 exists with another text \(line 1\),Question c/),
    ]);
    const again = await run(slug, jsonl(rowOf(8, 'd'), rowOf(8, 'e')), given);
    expect(again).toMatchObject({ added: 0, duplicates: 1, bad: 1 });
    expect((await report(again.id))[1]).toContain('2,id,id 8 exists with another text (line 4 of rows.jsonl)');
    expect(await textsOf(slug)).toEqual([pair('a'), pair('d')]);
  });

  test('is added beside it, once', async () => {
    const slug = await addDataset();
    const adding = { ...given, changedRows: 'add' } as const;
    expect(await run(slug, file, adding)).toMatchObject({ added: 4, duplicates: 0, revised: 0, bad: 0 });
    expect(await run(slug, file, adding)).toMatchObject({ added: 0, duplicates: 4, revised: 0, bad: 0 });
    expect(await textsOf(slug)).toEqual(['a', 'b', 'c', 'd'].map(pair));
    // Another answer to a known question hangs below it.
    const more = await run(slug, jsonl({ ...rowOf(7, 'a'), response: 'Answer f: in a pit.' }), adding);
    expect(more).toMatchObject({ added: 1 });
    expect(await t.db.prisma.entry.count({ where: { dataset: { slug }, role: 'instruction' } })).toBe(4);
  });

  test.each(['approved', 'in_review'] as const)('revises what is there, as %s, once', async (status) => {
    const slug = await addDataset();
    const revising = { ...given, status, changedRows: 'revise' } as const;
    expect(await run(slug, file, revising)).toMatchObject({ added: 2, duplicates: 0, revised: 2, bad: 0 });
    expect(await run(slug, file, revising)).toMatchObject({ added: 0, duplicates: 4, revised: 0, bad: 0 });
    const entries = await entriesOf(slug);
    expect(new Map(entries.map((entry) => [entry.externalId, [entry.status, entry.revisionNumber]]))).toEqual(
      new Map([
        ['7#instruction', [status, 3]],
        ['7', [status, 3]],
        ['8#instruction', [status, 1]],
        ['8', [status, 1]],
      ]),
    );
    expect(await textsOf(slug)).toEqual(status === 'approved' ? [pair('c'), pair('d')] : []);
    const seats = async (externalId: string) =>
      t.db.prisma.reviewTask.count({ where: { entry: { dataset: { slug }, externalId }, closedAt: null } });
    expect(await seats('7')).toBe(await seats('8'));
    expect((await seats('8')) > 0).toBe(status === 'in_review');
    expect(await seats('7#instruction')).toBe(0);
  });

  test('cannot be revised where it was taken back, which the report says', async () => {
    const slug = await addDataset();
    await run(slug, jsonl(rowOf(7, 'a')), given);
    const [, response] = await entriesOf(slug);
    await t.db.prisma.entry.update({ where: { id: response?.id ?? '' }, data: { status: 'retracted' } });
    const done = await run(slug, jsonl({ ...rowOf(7, 'a'), response: 'Another answer.' }), { ...given, changedRows: 'revise' });
    expect(done).toMatchObject({ revised: 0, bad: 1 });
    expect((await report(done.id))[1]).toContain('1,id,"Is known with another text, which cannot be revised: It was taken back here."');
  });

  test('keeps a strict import out, and nothing of it is remembered', async () => {
    const slug = await addDataset();
    const done = await run(slug, file, { ...given, strict: true });
    expect(done).toMatchObject({ status: 'failed', added: 0, bad: 2, error: expect.stringContaining('2 rows are bad') });
    expect((await report(done.id))[2]).toContain('3,id,id 7 exists with another text (line 1)');
    expect(await entriesOf(slug)).toEqual([]);
    expect(await t.db.prisma.importReadRow.count()).toBe(0);
    expect(await run(slug, jsonl(rowOf(7, 'a'), rowOf(7, 'a'), rowOf(8, 'd')), { ...given, strict: true })).toMatchObject({
      added: 2,
      duplicates: 1,
    });
    const changed = await run(slug, jsonl(rowOf(8, 'e')), { ...given, strict: true });
    expect(changed).toMatchObject({ status: 'failed', bad: 1 });
  });

  test('is shown in the preview', async () => {
    const slug = await addDataset();
    await run(slug, jsonl(rowOf(8, 'd')), given);
    const { import: added } = await upload(slug, file);
    const look = async (originName?: string) => {
      const body = { format: 'dolly', mapping, defaultCategory: 'open_qa', defaultLanguage: 'en', originName };
      return importPreviewSchema
        .parse((await admin.send('POST', `/api/v1/imports/${added.id}/preview`, body)).body)
        .rows.map(({ known }) => known);
    };
    expect(await look('Sevens')).toEqual(['new', 'changed', 'changed', 'known']);
    expect(await look('Another origin')).toEqual(['new', 'changed', 'changed', 'new']);
    expect(await look()).toEqual(['new', 'changed', 'changed', 'new']);
  });

  test('the report and the choice hold for the nodes of a tree', async () => {
    const slug = await addDataset();
    const tree = (text: string, ...replies: unknown[]) =>
      jsonl({ message_tree_id: 'm1', prompt: { message_id: 'm1', role: 'prompter', text, lang: 'en', replies } });
    const reply = (id: string, text: string) => ({ message_id: id, role: 'assistant', text, lang: 'en', replies: [] });
    const oasst = { format: 'oasst', originName: 'Trees', status: 'approved' } as const;
    await run(slug, tree('What is it?', reply('r1', 'It is this.')), oasst);
    expect(await run(slug, tree('What is it?', reply('r1', 'It is that.'), reply('r2', 'Who knows.')), oasst)).toMatchObject({
      added: 0,
      bad: 1,
    });
    const revising = { ...oasst, changedRows: 'revise' } as const;
    expect(await run(slug, tree('What is it?', reply('r1', 'It is that.'), reply('r2', 'Who knows.')), revising)).toMatchObject({
      revised: 1,
      bad: 0,
    });
    expect((await entriesOf(slug)).map((entry) => [entry.externalId, entry.revisionNumber])).toEqual([
      ['m1', 1],
      ['r1', 2],
      ['r2', 1],
    ]);
  });
});

describe('texts as the dataset wants them', () => {
  const decomposed = 'Un cafe\u0301\r\nau lait?';
  const rows = jsonl(
    { id: 1, instruction: decomposed, context: 'Line.\r', response: 'Oui\r\nou non.' },
    { id: 2, instruction: 'Is it plain?', context: '', response: 'It is.' },
    { id: 3, instruction: '' },
  );
  const mapping = {
    instruction: 'instruction',
    response: 'response',
    context: 'context',
    category: null,
    language: null,
    externalId: 'id',
  };
  const textsOf = async (slug: string) =>
    (await entriesOf(slug)).flatMap(({ revisions }) => revisions.map(({ text, context }) => [text, context])).toSorted();
  async function addSet(normalisations: string[]): Promise<string> {
    const slug = await addDataset();
    const headers = { 'if-match': `"${(await admin.send<{ version: number }>('GET', `/api/v1/datasets/${slug}`)).body.version}"` };
    expect((await admin.send('PATCH', `/api/v1/datasets/${slug}`, { normalisations }, headers)).status).toBe(200);
    return slug;
  }

  test('are kept byte for byte unless it says otherwise', async () => {
    const slug = await addDataset();
    const done = await run(slug, rows, { format: 'dolly', mapping });
    expect(done).toMatchObject({ added: 2, bad: 1, normalised: 0 });
    expect(await textsOf(slug)).toContainEqual([decomposed, 'Line.\r']);
    expect((await report(done.id)).join('\n')).not.toContain('normalised');
  });

  test('are composed, with one kind of line end, and the report says of how many rows', async () => {
    const slug = await addSet(['nfc', 'line_ends']);
    const done = await run(slug, rows, { format: 'dolly', mapping });
    expect(done).toMatchObject({ added: 2, bad: 1, normalised: 1 });
    expect(await textsOf(slug)).toEqual([
      ['Is it plain?', null],
      ['It is.', null],
      ['Oui\nou non.', null],
      ['Un caf\u00e9\nau lait?', 'Line.\n'],
    ]);
    expect((await report(done.id)).at(-2)).toBe(',,"One row has a text that was normalised, as the settings of the dataset say.",');
    // The same text is known in either form.
    expect(await run(slug, rows, { format: 'dolly', mapping })).toMatchObject({ added: 0, duplicates: 2, bad: 1 });
  });

  test('are normalised in contributions and edits, too', async () => {
    const slug = await addSet(['nfc', 'line_ends']);
    const dataset = (await admin.send<{ termsVersion: number }>('GET', `/api/v1/datasets/${slug}`)).body;
    await admin.send('POST', `/api/v1/datasets/${slug}/terms-acceptance`, { termsVersion: dataset.termsVersion });
    const contribution = {
      kind: 'pair',
      category: 'open_qa',
      language: 'en',
      instruction: { text: decomposed, context: { text: 'Line.\r', url: 'https://example.org/', licence: 'CC0-1.0' } },
      response: { text: 'It is\r\nso, as the passage says.' },
    };
    const handed = await admin.send<{ entry: { id: string }; instruction: { revision: { text: string } } }>(
      'POST',
      `/api/v1/datasets/${slug}/entries`,
      contribution,
    );
    expect([handed.status, handed.body.instruction.revision.text]).toEqual([201, 'Un caf\u00e9\nau lait?']);
    const edit = { response: { text: 'It is\rotherwise, as the passage says.' }, aiAssistance: 'none' };
    const edited = await admin.send('POST', `/api/v1/entries/${handed.body.entry.id}/revisions`, edit, { 'if-match': '"1"' });
    expect(edited).toMatchObject({ status: 201, body: { entry: { revision: { text: 'It is\notherwise, as the passage says.' } } } });
  });
});

describe('what a row becomes', () => {
  test('a pair in review with its origin, licence, checks, log, one review seat and count', async () => {
    const slug = await addDataset();
    const content = jsonl({ instruction: 'What is a granary?', context: 'A long passage.', response: 'Paris', category: 'Closed QA' });
    const done = await run(slug, content, { format: 'dolly', originUrl: 'https://example.org/rows', licence: 'CC-BY-4.0' });
    const [instruction, response] = await entriesOf(slug);
    expect(instruction).toMatchObject({
      role: 'instruction',
      status: 'in_review',
      depth: 0,
      authorId: null,
      licence: 'CC-BY-4.0',
      importId: done.id,
      reviewedWithId: response?.id,
      originName: 'A test',
      originUrl: 'https://example.org/rows',
    });
    expect(instruction?.category.slug).toBe('closed_qa');
    expect(instruction?.revisions[0]).toMatchObject({
      number: 1,
      text: 'What is a granary?',
      context: 'A long passage.',
      contextUrl: null,
      authorId: null,
    });
    expect(instruction?.currentRevisionId).toBe(instruction?.revisions[0]?.id);
    expect(response).toMatchObject({
      role: 'response',
      parentId: instruction?.id,
      rootId: instruction?.id,
      depth: 1,
      reviewedWithId: null,
    });
    expect(response?.externalId).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(instruction?.externalId).toBe(`${response?.externalId}#instruction`);
    const seats = await t.db.prisma.reviewTask.findMany({ orderBy: { seat: 'asc' }, where: { dataset: { slug } } });
    expect(seats.map(({ entryId, seat }) => [entryId, seat])).toEqual([
      [response?.id, 1],
      [response?.id, 2],
    ]);
    const checks = await t.db.prisma.check.findMany({ where: { revisionId: response?.currentRevisionId ?? '' } });
    expect(checks.map(({ kind, details }) => [kind, details])).toEqual([['too_short', { field: 'response' }]]);
    const events = await t.db.prisma.event.findMany({ where: { dataset: { slug } }, orderBy: { position: 'asc' } });
    expect(events.map(({ kind }) => kind)).toEqual([
      'dataset_created',
      'import_started',
      'entry_imported',
      'entry_imported',
      'import_finished',
    ]);
    expect(events[2]).toMatchObject({
      actorId: admin.id,
      entryId: instruction?.id,
      payload: { from: 'draft', to: 'in_review', importId: done.id, line: 1 },
    });
    expect((await admin.send('GET', `/api/v1/datasets/${slug}`)).body).toMatchObject({ approved: 0, inReview: 1 });
  });

  test('every character of a text is kept, white space at its ends and line ends too', async () => {
    const slug = await addDataset();
    const [instruction, response, context] = ['  \tHow?\r\n', '\n    code\r\n\ttab \u00a0', ' A passage.\r'];
    await run(slug, JSON.stringify({ instruction, response, context }), { format: 'dolly', status: 'approved' });
    const texts = (await entriesOf(slug)).flatMap(({ revisions }) => revisions.map((revision) => [revision.text, revision.context]));
    expect(texts).toEqual([
      [instruction, context],
      [response, null],
    ]);
    const { body } = await t.anonymous.send<{ items: unknown[] }>('GET', `/api/v1/pairs?dataset=${slug}`);
    expect(body.items).toEqual([expect.objectContaining({ instruction, response, context })]);
  });

  test('a conversation keeps its turns and alternatives, and grows when it comes again with more replies', async () => {
    const slug = await addDataset();
    const message = (id: string, role: string, replies: object[] = [], more = {}) => ({
      message_id: id,
      role,
      lang: 'en',
      text: `The text of ${id}`,
      replies,
      ...more,
    });
    const tree = (replies: object[]) =>
      jsonl({ message_tree_id: 'a', tree_state: 'ready_for_export', prompt: message('a', 'prompter', replies) });
    const first = message('b', 'assistant', [message('c', 'prompter', [message('d', 'assistant', [], { synthetic: true })])]);
    const deleted = message('x', 'assistant', [message('y', 'prompter')], { deleted: true });
    expect(await run(slug, tree([first, deleted]), { format: 'oasst', status: 'approved' })).toMatchObject({ added: 1, bad: 0 });
    expect(await run(slug, tree([first, message('e', 'assistant')]), { format: 'oasst', status: 'approved' })).toMatchObject({
      added: 1,
      duplicates: 0,
    });
    const entries = await entriesOf(slug);
    const byId = new Map(entries.map((entry) => [entry.id, entry]));
    expect(
      entries
        .map((entry) => [entry.externalId, byId.get(entry.parentId ?? '')?.externalId, entry.depth, byId.get(entry.rootId)?.externalId])
        .sort(),
    ).toEqual([
      ['a', undefined, 0, 'a'],
      ['b', 'a', 1, 'a'],
      ['c', 'b', 2, 'a'],
      ['d', 'c', 3, 'a'],
      ['e', 'a', 1, 'a'],
    ]);
    expect(entries.find(({ externalId }) => externalId === 'd')?.revisions[0]?.aiAssistance).toBe('drafted');
    expect(await t.db.prisma.pair.count({ where: { dataset: { slug } } })).toBe(3);
  });

  test('an approved instruction without a response is open, until a response comes', async () => {
    const slug = await addDataset();
    const task = (outputs: string[]) =>
      jsonl({
        id: 'task',
        instruction: 'Name the colour.',
        instances: outputs.map((output, index) => ({ input: `Thing ${index}`, output })),
      });
    await run(slug, task(['red', '']), { format: 'self_instruct', status: 'approved' });
    expect((await admin.send('GET', `/api/v1/datasets/${slug}`)).body).toMatchObject({ approved: 1 });
    expect(
      await t.db.prisma.openInstruction.count({
        where: { datasetId: (await t.db.prisma.dataset.findUniqueOrThrow({ where: { slug } })).id },
      }),
    ).toBe(1);
    expect(await run(slug, task(['red', 'blue']), { format: 'self_instruct', status: 'approved' })).toMatchObject({
      added: 1,
      duplicates: 0,
    });
    expect((await admin.send('GET', `/api/v1/datasets/${slug}`)).body).toMatchObject({ approved: 2 });
    expect((await entriesOf(slug)).map(({ externalId }) => externalId).sort()).toEqual([
      'task/0',
      'task/0#instruction',
      'task/1',
      'task/1#instruction',
    ]);
  });
});

describe('bad rows', () => {
  const good = { instruction: 'A good question?', response: 'A good answer.' };
  const content = jsonl(
    good,
    '{"instruction": "cut off',
    { instruction: '', response: 'An answer.' },
    { instruction: '=HYPERLINK("http://example.org")', response: 'x'.repeat(20_001) },
    '',
    { instruction: 'Frage auf Finnisch?', response: 'Joo.', language: 'fi' },
    { prompt: 'Other columns', answer: 'here' },
    { instruction: 'Half a character \ud83d', response: 'An answer.' },
    { instruction: 'The same', response: 'the same' },
    { ...good, response: 'Another good answer.' },
  );

  test('are reported by line and field while the good ones go in', async () => {
    const slug = await addDataset();
    const done = await run(slug, content, {
      format: 'dolly',
      mapping: { instruction: 'instruction', response: 'response', context: null, category: null, language: 'language', externalId: null },
    });
    expect(done).toMatchObject({ status: 'done', added: 2, bad: 7, linesDone: 10 });
    const lines = await report(done.id);
    expect(lines[0]).toBe('line,field,reason,excerpt');
    expect(lines.slice(1, -1).map((line) => line.split(',').slice(0, 2).join(' '))).toEqual([
      '2 ',
      '3 instruction',
      '4 response',
      '6 language',
      '7 instruction',
      '8 instruction',
      '9 response',
    ]);
    expect(lines[1]).toContain('not valid JSON');
    expect(lines[3]).toContain('At most 20000 characters');
    expect(lines[4]).toContain('"fi"'.replaceAll('"', '""'));
    expect(lines[7]).toContain('repeats_instruction');
    expect(await t.db.prisma.entry.count({ where: { dataset: { slug } } })).toBe(4);
  });

  test('strict takes nothing when any row is bad, and everything once none is', async () => {
    const slug = await addDataset();
    const { import: added } = await upload(slug, content);
    expect((await start(added.id, { format: 'dolly', strict: true })).status).toBe(202);
    const refused = await ended(added.id);
    expect(refused).toMatchObject({ status: 'failed', added: 0, bad: 7, linesDone: 0 });
    expect(refused.error).toContain('nothing was taken');
    expect((await report(added.id)).length).toBe(9);
    expect(await t.db.prisma.entry.count({ where: { dataset: { slug } } })).toBe(0);
    expect((await start(added.id, { format: 'dolly' })).status).toBe(202);
    expect(await ended(added.id)).toMatchObject({ status: 'done', added: 2, bad: 7 });
    expect(await run(slug, jsonl(good), { format: 'dolly', strict: true })).toMatchObject({ status: 'done', duplicates: 1, bad: 0 });
  });

  test('a report quotes formulas as text', async () => {
    const slug = await addDataset();
    const done = await run(slug, 'instruction,response\n"=1+1",\n@SUM(A1)\n', { format: 'dolly' });
    const lines = await report(done.id);
    expect(done).toMatchObject({ added: 1, bad: 1 });
    expect(lines[1]).toMatch(/^3,,.*,"'@SUM\(A1\)"$/);
  });

  test('rows that name no category of the dataset need one to be chosen', async () => {
    const slug = await addDataset();
    const rows = jsonl({ ...good, category: 'knitting' }, { ...good, response: 'Yes, quite.', category: 'brainstorming' });
    const done = await run(slug, rows, { format: 'dolly', defaultCategory: null });
    expect(done).toMatchObject({ added: 1, bad: 1 });
    expect((await report(done.id))[1]).toContain('The dataset has no category ""knitting""');
  });
});

describe('upload and preview', () => {
  test('takes gzip and CSV, tells what it is and suggests columns', async () => {
    const slug = await addDataset();
    const csv = '\ufeffPrompt;Completion;Lang\r\n"Was ist ""Korn""?";"Getreide;\r\nmehrzeilig";de-AT\r\n';
    const { preview, import: added } = await upload(slug, gzipSync(csv), 'zeilen.csv.gz');
    expect(preview).toMatchObject({
      container: 'csv',
      format: 'dolly',
      columns: ['Prompt', 'Completion', 'Lang'],
      mapping: { instruction: 'Prompt', response: 'Completion', language: 'Lang', context: null },
    });
    expect(preview.rows).toEqual([
      {
        line: 2,
        issues: [],
        known: 'new',
        pairs: [
          {
            instruction: 'Was ist "Korn"?',
            context: null,
            response: 'Getreide;\r\nmehrzeilig',
            category: 'brainstorming',
            language: 'de',
            depth: 0,
          },
        ],
      },
    ]);
    expect(added).toMatchObject({ status: 'uploaded', fileName: 'zeilen.csv.gz', options: null, bytes: gzipSync(csv).length });
    expect((await start(added.id, { format: 'dolly' })).status).toBe(202);
    expect(await ended(added.id)).toMatchObject({ status: 'done', added: 1, bytesDone: gzipSync(csv).length });
  });

  test('shows the rows under another format and mapping', async () => {
    const slug = await addDataset();
    const { preview, import: added } = await upload(slug, jsonl({ q: 'A question?', a: 'An answer.' }));
    expect(preview.rows[0]?.issues[0]?.field).toBe('instruction');
    const mapping = { instruction: 'q', response: 'a' };
    const reply = await admin.send('POST', `/api/v1/imports/${added.id}/preview`, { format: 'dolly', mapping, defaultCategory: 'open_qa' });
    expect(reply.status).toBe(200);
    expect(importPreviewSchema.parse(reply.body).rows[0]?.pairs[0]).toMatchObject({
      instruction: 'A question?',
      response: 'An answer.',
      category: 'open_qa',
    });
  });

  test.each([
    ['an empty file', Buffer.alloc(0), 'empty'],
    ['a JSON array', Buffer.from('[{"instruction": "x"}]'), 'jq'],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x00, 0x0a, 0x00]), 'not text'],
    ['a damaged archive', gzipSync('x'.repeat(5000)).subarray(0, 20), 'damaged'],
  ])('refuses %s and keeps nothing of it', async (_what, content, hint) => {
    const slug = await addDataset();
    const reply = await admin.send('POST', `/api/v1/datasets/${slug}/imports?fileName=x`, content, {
      'content-type': 'application/octet-stream',
    });
    expect([reply.status, code(reply)]).toEqual([422, 'import_unreadable']);
    expect(reply.text).toContain(hint);
    const keys: string[] = [];
    for await (const key of t.deps.storage.list('imports/')) keys.push(key);
    const kept = await t.db.prisma.import.findMany({ select: { storageKey: true } });
    expect(kept.map(({ storageKey }) => storageKey)).toEqual(expect.arrayContaining(keys));
  });

  test('is for admins only', async () => {
    const slug = await addDataset();
    const url = `/api/v1/datasets/${slug}/imports`;
    expect((await t.anonymous.send('POST', `${url}?fileName=x`, Buffer.from('{}'))).status).toBe(401);
    const moderator = await t.signIn('moderator');
    expect(
      (await moderator.send('POST', `${url}?fileName=x`, Buffer.from('{}'), { 'content-type': 'application/octet-stream' })).status,
    ).toBe(403);
    expect((await moderator.send('GET', url)).status).toBe(403);
    expect((await admin.send('GET', '/api/v1/datasets/nothing-here/imports')).status).toBe(404);
    expect((await admin.send('POST', `${url}?fileName=`, Buffer.from('{}'), { 'content-type': 'application/octet-stream' })).status).toBe(
      400,
    );
  });

  test('takes a file of any type, and refuses what is not a type, as documented', async () => {
    const url = `/api/v1/datasets/${await addDataset()}/imports?fileName=rows.jsonl`;
    const file = Buffer.from(jsonl({ instruction: 'A question?', response: 'Yes.' }));
    expect((await admin.send('POST', url, file, { 'content-type': 'text/csv' })).status).toBe(201);
    const refused = await admin.send('POST', url, file, { 'content-type': ';' });
    expect([refused.status, code(refused)]).toEqual([415, 'media_type_unsupported']);
    expect(errorCodesOf(endpoints.imports.upload)).toContain('media_type_unsupported');
  });

  test('lists the newest first, in pages', async () => {
    const slug = await addDataset();
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1)
      ids.unshift((await upload(slug, jsonl({ instruction: 'A question?', response: 'Yes.' }))).import.id);
    const page = async (cursor: string) =>
      (await admin.send('GET', `/api/v1/datasets/${slug}/imports?limit=2${cursor}`)).body as unknown as {
        items: Import[];
        nextCursor: string;
      };
    const first = await page('');
    const second = await page(`&cursor=${first.nextCursor}`);
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids);
    expect(second.nextCursor).toBeNull();
  });
});

describe('start', () => {
  test('checks the options against the dataset', async () => {
    const slug = await addDataset();
    const { import: added } = await upload(slug, jsonl({ instruction: 'A question?', response: 'Yes.' }));
    const reply = await start(added.id, { format: 'dolly', defaultCategory: 'knitting', defaultLanguage: 'fi' });
    expect([reply.status, code(reply)]).toEqual([400, 'validation_failed']);
    expect(problemSchema.parse(reply.body).errors?.map(({ path }) => path)).toEqual(['defaultCategory', 'defaultLanguage']);
    expect((await start(crypto.randomUUID(), { format: 'dolly' })).status).toBe(404);
  });

  test('is refused while it runs and once it is done; a repeated request with one key is harmless', async () => {
    const slug = await addDataset();
    const { import: added } = await upload(slug, jsonl({ instruction: 'A question?', response: 'Yes.' }));
    const key = { 'idempotency-key': crypto.randomUUID() };
    const send = () => admin.send('POST', `/api/v1/imports/${added.id}/start`, options({ format: 'dolly' }), key);
    expect((await send()).status).toBe(202);
    expect((await send()).status).toBe(202);
    expect(await ended(added.id)).toMatchObject({ status: 'done', added: 1 });
    expect(code(await start(added.id, { format: 'dolly' }))).toBe('import_state');
    expect(code(await admin.send('POST', `/api/v1/imports/${added.id}/cancel`))).toBe('import_state');
  });

  test('progress ends with the final state', async () => {
    const slug = await addDataset();
    const { import: added } = await upload(slug, await readFile(fixtures.gsm8k.path));
    await start(added.id, { format: 'dolly' });
    const { text } = await admin.send('GET', `/api/v1/imports/${added.id}/events`);
    const last = text.trim().split('\n\n').at(-1) ?? '';
    expect(JSON.parse(last.replace('data: ', ''))).toMatchObject({ status: 'done', added: 20, linesDone: 20 });
  });

  test('two imports of one file at once add every row once', async () => {
    const slug = await addDataset();
    const content = await readFile(fixtures.oasst.path);
    const both = await Promise.all([run(slug, content, { format: 'oasst' }), run(slug, content, { format: 'oasst' })]);
    expect(both.map(({ status }) => status)).toEqual(['done', 'done']);
    expect(both.reduce((sum, { added }) => sum + added, 0)).toBe(3);
    expect(both.reduce((sum, { duplicates }) => sum + duplicates, 0)).toBe(3);
  });
});
