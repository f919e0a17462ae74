import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../testing.ts';
import { appendEvents } from './log.ts';

let test: TestApp;
beforeAll(async () => {
  test = await createTestApp();
});
afterAll(() => test.close());

type Log = {
  items: { position: number; kind: string; actor: { id: string } | null; user: { id: string } | null }[];
  nextCursor: string | null;
};

describe('GET /events', () => {
  it('200: of a day, events at the same moment and those that were written in another order than they happened in', async () => {
    const moderator = await test.signIn('moderator');
    const one = await test.signIn();
    for (const [kind, at] of [
      ['user_suspended', '2027-01-05T23:59:59.999Z'],
      ['user_reinstated', '2027-01-05T23:59:59.998Z'],
      ['role_changed', '2027-01-05T23:59:59.998Z'],
      ['entry_approved', '2027-01-06T00:00:00.000Z'],
    ] as const)
      await appendEvents(test.db.prisma, [{ kind, actorId: null, userId: one.id }], new Date(at));
    const kinds = async (query: string) =>
      (await moderator.send<Log>('GET', `/api/v1/events?user=${one.id}${query}`)).body.items.map(({ kind }) => kind);
    expect(await kinds('&from=2027-01-05&to=2027-01-05')).toEqual(['role_changed', 'user_reinstated', 'user_suspended']);
    expect(await kinds('&from=2027-01-06')).toEqual(['entry_approved']);
    expect(await kinds('&from=2027-01-07')).toEqual([]);
    expect(await kinds('&to=2027-01-04')).toEqual([]);
    await test.db.prisma.event.deleteMany({ where: { userId: one.id } });
  });

  it('200: newest first, in pages, of a user as actor and as subject, of a dataset, of a kind', async () => {
    const moderator = await test.signIn('moderator');
    const [one, two] = [await test.signIn(), await test.signIn()];
    const dataset = await test.db.prisma.dataset.create({
      data: {
        slug: 'logged',
        title: 'Logged',
        description: '',
        licence: 'CC0-1.0',
        guidelines: '',
        terms: '',
        languages: ['en'],
        dimensions: [],
        policy: {},
      },
    });
    const now = new Date('2026-11-23T10:00:00.000Z');
    await appendEvents(
      test.db.prisma,
      [
        { kind: 'dataset_created', actorId: one.id, datasetId: dataset.id },
        { kind: 'user_suspended', actorId: one.id, userId: two.id, payload: { reason: 'Spam.' } },
        { kind: 'role_changed', actorId: two.id, userId: two.id },
        { kind: 'user_reinstated', actorId: two.id, userId: one.id },
        { kind: 'entry_approved', actorId: null },
      ],
      now,
    );
    const read = async (query = '') => (await moderator.send<Log>('GET', `/api/v1/events${query}`)).body;
    const kinds = async (query: string) => (await read(query)).items.map((event) => event.kind);

    expect(await kinds('')).toEqual(['entry_approved', 'user_reinstated', 'role_changed', 'user_suspended', 'dataset_created']);
    expect(await kinds(`?user=${one.id}`)).toEqual(['user_reinstated', 'user_suspended', 'dataset_created']);
    expect(await kinds(`?user=${two.id}`)).toEqual(['user_reinstated', 'role_changed', 'user_suspended']);
    expect(await kinds(`?user=${two.id}&kind=role_changed`)).toEqual(['role_changed']);
    expect(await kinds('?dataset=logged')).toEqual(['dataset_created']);
    expect(await kinds(`?entry=${crypto.randomUUID()}`)).toEqual([]);
    const day = now.toISOString().slice(0, 10);
    expect(await kinds(`?user=${one.id}&from=${day}&to=${day}`)).toEqual(['user_reinstated', 'user_suspended', 'dataset_created']);
    expect(await kinds(`?from=${new Date(now.getTime() + 86_400_000).toISOString().slice(0, 10)}`)).toEqual([]);
    expect(await kinds(`?to=${new Date(now.getTime() - 86_400_000).toISOString().slice(0, 10)}`)).toEqual([]);
    expect((await read(`?user=${two.id}&kind=user_suspended`)).items).toEqual([
      {
        position: expect.any(Number) as number,
        at: now.toISOString(),
        kind: 'user_suspended',
        actor: { id: one.id, displayName: one.displayName },
        datasetSlug: null,
        entryId: null,
        entryStatus: null,
        reviewedWithId: null,
        revisionId: null,
        user: { id: two.id, displayName: two.displayName },
        payload: { reason: 'Spam.' },
      },
    ]);

    const seen: number[] = [];
    let cursor: string | null = null;
    do {
      const page: Log = await read(`?user=${two.id}&limit=1${cursor === null ? '' : `&cursor=${cursor}`}`);
      seen.push(...page.items.map((event) => event.position));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual((await read(`?user=${two.id}`)).items.map((event) => event.position));
  });

  it('400 for what is no kind and for the cursor of another list', async () => {
    const moderator = await test.signIn('moderator');
    expect(await moderator.send('GET', '/api/v1/events?kind=anything')).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    expect(await moderator.send('GET', '/api/v1/events?cursor=WyJhIl0')).toMatchObject({ status: 400, body: { code: 'cursor_invalid' } });
  });
});
