/** A verdict that decided nothing by itself: who wrote the text, who judged it, and where and when both could meet by chance. */
export type JudgedText = {
  entryId: string;
  authorId: string;
  reviewerId: string;
  approved: boolean;
  /** People meet within the language and week of a text: those who come on the same days are bound to. */
  language: string;
  writtenAt: Date;
};

/** Two accounts that meet more often than chance allows, and how we know. */
export type SuspectedPair = {
  /** The one with the smaller id first. */
  a: string;
  b: string;
  /** `judging`: one judges the other's texts. `company`: both judge the same texts. */
  kind: 'judging' | 'company';
  meetings: number;
  /** How often they would have met by chance. */
  expected: number;
  /** Meetings in which the text was approved: by the other, or by both. */
  approvals: number;
  /** Whether each has judged the other's texts. */
  mutual: boolean;
  /** Decimal logarithm of the probability of so many meetings by chance. */
  log10Probability: number;
};

/** Fewer meetings are never suspicious, whatever the odds. */
const leastMeetings = 5;
/** Of the meetings: people who meet often and disagree do not help each other. */
const leastApproved = 0.85;
/** One honest pair in a hundred million is suspected. */
const mostLog10Probability = -8;

/**
 * Finds pairs of accounts that judge each other's texts, or keep each other company on the same texts, far more often than they would if texts came to people at random
 * within each language and week, and nearly always approve. Reviewers who are busy, or work where or when few people do, are expected to meet often. Takes time in the order of the verdicts
 * and of those who meet over one text, times the weeks that somebody is there.
 */
export function suspectedPairs(judged: readonly JudgedText[]): SuspectedPair[] {
  const strata = Map.groupBy(judged, stratumOf);
  const strataOf = new Map<string, Stratum[]>();
  const judging = createPairs('judging');
  const company = createPairs('company');
  for (const verdicts of strata.values()) {
    const texts = Map.groupBy(verdicts, ({ entryId }) => entryId);
    for (const { authorId, reviewerId, approved } of verdicts) judging.meet(authorId, reviewerId, approved, reviewerId);
    for (const own of texts.values())
      for (const [index, one] of own.entries())
        for (const other of own.slice(index + 1)) company.meet(one.reviewerId, other.reviewerId, one.approved && other.approved);
    const stratum = chancesIn(verdicts, texts);
    for (const person of stratum.people) strataOf.set(person, [...(strataOf.get(person) ?? []), stratum]);
  }
  // Only when all have met whoever they met: where they could have met and did not counts as well.
  judging.expect(strataOf, (stratum) => stratum.judging);
  company.expect(strataOf, (stratum) => stratum.company);
  return [...judging.suspects(), ...company.suspects()].toSorted((one, other) => one.log10Probability - other.log10Probability);
}

const weekMs = 7 * 86_400_000;
const stratumOf = ({ language, writtenAt }: JudgedText): string => `${language} ${Math.floor(writtenAt.getTime() / weekMs)}`;

/** How often two people would meet by chance in one stratum, and who is there at all. */
type Chance = (a: string, b: string) => number;
type Stratum = { people: Set<string>; judging: Chance; company: Chance };

function chancesIn(verdicts: readonly JudgedText[], texts: ReadonlyMap<string, readonly JudgedText[]>): Stratum {
  const [byReviewer, byAuthor] = [countBy(verdicts, 'reviewerId'), countBy(verdicts, 'authorId')];
  // A verdict of the one meets a text of the other as often as such texts come to be judged by others than their author.
  const reached = (reviewer: string, author: string) =>
    ((byReviewer.get(reviewer) ?? 0) * (byAuthor.get(author) ?? 0)) / Math.max(1, verdicts.length - (byAuthor.get(reviewer) ?? 0));
  // Texts that are judged by several people bring so many pairs of them together; who they are is chance.
  const together = [...texts.values()].reduce((sum, { length }) => sum + (length * (length - 1)) / 2, 0);
  const shares = [...byReviewer.values()].reduce((sum, count) => sum + (count / verdicts.length) ** 2, 0);
  return {
    people: new Set([...byReviewer.keys(), ...byAuthor.keys()]),
    judging: (a, b) => reached(a, b) + reached(b, a),
    company: (a, b) =>
      (together * 2 * (byReviewer.get(a) ?? 0) * (byReviewer.get(b) ?? 0)) / verdicts.length ** 2 / Math.max(1e-9, 1 - shares),
  };
}

function countBy(verdicts: readonly JudgedText[], key: 'reviewerId' | 'authorId'): Map<string, number> {
  const counts = new Map<string, number>();
  for (const verdict of verdicts) counts.set(verdict[key], (counts.get(verdict[key]) ?? 0) + 1);
  return counts;
}

/** Meetings of two people over all strata; only of those who do meet is anything expected. */
function createPairs(kind: SuspectedPair['kind']) {
  const pairs = new Map<string, { a: string; b: string; meetings: number; approvals: number; expected: number; judges: Set<string> }>();
  return {
    meet(one: string, other: string, approved: boolean, judge?: string): void {
      if (one === other) return;
      const [a, b] = one < other ? [one, other] : [other, one];
      const pair = pairs.get(`${a} ${b}`) ?? { a, b, meetings: 0, approvals: 0, expected: 0, judges: new Set() };
      pair.meetings += 1;
      pair.approvals += Number(approved);
      if (judge !== undefined) pair.judges.add(judge);
      pairs.set(`${a} ${b}`, pair);
    },
    expect(strataOf: ReadonlyMap<string, readonly Stratum[]>, chanceIn: (stratum: Stratum) => Chance): void {
      for (const pair of pairs.values())
        for (const stratum of strataOf.get(pair.a) ?? []) pair.expected += chanceIn(stratum)(pair.a, pair.b);
    },
    suspects(): SuspectedPair[] {
      return [...pairs.values()].flatMap(({ judges, ...pair }) => {
        if (pair.meetings < leastMeetings || pair.approvals < leastApproved * pair.meetings || pair.meetings <= pair.expected) return [];
        const log10Probability = log10PoissonTail(pair.meetings, pair.expected);
        return log10Probability > mostLog10Probability ? [] : [{ ...pair, kind, mutual: judges.size === 2, log10Probability }];
      });
    },
  };
}

/** Decimal logarithm of the probability of `count` or more events where `mean` are expected and `count` is more than that. */
function log10PoissonTail(count: number, mean: number): number {
  if (mean <= 0) return Number.NEGATIVE_INFINITY;
  let logTerm = count * Math.log(mean) - mean;
  for (let n = 2; n <= count; n += 1) logTerm -= Math.log(n);
  // The terms after the first shrink by mean / n each.
  let [sum, ratio] = [1, 1];
  for (let n = count + 1; ratio > 1e-12; n += 1) {
    ratio *= mean / n;
    sum += ratio;
  }
  return (logTerm + Math.log(sum)) / Math.LN10;
}
