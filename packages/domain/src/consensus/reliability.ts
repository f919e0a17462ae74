import { verdicts, type ReviewWeight, type Verdict } from '@granary/contract';

/**
 * How a reviewer's verdicts fall: outcome × verdict, row by row, both in the order of `verdicts`. As counts, how often each
 * was said of each outcome; as a reliability, the share of each row (a confusion matrix).
 */
export type VerdictCounts = readonly number[];
export type Reliability = readonly number[];
/** Probability of the verdict that was given, for each outcome in the order of `verdicts`: what one review weighs. */
export type Evidence = readonly number[];

const classes = verdicts.length;

/**
 * What is assumed of a reviewer before anything is known: right four times out of five, and no more sure of it than two and a
 * half reviews make. Light enough that a few decided entries correct it.
 */
export const ordinaryCounts: VerdictCounts = verdicts.flatMap((outcome) => verdicts.map((verdict) => (outcome === verdict ? 2 : 0.25)));

/** The reliability that these counts speak for: the mean of the Dirichlet posterior of each row. */
export function reliabilityOf(counts: VerdictCounts): Reliability {
  return ordinaryCounts.map((prior, cell) => {
    const row = cell - (cell % classes);
    let sum = 0;
    for (let column = row; column < row + classes; column += 1) sum += (counts[column] ?? 0) + (ordinaryCounts[column] ?? 0);
    return ((counts[cell] ?? 0) + prior) / sum;
  });
}

/** Verdicts that somebody's reliability as a whole counts for in one category. */
export const categoryPull = 5;

/** Their reliability in a category: drawn from what they show elsewhere to what they show there, the more the more verdicts that rests on. */
export function reliabilityIn(counts: VerdictCounts, categoryCounts: VerdictCounts): Reliability {
  const elsewhere = ordinaryCounts.map((_, cell) => Math.max(0, (counts[cell] ?? 0) - (categoryCounts[cell] ?? 0)));
  return reliabilityOf(elsewhere).map((share, cell) => {
    const row = cell - (cell % classes);
    let [seen, known] = [0, 0];
    for (let column = row; column < row + classes; column += 1) {
      seen += categoryCounts[column] ?? 0;
      known += (elsewhere[column] ?? 0) + (ordinaryCounts[column] ?? 0);
    }
    // What is drawn to counts for no more than there is of it.
    const pull = Math.min(categoryPull, known);
    return ((categoryCounts[cell] ?? 0) + pull * share) / (seen + pull);
  });
}

/** Share of anybody's verdicts that are taken for slips, which fall as they like: what is known of somebody is an estimate, and no record makes a verdict as sure as it looks. */
const slips = 0.03;

/** What a verdict of this reviewer weighs. */
export function evidenceOf(reliability: Reliability, verdict: Verdict): Evidence {
  const column = verdicts.indexOf(verdict);
  return verdicts.map((_, outcome) => (1 - slips) * (reliability[outcome * classes + column] ?? 0) + slips / classes);
}

const ordinaryReliability = reliabilityOf([]);

/** What the verdict of somebody unknown weighs. */
export const ordinaryEvidence = (verdict: Verdict): Evidence => evidenceOf(ordinaryReliability, verdict);

/** How much a verdict says for itself, in words: how many times likelier it is if it is right than if anything else is. */
export function weightOf(evidence: Evidence, verdict: Verdict): ReviewWeight {
  const column = verdicts.indexOf(verdict);
  const against = Math.max(...evidence.filter((_, outcome) => outcome !== column));
  const times = (evidence[column] ?? 0) / against;
  // An ordinary reviewer's verdict is eight times likelier.
  if (times < 3) return 'little';
  return times > 16 ? 'much' : 'usual';
}

/** What is left of earlier verdicts with each new one: people get better, or tired. Fifty verdicts count at most. */
export const forgetting = 0.98;

/** One verdict spread over the outcomes as `truth` is. */
export function lessonCounts(truth: readonly number[], verdict: Verdict): number[] {
  const column = verdicts.indexOf(verdict);
  return ordinaryCounts.map((_, cell) => (cell % classes === column ? (truth[Math.floor(cell / classes)] ?? 0) : 0));
}

/** Counts with one more verdict, those before it a little forgotten. */
export function withVerdict(counts: VerdictCounts, truth: readonly number[], verdict: Verdict): number[] {
  return lessonCounts(truth, verdict).map((more, cell) => (counts[cell] ?? 0) * forgetting + more);
}

/** Counts without the last verdict: exactly as they were before it, and nearly so for one that others followed. */
export function withoutVerdict(counts: VerdictCounts, truth: readonly number[], verdict: Verdict): number[] {
  // Taking away what was added leaves rounding behind, never less than nothing.
  return lessonCounts(truth, verdict).map((more, cell) => Math.max(0, ((counts[cell] ?? 0) - more) / forgetting));
}

/** Counts are expectations: crumbs of a verdict tell nothing. */
const leastCounted = 0.5;

export type Agreement = { agreement: number | null; approvesGood: number | null; catchesBad: number | null };

/** What the counts tell a person: shares of the verdicts, without any assumption; null where nothing was counted. */
export function agreementOf(counts: VerdictCounts): Agreement {
  const sum = (wanted: (outcome: number, verdict: number) => boolean) =>
    ordinaryCounts.reduce((total, _, cell) => total + (wanted(Math.floor(cell / classes), cell % classes) ? (counts[cell] ?? 0) : 0), 0);
  const share = (part: number, whole: number) => (whole < leastCounted ? null : part / whole);
  const approve = verdicts.indexOf('approve');
  return {
    agreement: share(
      sum((outcome, verdict) => outcome === verdict),
      sum(() => true),
    ),
    approvesGood: share(
      sum((outcome, verdict) => outcome === approve && verdict === approve),
      sum((outcome) => outcome === approve),
    ),
    catchesBad: share(
      sum((outcome, verdict) => outcome !== approve && verdict !== approve),
      sum((outcome) => outcome !== approve),
    ),
  };
}
