import type { ContributionItem, Entry, EntryPage, OpenInstruction, Page } from '@granary/contract';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCommunity, pairOf, type Community } from '../../testing-community.ts';
import type { TestUser } from '../../testing.ts';

type Handed = { entry: Entry; instruction: Entry | null };
const url = '/api/v1/datasets/shapes/entries';
let world: Community;
let author: TestUser;
let reviewer: TestUser;
let moderator: TestUser;
let stranger: TestUser;
let serial = 0;
const nextPair = () => pairOf((serial += 1));
const instructionOf = (text: string, more: object = {}) => ({
  kind: 'instruction',
  category: 'open_qa',
  language: 'en',
  instruction: { text },
  ...more,
});
const responseTo = (parentId: string, text: string) => ({ kind: 'response', parentId, language: 'en', response: { text } });

beforeAll(async () => {
  world = await createCommunity();
  author = await world.author();
  stranger = await world.author();
  reviewer = await world.signIn('reviewer');
  moderator = await world.signIn('moderator');
});
afterAll(() => world.close());

/** Reviews what waits, until the entry named is decided. */
async function decide(entryId: string, verdict: Record<string, unknown> = { verdict: 'approve' }): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) {
    const task = await world.next(reviewer);
    if (task === null) throw new Error('Nothing waits');
    if (task.entry.id === entryId) return void (await world.review(reviewer, task.id, verdict));
    await reviewer.send('POST', `/api/v1/review-tasks/${task.id}/skip`);
  }
}
async function approvedPair() {
  const handed = await world.handIn(author, nextPair());
  await decide(handed.entry.id);
  return { response: handed.entry, instruction: handed.instruction as Entry };
}
const page = (who: { send: TestUser['send'] }, id: string) => who.send<EntryPage>('GET', `/api/v1/entries/${id}`);
const revise = (who: TestUser, id: string, version: number, body: object, headers: object = {}) =>
  who.send<Handed & { code: string; data: unknown; errors: unknown }>('POST', `/api/v1/entries/${id}/revisions`, body, {
    'if-match': `"${version}"`,
    ...headers,
  });
const handInAs = (who: TestUser, body: unknown, headers = {}, query = '') =>
  who.send<Handed & { code: string; errors: { path: string }[] }>('POST', `${url}${query}`, body, headers);

