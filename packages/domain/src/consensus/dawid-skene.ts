/** Answers as parallel columns: item `items[n]` was given class `answers[n]` by `workers[n]`; all of them count from 0. */
export type Answers = { items: Int32Array; workers: Int32Array; answers: Int32Array };

/**
 * How a worker's errors fall. `matrix`: as they like, truth by truth (Dawid & Skene). `one_coin`: right equally often whatever the truth is, and wrong
 * evenly: less to learn, and so better where each has few answers.
 */
export type ErrorModel = 'matrix' | 'one_coin';

export type EmOptions = {
  classes: number;
  /** Pseudo-counts of every worker's confusion matrix: truth × answer, row by row. */
  prior: ArrayLike<number>;
  /** Pseudo-counts of the classes. */
  classPrior: ArrayLike<number>;
  /** What is known of an item beforehand: its class, or -1. */
  known?: Int32Array;
  /** Kind of each item, from 0: workers may be better at one than at another. Without it there is one kind. */
  groups?: Int32Array;
  /** Answers that a worker's matrix as a whole counts for in each kind. */
  groupPull?: number;
  /** What each answer counts as evidence of its worker, 1 without it. Of its item it always says the same. */
  weights?: Float64Array;
  model?: ErrorModel;
  /** Most rounds, and the greatest change of a probability in one round that ends them. */
  rounds?: number;
  tolerance?: number;
};

export type EmEstimate = {
  /** items × classes: probability of each class; of an item without answers the shares of the classes. */
  posterior: Float64Array;
  /** workers × truth × answer: expected counts, without the prior. */
  counts: Float64Array;
  /** workers × kinds × truth × answer; the same as `counts` where there is one kind. */
  groupCounts: Float64Array;
  /** How frequent each class is. */
  shares: Float64Array;
  rounds: number;
  /** Whether the last round changed no probability by more than the tolerance. */
  converged: boolean;
};

type Sizes = { items: number; workers: number; groups: number; classes: number };
type Problem = Sizes & {
  given: Answers;
  options: EmOptions;
  /** `cellOf` each answer. */
  cells: Int32Array;
  /** What each answer says of its worker: nothing when it stands alone and its item is not known. */
  weights: Float64Array;
  /** Items that somebody's answer was held against. */
  judged: Uint8Array;
};
type State = EmEstimate & { logs: Float64Array };

/**
 * The truth behind many people's answers and how far each of them can be trusted, estimated together: A. P. Dawid and
 * A. M. Skene, "Maximum Likelihood Estimation of Observer Error-Rates Using the EM Algorithm", Applied Statistics 28 (1979),
 * with Dirichlet priors on every row, so that somebody with few answers counts as an ordinary person, and with a matrix for each kind of items that is drawn to
 * the worker's own. An answer that stands alone says nothing of who gave it: it would only confirm itself.
 *
 * Begins with the shares of the votes. Deterministic: the same answers in the same order give the same numbers. Each round takes
 * time linear in the number of answers.
 */
export function estimateTruth(given: Answers, options: EmOptions): EmEstimate {
  const { logs: _, ...estimate } = fit(given, options);
  return estimate;
}

/** Answers that are held out to choose a model: every tenth. With fewer answers in all there is nothing to choose by. */
const heldOutOf = 10;
const leastToChoose = 300;
/** To tell two models apart, they need not have come to rest. */
const roundsToChoose = 25;

/** So many standard errors the one coin has to predict better by. */
const clearlyBetter = 2;

/**
 * The error model that predicts answers best which it has not seen: matrices, unless one coin for each does so clearly better. Matrices are what shows people who say the same to
 * everything, and are not given up for what may be chance.
 */
export function chooseErrorModel(given: Answers, options: Omit<EmOptions, 'model'>): ErrorModel {
  if (given.items.length < leastToChoose) return 'matrix';
  // Neighbouring rows belong to one item or one person: the order is mixed, always in the same way.
  const isHeldOut = (row: number) => (Math.imul(row + 1, 0x9e3779b1) >>> 0) % heldOutOf === 0;
  const [byMatrix, byCoin] = [
    predictions(given, { ...options, model: 'matrix' }, isHeldOut),
    predictions(given, { ...options, model: 'one_coin' }, isHeldOut),
  ];
  const gains = byCoin.map((likelihood, n) => likelihood - (byMatrix[n] ?? 0));
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  const variance = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / gains.length;
  return mean > clearlyBetter * Math.sqrt(variance / gains.length) ? 'one_coin' : 'matrix';
}

