import { verdicts } from '@granary/contract';
import { chooseErrorModel, estimateTruth, type Answers, type EmEstimate, type ErrorModel } from './dawid-skene.ts';
import type { Shares } from './posterior.ts';
import { categoryPull, ordinaryCounts } from './reliability.ts';

/** Entries that the policy's expectation counts for against what the verdicts show. */
const startWeight = 20;

/** What is left of a reviewer's earlier verdicts with each next one. They are judged together here and so less by chance than one by one: more of them may count. */
const window = 0.995;

export type CrowdVerdicts = {
  /** In the order in which they were given. */
  given: Answers;
  /** What is known of an item beforehand: its class, or -1. */
  known: Int32Array;
  /** Category of each item, from 0. */
  groups: Int32Array;
  /** How outcomes are expected to fall before anything is known. */
  start: Shares;
};
export type CrowdEstimate = EmEstimate & { model: ErrorModel };

/**
 * All reviewers at once, from verdicts that stand: what each of them has shown by now, as a whole and in each category. A reviewer's recent verdicts count for
 * more than old ones.
 */
export function estimateCrowd({ given, known, groups, start }: CrowdVerdicts): CrowdEstimate {
  const options = {
    classes: verdicts.length,
    prior: ordinaryCounts,
    classPrior: start.map((share) => share * startWeight),
    known,
    groups,
    groupPull: categoryPull,
    weights: recency(given.workers),
  };
  const model = chooseErrorModel(given, options);
  return { ...estimateTruth(given, { ...options, model }), model };
}

/** What each verdict counts: 1 for a reviewer's last one. */
function recency(workers: Int32Array): Float64Array {
  const weights = new Float64Array(workers.length);
  const next = new Map<number, number>();
  for (let row = workers.length - 1; row >= 0; row -= 1) {
    const worker = workers[row] ?? 0;
    const weight = next.get(worker) ?? 1;
    weights[row] = weight;
    next.set(worker, weight * window);
  }
  return weights;
}