describe('create', () => {
  it('answers with the pair as it reads back, in review', async () => {
    const { entry, instruction } = await world.handIn(author, nextPair());
    expect(entry).toMatchObject({
      role: 'response',
      status: 'in_review',
      parentId: instruction?.id,
      depth: 1,
      licence: 'CC-BY-4.0',
      reviewedWithId: null,
    });
    expect(instruction).toMatchObject({ role: 'instruction', depth: 0, parentId: null, reviewedWithId: entry.id, rootId: instruction?.id });
    expect((await page(author, entry.id)).body.entry).toEqual(entry);
    expect((await page(author, entry.id)).body.path).toEqual([instruction]);
    expect(await world.db.prisma.reviewTask.count({ where: { entryId: { in: [entry.id, instruction?.id ?? ''] } } })).toBe(1);
    expect(
      await world.db.prisma.event.findMany({ where: { entryId: entry.id }, select: { kind: true, payload: true, actorId: true } }),
    ).toEqual([{ kind: 'entry_submitted', payload: { from: 'draft', to: 'in_review' }, actorId: author.id }]);
  });
  it('keeps every character of the texts, and calls what is blank empty', async () => {
    const [question, answer] = ['\tHow is grain dried, line by line?\r\n', '    On a floor,\r\n  then in a bin. \n\n'];
    const { status, body } = await handInAs(author, { ...instructionOf(question), kind: 'pair', response: { text: answer } });
    expect([status, body.instruction?.revision.text, body.entry.revision.text]).toEqual([201, question, answer]);
    const { path, entry } = (await page(author, body.entry.id)).body;
    expect([...path.map(({ revision }) => revision.text), entry.revision.text].slice(0, 2)).toEqual([question, answer]);
    const blank = await handInAs(author, { ...instructionOf(question), kind: 'pair', response: { text: ' \n\u00a0\u3000'.repeat(9) } });
    expect([blank.status, blank.body.errors.map((error) => error.path)]).toEqual([400, ['response.text']]);
  });

  it('keeps context with its source, findings, and throws the draft away with it', async () => {
    const draftId = uuid();
    await author.send('PUT', `/api/v1/me/drafts/${draftId}`, { datasetSlug: 'shapes', baseVersion: 0, content: { kind: 'pair' } });
    const context = { text: 'A square has four corners.', url: 'https://example.org/square', licence: 'CC-BY-4.0' };
    const body = { ...nextPair(), instruction: { text: 'How many corners does the passage name?', context }, response: { text: 'Four' } };
    const { status, body: made } = await handInAs(author, body, {}, `?draftId=${draftId}`);
    expect(status).toBe(201);
    expect(made.instruction?.revision.context).toEqual(context);
    expect(made.entry.revision.checks).toEqual([{ kind: 'too_short', severity: 'info', field: 'response' }]);
    expect((await page(author, made.entry.id)).body.entry.revision.checks).toEqual(made.entry.revision.checks);
    expect((await author.send('GET', `/api/v1/me/drafts/${draftId}`)).status).toBe(404);
  });
  it('with an Idempotency-Key adds once, also for requests at the same time', async () => {
    const body = nextPair();
    const headers = { 'idempotency-key': 'same-key-for-all' };
    const replies = await Promise.all(Array.from({ length: 6 }, () => handInAs(author, body, headers)));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(replies.map((reply) => reply.body.entry.id)).size).toBe(1);
    expect(await world.db.prisma.entry.count({ where: { id: replies[0]?.body.entry.id } })).toBe(1);
    expect((await handInAs(author, nextPair(), headers)).body.code).toBe('idempotency_conflict');
  });
  it('takes an instruction alone, answers to it, alternatives and follow-ups', async () => {
    const { body: open } = await handInAs(author, instructionOf('Name a shape that has no corners at all.'));
    expect(open).toMatchObject({ instruction: null, entry: { role: 'instruction', reviewedWithId: null } });
    expect((await handInAs(stranger, responseTo(open.entry.id, 'A circle, for it is round.'))).body.code).toBe('not_found');
    expect((await handInAs(author, responseTo(open.entry.id, 'A circle, for it is round.'))).body.code).toBe('status_conflict');
    await decide(open.entry.id);
    const { body: first } = await handInAs(stranger, responseTo(open.entry.id, 'A circle, for it is round everywhere.'));
    expect(first.entry).toMatchObject({ category: 'open_qa', parentId: open.entry.id, depth: 1 });
    await decide(first.entry.id);
    expect((await handInAs(author, responseTo(open.entry.id, 'An ellipse has none either, nor has an oval.'))).status).toBe(201);
    const followUp = { ...nextPair(), parentId: first.entry.id };
    const { body: followed } = await handInAs(author, followUp);
    expect(followed.instruction).toMatchObject({ depth: 2, rootId: open.entry.id, parentId: first.entry.id });
    expect(followed.entry).toMatchObject({ depth: 3, rootId: open.entry.id });
    expect((await handInAs(author, responseTo(first.entry.id, 'A response to a response.'))).body).toMatchObject({
      code: 'validation_failed',
      errors: [{ path: 'parentId' }],
    });
  });
  it.each([
    ['another language', { language: 'fr' }, 'validation_failed', 'language'],
    ['another category', { category: 'gardening' }, 'validation_failed', 'category'],
    ['a parent that is not there', { parentId: uuid() }, 'not_found', undefined],
    ['too short', { instruction: { text: 'Why?' } }, 'validation_failed', 'instruction.text'],
    [
      'a context without a source',
      { instruction: { text: 'How many corners are there?', context: { text: 'Four.' } } },
      'validation_failed',
      'instruction.context.url',
    ],
    ['one letter over and over', { response: { text: 'aaaaaaaaaaaaaaa' } }, 'entry_blocked', 'response.text'],
    [
      'the question as its answer',
      { instruction: { text: 'How many corners?' }, response: { text: 'how many corners' } },
      'entry_blocked',
      'response.text',
    ],
  ])('refuses %s', async (_, change, code, path) => {
    const { body } = await handInAs(author, { ...nextPair(), ...change });
    expect(body.code).toBe(code);
    expect(body.errors?.[0]?.path).toBe(path);
  });
  it('401, 404, and 403 until the terms are accepted as they are now', async () => {
    expect((await world.anonymous.send('POST', url, nextPair())).status).toBe(401);
    expect((await author.send('POST', '/api/v1/datasets/nowhere/entries', nextPair())).status).toBe(404);
    const newcomer = await world.signIn();
    expect((await handInAs(newcomer, nextPair())).body).toMatchObject({ code: 'terms_not_accepted', data: { termsVersion: 1 } });
  });
  it('refuses half an emoji, which no file could hold', async () => {
    expect((await handInAs(author, { ...nextPair(), response: { text: 'It has many corners \ud83d' } })).status).toBe(400);
  });
});

