import type { ReviewPolicy } from '@granary/contract';

/**
 * The fewest approvals that can approve an entry which has so many and is not decided yet: what is told to whoever waits. Where
 * verdicts are weighed it is at least one more.
 */
export function approvalsNeeded(policy: ReviewPolicy, approvals = 0): number {
  return policy.kind === 'fixed' ? policy.approvals : Math.max(policy.minReviews, approvals + 1);
}