/** Log-likelihood of each answer that is held out, by what the others show. */
function predictions(given: Answers, options: EmOptions, isHeldOut: (row: number) => boolean): number[] {
  const rows = [...given.items.keys()];
  const train = rows.filter((row) => !isHeldOut(row));
  const part = (column: Int32Array) => Int32Array.from(train, (row) => at(column, row));
  const { weights, classes } = options;
  const seen = { items: part(given.items), workers: part(given.workers), answers: part(given.answers) };
  const sizes = sizesOf(given, options);
  const { posterior, logs } = fit(
    seen,
    {
      ...options,
      rounds: roundsToChoose,
      tolerance: 1e-3,
      ...(weights === undefined ? {} : { weights: Float64Array.from(train, (row) => at(weights, row)) }),
    },
    sizes,
  );
  return rows.filter(isHeldOut).map((row) => {
    const [item, cell] = [at(given.items, row) * classes, cellOf(given, options, sizes, row)];
    let likelihood = 0;
    for (let k = 0; k < classes; k += 1) likelihood += at(posterior, item + k) * Math.exp(at(logs, cell + k * classes));
    return Math.log(Math.max(likelihood, Number.MIN_VALUE));
  });
}

function fit(given: Answers, options: EmOptions, sizes = sizesOf(given, options)): State {
  const { classes, rounds = 100, tolerance = 1e-6 } = options;
  const cells = Int32Array.from(given.items, (_, row) => cellOf(given, options, sizes, row));
  const problem: Problem = { ...sizes, given, options, cells, ...evidenceIn(given, options, sizes) };
  const square = classes * classes;
  const state: State = {
    posterior: new Float64Array(sizes.items * classes),
    counts: new Float64Array(sizes.workers * square),
    groupCounts: new Float64Array(sizes.workers * sizes.groups * square),
    logs: new Float64Array(sizes.workers * sizes.groups * square),
    shares: new Float64Array(classes),
    rounds: 0,
    converged: false,
  };
  for (let n = 0; n < given.items.length; n += 1) add(state.posterior, at(given.items, n) * classes + at(given.answers, n), 1);
  for (let item = 0; item < sizes.items; item += 1) settle(state.posterior, item, classes, options.known);
  while (state.rounds < rounds && !state.converged) {
    countAnswers(problem, state);
    logLikelihoods(problem, state);
    classShares(problem, state);
    state.converged = weigh(problem, state) <= tolerance;
    state.rounds += 1;
  }
  countAnswers(problem, state);
  if (options.model === 'one_coin') evenOut(problem, state);
  return state;
}

/** Typed arrays are dense here: every index comes from the same columns that sized them. */
const at = (values: ArrayLike<number>, index: number): number => values[index] as number;
const add = (values: Float64Array, index: number, amount: number): void => {
  values[index] = at(values, index) + amount;
};
const greatest = (values: Int32Array): number => values.reduce((most, value) => Math.max(most, value), -1);

function sizesOf({ items, workers }: Answers, { classes, groups }: Pick<EmOptions, 'classes' | 'groups'>): Sizes {
  return {
    items: 1 + greatest(items),
    workers: 1 + greatest(workers),
    groups: groups === undefined ? 1 : Math.max(1, 1 + greatest(groups)),
    classes,
  };
}

function evidenceIn({ items }: Answers, { known, weights }: EmOptions, sizes: Sizes): Pick<Problem, 'weights' | 'judged'> {
  const answers = new Int32Array(sizes.items);
  for (const item of items) answers[item] = at(answers, item) + 1;
  const judged = Uint8Array.from(answers, (count, item) => Number(count > 1 || (known?.[item] ?? -1) >= 0));
  return { judged, weights: Float64Array.from(items, (item, n) => at(judged, item) * (weights?.[n] ?? 1)) };
}

/** Where the matrix of an answer's worker begins that holds for its item's kind, at the column of the answer. */
function cellOf({ items, workers, answers }: Answers, { groups }: Pick<EmOptions, 'groups'>, sizes: Sizes, row: number): number {
  const group = groups === undefined ? 0 : at(groups, at(items, row));
  return (at(workers, row) * sizes.groups + group) * sizes.classes * sizes.classes + at(answers, row);
}

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
function countAnswers({ given, weights, cells, classes }: Problem, { counts, groupCounts, posterior }: State): void {
  const { items, workers, answers } = given;
  counts.fill(0);
  groupCounts.fill(0);
  for (let n = 0; n < items.length; n += 1) {
    const weight = at(weights, n);
    if (weight === 0) continue;
    const [item, part] = [at(items, n) * classes, at(cells, n)];
    const whole = at(workers, n) * classes * classes + at(answers, n);
    for (let k = 0; k < classes; k += 1) {
      const amount = weight * at(posterior, item + k);
      add(counts, whole + k * classes, amount);
      add(groupCounts, part + k * classes, amount);
    }
  }
}

