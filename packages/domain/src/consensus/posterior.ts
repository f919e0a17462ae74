import { verdicts } from '@granary/contract';
import type { Evidence } from './reliability.ts';

/** Probability of each outcome, in the order of `verdicts`. */
export type Shares = readonly number[];

/** How outcomes are expected to fall before anybody has looked: what is not to be approved is as likely rejected as sent back. */
export function expectedShares(expectedApproval: number): Shares {
  const rest = (1 - expectedApproval) / (verdicts.length - 1);
  return verdicts.map((verdict) => (verdict === 'approve' ? expectedApproval : rest));
}

/** Bayes' rule over independent verdicts; does not depend on their order. With no evidence, what was expected. */
export function posteriorOf(expected: Shares, evidence: readonly Evidence[]): Shares {
  // Sorted, because sums of the same numbers in another order differ in their last digits.
  const logs = expected.map((share, outcome) => {
    const parts = evidence.map((likelihoods) => Math.log(Math.max(likelihoods[outcome] ?? 0, Number.MIN_VALUE)));
    return parts.toSorted((one, other) => one - other).reduce((sum, part) => sum + part, Math.log(share));
  });
  const most = Math.max(...logs);
  const weights = logs.map((log) => Math.exp(log - most));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
