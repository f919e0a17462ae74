import { verdicts, type ReviewPolicy, type Verdict } from '@granary/contract';
import { seededRandom } from '../seeded-random.ts';
import { consensus, posterior, wantsProven, type Opinion, type Outcome } from './consensus.ts';
import { lessonsOf } from './lessons.ts';
import type { Shares } from './posterior.ts';
import { isProven } from './proven.ts';
import { evidenceOf, reliabilityOf, withVerdict, type Reliability, type VerdictCounts } from './reliability.ts';

/** Somebody who reviews: how their verdicts really fall, how busy they are beside others, and what is known of them at the beginning. */
export type CrowdMember = { reliability: Reliability; activity: number; counts: VerdictCounts };

export type Simulation = {
  policy: ReviewPolicy;
  crowd: readonly CrowdMember[];
  /** How outcomes really fall. */
  shares: Shares;
  entries: number;
  seed: number;
};

export type SimulationResult = {
  reviewsPerEntry: number;
  /** Share of the entries that the reviews decided wrongly; one that went to a moderator counts as what its reviews made most probable. */
  errorRate: number;
  /** Share that went to a moderator. */
  escalated: number;
  /** Share of good entries that were not approved, and of others that were. */
  wronglyTurnedDown: number;
  wronglyApproved: number;
};

/**
 * Plays a crowd through entries one after the other under a policy, learning about each reviewer from what the others said, as
 * the real desk does. The same arguments give the same result.
 */
export function simulateReviews({ policy, crowd, shares, entries, seed }: Simulation): SimulationResult {
  const random = seededRandom(seed);
  const known = crowd.map(({ counts }) => counts);
  const total = { reviews: 0, wrong: 0, escalated: 0, good: 0, turnedDown: 0, bad: 0, approved: 0 };
  for (let entry = 0; entry < entries; entry += 1) {
    const truth = draw(shares, random());
    const { opinions, members, outcome } = review(policy, crowd, known, truth, random);
    const decided = outcome === 'escalate' || outcome === 'undecided' ? mostProbable(posterior(policy, opinions)) : outcome;
    learn(policy, known, opinions, members);
    total.reviews += opinions.length;
    total.wrong += Number(decided !== truth);
    total.escalated += Number(outcome === 'escalate' || outcome === 'undecided');
    if (truth === 'approve') {
      total.good += 1;
      total.turnedDown += Number(decided !== 'approve');
    } else {
      total.bad += 1;
      total.approved += Number(decided === 'approve');
    }
  }
  return {
    reviewsPerEntry: total.reviews / entries,
    errorRate: total.wrong / entries,
    escalated: total.escalated / entries,
    wronglyTurnedDown: total.good === 0 ? 0 : total.turnedDown / total.good,
    wronglyApproved: total.bad === 0 ? 0 : total.approved / total.bad,
  };
}

function draw(shares: readonly number[], at: number): Verdict {
  let sum = 0;
  for (const [index, verdict] of verdicts.entries()) {
    sum += shares[index] ?? 0;
    if (at < sum) return verdict;
  }
  return verdicts[verdicts.length - 1] as Verdict;
}

const mostProbable = (probable: Shares): Verdict => verdicts[probable.indexOf(Math.max(...probable))] as Verdict;

/** People come one after the other, busy ones more often, nobody twice, until it is decided or nobody is left. */
function review(
  policy: ReviewPolicy,
  crowd: readonly CrowdMember[],
  known: readonly VerdictCounts[],
  truth: Verdict,
  random: () => number,
): { opinions: Opinion[]; members: number[]; outcome: Outcome } {
  const opinions: Opinion[] = [];
  const members: number[] = [];
  let outcome = consensus(policy, opinions);
  while (outcome === 'undecided' && members.length < crowd.length) {
    const strangers = wantsProven(policy, opinions) ? crowd.flatMap((_, index) => (proven(known[index]) ? [] : [index])) : [];
    // Where nobody is proven, whoever comes looks: a moderator decides in the end.
    const kept = strangers.length + members.length < crowd.length ? strangers : [];
    const member = pickMember(crowd, [...members, ...kept], random);
    const row = verdicts.indexOf(truth) * verdicts.length;
    const verdict = draw((crowd[member] as CrowdMember).reliability.slice(row, row + verdicts.length), random());
    members.push(member);
    opinions.push({
      reviewerId: String(member),
      verdict,
      evidence: evidenceOf(reliabilityOf(known[member] ?? []), verdict),
      proven: proven(known[member]),
    });
    outcome = consensus(policy, opinions);
  }
  return { opinions, members, outcome };
}

const proven = (counts: VerdictCounts = []): boolean =>
  isProven({ role: 'contributor', qualified: false, knownVerdicts: Math.round(counts.reduce((sum, count) => sum + count, 0)) });

function pickMember(crowd: readonly CrowdMember[], taken: readonly number[], random: () => number): number {
  const weight = (member: CrowdMember, index: number) => (taken.includes(index) ? 0 : member.activity);
  let at = random() * crowd.reduce((sum, member, index) => sum + weight(member, index), 0);
  const found = crowd.findIndex((member, index) => {
    at -= weight(member, index);
    return at < 0;
  });
  // Rounding can leave a last crumb: it is the last free one's.
  return found >= 0 ? found : crowd.findLastIndex((_, index) => !taken.includes(index));
}

/** What each verdict tells of who gave it, judged by the others' verdicts alone. */
function learn(policy: ReviewPolicy, known: VerdictCounts[], opinions: readonly Opinion[], members: readonly number[]): void {
  for (const [index, { verdict, truth }] of lessonsOf(policy, opinions).entries()) {
    const member = members[index] as number;
    known[member] = withVerdict(known[member] ?? [], truth, verdict);
  }
}
