import type { endpoints, EndpointOutput } from '@granary/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCommunity, pairOf, type Community } from '../../testing-community.ts';
import { createStatsService } from './service.ts';
import type { StatsRepository } from './repository.ts';

type Stats = EndpointOutput<typeof endpoints.stats.get>;
let world: Community;
beforeAll(async () => void (world = await createCommunity()));
afterAll(() => world.close());

describe('stats', () => {
  it('counts what there is, for everyone', async () => {
    const [author, reviewer] = [await world.author(), await world.signIn()];
    for (let n = 0; n < 3; n += 1) await world.handIn(author, pairOf(n));
    const task = await world.next(reviewer);
    await world.review(reviewer, task?.id ?? '', { verdict: 'approve' });
    const { status, body } = await world.anonymous.send<Stats>('GET', '/api/v1/stats');
    expect(status).toBe(200);
    // A verdict on a pair is recorded on both of its parts, and is one review.
    expect(body).toEqual({
      approved: 1,
      inReview: 2,
      contributors: 1,
      reviewsThisWeek: 1,
      approvedThisWeek: 1,
      snapshots: 0,
      languages: 1,
    });
  });

  it('reads once for many callers, again when the figures are old, and again after a failure', async () => {
    let reads = 0;
    let fail = true;
    const stats: StatsRepository = {
      async read() {
        reads += 1;
        if (fail) throw new Error('not now');
        return { approved: reads, inReview: 0, contributors: 0, reviewsThisWeek: 0, approvedThisWeek: 0, snapshots: 0, languages: 0 };
      },
    };
    let now = 0;
    const service = createStatsService({ stats, clock: () => new Date(now), freshMs: 100 });
    await expect(service.get()).rejects.toThrow('not now');
    fail = false;
    const [one, two] = await Promise.all([service.get(), service.get()]);
    expect([one.approved, two.approved]).toEqual([2, 2]);
    now = 99;
    expect((await service.get()).approved).toBe(2);
    now = 100;
    expect((await service.get()).approved).toBe(3);
  });
});
