import type { AdaptivePolicy, FixedPolicy } from '@granary/contract';
import { describe, expect, it } from 'vitest';
import { simulateReviews, type CrowdMember } from './simulation.ts';

const shares = [0.7, 0.2, 0.1];
const perfect: CrowdMember = { reliability: [1, 0, 0, 0, 1, 0, 0, 0, 1], activity: 1, counts: [] };
const guessing: CrowdMember = { reliability: Array.from({ length: 9 }, () => 1 / 3), activity: 1, counts: [] };
const crowdOf = (...groups: [member: CrowdMember, people: number][]) =>
  groups.flatMap(([member, people]) => Array.from({ length: people }, () => member));
const fixed = (approvals: number, maxReviews: number): FixedPolicy => ({
  kind: 'fixed',
  approvals,
  rejections: approvals,
  changeRequests: approvals,
  maxReviews,
  openReview: true,
});
const adaptive: AdaptivePolicy = {
  kind: 'adaptive',
  approveAt: 0.95,
  rejectAt: 0.95,
  changesAt: 0.95,
  minReviews: 2,
  maxReviews: 9,
  expectedApproval: 0.7,
  openReview: true,
};

describe('simulateReviews', () => {
  it('finds no error in people who make none, at the least price', () => {
    const result = simulateReviews({ policy: fixed(2, 5), crowd: crowdOf([perfect, 5]), shares, entries: 300, seed: 1 });
    expect(result).toEqual({
      reviewsPerEntry: 2,
      errorRate: 0,
      escalated: 0,
      wronglyTurnedDown: 0,
      wronglyApproved: 0,
      spamApproved: null,
    });
  });

  it('is the same for the same seed, and another for another', () => {
    const play = (seed: number) =>
      simulateReviews({ policy: adaptive, crowd: crowdOf([perfect, 3], [guessing, 3]), shares, entries: 200, seed });
    expect(play(1)).toEqual(play(1));
    expect(play(2)).not.toEqual(play(1));
  });

  it('learns whom to trust: guessing reviewers cost reviews, not errors', () => {
    const crowd = crowdOf([perfect, 12], [guessing, 4]);
    const weighing = simulateReviews({ policy: adaptive, crowd, shares, entries: 2_000, seed: 3 });
    const counting = simulateReviews({ policy: fixed(2, 5), crowd, shares, entries: 2_000, seed: 3 });
    expect(weighing.errorRate).toBeLessThan(counting.errorRate / 2);
    expect(weighing.reviewsPerEntry).toBeLessThan(3.3);
  });

  it('a crowd that is too small to decide leaves the rest to a moderator', () => {
    const result = simulateReviews({ policy: adaptive, crowd: crowdOf([perfect, 1]), shares, entries: 50, seed: 1 });
    expect(result).toMatchObject({ reviewsPerEntry: 1, escalated: 1 });
  });
});
