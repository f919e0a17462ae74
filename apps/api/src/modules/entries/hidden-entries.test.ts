import type { Endpoint } from '@granary/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listEndpoints } from '../../openapi/document.ts';
import { createCommunity, pairOf, type Community } from '../../testing-community.ts';
import type { TestUser } from '../../testing.ts';

/** Bodies that get past validation, where the contract gives no example. */
const bodies: Record<string, object> = {
  'comparisons.answer': { answer: 'left', left: crypto.randomUUID() },
  'ratings.rate': { ratings: { helpfulness: 4 } },
  'entries.acceptProposal': {},
};
const rows = listEndpoints().filter(({ endpoint }) => endpoint.path.includes(':id') && endpoint.kind === 'json');

let world: Community;
let stranger: TestUser;
/** What exists but is nobody's business: entries by their status, and things of another person's. */
const hidden: [what: string, id: string][] = [];

beforeAll(async () => {
  world = await createCommunity();
  stranger = await world.author();
  const author = await world.author();
  for (const [n, status] of (['in_review', 'rejected', 'changes_requested'] as const).entries()) {
    const { entry, instruction } = await world.handIn(author, pairOf(n));
    await world.db.prisma.entry.updateMany({ where: { id: { in: [entry.id, instruction?.id ?? ''] } }, data: { status } });
    hidden.push([`a response that is ${status}`, entry.id], [`an instruction that is ${status}`, instruction?.id ?? '']);
  }
  const draft = crypto.randomUUID();
  await author.send('PUT', `/api/v1/me/drafts/${draft}`, { datasetSlug: 'shapes', baseVersion: 0, content: {} });
  const token = await author.send<{ accessToken: { id: string } }>('POST', '/api/v1/me/tokens', { name: 'theirs', scopes: ['read'] });
  const task = await world.db.prisma.reviewTask.findFirstOrThrow();
  hidden.push(
    ['a draft', draft],
    ['a session', author.sessionId],
    ['an access token', token.body.accessToken.id],
    ['a review task', task.id],
  );
});
afterAll(() => world.close());

/** What a caller is told, without the address that was asked. */
async function answer(who: Pick<TestUser, 'send'>, { id: name, endpoint }: { id: string; endpoint: Endpoint }, id: string) {
  const address = endpoint.path.replace(':id', id).replace(':slug', 'shapes').replace(':number', '1');
  const body = endpoint.body === undefined ? undefined : (bodies[name] ?? endpoint.examples?.body ?? {});
  const headers: Record<string, string> = endpoint.ifMatch ? { 'if-match': '"1"' } : {};
  const reply = await who.send<Record<string, unknown>>(endpoint.method, address, body, headers);
  return { status: reply.status, cache: reply.headers['cache-control'], text: withoutTimes(reply.text).replaceAll(id, 'ID') };
}
const withoutTimes = (text: string) => text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME');

describe('what is hidden from a reader cannot be told from what is not there', () => {
  it('has something of every kind to hide', () => {
    expect(hidden.every(([, id]) => /^[\da-f-]{36}$/.test(id))).toBe(true);
    expect(hidden).toHaveLength(10);
    expect(rows.length).toBeGreaterThan(50);
  });

  it.each(rows)('$id', async (row) => {
    for (const who of [world.anonymous, stranger])
      for (const [what, id] of hidden) {
        const unknown = await answer(who, row, crypto.randomUUID());
        expect([what, await answer(who, row, id)]).toEqual([what, unknown]);
        // A body that is refused before its entry is looked for would make the comparison worthless.
        expect([400, 428, 500]).not.toContain(unknown.status);
      }
  });

  it('entries.create: as what a contribution answers or follows up', async () => {
    const hand = async (parentId: string, kind: 'response' | 'pair') => {
      const contribution =
        kind === 'response' ? { kind, language: 'en', response: { text: 'As many as it has sides, whatever they are.' } } : pairOf(40);
      const reply = await stranger.send('POST', '/api/v1/datasets/shapes/entries', { ...contribution, parentId });
      return { status: reply.status, text: reply.text.replaceAll(parentId, 'ID') };
    };
    for (const kind of ['response', 'pair'] as const) {
      const unknown = await hand(crypto.randomUUID(), kind);
      expect(unknown.status).toBe(404);
      for (const [what, id] of hidden) expect([what, await hand(id, kind)]).toEqual([what, unknown]);
    }
  });

  it('their author and moderators still find them', async () => {
    const [, id] = hidden[0] ?? ['', ''];
    expect(await world.admin.send('GET', `/api/v1/entries/${id}`)).toMatchObject({ status: 200 });
    expect(await world.admin.send('GET', `/api/v1/entries/${id}/strengths`)).toMatchObject({ status: 200, body: { items: [] } });
  });
});
