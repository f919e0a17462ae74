import { verdicts, type Dataset } from '@granary/contract';
import { consensus, defaultAdaptivePolicy, type Opinion } from '@granary/domain';
import { afterEach, describe, expect, it } from 'vitest';
import { createCommunity, pairOf, type Community } from '../../testing-community.ts';
import type { TestUser } from '../../testing.ts';

let world: Community;
afterEach(() => world.close());

const approve = { verdict: 'approve' };
const reject = { verdict: 'reject', reason: 'incorrect' };
const certain = (verdict: (typeof verdicts)[number]) => verdicts.map((each) => Number(each === verdict));
let pairs = 0;

async function handIn(author: TestUser) {
  pairs += 1;
  return (await world.handIn(author, pairOf(pairs))).entry;
}

/** Each reviewer takes the next task and says this; gives the last answer's status. */
async function review(said: [TestUser, Record<string, unknown>][]): Promise<{ status: string; reviewId: string }> {
  let last = { status: '', reviewId: '' };
  for (const [reviewer, verdict] of said) {
    const task = await world.next(reviewer);
    expect(task).not.toBe(null);
    const reply = await world.review(reviewer, task?.id ?? '', verdict);
    expect(reply.status).toBe(201);
    last = reply.body;
  }
  return last;
}
const skillOf = (user: TestUser) => world.db.prisma.reviewerSkill.findFirst({ where: { userId: user.id } });

describe('an adaptive policy', () => {
  it('decides when it is sure enough, and tells how sure it was and by which policy', async () => {
    world = await createCommunity(defaultAdaptivePolicy);
    const [one, two] = [await world.signIn(), await world.signIn()];
    const entry = await handIn(await world.author());
    expect((await review([[one, approve]])).status).toBe('in_review');
    expect((await review([[two, approve]])).status).toBe('approved');
    const revision = await world.db.prisma.revision.findFirstOrThrow({ where: { entryId: entry.id } });
    expect(revision.policyVersion).toBe(1);
    expect(revision.posterior[0]).toBeGreaterThan(defaultAdaptivePolicy.approveAt);
    expect(revision.posterior.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
  });

  it('wants a third reader before two strangers turn somebody down, and a moderator where nobody agrees', async () => {
    world = await createCommunity({ ...defaultAdaptivePolicy, maxReviews: 3 });
    const [one, two, three] = [await world.signIn(), await world.signIn(), await world.signIn()];
    const author = await world.author();
    await handIn(author);
    expect(
      (
        await review([
          [one, reject],
          [two, reject],
        ])
      ).status,
    ).toBe('in_review');
    expect((await review([[three, reject]])).status).toBe('rejected');
    const disputed = await handIn(author);
    await review([
      [one, reject],
      [two, approve],
      [three, { verdict: 'request_changes', note: 'Say which polygon.' }],
    ]);
    expect(await world.db.prisma.entry.count({ where: { id: disputed.id, escalatedAt: { not: null } } })).toBe(1);
  });

  it('learns from decisions whom to trust: who always rejects soon weighs next to nothing', async () => {
    // Two strangers outvote a third.
    world = await createCommunity({ ...defaultAdaptivePolicy, approveAt: 0.95 });
    const [one, two, sour] = [await world.signIn(), await world.signIn(), await world.signIn()];
    const author = await world.author();
    for (let round = 0; round < 4; round += 1) {
      await handIn(author);
      const outcome = await review([
        [sour, reject],
        [one, approve],
        [two, approve],
      ]);
      expect(outcome.status).toBe('approved');
    }
    const [first, ...later] = await world.db.prisma.review.findMany({
      where: { reviewerId: sour.id, entry: { role: 'response' } },
      orderBy: { createdAt: 'asc' },
    });
    const weight = (evidence: readonly number[] | undefined) => (evidence?.[1] ?? 0) / (evidence?.[0] ?? 1);
    expect(weight(first?.evidence)).toBeCloseTo(0.786 / 0.107, 6);
    expect(weight(later.at(-1)?.evidence)).toBeLessThan(2);
    expect(await skillOf(sour)).toMatchObject({ reviews: 4 });
  });

  it('takes back with a verdict what was learned from the decision', async () => {
    world = await createCommunity(defaultAdaptivePolicy);
    const [one, two] = [await world.signIn(), await world.signIn()];
    const entry = await handIn(await world.author());
    const { reviewId } = await review([
      [one, approve],
      [two, approve],
    ]);
    expect((await skillOf(one))?.counts.reduce((sum, count) => sum + count, 0)).toBeCloseTo(1, 9);
    expect((await two.send('DELETE', `/api/v1/reviews/${reviewId}`)).status).toBe(200);
    for (const reviewer of [one, two])
      expect(await skillOf(reviewer)).toMatchObject({ reviews: 0, counts: Array.from({ length: 9 }, () => 0) });
    const revision = await world.db.prisma.revision.findFirstOrThrow({ where: { entryId: entry.id } });
    expect([revision.posterior, revision.policyVersion]).toEqual([[], null]);
  });

  it('holds what a moderator decides for certain', async () => {
    world = await createCommunity({ ...defaultAdaptivePolicy, maxReviews: 2 });
    const [right, wrong] = [await world.signIn(), await world.signIn()];
    const entry = await handIn(await world.author());
    await review([
      [right, reject],
      [wrong, approve],
    ]);
    const moderator = await world.signIn('moderator');
    const decision = { verdict: 'reject', reason: 'A polygon has as many corners as sides.' };
    expect((await moderator.send('POST', `/api/v1/entries/${entry.id}/moderation/decision`, decision)).status).toBe(200);
    const learned = await world.db.prisma.review.findMany({ where: { entryId: entry.id }, select: { learned: true } });
    expect(learned.map((row) => row.learned)).toEqual([certain('reject'), certain('reject')]);
    expect((await skillOf(right))?.counts).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0]);
    expect((await skillOf(wrong))?.counts).toEqual([0, 0, 0, 1, 0, 0, 0, 0, 0]);
  });

  it('can be reckoned again from the log, to the same decisions', async () => {
    world = await createCommunity(defaultAdaptivePolicy);
    const reviewers = await Promise.all(Array.from({ length: 5 }, () => world.signIn()));
    const author = await world.author();
    const said = [
      [approve, approve],
      [reject, approve, approve, approve],
      [reject, reject, reject],
      [approve, reject, reject, reject, reject],
    ];
    for (const verdictsOnOne of said) {
      await handIn(author);
      for (const [index, verdict] of verdictsOnOne.entries()) {
        const task = await world.next(reviewers[index]!);
        if (task !== null) await world.review(reviewers[index]!, task.id, verdict);
      }
    }
    const events = await world.db.prisma.event.findMany({ where: { kind: { startsWith: 'entry_' } }, orderBy: { position: 'asc' } });
    const opinions = new Map<string, Opinion[]>();
    const reckoned: [string | null, string][] = [];
    const decided: [string | null, string][] = [];
    for (const { kind, entryId, actorId, payload } of events) {
      const told = payload as { verdict?: (typeof verdicts)[number]; evidence?: number[]; proven?: boolean; to: string };
      if (kind === 'entry_reviewed' && told.verdict && told.evidence) {
        const own = [
          ...(opinions.get(entryId ?? '') ?? []),
          { reviewerId: actorId ?? '', verdict: told.verdict, evidence: told.evidence, proven: told.proven ?? false },
        ];
        opinions.set(entryId ?? '', own);
        const outcome = consensus({ ...defaultAdaptivePolicy, floor: 'none' }, own);
        if (outcome !== 'undecided') reckoned.push([entryId, outcome]);
      } else if (/_(approved|rejected|changes_requested)$/.test(kind)) {
        decided.push([entryId, { approved: 'approve', rejected: 'reject', changes_requested: 'request_changes' }[told.to] ?? '']);
      }
    }
    expect(decided.length).toBeGreaterThanOrEqual(6);
    expect(reckoned).toEqual(decided);
  });
});