describe('get', () => {
  it('shows what waits to its author and to reviewers alone', async () => {
    const { entry } = await world.handIn(author, nextPair());
    expect((await page(world.anonymous, entry.id)).status).toBe(404);
    expect((await page(stranger, entry.id)).status).toBe(404);
    const mine = (await page(author, entry.id)).body;
    expect(mine.can).toEqual({
      edit: true,
      retract: true,
      flag: false,
      moderate: false,
      decide: false,
      propose: false,
      judgeProposals: true,
      appeal: false,
      calibrate: false,
      respond: false,
      followUp: false,
      review: false,
    });
    expect(mine.progress).toEqual({ approvals: 0, approvalsNeeded: 1, reviews: 0, maxReviews: 5 });
    expect((await page(reviewer, entry.id)).body.can).toMatchObject({ edit: false, retract: false, review: true });
    expect((await page(author, uuid())).status).toBe(404);
    expect((await page(author, 'no-id')).status).toBe(400);
  });
  it('shows an approved one to everyone, with its history but without its reviewers', async () => {
    const { response, instruction } = await approvedPair();
    const { body, text, headers } = await page(world.anonymous, response.id);
    expect(headers['etag']).toBe('"1"');
    expect(body.entry.status).toBe('approved');
    expect(body.path.map(({ id }) => id)).toEqual([instruction.id]);
    expect(body.history.map(({ kind }) => kind)).toEqual(['entry_submitted', 'entry_reviewed', 'entry_approved']);
    expect(body.reviews).toHaveLength(1);
    expect(text).not.toContain(reviewer.id);
    expect(text).not.toContain(reviewer.displayName);
    const above = (await page(author, instruction.id)).body;
    expect(above.children.map(({ id }) => id)).toEqual([response.id]);
    expect(above.can.respond).toBe(true);
  });
  it('keeps the place of a retracted one and hides its words from strangers', async () => {
    const { response } = await approvedPair();
    await author.send('POST', `/api/v1/entries/${response.id}/retract`, { reason: 'Wrong after all' });
    const seen = (await page(world.anonymous, response.id)).body;
    expect(seen.entry).toMatchObject({ status: 'retracted', revision: { text: '', context: null } });
    expect(seen.revisions.map(({ text }) => text)).toEqual(['']);
    expect(seen.history.at(-1)).toMatchObject({ kind: 'entry_retracted', reason: 'Wrong after all', actor: { id: author.id } });
    expect((await page(moderator, response.id)).body.entry.revision.text).toBe(response.revision.text);
  });
});

