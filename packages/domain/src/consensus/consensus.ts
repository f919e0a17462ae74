import {
  leastAgreeingWithFloor,
  verdicts,
  type AdaptivePolicy,
  type FixedPolicy,
  type ReviewPolicy,
  type Verdict,
} from '@granary/contract';
import { expectedShares, posteriorOf, type Shares } from './posterior.ts';
import { ordinaryEvidence, type Evidence } from './reliability.ts';

/** One reviewer's verdict on a revision, with what it weighed and whether they were proven when it was given. */
export type Opinion = { reviewerId: string; verdict: Verdict; evidence: Evidence; proven: boolean };
export type Outcome = Verdict | 'escalate' | 'undecided';

/** Verdicts on one revision, counted. */
export type Tally = Record<Verdict, number>;

export function tallyOf(opinions: readonly { verdict: Verdict }[]): Tally {
  const tally: Tally = { approve: 0, reject: 0, request_changes: 0 };
  for (const { verdict } of opinions) tally[verdict] += 1;
  return tally;
}

/** With a fixed policy nothing is expected beforehand but what is usual. */
const usualApproval = 0.7;

/** A policy, and how outcomes fall in its dataset as far as verdicts have shown: what is expected of the next entry. */
export type PolicyInForce = ReviewPolicy & { learnedShares?: Shares };
export type AdaptiveInForce = AdaptivePolicy & { learnedShares?: Shares };

/** A policy together with what verdicts have shown; with no shares it is as the admin set it. */
export const inForce = (policy: ReviewPolicy, learnedShares: Shares): PolicyInForce =>
  learnedShares.length === verdicts.length ? { ...policy, learnedShares } : policy;

/** How outcomes are expected to fall before verdicts have shown anything. */
export const startShares = (policy: ReviewPolicy): Shares =>
  expectedShares(policy.kind === 'adaptive' ? policy.expectedApproval : usualApproval);

/** How probable each outcome is after these verdicts, in the order of `verdicts`; under a fixed policy it is told, and decides nothing. */
export function posterior(policy: PolicyInForce, opinions: readonly Opinion[]): Shares {
  return posteriorOf(
    policy.learnedShares ?? startShares(policy),
    opinions.map(({ evidence }) => evidence),
  );
}

/**
 * What the verdicts on a revision lead to. Depends on which verdicts there are, never on their order.
 *
 * `fixed`, "k agree": the verdict that has gathered its number decides. When two have (after a change of policy), the more
 * careful one wins: reject, then request_changes, then approve.
 *
 * `adaptive`: the outcome whose posterior probability has passed its threshold decides, once `minReviews` people have looked and
 * at least two of them say so: however reliable somebody is, nobody decides alone.
 *
 * With the floor `proven_pair` two people have to agree under either, and one of them has to be proven: accounts that nobody knows decide nothing
 * among themselves.
 *
 * With `maxReviews` spent and no decision, a moderator decides.
 */
export function consensus(policy: PolicyInForce, opinions: readonly Opinion[]): Outcome {
  const outcome = policy.kind === 'fixed' ? fixedOutcome(policy, opinions) : adaptiveOutcome(policy, opinions);
  return outcome ?? (opinions.length >= policy.maxReviews ? 'escalate' : 'undecided');
}

const carefulFirst = ['reject', 'request_changes', 'approve'] as const;

function fixedOutcome(policy: FixedPolicy, opinions: readonly Opinion[]): Verdict | undefined {
  const tally = tallyOf(opinions);
  const wanted: Tally = { approve: policy.approvals, reject: policy.rejections, request_changes: policy.changeRequests };
  return carefulFirst.find((verdict) => tally[verdict] >= wanted[verdict] && isBacked(policy, opinions, verdict));
}

function adaptiveOutcome(policy: AdaptiveInForce, opinions: readonly Opinion[]): Verdict | undefined {
  if (peopleAmong(opinions) < policy.minReviews) return undefined;
  const thresholds: Tally = { approve: policy.approveAt, reject: policy.rejectAt, request_changes: policy.changesAt };
  const probable = posterior(policy, opinions);
  // Where most is good, few bad entries are left to spoil the posterior, and as many of them as ever would be waved through: approval takes no less evidence than the policy
  // asked for to begin with.
  const cautious = posteriorOf(startShares(policy), opinions.map(({ evidence }) => evidence)); // prettier-ignore
  const isSure = (verdict: Verdict, shares: Shares) => (shares[verdicts.indexOf(verdict)] ?? 0) >= thresholds[verdict];
  return carefulFirst.find(
    (verdict) => isSure(verdict, probable) && (verdict !== 'approve' || isSure(verdict, cautious)) && isBacked(policy, opinions, verdict),
  );
}

/** The least number of people who have to say the same before it is so, wherever verdicts are weighed or a floor holds. */
export const leastAgreeing = leastAgreeingWithFloor;

const peopleAmong = (opinions: readonly Opinion[]): number => new Set(opinions.map(({ reviewerId }) => reviewerId)).size;

/** Whether the people who say this may decide it together, whatever their number weighs. */
function isBacked(policy: ReviewPolicy, opinions: readonly Opinion[], verdict: Verdict): boolean {
  const agreeing = opinions.filter((opinion) => opinion.verdict === verdict);
  const floored = policy.floor === 'proven_pair';
  if ((floored || policy.kind === 'adaptive') && peopleAmong(agreeing) < leastAgreeing) return false;
  return !floored || agreeing.some(({ proven }) => proven);
}

/** Seats to keep open at once: the fewest further reviews that could decide, within what `maxReviews` leaves; 0 when decided. */
export function seatsWanted(policy: PolicyInForce, opinions: readonly Opinion[]): number {
  if (consensus(policy, opinions) !== 'undecided') return 0;
  const left = policy.maxReviews - opinions.length;
  // A fresh revision gets the seats an approval needs: most entries are approved.
  const candidates = opinions.length === 0 ? (['approve'] as const) : verdicts;
  return Math.max(1, Math.min(left, ...candidates.map((verdict) => furtherUntil(policy, opinions, verdict, true))));
}

/**
 * Whether one further review could decide, but only somebody's who is proven: that seat is kept for such people, because another stranger's verdict would be
 * one more that decides nothing.
 */
export function wantsProven(policy: PolicyInForce, opinions: readonly Opinion[]): boolean {
  if (policy.floor !== 'proven_pair' || opinions.length === 0 || seatsWanted(policy, opinions) !== 1) return false;
  const oneMore = (proven: boolean) => verdicts.some((verdict) => furtherUntil(policy, opinions, verdict, proven) === 1);
  return oneMore(true) && !oneMore(false);
}

/** How many more people saying this, of whom nothing else is known, would decide it. */
function furtherUntil(policy: PolicyInForce, opinions: readonly Opinion[], verdict: Verdict, proven: boolean): number {
  const imagined = [...opinions];
  for (let further = 0; imagined.length < policy.maxReviews;) {
    further += 1;
    imagined.push({ reviewerId: `another ${further}`, verdict, evidence: ordinaryEvidence(verdict), proven });
    if (consensus(policy, imagined) === verdict) return further;
  }
  return policy.maxReviews;
}
