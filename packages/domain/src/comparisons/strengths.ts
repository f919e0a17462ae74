/** How often each of two things was preferred, and how often neither: indexes of the things, and counts. */
export type Duel = { a: number; b: number; aWins: number; bWins: number; ties: number };
export type Strengths = {
  /** Log-strengths, summing to 0. */
  values: number[];
  /** Standard error of each, and the covariances row by row: of the values as they are told, which sum to 0. */
  errors: number[];
  covariance: number[][];
};

export const comparisonModel = {
  /** Standard deviation of the log-strengths of alternatives, as expected before anybody has compared them. */
  priorDeviation: 1.5,
  /** How readily people call it a tie: between two that are alike, ties come to a third of all. */
  tieWeight: 1,
} as const;

const rounds = 50;
const enough = 1e-10;

/**
 * Strengths by the Bradley–Terry model with ties (R. R. Davidson, "On Extending the Bradley–Terry Model to Accommodate Ties in Paired Comparison
 * Experiments", 1970): P(i over j) ∝ e^θi, P(j over i) ∝ e^θj, P(tie) ∝ ν·e^((θi+θj)/2). The most probable θ under a normal prior, by Newton's method (the
 * log-posterior is concave), with the errors that its curvature gives. Depends on the counts alone, never on their order.
 */
export function strengthsOf(size: number, duels: readonly Duel[]): Strengths {
  const precision = 1 / comparisonModel.priorDeviation ** 2;
  let values = Array.from({ length: size }, () => 0);
  let covariance = inverse(curvature(values, duels, precision));
  for (let round = 0; round < rounds; round += 1) {
    const slope = gradient(values, duels, precision);
    const step = covariance.map((row) => row.reduce((sum, entry, n) => sum + entry * (slope[n] ?? 0), 0));
    values = values.map((value, n) => value + (step[n] ?? 0));
    covariance = inverse(curvature(values, duels, precision));
    if (Math.max(...step.map(Math.abs), 0) < enough) break;
  }
  const mean = meanOf(values);
  const centred = centredCovariance(covariance);
  return {
    values: values.map((value) => value - mean),
    errors: centred.map((row, n) => Math.sqrt(Math.max(0, row[n] ?? 0))),
    covariance: centred,
  };
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** Covariance of strengths less their mean: comparisons tell nothing about the mean, so its error would drown what they do tell. */
function centredCovariance(covariance: readonly (readonly number[])[]): number[][] {
  const means = covariance.map(meanOf);
  const overall = meanOf(means);
  return covariance.map((row, n) => row.map((entry, m) => entry - (means[n] ?? 0) - (means[m] ?? 0) + overall));
}

/** Probabilities that the first, the second, and neither is preferred, by the difference of their log-strengths. */
export function outcomesOf(difference: number): { first: number; second: number; tie: number } {
  const [first, second, tie] = [Math.exp(difference / 2), Math.exp(-difference / 2), comparisonModel.tieWeight];
  const total = first + second + tie;
  return { first: first / total, second: second / total, tie: tie / total };
}

/** Fisher information of one comparison about that difference. */
function informationAt(difference: number): number {
  const { first, second } = outcomesOf(difference);
  // The score of an outcome is ½, −½ or 0, less its expectation.
  return (first + second) / 4 - ((first - second) / 2) ** 2;
}

/**
 * What comparing two of them once more is expected to tell, in nats: the gain about the difference of their strengths, ½·ln(1 + I·V), where V is how
 * uncertain that difference still is. Most for those that are close and have been compared little.
 */
export function expectedGain({ values, covariance }: Strengths, a: number, b: number): number {
  const variance = (covariance[a]?.[a] ?? 0) + (covariance[b]?.[b] ?? 0) - 2 * (covariance[a]?.[b] ?? 0);
  return 0.5 * Math.log1p(informationAt((values[a] ?? 0) - (values[b] ?? 0)) * variance);
}

/** Standard error of the difference of two strengths. */
export function differenceError({ covariance }: Strengths, a: number, b: number): number {
  return Math.sqrt(Math.max(0, (covariance[a]?.[a] ?? 0) + (covariance[b]?.[b] ?? 0) - 2 * (covariance[a]?.[b] ?? 0)));
}

function gradient(values: readonly number[], duels: readonly Duel[], precision: number): number[] {
  const slope = values.map((value) => -precision * value);
  for (const { a, b, aWins, bWins, ties } of duels) {
    const { first, second } = outcomesOf((values[a] ?? 0) - (values[b] ?? 0));
    const more = (aWins - bWins) / 2 - ((aWins + bWins + ties) * (first - second)) / 2;
    slope[a] = (slope[a] ?? 0) + more;
    slope[b] = (slope[b] ?? 0) - more;
  }
  return slope;
}

/** Minus the second derivatives of the log-posterior. */
function curvature(values: readonly number[], duels: readonly Duel[], precision: number): number[][] {
  const matrix = values.map((_, row) => values.map((__, column) => (row === column ? precision : 0)));
  const add = (row: number, column: number, more: number) => {
    const line = matrix[row];
    if (line !== undefined) line[column] = (line[column] ?? 0) + more;
  };
  for (const { a, b, aWins, bWins, ties } of duels) {
    const information = (aWins + bWins + ties) * informationAt((values[a] ?? 0) - (values[b] ?? 0));
    add(a, a, information);
    add(b, b, information);
    add(a, b, -information);
    add(b, a, -information);
  }
  return matrix;
}

/** Inverse of a symmetric positive definite matrix, by Gauss and Jordan: alternatives are few. */
function inverse(matrix: readonly (readonly number[])[]): number[][] {
  const size = matrix.length;
  const rows = matrix.map((row, n) => [...row, ...Array.from({ length: size }, (_, column) => Number(n === column))]);
  for (let pivot = 0; pivot < size; pivot += 1) {
    const line = rows[pivot] ?? [];
    const divisor = line[pivot] ?? 1;
    for (let column = 0; column < 2 * size; column += 1) line[column] = (line[column] ?? 0) / divisor;
    for (const [n, row] of rows.entries()) {
      const factor = row[pivot] ?? 0;
      if (n === pivot || factor === 0) continue;
      for (let column = 0; column < 2 * size; column += 1) row[column] = (row[column] ?? 0) - factor * (line[column] ?? 0);
    }
  }
  return rows.map((row) => row.slice(size));
}
