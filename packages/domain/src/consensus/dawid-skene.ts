/** Answers as parallel columns: item `items[n]` was given class `answers[n]` by `workers[n]`; all of them count from 0. */
export type Answers = { items: Int32Array; workers: Int32Array; answers: Int32Array };

export type EmOptions = {
  classes: number;
  /** Pseudo-counts of every worker's confusion matrix: truth × answer, row by row. */
  prior: ArrayLike<number>;
  /** Pseudo-counts of the classes. */
  classPrior: ArrayLike<number>;
  /** What is known of an item beforehand: its class, or -1. */
  known?: Int32Array;
  /** Most rounds, and the greatest change of a probability in one round that ends them. */
  rounds?: number;
  tolerance?: number;
};

export type EmEstimate = {
  /** items × classes: probability of each class; of an item without answers the shares of the classes. */
  posterior: Float64Array;
  /** workers × truth × answer: expected counts, without the prior. */
  counts: Float64Array;
  /** How frequent each class is. */
  shares: Float64Array;
  rounds: number;
};

/**
 * The truth behind many people's answers and how far each of them can be trusted, estimated together: A. P. Dawid and
 * A. M. Skene, "Maximum Likelihood Estimation of Observer Error-Rates Using the EM Algorithm", Applied Statistics 28 (1979),
 * with Dirichlet priors on every row, so that somebody with few answers counts as an ordinary person.
 *
 * Begins with the shares of the votes. Deterministic: the same answers in the same order give the same numbers. Each round takes
 * time linear in the number of answers.
 */
export function estimateTruth(given: Answers, options: EmOptions): EmEstimate {
  const { classes, prior, classPrior, known, rounds = 100, tolerance = 1e-6 } = options;
  const [itemCount, workerCount] = [1 + greatest(given.items), 1 + greatest(given.workers)];
  const posterior = new Float64Array(itemCount * classes);
  const counts = new Float64Array(workerCount * classes * classes);
  const logs = new Float64Array(counts.length);
  const shares = new Float64Array(classes);
  for (let n = 0; n < given.items.length; n += 1) add(posterior, at(given.items, n) * classes + at(given.answers, n), 1);
  for (let item = 0; item < itemCount; item += 1) settle(posterior, item, classes, known);

  let round = 0;
  for (let change = Number.POSITIVE_INFINITY; round < rounds && change > tolerance; round += 1) {
    countAnswers(counts, posterior, given, classes);
    logLikelihoods(logs, counts, prior, classes);
    classShares(shares, posterior, classPrior, classes);
    change = weigh(posterior, { logs, shares, given, known, classes });
  }
  countAnswers(counts, posterior, given, classes);
  return { posterior, counts, shares, rounds: round };
}

/** Typed arrays are dense here: every index comes from the same columns that sized them. */
const at = (values: ArrayLike<number>, index: number): number => values[index] as number;
const add = (values: Float64Array, index: number, amount: number): void => {
  values[index] = at(values, index) + amount;
};
const greatest = (values: Int32Array): number => values.reduce((most, value) => Math.max(most, value), -1);

/** Makes an item's numbers sum to 1 (even when all are 0), or puts what is known in their place. */
function settle(posterior: Float64Array, item: number, classes: number, known: Int32Array | undefined): void {
  const from = item * classes;
  const truth = known?.[item] ?? -1;
  let sum = 0;
  for (let k = 0; k < classes; k += 1) sum += at(posterior, from + k);
  for (let k = 0; k < classes; k += 1)
    posterior[from + k] = truth >= 0 ? Number(k === truth) : sum > 0 ? at(posterior, from + k) / sum : 1 / classes;
}

/** The M step's sums: how often each worker said each class of what was each class. */
function countAnswers(counts: Float64Array, posterior: Float64Array, { items, workers, answers }: Answers, classes: number): void {
  counts.fill(0);
  for (let n = 0; n < items.length; n += 1) {
    const [item, cell] = [at(items, n) * classes, at(workers, n) * classes * classes + at(answers, n)];
    for (let k = 0; k < classes; k += 1) add(counts, cell + k * classes, at(posterior, item + k));
  }
}

/** Logarithms of the confusion matrices, prior included. */
function logLikelihoods(logs: Float64Array, counts: Float64Array, prior: ArrayLike<number>, classes: number): void {
  for (let row = 0; row < counts.length; row += classes) {
    const priorRow = row % (classes * classes);
    let sum = 0;
    for (let l = 0; l < classes; l += 1) sum += at(counts, row + l) + at(prior, priorRow + l);
    for (let l = 0; l < classes; l += 1) logs[row + l] = Math.log((at(counts, row + l) + at(prior, priorRow + l)) / sum);
  }
}

function classShares(shares: Float64Array, posterior: Float64Array, classPrior: ArrayLike<number>, classes: number): void {
  for (let k = 0; k < classes; k += 1) shares[k] = at(classPrior, k);
  for (let n = 0; n < posterior.length; n += 1) add(shares, n % classes, at(posterior, n));
  const sum = shares.reduce((total, share) => total + share, 0);
  for (let k = 0; k < classes; k += 1) shares[k] = at(shares, k) / sum;
}

type Weights = { logs: Float64Array; shares: Float64Array; given: Answers; known: Int32Array | undefined; classes: number };

/** The E step: probabilities of every item's classes from all answers to it; gives the greatest change of one. */
function weigh(posterior: Float64Array, { logs, shares, given, known, classes }: Weights): number {
  const { items, workers, answers } = given;
  const before = posterior.slice();
  for (let n = 0; n < posterior.length; n += 1) posterior[n] = Math.log(at(shares, n % classes));
  for (let n = 0; n < items.length; n += 1) {
    const [item, cell] = [at(items, n) * classes, at(workers, n) * classes * classes + at(answers, n)];
    for (let k = 0; k < classes; k += 1) add(posterior, item + k, at(logs, cell + k * classes));
  }
  let change = 0;
  for (let item = 0; item * classes < posterior.length; item += 1) {
    const from = item * classes;
    let most = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < classes; k += 1) most = Math.max(most, at(posterior, from + k));
    // Shifted by the greatest, so that no exponential runs out of range.
    for (let k = 0; k < classes; k += 1) posterior[from + k] = Math.exp(at(posterior, from + k) - most);
    settle(posterior, item, classes, known);
    for (let k = 0; k < classes; k += 1) change = Math.max(change, Math.abs(at(posterior, from + k) - at(before, from + k)));
  }
  return change;
}
