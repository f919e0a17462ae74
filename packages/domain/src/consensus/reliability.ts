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

/** What a verdict of this reviewer weighs. */
export function evidenceOf(reliability: Reliability, verdict: Verdict): Evidence {
  const column = verdicts.indexOf(verdict);
  return verdicts.map((_, outcome) => reliability[outcome * classes + column] ?? 0);
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

/** Counts with one more verdict, spread over the outcomes as `truth` is; a negative `times` takes it away. */
export function withVerdict(counts: VerdictCounts, truth: readonly number[], verdict: Verdict, times = 1): number[] {
  const column = verdicts.indexOf(verdict);
  return ordinaryCounts.map((_, cell) => {
    const more = cell % classes === column ? (truth[Math.floor(cell / classes)] ?? 0) * times : 0;
    // Taking away what was added leaves rounding behind, never less than nothing.
    return Math.max(0, (counts[cell] ?? 0) + more);
  });
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
