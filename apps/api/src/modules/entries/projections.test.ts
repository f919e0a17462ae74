import type { ContributionInput, Dataset, ReviewTask } from '@granary/contract';
import { queryRows, Prisma } from '@granary/db';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createCommunity, pairOf, type Community } from '../../testing-community.ts';
import type { TestUser } from '../../testing.ts';

let world: Community;
let authors: TestUser[];
let reviewers: TestUser[];
let moderator: TestUser;
let serial = 0;
beforeAll(async () => {
  world = await createCommunity({ approvals: 1 });
  authors = [await world.author(), await world.author()];
  reviewers = [await world.signIn('reviewer'), await world.signIn('reviewer')];
  moderator = await world.signIn('moderator');
});
afterAll(() => world.close());

/** Each act picks whom and what it concerns by number, so that a history is a list of numbers. */
const acts = [
  'pair',
  'instruction',
  'answer',
  'approve',
  'approve',
  'approve',
  'reject',
  'keep',
  'changes',
  'revise',
  'retract',
  'moderate',
  'undo',
] as const;
type Act = { act: (typeof acts)[number]; pick: number };
/** Refusals are part of a history, failures are not. */
async function send<Body>(user: TestUser | undefined, ...[method, url, body, headers]: Parameters<TestUser['send']>): Promise<Body> {
  if (user === undefined) throw new Error('Nobody acts');
  const reply = await user.send<Body>(method, url, body, headers);
  if (reply.status >= 500) throw new Error(`${method} ${url}: ${reply.text}`);
  return reply.body;
}
const pickFrom = <T>(list: readonly T[], pick: number): T | undefined => list[pick % Math.max(1, list.length)];

async function handIn(pick: number, contribution: (n: number) => ContributionInput): Promise<void> {
  await send(authors[pick % 2], 'POST', '/api/v1/datasets/shapes/entries', contribution((serial += 1)));
}
async function review(pick: number, verdict: object): Promise<{ reviewer: TestUser; reviewId: string } | undefined> {
  const reviewer = reviewers[pick % 2] as TestUser;
  const { task } = await send<{ task: ReviewTask | null }>(reviewer, 'POST', '/api/v1/review-tasks/next', { dataset: 'shapes' });
  if (task === null) return undefined;
  const { reviewId } = await send<{ reviewId: string }>(reviewer, 'POST', `/api/v1/review-tasks/${task.id}/review`, verdict);
  return { reviewer, reviewId };
}
async function perform({ act, pick }: Act): Promise<void> {
  if (act === 'pair') return handIn(pick, (n) => ({ ...pairOf(n), category: n % 2 ? 'open_qa' : 'brainstorming' }) as ContributionInput);
  if (act === 'instruction')
    return handIn(pick, (n) => ({
      kind: 'instruction',
      category: 'open_qa',
      language: 'en',
      instruction: { text: `Describe shape number ${n}, please.` },
    }));
  if (act === 'approve') return void (await review(pick, { verdict: 'approve' }));
  if (act === 'reject') return void (await review(pick, { verdict: 'reject', reason: 'incorrect' }));
  if (act === 'keep') return void (await review(pick, { verdict: 'reject', reason: 'incorrect', keepInstruction: true }));
  if (act === 'changes') return void (await review(pick, { verdict: 'request_changes', note: 'Say it better.' }));
  if (act === 'undo') {
    const given = await review(pick, { verdict: 'approve' });
    return void (given && (await send(given.reviewer, 'DELETE', `/api/v1/reviews/${given.reviewId}`)));
  }
  return actOnEntry(act, pick);
}
async function actOnEntry(act: Act['act'], pick: number): Promise<void> {
  const rows = await world.db.prisma.entry.findMany({ orderBy: { id: 'asc' } });
  if (act === 'answer') {
    const asked = pickFrom(
      rows.filter(({ role, status }) => role === 'instruction' && status === 'approved'),
      pick,
    );
    if (asked)
      await handIn(pick, (n) => ({
        kind: 'response',
        parentId: asked.id,
        language: 'en',
        response: { text: `This is answer number ${n}.` },
      }));
    return;
  }
  const entry = pickFrom(rows, pick);
  if (entry === undefined) return;
  if (act === 'moderate') {
    const verb = entry.status === 'retracted' ? 'restore' : 'retract';
    return void (await send(moderator, 'POST', `/api/v1/entries/${entry.id}/moderation/${verb}`, { reason: 'For the test' }));
  }
  const author = authors.find(({ id }) => id === entry.authorId);
  if (act === 'retract') return void (await send(author, 'POST', `/api/v1/entries/${entry.id}/retract`, {}));
  const text = `Edited words number ${(serial += 1)}, as good as before.`;
  const headers = { 'if-match': `"${entry.revisionNumber}"` };
  await send(author, 'POST', `/api/v1/entries/${entry.id}/revisions`, { [entry.role]: { text } }, headers);
}

