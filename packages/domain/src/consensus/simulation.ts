import { verdicts, type ReviewPolicy, type Verdict } from '@granary/contract';
import { seededRandom } from '../seeded-random.ts';
import { calibrationOf, type CalibrationBin, type Claim } from './calibration.ts';
import { consensus, inForce, posterior, startShares, wantsProven, type Opinion, type Outcome, type PolicyInForce } from './consensus.ts';
import type { Answers } from './dawid-skene.ts';
import { estimateCrowd } from './estimate-crowd.ts';
import { certain, lessonsOf } from './lessons.ts';
import type { Shares } from './posterior.ts';
import { isProven } from './proven.ts';
import { evidenceOf, reliabilityIn, withVerdict, type Reliability, type VerdictCounts } from './reliability.ts';

/** Somebody who reviews: how their verdicts really fall, how busy they are beside others, and what is known of them at the beginning. */
export type CrowdMember = {
  /** The same for everything, or by the category and by how many verdicts they have given before. */
  reliability: Reliability | ((category: number, given: number) => Reliability);
  activity: number;
  counts: VerdictCounts;
  /** Comes first to the spam of the ring, two at a time, and approves it. */
  ring?: boolean;
};

export type Simulation = {
  policy: ReviewPolicy;
  crowd: readonly CrowdMember[];
  /** How outcomes really fall. */
  shares: Shares;
  entries: number;
  seed: number;
  /** Categories that entries are spread over evenly; one without it. */
  categories?: number;
  /** Share of the entries that are spam of the ring: none of it deserves approval. */
  spamShare?: number;
  /** Entries between two estimates of everybody from all verdicts so far; none without it. */
  estimateEvery?: number;
  /** Knows how everybody's verdicts fall and how outcomes do, and weighs them as well as anybody could. */
  oracle?: boolean;
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
  /** Share of the ring's spam that the reviews approved; null without any. */
  spamApproved: number | null;
};

/** What is known of everybody and of the dataset while the entries go by. */
type Knowledge = {
  counts: VerdictCounts[];
  inCategory: VerdictCounts[][];
  /** Verdicts of each whose outcome is known. */
  known: number[];
  /** Verdicts of each. */
  given: number[];
  learnedShares: Shares;
};
type Entry = { truth: Verdict; category: number; spam: boolean };
type Reviewed = { opinions: Opinion[]; members: number[]; outcome: Outcome };

/**
 * Plays a crowd through entries one after the other under a policy, learning about each reviewer as the real desk does: from every decision, and now and then from
 * all verdicts at once. What the reviews leave to a moderator teaches as a moderator's decision does. The same arguments give the same result.
 */
export function simulateReviews(simulation: Simulation): SimulationResult {
  return playReviews(simulation).result;
}

/** The same, together with what is known of each member in the end. */
export function playReviews(simulation: Simulation): {
  result: SimulationResult;
  counts: readonly VerdictCounts[];
  learnedShares: Shares;
  /** What decisions claimed, and how often they were wrong. */
  calibration: readonly CalibrationBin[];
} {
  const { policy, crowd, shares, entries, seed, categories = 1, spamShare = 0, estimateEvery = 0, oracle = false } = simulation;
  const random = seededRandom(seed);
  const knowledge: Knowledge = {
    counts: crowd.map(({ counts }) => counts),
    inCategory: crowd.map(() => Array.from({ length: categories }, () => [])),
    known: crowd.map(({ counts }) => Math.round(counts.reduce((sum, count) => sum + count, 0))),
    given: crowd.map(() => 0),
    learnedShares: oracle ? shares : [],
  };
  const history = createHistory();
  const total = createTotals();
  const claims: Claim[] = [];
  for (let number = 0; number < entries; number += 1) {
    const spam = spamShare > 0 && random() < spamShare;
    const truth = spam ? 'reject' : draw(shares, random());
    const entry = { truth, category: categories === 1 ? 0 : Math.floor(random() * categories), spam };
    const present = inForce(policy, knowledge.learnedShares);
    const reviewed = review(simulation, present, knowledge, entry, random);
    const isLeft = reviewed.outcome === 'escalate' || reviewed.outcome === 'undecided';
    total.add(entry, reviewed, isLeft ? mostProbable(posterior(present, reviewed.opinions)) : (reviewed.outcome as Verdict), isLeft);
    if (!isLeft) claims.push({ claimed: posterior(present, reviewed.opinions), actual: certain(truth), known: true });
    if (oracle) continue;
    learn(present, knowledge, reviewed, entry, isLeft);
    history.add(entry, reviewed, isLeft);
    if (estimateEvery > 0 && (number + 1) % estimateEvery === 0) history.estimate(simulation, knowledge);
  }
  return { result: total.result(), counts: knowledge.counts, learnedShares: knowledge.learnedShares, calibration: calibrationOf(claims) };
}

