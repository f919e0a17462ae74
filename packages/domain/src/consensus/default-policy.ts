import type { AdaptivePolicy } from '@granary/contract';

/**
 * What a dataset begins with: verdicts are weighed, and two people have to agree of whom one is proven. To turn somebody's work down, two of whom nothing is known are
 * not enough: the thresholds let them approve, and ask for a third to reject. `npm run bench -- crowds` plays it against what could be reached at best.
 */
export const defaultAdaptivePolicy: AdaptivePolicy = {
  kind: 'adaptive',
  approveAt: 0.97,
  rejectAt: 0.97,
  changesAt: 0.95,
  minReviews: 2,
  maxReviews: 9,
  expectedApproval: 0.7,
  openReview: true,
  floor: 'proven_pair',
};
