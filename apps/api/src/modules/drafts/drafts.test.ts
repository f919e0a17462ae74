import { limits, type Draft } from '@granary/contract';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCommunity, type Community } from '../../testing-community.ts';
import type { TestUser } from '../../testing.ts';

let world: Community;
let user: TestUser;
let other: TestUser;
beforeAll(async () => {
  world = await createCommunity();
  user = await world.signIn();
  other = await world.signIn();
});
afterAll(() => world.close());

const content = (instruction: string) => ({ kind: 'pair', category: 'open_qa', language: 'en', instruction });
const save = (who: TestUser, id: string, baseVersion: number, text: string, datasetSlug = 'shapes') =>
  who.send<Draft>('PUT', `/api/v1/me/drafts/${id}`, { datasetSlug, baseVersion, content: content(text) });

describe('save', () => {
  it('keeps what is typed, however unfinished, and counts versions', async () => {
    const id = uuid();
    const first = await save(user, id, 0, 'Why do');
    expect(first.body).toMatchObject({ id, datasetSlug: 'shapes', version: 1, content: { instruction: 'Why do', response: '' } });
    expect((await save(user, id, 1, 'Why do granaries')).body).toMatchObject({ version: 2, content: { instruction: 'Why do granaries' } });
    expect((await user.send<Draft>('GET', `/api/v1/me/drafts/${id}`)).body.version).toBe(2);
  });
  it('of two tabs lets one win and gives the other what is there', async () => {
    const id = uuid();
    await save(user, id, 0, 'begun');
    const replies = await Promise.all([save(user, id, 1, 'left tab'), save(user, id, 1, 'right tab')]);
    const [won, lost] = replies.toSorted((one, two) => one.status - two.status);
    expect(won?.status).toBe(200);
    expect(lost?.body).toMatchObject({ code: 'draft_conflict', data: { current: { version: 2, content: won?.body.content } } });
    expect((await save(user, id, 0, 'new tab')).body).toMatchObject({ code: 'draft_conflict' });
  });
  it.each([
    ['half an emoji', 'half \ud83d'],
    ['a NUL', 'and \u0000 nothing'],
  ])('400 for %s, which no database stores, with the name of the field', async (_, instruction) => {
    expect(await save(user, uuid(), 0, instruction)).toMatchObject({
      status: 400,
      body: { code: 'validation_failed', errors: [{ path: 'content.instruction' }] },
    });
  });
  it('404 for another dataset and a draft that is gone; the same id is a draft of its own for somebody else', async () => {
    const id = uuid();
    expect((await save(user, id, 0, 'x', 'nowhere')).status).toBe(404);
    expect((await save(user, id, 3, 'x')).status).toBe(404);
    await save(user, id, 0, 'mine');
    expect((await save(other, id, 1, 'stolen')).status).toBe(404);
    expect((await save(other, id, 0, 'theirs')).status).toBe(200);
    expect((await other.send('DELETE', `/api/v1/me/drafts/${id}`)).status).toBe(204);
    expect((await user.send<Draft>('GET', `/api/v1/me/drafts/${id}`)).body.content.instruction).toBe('mine');
  });
  it('400 for a wrong form, 401 without a session', async () => {
    expect((await user.send('PUT', `/api/v1/me/drafts/${uuid()}`, { datasetSlug: 'shapes', baseVersion: -1, content: {} })).status).toBe(
      400,
    );
    expect(
      (await world.anonymous.send('PUT', `/api/v1/me/drafts/${uuid()}`, { datasetSlug: 'shapes', baseVersion: 0, content: content('x') }))
        .status,
    ).toBe(401);
  });
  it('takes so many drafts and no more', async () => {
    const collector = await world.signIn();
    const { id: datasetId } = await world.db.prisma.dataset.findUniqueOrThrow({ where: { slug: 'shapes' } });
    await world.db.prisma.draft.createMany({
      data: Array.from({ length: limits.draftsMax }, () => ({
        id: uuid(),
        userId: collector.id,
        datasetId,
        content: content('x'),
        version: 1,
      })),
    });
    expect((await save(collector, uuid(), 0, 'one too many')).body).toMatchObject({ code: 'validation_failed', errors: [{ path: 'id' }] });
  });
});

describe('list, get and remove', () => {
  it('list mine alone, last touched first', async () => {
    const writer = await world.signIn();
    const [one, two] = [uuid(), uuid()];
    await save(writer, one, 0, 'one');
    await save(writer, two, 0, 'two');
    await save(writer, one, 1, 'one again');
    const { body } = await writer.send<{ items: Draft[] }>('GET', '/api/v1/me/drafts');
    expect(body.items.map(({ id }) => id)).toEqual([one, two]);
    expect((await world.anonymous.send('GET', '/api/v1/me/drafts')).status).toBe(401);
  });
  it('throws away mine alone', async () => {
    const id = uuid();
    await save(user, id, 0, 'x');
    expect((await other.send('GET', `/api/v1/me/drafts/${id}`)).status).toBe(404);
    expect((await other.send('DELETE', `/api/v1/me/drafts/${id}`)).status).toBe(404);
    expect((await world.anonymous.send('DELETE', `/api/v1/me/drafts/${id}`)).status).toBe(401);
    expect((await user.send('DELETE', `/api/v1/me/drafts/${id}`)).status).toBe(204);
    expect((await user.send('DELETE', `/api/v1/me/drafts/${id}`)).status).toBe(404);
    expect((await user.send('GET', '/api/v1/me/drafts/not-an-id')).status).toBe(400);
  });
});