const numbers = z.object({ category: z.string(), approved: z.int(), in_review: z.int(), open_instructions: z.int() });
const kept = () =>
  queryRows(
    world.db.prisma,
    numbers,
    Prisma.sql`
      SELECT c.slug AS category, coalesce(sum(k.approved), 0)::int AS approved, coalesce(sum(k.in_review), 0)::int AS in_review, coalesce(sum(k.open_instructions), 0)::int AS open_instructions
      FROM categories c LEFT JOIN category_counts k ON k.category_id = c.id GROUP BY c.slug ORDER BY c.slug`,
  );
/** The same figures by the definition, from the entries alone. */
const counted = () =>
  queryRows(
    world.db.prisma,
    numbers,
    Prisma.sql`
      SELECT c.slug AS category,
        (SELECT count(*)::int FROM entries r JOIN entries i ON i.id = r.parent_id WHERE r.category_id = c.id AND r.role = 'response' AND r.status = 'approved' AND i.status = 'approved') AS approved,
        (SELECT count(*)::int FROM entries e WHERE e.category_id = c.id AND e.status = 'in_review' AND e.reviewed_with_id IS NULL) AS in_review,
        (SELECT count(*)::int FROM entries i WHERE i.category_id = c.id AND i.role = 'instruction' AND i.status = 'approved'
          AND NOT EXISTS (SELECT 1 FROM entries r WHERE r.parent_id = i.id AND r.role = 'response' AND r.status = 'approved')) AS open_instructions
      FROM categories c ORDER BY c.slug`,
  );
const idSchema = z.object({ id: z.string() });
const ids = async (sql: Prisma.Sql) => (await queryRows(world.db.prisma, idSchema, sql)).map(({ id }) => id);

async function expectInStep(): Promise<void> {
  expect(await kept()).toEqual(await counted());
  expect(await ids(Prisma.sql`SELECT response_id::text AS id FROM pairs ORDER BY 1`)).toEqual(
    await ids(
      Prisma.sql`SELECT r.id::text AS id FROM entries r JOIN entries i ON i.id = r.parent_id WHERE r.role = 'response' AND r.status = 'approved' AND i.status = 'approved' ORDER BY 1`,
    ),
  );
  expect(await ids(Prisma.sql`SELECT instruction_id::text AS id FROM open_instructions ORDER BY 1`)).toEqual(
    await ids(Prisma.sql`SELECT i.id::text AS id FROM entries i WHERE i.role = 'instruction' AND i.status = 'approved'
      AND NOT EXISTS (SELECT 1 FROM entries r WHERE r.parent_id = i.id AND r.role = 'response' AND r.status = 'approved') ORDER BY 1`),
  );
  // What waits has seats, or waits for a moderator; what does not wait has none.
  expect(
    await ids(Prisma.sql`
      SELECT e.id::text AS id FROM entries e
      WHERE (e.status = 'in_review' AND e.reviewed_with_id IS NULL AND e.escalated_at IS NULL)
        <> EXISTS (SELECT 1 FROM review_tasks t WHERE t.entry_id = e.id AND t.closed_at IS NULL AND t.revision_id = e.current_revision_id)`),
  ).toEqual([]);
  const { body } = await world.anonymous.send<Dataset>('GET', '/api/v1/datasets/shapes');
  expect({ approved: body.approved, inReview: body.inReview }).toEqual({
    approved: (await counted()).reduce((sum, { approved }) => sum + approved, 0),
    inReview: (await counted()).reduce((sum, { in_review: waiting }) => sum + waiting, 0),
  });
}

describe('pairs, open instructions and counts', () => {
  const history = fc.array(fc.record({ act: fc.constantFrom(...acts), pick: fc.nat(1_000) }), { minLength: 20, maxLength: 40 });

  it('stay in step with the entries through any history', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        for (const step of steps) await perform(step);
        await expectInStep();
      }),
      { numRuns: 4, endOnFailure: true },
    );
    // The histories did go somewhere.
    expect(await world.db.prisma.entry.groupBy({ by: ['status'] })).not.toHaveLength(1);
  }, 180_000);

  it('stay in step when everybody acts at once', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        await Promise.all(steps.map(perform));
        await expectInStep();
      }),
      { numRuns: 4, endOnFailure: true },
    );
    // That a pair is left at the end would be chance; that something was decided on the way is not.
    expect(await world.db.prisma.event.count({ where: { kind: { not: 'entry_submitted' } } })).toBeGreaterThan(0);
  }, 180_000);
});
