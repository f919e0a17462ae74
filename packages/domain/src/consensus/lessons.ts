import { verdicts, type ReviewPolicy, type Verdict } from '@granary/contract';
import { posterior, type Opinion } from './consensus.ts';
import type { Shares } from './posterior.ts';

/** Somebody's verdict, and how true each outcome is held to be without it. */
export type LearnedOpinion = { reviewerId: string; verdict: Verdict; truth: Shares };

/**
 * What a decision tells of each reviewer: judged by the others' verdicts alone, so that nobody vouches for themselves.
 * With `truth` (a moderator's decision, a calibration item) the outcome is certain.
 */
export function lessonsOf(policy: ReviewPolicy, opinions: readonly Opinion[], truth?: Verdict): LearnedOpinion[] {
  return opinions.map(({ reviewerId, verdict }, index) => ({
    reviewerId,
    verdict,
    truth: truth === undefined ? posterior(policy, opinions.toSpliced(index, 1)) : certain(truth),
  }));
}

/** An outcome that is beyond doubt, in the order of `verdicts`. */
export const certain = (outcome: Verdict): Shares => verdicts.map((verdict) => Number(verdict === outcome));

/** What a decision after an appeal tells of those whose verdicts it was against: judged by the ones that came since, or by a moderator. */
export function lessonsOfAppealed(
  policy: ReviewPolicy,
  before: readonly Opinion[],
  since: readonly Opinion[],
  truth?: Verdict,
): LearnedOpinion[] {
  const told = truth === undefined ? posterior(policy, since) : certain(truth);
  return before.map(({ reviewerId, verdict }) => ({ reviewerId, verdict, truth: told }));
}
