import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../testing.ts';

let test: TestApp;
beforeAll(async () => {
  test = await createTestApp();
});
afterAll(() => test.close());

const reason = 'Copied from a site whose terms forbid it.';
type Listed = { items: { id: string; displayName: string }[]; nextCursor: string | null };

async function dataset(slug: string) {
  const made = await test.db.prisma.dataset.create({
    data: {
      slug,
      title: slug,
      description: '',
      licence: 'CC0-1.0',
      guidelines: '',
      terms: '',
      languages: ['en'],
      dimensions: [],
      policy: {},
    },
  });
  const category = await test.db.prisma.category.create({
    data: { datasetId: made.id, slug: 'open_qa', title: 'Open QA', guideline: '', targetCount: 10, position: 0 },
  });
  return { id: made.id, categoryId: category.id };
}

async function entry(authorId: string, status: 'approved' | 'rejected' | 'in_review', where: { id: string; categoryId: string }) {
  const id = crypto.randomUUID();
  const revisionId = crypto.randomUUID();
  await test.db.prisma.entry.create({
    data: {
      id,
      rootId: id,
      datasetId: where.id,
      categoryId: where.categoryId,
      role: 'instruction',
      depth: 0,
      authorId,
      language: 'en',
      status,
      currentRevisionId: revisionId,
      licence: 'CC0-1.0',
      revisions: { create: { id: revisionId, number: 1, text: 'What is a granary?' } },
    },
  });
  return { id, revisionId };
}

describe('GET /users', () => {
  it('200: counts what each user did', async () => {
    const [moderator, author, reviewer] = [await test.signIn('moderator'), await test.signIn(), await test.signIn('reviewer')];
    const where = await dataset('counted');
    const approved = await entry(author.id, 'approved', where);
    await entry(author.id, 'approved', where);
    await entry(author.id, 'rejected', where);
    await entry(author.id, 'in_review', where);
    await test.db.prisma.review.create({
      data: { entryId: approved.id, revisionId: approved.revisionId, reviewerId: reviewer.id, verdict: 'approve' },
    });
    await test.db.prisma.flag.createMany({
      data: [
        { entryId: approved.id, reporterId: reviewer.id, reason: 'copied' },
        { entryId: approved.id, reporterId: moderator.id, reason: 'spam', status: 'dismissed' },
      ],
    });
    const one = await moderator.send('GET', `/api/v1/users/${author.id}`);
    expect(one).toMatchObject({
      status: 200,
      body: { entries: 4, approved: 2, rejected: 1, reviews: 0, openFlags: 1, role: 'contributor' },
    });
    expect(one.text).not.toContain('@example.org');
    expect(await moderator.send('GET', `/api/v1/users/${reviewer.id}`)).toMatchObject({ body: { entries: 0, reviews: 1, openFlags: 0 } });
    const listed = (await moderator.send<Listed>('GET', '/api/v1/users?limit=100')).body;
    expect(listed.items.find((user) => user.id === author.id)).toEqual(one.body);
  });

  it('200: pages newest first, each user once', async () => {
    const moderator = await test.signIn('moderator');
    for (let n = 0; n < 5; n += 1) await test.signIn();
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Listed = (await moderator.send<Listed>('GET', `/api/v1/users?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`)).body;
      seen.push(...page.items.map((user) => user.id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    const all = await test.db.prisma.user.findMany({ orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], select: { id: true } });
    expect(seen).toEqual(all.map((user) => user.id));
  });

  it('200: finds by part of the name in any case, by role and by status; signs of a pattern are ordinary', async () => {
    const moderator = await test.signIn('moderator');
    const user = await test.signIn('reviewer');
    await test.db.prisma.user.update({
      where: { id: user.id },
      data: { displayName: 'Straße_7', displayNameKey: 'strasse_7', status: 'suspended' },
    });
    const names = async (query: string) =>
      (await moderator.send<Listed>('GET', `/api/v1/users?${query}`)).body.items.map((found) => found.displayName);
    expect(await names(`q=${encodeURIComponent('STRASSE')}`)).toEqual(['Straße_7']);
    expect(await names(`q=${encodeURIComponent('e_7')}`)).toEqual(['Straße_7']);
    expect(await names('q=%25')).toEqual([]);
    expect(await names('role=reviewer&status=suspended')).toEqual(['Straße_7']);
  });

  it('404 for nobody', async () => {
    const moderator = await test.signIn('moderator');
    expect(await moderator.send('GET', `/api/v1/users/${crypto.randomUUID()}`)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });
});

describe('suspension', () => {
  it('ends sessions and tokens at once, is written to the log, and can be lifted', async () => {
    const [moderator, user] = [await test.signIn('moderator'), await test.signIn()];
    const { token } = (await user.send<{ token: string }>('POST', '/api/v1/me/tokens', { name: 'script', scopes: ['read'] })).body;
    const suspended = await moderator.send('POST', `/api/v1/users/${user.id}/suspend`, { reason });
    expect(suspended).toMatchObject({ status: 200, body: { status: 'suspended', suspendedReason: reason } });
    expect(await user.send('GET', '/api/v1/me/tokens')).toMatchObject({ status: 401, body: { code: 'session_revoked' } });
    expect(await test.anonymous.send('GET', '/api/v1/session', undefined, { authorization: `Bearer ${token}` })).toMatchObject({
      status: 401,
    });
    expect(await moderator.send('POST', `/api/v1/users/${user.id}/suspend`, { reason })).toMatchObject({
      status: 409,
      body: { code: 'status_conflict' },
    });
    const lifted = await moderator.send('POST', `/api/v1/users/${user.id}/reinstate`, { reason: 'A mistake.' });
    expect(lifted).toMatchObject({ status: 200, body: { status: 'active', suspendedReason: null } });
    expect(await moderator.send('POST', `/api/v1/users/${user.id}/reinstate`, { reason })).toMatchObject({ status: 409 });
    const log = (await moderator.send<{ items: unknown[] }>('GET', `/api/v1/events?user=${user.id}`)).body;
    expect(log.items).toMatchObject([
      { kind: 'user_reinstated', actor: { id: moderator.id }, user: { id: user.id }, payload: { reason: 'A mistake.' } },
      { kind: 'user_suspended', actor: { id: moderator.id }, user: { id: user.id }, payload: { reason } },
    ]);
  });

  it.each([
    ['moderator', 'moderator'],
    ['moderator', 'admin'],
  ] as const)('403: a %s does not suspend a %s', async (role, targetRole) => {
    const [actor, target] = [await test.signIn(role), await test.signIn(targetRole)];
    expect(await actor.send('POST', `/api/v1/users/${target.id}/suspend`, { reason })).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    });
  });

  it('403 for oneself, 404 for nobody, 400 without a reason', async () => {
    const admin = await test.signIn('admin');
    expect(await admin.send('POST', `/api/v1/users/${admin.id}/suspend`, { reason })).toMatchObject({ status: 403 });
    expect(await admin.send('POST', `/api/v1/users/${crypto.randomUUID()}/suspend`, { reason })).toMatchObject({ status: 404 });
    expect(await admin.send('POST', `/api/v1/users/${admin.id}/suspend`, { reason: ' ' })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'reason' }] },
    });
  });

  it('409: of two at once, one counts', async () => {
    const [one, two, user] = [await test.signIn('moderator'), await test.signIn('admin'), await test.signIn()];
    const replies = await Promise.all([one, two].map((actor) => actor.send('POST', `/api/v1/users/${user.id}/suspend`, { reason })));
    expect(replies.map((reply) => reply.status).sort()).toEqual([200, 409]);
    expect(await test.db.prisma.event.count({ where: { userId: user.id, kind: 'user_suspended' } })).toBe(1);
  });
});

