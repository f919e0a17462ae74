import { afterAll, beforeAll, expect, test } from 'vitest';
import { sweep } from '../jobs/sweeper.ts';
import { createServices } from '../services.ts';
import { createCommunity, pairOf, type Community } from '../testing-community.ts';

const hour = 3_600_000;
let offset = 0;
let t: Community;

beforeAll(async () => {
  t = await createCommunity({ approvals: 1 }, { clock: () => new Date(Date.now() + offset), env: { RATE_LIMIT_FACTOR: '1' } });
}, 300_000);
afterAll(() => t.close());

test.each([
  ['forwards', hour],
  ['backwards', -hour],
])(
  'the clock jumps an hour %s while a review is under way',
  async (_, jump) => {
    offset = 0;
    const author = await t.author();
    const [first, second] = [await t.signIn('reviewer'), await t.signIn('reviewer')];
    const { entry } = await t.handIn(author, pairOf(Math.abs(jump) / hour + (jump > 0 ? 100 : 200)));
    const task = await t.next(first);
    expect(task?.entry.id).toBe(entry.id);
    offset = jump;

    // Ahead, the lease is over and the seat somebody else's; back, it still belongs to its holder.
    const taken = await t.next(second);
    expect(taken?.entry.id).toBe(jump > 0 ? entry.id : undefined);
    const verdict = { verdict: 'approve', ratings: { helpfulness: 5 } };
    const replies = await Promise.all([t.review(first, task?.id ?? '', verdict), taken ? t.review(second, taken.id, verdict) : null]);
    const statuses = replies.map((reply) => reply?.status ?? null);
    expect(statuses.filter((status) => status !== null && status >= 500)).toEqual([]);
    // One verdict was wanted, and one counts.
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(await t.db.prisma.review.count({ where: { revision: { entryId: entry.id } } })).toBe(1);
    expect(await t.statusOf(entry.id)).toBe('approved');
    offset = 0;
  },
  300_000,
);

test.each([
  ['forwards', hour],
  ['backwards', -hour],
])(
  'the clock jumps an hour %s, and sessions, keys and limits stay what they are',
  async (_, jump) => {
    offset = 0;
    const author = await t.author();
    const key = { 'idempotency-key': `clock-${jump}` };
    const submit = () => author.send('POST', '/api/v1/datasets/shapes/entries', pairOf(300 + jump / hour), key);
    const before = await submit();
    expect(before.status).toBe(201);
    offset = jump;
    expect((await author.send('GET', '/api/v1/me/sessions')).status).toBe(200);
    await sweep(t.db, new Date(Date.now() + offset));
    expect(await submit()).toMatchObject({ status: 201, body: before.body, headers: { 'idempotent-replayed': 'true' } });
    // The limit goes by the database's clock: a jump opens no second window and closes none. They may fall into two.
    const flagged = await Promise.all(
      Array.from({ length: 24 }, () =>
        author.send('POST', `/api/v1/entries/${crypto.randomUUID()}/flags`, { reason: 'spam', note: 'Said again.' }),
      ),
    );
    expect(flagged.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(4);
    expect(flagged.filter(({ status }) => status >= 500)).toEqual([]);
    offset = 0;
  },
  300_000,
);

test('a plan that is due publishes once, however often the clock jumps over its hour', async () => {
  offset = 0;
  const { publishing } = createServices(t.deps);
  await t.deps.jobs.start();
  const soon = new Date(Date.now() + hour);
  const plan = { mode: 'weekly', weekday: ((soon.getUTCDay() + 6) % 7) + 1, hour: soon.getUTCHours(), selection: {}, notes: '' };
  expect((await t.admin.send('PUT', '/api/v1/datasets/shapes/publishing', plan)).status).toBe(200);
  for (const jump of [hour, -hour, hour, 0, hour]) {
    offset = jump;
    await Promise.all([publishing.plans.requestDue(), publishing.plans.requestDue()]);
  }
  expect(await t.db.prisma.snapshot.count()).toBe(1);
}, 300_000);
