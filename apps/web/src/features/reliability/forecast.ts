import type { EndpointOutput, ReviewPolicy, endpoints } from '@granary/contract';
import { expectedShares, reliabilityOf, simulateReviews, type CrowdMember, type Shares, type SimulationResult } from '@granary/domain';

/** Those who review a dataset now, and how much of what is handed in deserves approval. */
export type Crowd = EndpointOutput<(typeof endpoints)['reliability']['crowd']>;
export type Forecast = { key: string; policy: ReviewPolicy; result: SimulationResult };

const entries = 1_500;
const seed = 20_260_101;
/** Reviewers who are assumed where nobody has proved anything yet. */
export const assumedReviewers = 12;
const usualApproval = 0.7;

/** Policies to hold a choice against: from quick to careful, counted and weighed. */
export function alternatives({ openReview }: ReviewPolicy): { key: string; policy: ReviewPolicy }[] {
  const weighed = [0.8, 0.9, 0.95, 0.98].map((sure) => ({
    key: `adaptive ${sure}`,
    policy: {
      kind: 'adaptive' as const,
      approveAt: sure,
      rejectAt: sure,
      changesAt: sure,
      minReviews: 2,
      maxReviews: 9,
      expectedApproval: usualApproval,
      openReview,
    },
  }));
  const counted = [1, 2, 3, 4].map((agree) => ({
    key: `fixed ${agree}`,
    policy: { kind: 'fixed' as const, approvals: agree, rejections: agree, changeRequests: agree, maxReviews: agree * 3 - 2, openReview },
  }));
  return [...weighed, ...counted];
}

/** What a policy would cost and err with these people. Deterministic, and the same draw of entries for every policy. */
export function forecast(policy: ReviewPolicy, crowd: Crowd): SimulationResult {
  return simulateReviews({ policy, crowd: membersOf(crowd), shares: sharesOf(crowd), entries, seed });
}

function membersOf({ reviewers }: Crowd): CrowdMember[] {
  if (reviewers.length === 0)
    return Array.from({ length: assumedReviewers }, () => ({ reliability: reliabilityOf([]), activity: 1, counts: [] }));
  return reviewers.map(({ counts, reviews }) => ({ reliability: reliabilityOf(counts), activity: reviews, counts }));
}

const sharesOf = ({ approvalShare }: Crowd): Shares => expectedShares(Math.min(0.98, Math.max(0.02, approvalShare ?? usualApproval)));