function createTotals() {
  const total = { entries: 0, reviews: 0, wrong: 0, escalated: 0, good: 0, turnedDown: 0, bad: 0, approved: 0, spam: 0, spamApproved: 0 };
  const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
  return {
    add({ truth, spam }: Entry, { opinions }: Reviewed, decided: Verdict, isLeft: boolean): void {
      total.entries += 1;
      total.reviews += opinions.length;
      total.wrong += Number(decided !== truth);
      total.escalated += Number(isLeft);
      if (truth === 'approve') {
        total.good += 1;
        total.turnedDown += Number(decided !== 'approve');
      } else {
        total.bad += 1;
        total.approved += Number(decided === 'approve');
      }
      if (!spam) return;
      total.spam += 1;
      total.spamApproved += Number(!isLeft && decided === 'approve');
    },
    result: (): SimulationResult => ({
      reviewsPerEntry: share(total.reviews, total.entries),
      errorRate: share(total.wrong, total.entries),
      escalated: share(total.escalated, total.entries),
      wronglyTurnedDown: share(total.turnedDown, total.good),
      wronglyApproved: share(total.approved, total.bad),
      spamApproved: total.spam === 0 ? null : total.spamApproved / total.spam,
    }),
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
  { crowd, oracle = false }: Simulation,
  policy: PolicyInForce,
  { counts, inCategory, known, given }: Knowledge,
  { truth, category, spam }: Entry,
  random: () => number,
): Reviewed {
  const opinions: Opinion[] = [];
  const members: number[] = [];
  const ring = spam ? crowd.flatMap(({ ring }, index) => (ring === true ? [index] : [])) : [];
  const isKnown = (member: number) => isProven({ role: 'contributor', qualified: false, knownVerdicts: known[member] ?? 0 });
  let outcome = consensus(policy, opinions);
  while (outcome === 'undecided' && members.length < crowd.length) {
    const strangers = wantsProven(policy, opinions) ? crowd.flatMap((_, index) => (isKnown(index) ? [] : [index])) : [];
    // Where nobody is proven, anybody may look: a moderator decides in the end.
    const kept = new Set([...strangers, ...members]).size < crowd.length ? strangers : [];
    const friend = members.length < 2 && strangers.length === 0 ? ring[Math.floor(random() * ring.length)] : undefined;
    const member = friend !== undefined && !members.includes(friend) ? friend : pickMember(crowd, new Set([...members, ...kept]), random);
    const own = trueReliability(crowd[member] as CrowdMember, category, given[member] ?? 0);
    const row = verdicts.indexOf(truth) * verdicts.length;
    const verdict = ring.includes(member) ? 'approve' : draw(own.slice(row, row + verdicts.length), random());
    const evidence = oracle
      ? verdicts.map((_, outcome) => own[outcome * verdicts.length + verdicts.indexOf(verdict)] ?? 0)
      : evidenceOf(reliabilityIn(counts[member] ?? [], inCategory[member]?.[category] ?? []), verdict);
    given[member] = (given[member] ?? 0) + 1;
    members.push(member);
    opinions.push({ reviewerId: String(member), verdict, evidence, proven: oracle || isKnown(member) });
    outcome = consensus(policy, opinions);
  }
  return { opinions, members, outcome };
}

const trueReliability = ({ reliability }: CrowdMember, category: number, given: number): Reliability =>
  typeof reliability === 'function' ? reliability(category, given) : reliability;

function pickMember(crowd: readonly CrowdMember[], taken: ReadonlySet<number>, random: () => number): number {
  const weight = (member: CrowdMember, index: number) => (taken.has(index) ? 0 : member.activity);
  let at = random() * crowd.reduce((sum, member, index) => sum + weight(member, index), 0);
  const found = crowd.findIndex((member, index) => {
    at -= weight(member, index);
    return at < 0;
  });
  // Rounding can leave a last crumb: it is the last free one's.
  return found >= 0 ? found : crowd.findLastIndex((_, index) => !taken.has(index));
}

/** What each verdict tells of who gave it. */
function learn(
  policy: PolicyInForce,
  knowledge: Knowledge,
  { opinions, members }: Reviewed,
  { truth, category }: Entry,
  isLeft: boolean,
): void {
  for (const [index, lesson] of lessonsOf(policy, opinions, isLeft ? truth : undefined).entries()) {
    const member = members[index] as number;
    knowledge.counts[member] = withVerdict(knowledge.counts[member] ?? [], lesson.truth, lesson.verdict);
    const own = knowledge.inCategory[member] ?? [];
    own[category] = withVerdict(own[category] ?? [], lesson.truth, lesson.verdict);
    knowledge.known[member] = (knowledge.known[member] ?? 0) + 1;
  }
}

/** All verdicts so far, for the estimates. */
function createHistory() {
  const columns = {
    items: [] as number[],
    workers: [] as number[],
    answers: [] as number[],
    known: [] as number[],
    groups: [] as number[],
  };
  return {
    add({ truth, category }: Entry, { opinions, members }: Reviewed, isLeft: boolean): void {
      const item = columns.known.length;
      columns.known.push(isLeft ? verdicts.indexOf(truth) : -1);
      columns.groups.push(category);
      for (const [index, { verdict }] of opinions.entries()) {
        columns.items.push(item);
        columns.workers.push(members[index] as number);
        columns.answers.push(verdicts.indexOf(verdict));
      }
    },
    /** What verdicts from before the first entry have shown stays as it was. */
    estimate({ policy, crowd, categories = 1 }: Simulation, knowledge: Knowledge): void {
      const given: Answers = {
        items: Int32Array.from(columns.items),
        workers: Int32Array.from(columns.workers),
        answers: Int32Array.from(columns.answers),
      };
      const groups = Int32Array.from(columns.groups);
      const { counts, groupCounts, shares } = estimateCrowd({
        given,
        known: Int32Array.from(columns.known),
        groups,
        start: startShares(policy),
      });
      const square = verdicts.length ** 2;
      const kinds = groupCounts.length / Math.max(1, counts.length);
      for (let member = 0; (member + 1) * square <= counts.length; member += 1) {
        const before = crowd[member]?.counts ?? [];
        knowledge.counts[member] = [...counts.subarray(member * square, (member + 1) * square)].map(
          (count, cell) => count + (before[cell] ?? 0),
        );
        for (let category = 0; category < Math.min(categories, kinds); category += 1) {
          const from = (member * kinds + category) * square;
          (knowledge.inCategory[member] ?? [])[category] = [...groupCounts.subarray(from, from + square)];
        }
      }
      knowledge.learnedShares = [...shares];
    },
  };
}
