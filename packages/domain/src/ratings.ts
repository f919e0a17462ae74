/** Scores as parallel columns: rater `raters[n]` gave item `items[n]` the score `scores[n]` in dimension `dimensions[n]`; all count from 0. */
export type Scores = { items: Int32Array; raters: Int32Array; dimensions: Int32Array; scores: Float64Array };

/** So many scores of the usual mean are added to what is known of a response, and so many of no bias to what is known of a rater. */
export const ratingPrior = { mean: 3.5, itemScores: 2, raterScores: 5 } as const;

const rounds = 8;

/**
 * A response's rating in one dimension: the mean of its scores without what each rater usually gives too much, drawn towards the
 * dataset's mean while they are few (a Bayesian mean: (C·m + Σ(s − b)) / (C + n)). Between 1 and 5.
 */
export function bayesianMean(scores: readonly { score: number; bias: number }[], mean: number = ratingPrior.mean): number {
  const sum = scores.reduce((total, { score, bias }) => total + score - bias, ratingPrior.itemScores * mean);
  return Math.min(5, Math.max(1, sum / (ratingPrior.itemScores + scores.length)));
}

/**
 * How much more each rater gives than others give to the same things, in points: the baseline predictor of recommender systems, score = item
 * + rater (Y. Koren, R. Bell, C. Volinsky, "Matrix Factorization Techniques for Recommender Systems", 2009), both shrunk, estimated in turns
 * until they settle. Also the plain mean of each dimension, `ratingPrior.mean` where there is no score. Takes time linear in the scores.
 */
export function estimateRaterBiases(
  { items, raters, dimensions, scores }: Scores,
  size: { items: number; raters: number; dimensions: number },
): { biases: Float64Array; means: Float64Array } {
  const means = averages(dimensions, scores, size.dimensions, ratingPrior.mean, 0);
  const cells = Int32Array.from(items, (item, n) => item * size.dimensions + (dimensions[n] ?? 0));
  const biases = new Float64Array(size.raters);
  for (let round = 0; round < rounds; round += 1) {
    const found = cellMeans(cells, scores, { raters, biases, means }, size.items * size.dimensions);
    const sums = new Float64Array(size.raters);
    const counts = new Float64Array(size.raters);
    for (let n = 0; n < scores.length; n += 1) {
      const rater = raters[n] ?? 0;
      sums[rater] = (sums[rater] ?? 0) + (scores[n] ?? 0) - (found[cells[n] ?? 0] ?? 0);
      counts[rater] = (counts[rater] ?? 0) + 1;
    }
    for (let rater = 0; rater < size.raters; rater += 1)
      biases[rater] = (sums[rater] ?? 0) / (ratingPrior.raterScores + (counts[rater] ?? 0));
  }
  return { biases, means };
}

/** Bayesian mean of every item and dimension, under the present biases. */
function cellMeans(
  cells: Int32Array,
  scores: Float64Array,
  { raters, biases, means }: { raters: Int32Array; biases: Float64Array; means: Float64Array },
  size: number,
): Float64Array {
  const sums = new Float64Array(size);
  const counts = new Float64Array(size);
  for (let n = 0; n < scores.length; n += 1) {
    const cell = cells[n] ?? 0;
    sums[cell] = (sums[cell] ?? 0) + (scores[n] ?? 0) - (biases[raters[n] ?? 0] ?? 0);
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  return sums.map(
    (sum, cell) => (ratingPrior.itemScores * (means[cell % means.length] ?? 0) + sum) / (ratingPrior.itemScores + (counts[cell] ?? 0)),
  );
}

function averages(groups: Int32Array, values: Float64Array, size: number, usual: number, weight: number): Float64Array {
  const sums = new Float64Array(size).fill(usual * weight);
  const counts = new Float64Array(size).fill(weight);
  for (let n = 0; n < values.length; n += 1) {
    const group = groups[n] ?? 0;
    sums[group] = (sums[group] ?? 0) + (values[n] ?? 0);
    counts[group] = (counts[group] ?? 0) + 1;
  }
  return sums.map((sum, group) => ((counts[group] ?? 0) === 0 ? usual : sum / (counts[group] ?? 1)));
}
