import type { ReviewPolicy, Verdict } from '@granary/contract';

/** Verdicts on one revision, counted. */
export type Tally = { approve: number; reject: number; request_changes: number };
export type Outcome = Verdict | 'escalate' | 'undecided';

export function tallyOf(verdicts: readonly Verdict[]): Tally {
  const tally: Tally = { approve: 0, reject: 0, request_changes: 0 };
  for (const verdict of verdicts) tally[verdict] += 1;
  return tally;
}

const total = (tally: Tally) => tally.approve + tally.reject + tally.request_changes;

/** How many more verdicts of each kind would decide; 0 or less means that it is decided. */
function missing(policy: ReviewPolicy, tally: Tally): Record<Verdict, number> {
  return {
    approve: policy.approvals - tally.approve,
    reject: policy.rejections - tally.reject,
    request_changes: policy.changeRequests - tally.request_changes,
  };
}

/**
 * "k agree": the first verdict to gather its number decides. When two get there at once (after a change of policy), the
 * more careful one wins: reject, then request_changes, then approve. With `maxReviews` spent and no agreement, a moderator decides.
 */
export function consensus(policy: ReviewPolicy, tally: Tally): Outcome {
  const left = missing(policy, tally);
  for (const verdict of ['reject', 'request_changes', 'approve'] as const) if (left[verdict] <= 0) return verdict;
  return total(tally) >= policy.maxReviews ? 'escalate' : 'undecided';
}

/** Seats to keep open at once: the fewest further reviews that could decide, within what `maxReviews` leaves; 0 when decided. */
export function seatsWanted(policy: ReviewPolicy, tally: Tally): number {
  if (consensus(policy, tally) !== 'undecided') return 0;
  const left = missing(policy, tally);
  // A fresh revision gets the seats an approval needs: most entries are approved.
  const fewest = total(tally) === 0 ? left.approve : Math.min(left.approve, left.reject, left.request_changes);
  return Math.max(0, Math.min(fewest, policy.maxReviews - total(tally)));
}
