import type { AdaptivePolicy } from '@granary/contract';

/**
 * What a dataset begins with: verdicts are weighed, and two people have to agree of whom one is proven. To turn somebody's work down, two strangers are not enough: the
 * thresholds let two unknown people approve, and ask for a third to reject. In the simulated crowd of `npm run bench -- consensus` it
 * errs less than a majority of seven.
 */
export const defaultAdaptivePolicy: AdaptivePolicy = {
  kind: 'adaptive',
  approveAt: 0.88,
  rejectAt: 0.95,
  changesAt: 0.9,
  minReviews: 2,
  maxReviews: 9,
  expectedApproval: 0.7,
  openReview: true,
  floor: 'proven_pair',
};