describe('revise', () => {
  it('gives a pair under joint review new revisions of both parts and one fresh task', async () => {
    const { entry, instruction } = await world.handIn(author, nextPair());
    await decide(entry.id, { verdict: 'request_changes', note: 'Say it shorter.' });
    expect(await world.statusOf(entry.id)).toBe('changes_requested');
    const { status, body, headers } = await revise(author, entry.id, 1, {
      response: { text: 'As many as it has sides.' },
      category: 'general_qa',
      note: 'Shorter',
    });
    expect(status).toBe(201);
    expect(headers['etag']).toBe('"2"');
    expect(body).toMatchObject({
      entry: {
        id: entry.id,
        status: 'in_review',
        category: 'general_qa',
        revision: { number: 2, text: 'As many as it has sides.', note: 'Shorter' },
      },
      instruction: {
        id: instruction?.id,
        status: 'in_review',
        category: 'general_qa',
        reviewedWithId: entry.id,
        revision: { number: 2, text: instruction?.revision.text },
      },
    });
    const open = await world.db.prisma.reviewTask.findMany({
      where: { entryId: { in: [entry.id, instruction?.id ?? ''] }, closedAt: null },
    });
    expect(open.map(({ revisionId }) => revisionId)).toEqual([body.entry.revision.id]);
    await decide(entry.id);
    expect([await world.statusOf(entry.id), await world.statusOf(instruction?.id ?? '')]).toEqual(['approved', 'approved']);
  });
  it('takes an approved response out of the pairs until it is approved again', async () => {
    const { response, instruction } = await approvedPair();
    const isPair = () => world.db.prisma.pair.count({ where: { responseId: response.id } });
    expect(await isPair()).toBe(1);
    expect((await revise(author, response.id, 1, { response: { text: 'Edited: as many as sides.' } })).body).toMatchObject({
      instruction: null,
      entry: { status: 'in_review' },
    });
    expect([await isPair(), await world.statusOf(instruction.id)]).toEqual([0, 'approved']);
    await decide(response.id);
    expect(await isPair()).toBe(1);
  });
  it('lets an approved instruction go to review by itself, its pair waiting for it', async () => {
    const { response, instruction } = await approvedPair();
    const edited = { instruction: { text: `${instruction.revision.text} Explain why.` } };
    expect((await revise(author, instruction.id, 1, edited)).body.entry).toMatchObject({ status: 'in_review', reviewedWithId: null });
    expect(await world.db.prisma.pair.count({ where: { responseId: response.id } })).toBe(0);
    await decide(instruction.id);
    expect(await world.db.prisma.pair.count({ where: { responseId: response.id } })).toBe(1);
    expect((await revise(author, instruction.id, 2, { ...edited, category: 'general_qa' })).body).toMatchObject({
      code: 'validation_failed',
      errors: [{ path: 'category' }],
    });
  });
  it('of two edits on one revision lets one win', async () => {
    const { entry } = await world.handIn(author, nextPair());
    const replies = await Promise.all(
      ['One way to say it.', 'Another way to say it.'].map((text) => revise(author, entry.id, 1, { response: { text } })),
    );
    expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 412]);
    expect(replies.find(({ status }) => status === 412)?.body).toMatchObject({ code: 'version_conflict', data: { current: 2 } });
    expect(await world.db.prisma.revision.count({ where: { entryId: entry.id } })).toBe(2);
  });
  it.each<[string, (pair: { response: Entry; instruction: Entry }) => object, string]>([
    ['nothing new', ({ response }) => ({ response: { text: response.revision.text } }), 'response'],
    ['the part that is an entry of its own', () => ({ instruction: { text: 'Another instruction here.' } }), 'instruction'],
    ['no text', () => ({ note: 'nothing' }), 'response'],
    [
      'another category for a response',
      ({ response }) => ({ response: { text: `${response.revision.text}!` }, category: 'general_qa' }),
      'category',
    ],
  ])('refuses %s', async (_, edit, path) => {
    const pair = await approvedPair();
    const { body } = await revise(author, pair.response.id, 1, edit(pair));
    expect(body).toMatchObject({ code: 'validation_failed', errors: [{ path }] });
  });
  it('401, 403, 404, 428, 422 and 409', async () => {
    const { response } = await approvedPair();
    const edit = { response: { text: 'Somebody else’s words.' } };
    expect((await world.anonymous.send('POST', `/api/v1/entries/${response.id}/revisions`, edit, { 'if-match': '"1"' })).status).toBe(401);
    expect((await revise(stranger, response.id, 1, edit)).status).toBe(403);
    expect((await revise(author, uuid(), 1, edit)).status).toBe(404);
    expect((await author.send('POST', `/api/v1/entries/${response.id}/revisions`, edit)).status).toBe(428);
    expect((await revise(author, response.id, 1, { response: { text: 'oooooooooooo' } })).body.code).toBe('entry_blocked');
    const hidden = await world.handIn(author, nextPair());
    expect((await revise(stranger, hidden.entry.id, 1, edit)).status).toBe(404);
    await author.send('POST', `/api/v1/entries/${response.id}/retract`, {});
    expect((await revise(author, response.id, 1, edit)).status).toBe(409);
  });
  it('repeated with its Idempotency-Key adds one revision', async () => {
    const { entry } = await world.handIn(author, nextPair());
    const headers = { 'idempotency-key': `edit-${entry.id}` };
    const edit = { response: { text: 'Edited once, sent twice.' } };
    const [first, second] = [await revise(author, entry.id, 1, edit, headers), await revise(author, entry.id, 1, edit, headers)];
    expect(second.body).toEqual(first.body);
    expect(await world.db.prisma.revision.count({ where: { entryId: entry.id } })).toBe(2);
  });
});

describe('retract', () => {
  it('takes both parts of a pair back while they are reviewed as one, and closes the task', async () => {
    const { entry, instruction } = await world.handIn(author, nextPair());
    const { status, body } = await author.send<Entry>('POST', `/api/v1/entries/${entry.id}/retract`, {});
    expect([status, body.status, await world.statusOf(instruction?.id ?? '')]).toEqual([200, 'retracted', 'retracted']);
    expect(await world.db.prisma.reviewTask.count({ where: { entryId: entry.id, closedAt: null } })).toBe(0);
    expect((await author.send('POST', `/api/v1/entries/${entry.id}/retract`, {})).body).toMatchObject({ code: 'status_conflict' });
  });
  it('of an approved response leaves its instruction open', async () => {
    const { response, instruction } = await approvedPair();
    await author.send('POST', `/api/v1/entries/${response.id}/retract`, {});
    expect(await world.statusOf(instruction.id)).toBe('approved');
    const { body } = await world.anonymous.send<Page<OpenInstruction>>('GET', '/api/v1/datasets/shapes/open-instructions?limit=100');
    expect(body.items.map(({ id }) => id)).toContain(instruction.id);
  });
  it('401, 403 (also for moderators: theirs is another desk), 404', async () => {
    const { response } = await approvedPair();
    expect((await world.anonymous.send('POST', `/api/v1/entries/${response.id}/retract`, {})).status).toBe(401);
    expect((await stranger.send('POST', `/api/v1/entries/${response.id}/retract`, {})).status).toBe(403);
    expect((await moderator.send('POST', `/api/v1/entries/${response.id}/retract`, {})).status).toBe(403);
    expect((await author.send('POST', `/api/v1/entries/${uuid()}/retract`, {})).status).toBe(404);
    expect((await author.send('POST', `/api/v1/entries/${response.id}/retract`, { reason: 5 })).status).toBe(400);
  });
});