describe('a change of policy', () => {
  it('is a new version, decides nothing anew, and is refused when it makes no sense', async () => {
    world = await createCommunity({ approvals: 2 });
    const admin = world.admin;
    await handIn(await world.author());
    await review([[await world.signIn(), approve]]);
    const { version } = (await admin.send<Dataset>('GET', '/api/v1/datasets/shapes')).body;
    const change = (policy: object, ifMatch: number) =>
      admin.send<{ version: number; errors: { path: string }[] }>(
        'PATCH',
        '/api/v1/datasets/shapes',
        { policy },
        { 'if-match': `"${ifMatch}"` },
      );
    const refused = await change({ ...defaultAdaptivePolicy, minReviews: 9, maxReviews: 3 }, version);
    expect([refused.status, refused.body.errors[0]?.path]).toEqual([400, 'policy.minReviews']);
    const easier = { kind: 'fixed', approvals: 1, rejections: 1, changeRequests: 1, maxReviews: 5, openReview: true, floor: 'none' };
    const changed = await change(easier, version);
    expect(changed.status).toBe(200);
    expect((await change(easier, changed.body.version)).status).toBe(200);
    expect(await world.db.prisma.entry.count({ where: { status: 'in_review' } })).toBe(2);
    const kept = await world.db.prisma.policyVersion.findMany({ where: { dataset: { slug: 'shapes' } }, orderBy: { version: 'asc' } });
    expect(kept.map((row) => [row.version, (row.policy as { approvals: number }).approvals, row.createdById])).toEqual([
      [1, 2, admin.id],
      [2, 1, admin.id],
    ]);
  });
});
