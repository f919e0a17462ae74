import { defaultAdaptivePolicy } from '@granary/domain';
import { describe, expect, it } from 'vitest';
import { alternatives, forecast, type Crowd } from './forecast.ts';

/** Twelve careful reviewers and four who approve everything. */
const crowd: Crowd = {
  approvalShare: 0.6,
  reviewers: [
    ...Array.from({ length: 12 }, () => ({ counts: [57, 2, 1, 2, 17, 1, 1, 1, 18], reviews: 100 })),
    ...Array.from({ length: 4 }, () => ({ counts: [60, 0, 0, 20, 0, 0, 20, 0, 0], reviews: 100 })),
  ],
};

describe('forecast', () => {
  it('is the same for the same people and policy', () => {
    expect(forecast(defaultAdaptivePolicy, crowd)).toEqual(forecast(defaultAdaptivePolicy, crowd));
  });

  it('knows that one review is cheap and wrong, and that weighing costs less than counting four', () => {
    const played = new Map(alternatives(defaultAdaptivePolicy).map(({ key, policy }) => [key, forecast(policy, crowd)]));
    const [one, four, weighed] = [played.get('fixed 1')!, played.get('fixed 4')!, played.get('adaptive 0.95')!];
    expect(one.reviewsPerEntry).toBe(1);
    expect(weighed.errorRate).toBeLessThan(one.errorRate / 4);
    expect(weighed.reviewsPerEntry).toBeLessThan(four.reviewsPerEntry);
  });

  it('assumes ordinary people where nobody has reviewed yet', () => {
    const result = forecast(defaultAdaptivePolicy, { reviewers: [], approvalShare: null });
    expect(result.reviewsPerEntry).toBeGreaterThanOrEqual(2);
    expect(result.errorRate).toBeGreaterThan(0);
  });
});