describe('mine', () => {
  it('lists a pair as one item with what was said about it, page by page', async () => {
    const writer = await world.author();
    const pairs: Handed[] = [];
    for (let n = 0; n < 3; n += 1) pairs.push(await world.handIn(writer, nextPair()));
    const alone = (await handInAs(writer, instructionOf('Which shape has three corners and why?'))).body;
    const last = pairs[2] as Handed;
    await decide(last.entry.id, { verdict: 'request_changes', note: 'Name a source.' });
    const mine = (query: string) => writer.send<Page<ContributionItem>>('GET', `/api/v1/me/entries?${query}`);
    const first = (await mine('limit=2')).body;
    expect(first.items.map(({ entry }) => entry.id)).toEqual([alone.entry.id, last.entry.id]);
    expect(first.items[0]?.instruction).toBe(null);
    expect(first.items[1]).toMatchObject({
      instruction: { id: last.instruction?.id, text: last.instruction?.revision.text },
      reviews: [{ verdict: 'request_changes', note: 'Name a source.' }],
      approvals: 0,
      approvalsNeeded: 1,
      moderationReason: null,
      snapshots: [],
    });
    const second = (await mine(`limit=2&cursor=${first.nextCursor}`)).body;
    expect(second.items.map(({ entry }) => entry.id)).toEqual([pairs[1]?.entry.id, pairs[0]?.entry.id]);
    expect(second.nextCursor).toBe(null);
    expect((await mine('status=changes_requested')).body.items).toHaveLength(1);
    expect((await mine('dataset=nowhere')).body.items).toEqual([]);
    expect((await mine('cursor=bm8')).body).toMatchObject({ code: 'cursor_invalid' });
    expect((await mine('status=lost')).status).toBe(400);
    expect((await world.anonymous.send('GET', '/api/v1/me/entries')).status).toBe(401);
  });
});

describe('open instructions', () => {
  it('lists approved instructions until they have an approved response', async () => {
    const { body: made } = await handInAs(
      author,
      instructionOf('Which shape tiles a floor and has six sides?', { category: 'brainstorming' }),
    );
    const open = (query = '') =>
      world.anonymous.send<Page<OpenInstruction>>('GET', `/api/v1/datasets/shapes/open-instructions?category=brainstorming${query}`);
    expect((await open()).body.items).toEqual([]);
    await decide(made.entry.id);
    expect((await open()).body.items).toMatchObject([{ id: made.entry.id, responsesInReview: 0 }]);
    const { body: answered } = await handInAs(stranger, responseTo(made.entry.id, 'The regular hexagon does.'));
    expect((await open('&language=en')).body.items).toMatchObject([{ responsesInReview: 1 }]);
    expect((await open('&language=de')).body.items).toEqual([]);
    await decide(answered.entry.id);
    expect((await open()).body.items).toEqual([]);
    expect((await world.anonymous.send('GET', '/api/v1/datasets/nowhere/open-instructions')).status).toBe(404);
    expect((await open('&limit=1000')).status).toBe(400);
  });
});

describe('an archived dataset', () => {
  it('takes nothing more', async () => {
    const { entry } = await world.handIn(author, nextPair());
    const { version } = await world.db.prisma.dataset.findUniqueOrThrow({ where: { slug: 'shapes' } });
    await world.admin.send('PATCH', '/api/v1/datasets/shapes', { archived: true }, { 'if-match': `"${version}"` });
    expect((await handInAs(author, nextPair())).body.code).toBe('status_conflict');
    expect((await revise(author, entry.id, 1, { response: { text: 'Too late for this.' } })).body.code).toBe('status_conflict');
    await world.admin.send('PATCH', '/api/v1/datasets/shapes', { archived: false }, { 'if-match': `"${version + 1}"` });
  });
});