/** Logarithms of the confusion matrices, priors included: of each worker, and from there of each kind of items. */
function logLikelihoods({ options, ...sizes }: Problem, { counts, groupCounts, logs }: State): void {
  const { classes, workers, groups } = sizes;
  const square = classes * classes;
  const [whole, elsewhere] = [new Float64Array(square), new Float64Array(square)];
  const { groupPull = 5 } = options;
  // One kind is the whole; a single coin is the same for all kinds.
  const isWhole = options.groups === undefined || options.model === 'one_coin';
  for (let worker = 0; worker < workers; worker += 1) {
    if (isWhole) matrixOf(whole, counts.subarray(worker * square, (worker + 1) * square), options);
    for (let group = 0; group < groups; group += 1) {
      const from = (worker * groups + group) * square;
      if (!isWhole) {
        // What they show in this kind counts once: the rest is what it is drawn to.
        for (let cell = 0; cell < square; cell += 1)
          elsewhere[cell] = Math.max(0, at(counts, worker * square + cell) - at(groupCounts, from + cell));
        matrixOf(whole, elsewhere, options);
      }
      for (let row = 0; row < square; row += classes) {
        let [seen, known] = [0, 0];
        for (let l = 0; l < classes; l += 1) {
          seen += at(groupCounts, from + row + l);
          known += at(elsewhere, row + l) + at(options.prior, row + l);
        }
        // What it is drawn to counts for no more than there is of it.
        const pull = Math.min(groupPull, known);
        for (let l = 0; l < classes; l += 1) {
          const drawn = (at(groupCounts, from + row + l) + pull * at(whole, row + l)) / (seen + pull);
          logs[from + row + l] = Math.log(isWhole ? at(whole, row + l) : drawn);
        }
      }
    }
  }
}

/** A worker's matrix by the model, from counts and the prior. */
function matrixOf(matrix: Float64Array, counts: ArrayLike<number>, { classes, prior, model }: EmOptions): void {
  if (model === 'one_coin') {
    let [right, all] = [0, 0];
    for (let cell = 0; cell < classes * classes; cell += 1) {
      const count = at(counts, cell) + at(prior, cell);
      all += count;
      if (cell % (classes + 1) === 0) right += count;
    }
    for (let cell = 0; cell < classes * classes; cell += 1)
      matrix[cell] = cell % (classes + 1) === 0 ? right / all : (all - right) / all / (classes - 1);
    return;
  }
  for (let row = 0; row < classes * classes; row += classes) {
    let sum = 0;
    for (let l = 0; l < classes; l += 1) sum += at(counts, row + l) + at(prior, row + l);
    for (let l = 0; l < classes; l += 1) matrix[row + l] = (at(counts, row + l) + at(prior, row + l)) / sum;
  }
}

function classShares({ options, judged, classes }: Problem, { posterior, shares }: State): void {
  for (let k = 0; k < classes; k += 1) shares[k] = at(options.classPrior, k);
  for (let n = 0; n < posterior.length; n += 1) if (at(judged, Math.floor(n / classes)) === 1) add(shares, n % classes, at(posterior, n));
  const sum = shares.reduce((total, share) => total + share, 0);
  for (let k = 0; k < classes; k += 1) shares[k] = at(shares, k) / sum;
}

/** The E step: probabilities of every item's classes from all answers to it; gives the greatest change of one. */
function weigh({ given, options, cells, classes }: Problem, { posterior, logs, shares }: State): number {
  const before = posterior.slice();
  for (let n = 0; n < posterior.length; n += 1) posterior[n] = Math.log(at(shares, n % classes));
  for (let n = 0; n < given.items.length; n += 1) {
    const [item, cell] = [at(given.items, n) * classes, at(cells, n)];
    for (let k = 0; k < classes; k += 1) add(posterior, item + k, at(logs, cell + k * classes));
  }
  let change = 0;
  for (let item = 0; item * classes < posterior.length; item += 1) {
    const from = item * classes;
    let most = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < classes; k += 1) most = Math.max(most, at(posterior, from + k));
    // Shifted by the greatest, so that no exponential runs out of range.
    for (let k = 0; k < classes; k += 1) posterior[from + k] = Math.exp(at(posterior, from + k) - most);
    settle(posterior, item, classes, options.known);
    for (let k = 0; k < classes; k += 1) change = Math.max(change, Math.abs(at(posterior, from + k) - at(before, from + k)));
  }
  return change;
}

/**
 * Spreads counts as the one coin has them: as many of each truth as there were, and right as often as the worker was, by the counts alone: whoever reads them adds
 * the prior.
 */
function evenOut({ options, classes, workers, groups }: Problem, { counts, groupCounts }: State): void {
  const square = classes * classes;
  const matrix = new Float64Array(square);
  const spread = (block: Float64Array) => {
    for (let row = 0; row < square; row += classes) {
      let seen = 0;
      for (let l = 0; l < classes; l += 1) seen += at(block, row + l);
      for (let l = 0; l < classes; l += 1) block[row + l] = seen * at(matrix, row + l);
    }
  };
  const counted = { ...options, prior: new Float64Array(square) };
  for (let worker = 0; worker < workers; worker += 1) {
    const whole = counts.subarray(worker * square, (worker + 1) * square);
    // Without a count there is nothing to spread, and no share of it.
    if (whole.every((count) => count === 0)) continue;
    matrixOf(matrix, whole, counted);
    spread(counts.subarray(worker * square, (worker + 1) * square));
    for (let group = 0; group < groups; group += 1)
      spread(groupCounts.subarray((worker * groups + group) * square, (worker * groups + group + 1) * square));
  }
}
