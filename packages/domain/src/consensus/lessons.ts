import { verdicts, type Verdict } from '@granary/contract';
import { posterior, type Opinion, type PolicyInForce } from './consensus.ts';
import type { Shares } from './posterior.ts';

/** Somebody's verdict, and how true each outcome is held to be. */
export type LearnedOpinion = { reviewerId: string; verdict: Verdict; truth: Shares };

/**
 * What a decision tells of each reviewer: by all verdicts that led to it, which are surer than those of the others alone. Nobody vouches for themselves all the
 * same: a verdict that stands alone teaches nothing. With `truth` (a moderator's decision, a calibration item) the outcome is certain.
 */
export function lessonsOf(policy: PolicyInForce, opinions: readonly Opinion[], truth?: Verdict): LearnedOpinion[] {
  if (truth === undefined && opinions.length < 2) return [];
  const told = truth === undefined ? posterior(policy, opinions) : certain(truth);
  return opinions.map(({ reviewerId, verdict }) => ({ reviewerId, verdict, truth: told }));
}

/** An outcome that is beyond doubt, in the order of `verdicts`. */
export const certain = (outcome: Verdict): Shares => verdicts.map((verdict) => Number(verdict === outcome));

/** What a decision after an appeal tells of those whose verdicts it was against: judged by the ones that came since, or by a moderator. */
export function lessonsOfAppealed(
  policy: PolicyInForce,
  before: readonly Opinion[],
  since: readonly Opinion[],
  truth?: Verdict,
): LearnedOpinion[] {
  if (truth === undefined && since.length === 0) return [];
  const told = truth === undefined ? posterior(policy, since) : certain(truth);
  return before.map(({ reviewerId, verdict }) => ({ reviewerId, verdict, truth: told }));
}