describe('PUT /users/:id/role', () => {
  const give = (actor: Awaited<ReturnType<TestApp['signIn']>>, id: string, role: string) =>
    actor.send('PUT', `/api/v1/users/${id}/role`, { role, reason });

  it('200: works with the next request and is written to the log', async () => {
    const [admin, user] = [await test.signIn('admin'), await test.signIn()];
    expect(await user.send('GET', '/api/v1/users')).toMatchObject({ status: 403 });
    expect(await give(admin, user.id, 'moderator')).toMatchObject({ status: 200, body: { role: 'moderator' } });
    expect(await user.send('GET', '/api/v1/users')).toMatchObject({ status: 200 });
    expect(await give(admin, user.id, 'moderator')).toMatchObject({ status: 200 });
    const log = (await admin.send<{ items: unknown[] }>('GET', `/api/v1/events?user=${user.id}&kind=role_changed`)).body;
    expect(log.items).toMatchObject([{ payload: { from: 'contributor', to: 'moderator', reason } }]);
  });

  it('403: moderators give roles below their own, to users below their own', async () => {
    const [moderator, user, peer] = [await test.signIn('moderator'), await test.signIn(), await test.signIn('moderator')];
    expect(await give(moderator, user.id, 'reviewer')).toMatchObject({ status: 200 });
    expect(await give(moderator, user.id, 'moderator')).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(await give(moderator, peer.id, 'contributor')).toMatchObject({ status: 403 });
    expect(await give(moderator, moderator.id, 'contributor')).toMatchObject({ status: 403 });
  });

  it('the last admin stays: of two who take the role from each other at once, one succeeds', async () => {
    await test.db.prisma.user.updateMany({ where: { role: 'admin' }, data: { role: 'contributor' } });
    for (let round = 0; round < 5; round += 1) {
      const [one, two] = [await test.signIn('admin'), await test.signIn('admin')];
      const replies = await Promise.all([give(one, two.id, 'contributor'), give(two, one.id, 'contributor')]);
      expect(replies.map((reply) => reply.status).sort()).toEqual([200, 403]);
      expect(await test.db.prisma.user.count({ where: { role: 'admin' } })).toBe(1);
      await test.db.prisma.user.updateMany({ where: { role: 'admin' }, data: { role: 'contributor' } });
    }
  });
});
