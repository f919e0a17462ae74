import { createHash } from 'node:crypto';
import { verdicts, type Agreement, type CalibrationBin, type ReviewerAgreement } from '@granary/contract';
import {
  agreementAmong,
  agreementWithOthers,
  calibrationOf,
  estimateCrowd,
  type Claim,
  type CrowdEstimate,
  type ErrorModel,
  type Shares,
  type SharedUnit,
} from '@granary/domain';
import { runInThread } from '../../jobs/run-in-thread.ts';
import type { VerdictColumns } from './verdict-columns.ts';

/** `reviews` are those whose outcome is known, as in `learn`; `counts` hold what everything that stands shows. */
export type ReviewerEstimate = { reviewerId: string; counts: number[]; reviews: number };
/** How many of a reviewer's verdicts with a known outcome in a category were right, as a sum of probabilities, and how they fall there. */
export type CategoryEstimate = { reviewerId: string; category: string; met: number; reviews: number; counts: number[] };
export type EstimateInput = VerdictColumns & {
  /** Of each revision. */
  categories: string[];
  /** How probable each outcome was held to be when the revision was decided; empty where reviews have decided nothing. */
  claims: Shares[];
  /** How outcomes are expected to fall before anything is known. */
  start: Shares;
};
export type Estimated = {
  reviewers: ReviewerEstimate[];
  byCategory: CategoryEstimate[];
  /** How each reviewer agrees with the others, by their id. */
  withOthers: Map<string, ReviewerAgreement>;
  approvalShare: number | null;
  /** How outcomes fall; empty where nothing was judged. */
  learnedShares: number[];
  model: ErrorModel;
  converged: boolean;
  calibration: CalibrationBin[];
  rounds: number;
  revisions: number;
  verdicts: number;
  agreement: Agreement;
  digest: string;
};

const cells = verdicts.length ** 2;
/** Rounded, so that nothing hangs on the last digits of a sum. */
const rounded = (value: number | undefined): number => Number((value ?? 0).toFixed(6));

/** Expected counts of everybody who has a verdict that stands, in the order of their ids; a pure function of the columns. */
export function estimateReviewers(input: EstimateInput): Estimated {
  const { given, known, reviewers, categories, months, calibration, start } = input;
  const names = [...new Set(categories)];
  const groups = Int32Array.from(categories, (category) => names.indexOf(category));
  const estimate = estimateCrowd({ given, known, groups, start });
  const unprompted = withoutItems(given, calibration);
  const told = new Set(given.workers);
  const reviews = new Int32Array(reviewers.length);
  const isKnown = outcomesKnown(input);
  for (const [row, worker] of given.workers.entries())
    reviews[worker] = (reviews[worker] ?? 0) + Number(isKnown[given.items[row] ?? 0] === true);
  const estimates = reviewers
    .map((reviewerId, worker) => ({
      reviewerId,
      counts: Array.from({ length: cells }, (_, cell) => rounded(estimate.counts[worker * cells + cell])),
      reviews: reviews[worker] ?? 0,
    }))
    .filter((_, worker) => told.has(worker))
    .toSorted((one, other) => (one.reviewerId < other.reviewerId ? -1 : 1));
  return {
    reviewers: estimates,
    byCategory: categorySkills(input, estimate, { names, isKnown }),
    withOthers: agreementOfEach(unprompted, { reviewers, months }),
    approvalShare: given.items.length === 0 ? null : rounded(estimate.shares[0]),
    learnedShares: given.items.length === 0 ? [] : [...estimate.shares].map(rounded),
    model: estimate.model,
    converged: estimate.converged,
    calibration: calibrationOf(claimsOf(input, estimate)),
    rounds: estimate.rounds,
    revisions: new Set(given.items).size,
    verdicts: given.items.length,
    agreement: agreementOn(unprompted, categories, months),
    digest: createHash('sha256').update(JSON.stringify(estimates)).digest('hex'),
  };
}

/** Of each revision, whether more is known of it than its one reviewer said: nobody vouches for themselves, decided or not. */
function outcomesKnown({ given, known, settled }: EstimateInput): boolean[] {
  const verdictsOn = new Int32Array(settled.length);
  for (const item of given.items) verdictsOn[item] = (verdictsOn[item] ?? 0) + 1;
  return settled.map((is, item) => is && ((known[item] ?? -1) >= 0 || (verdictsOn[item] ?? 0) > 1));
}

/** Verdicts on what is really under review: on calibration items nobody decides anything. */
function withoutItems({ items, workers, answers }: VerdictColumns['given'], calibration: readonly boolean[]): VerdictColumns['given'] {
  const kept = [...items.keys()].filter((row) => !calibration[items[row] ?? 0]);
  const only = (column: Int32Array) => Int32Array.from(kept, (row) => column[row] ?? 0);
  return { items: only(items), workers: only(workers), answers: only(answers) };
}

function categorySkills(
  { given, reviewers, categories }: EstimateInput,
  { posterior, groupCounts }: CrowdEstimate,
  { names, isKnown }: { names: readonly string[]; isKnown: readonly boolean[] },
): CategoryEstimate[] {
  const told = new Map<string, CategoryEstimate>();
  for (const [row, revision] of given.items.entries()) {
    const worker = given.workers[row] ?? 0;
    const [reviewerId, category] = [reviewers[worker] ?? '', categories[revision] ?? ''];
    const from = (worker * names.length + names.indexOf(category)) * cells;
    const known = told.get(`${reviewerId} ${category}`) ?? {
      reviewerId,
      category,
      met: 0,
      reviews: 0,
      counts: [...groupCounts.subarray(from, from + cells)].map(rounded),
    };
    if (isKnown[revision] === true) {
      known.met += posterior[revision * verdicts.length + (given.answers[row] ?? 0)] ?? 0;
      known.reviews += 1;
    }
    told.set(`${reviewerId} ${category}`, known);
  }
  return [...told.values()];
}

/** What decisions claimed, beside what is known by now. */
function* claimsOf({ claims, known, calibration }: EstimateInput, { posterior }: CrowdEstimate): Generator<Claim> {
  const size = verdicts.length;
  for (const [revision, claimed] of claims.entries()) {
    const actual = posterior.subarray(revision * size, (revision + 1) * size);
    if (claimed.length !== size || calibration[revision] === true || actual.length !== size) continue;
    yield { claimed, actual: [...actual], known: (known[revision] ?? -1) >= 0 };
  }
}

/** How often each verdict was given on each revision. */
function unitsOf(given: VerdictColumns['given']): Map<number, number[]> {
  const units = new Map<number, number[]>();
  for (const [row, revision] of given.items.entries()) {
    const unit = units.get(revision) ?? verdicts.map(() => 0);
    const verdict = given.answers[row] ?? 0;
    unit[verdict] = (unit[verdict] ?? 0) + 1;
    units.set(revision, unit);
  }
  return units;
}

function agreementOfEach(
  given: VerdictColumns['given'],
  { reviewers, months }: { reviewers: readonly string[]; months: readonly string[] },
): Map<string, ReviewerAgreement> {
  const units = unitsOf(given);
  const shared = new Map<string, (SharedUnit & { month: string })[]>();
  for (const [row, revision] of given.items.entries()) {
    const reviewerId = reviewers[given.workers[row] ?? 0] ?? '';
    const mine = shared.get(reviewerId) ?? [];
    mine.push({ unit: units.get(revision) ?? [], own: given.answers[row] ?? 0, month: months[revision] ?? '' });
    shared.set(reviewerId, mine);
  }
  const each = [...shared].map(([reviewerId, mine]): [string, ReviewerAgreement] => {
    const byMonth = [...Map.groupBy(mine, ({ month }) => month)].toSorted(([one], [other]) => (one < other ? -1 : 1));
    return [
      reviewerId,
      { ...agreementWithOthers(mine), byMonth: byMonth.map(([month, units]) => ({ month, ...agreementWithOthers(units) })) },
    ];
  });
  return new Map(each);
}

/** How people agree on everything, within each category and within each month. */
function agreementOn(given: VerdictColumns['given'], categories: readonly string[], months: readonly string[]): Agreement {
  const units = unitsOf(given);
  const within = (names: readonly string[]) => {
    const groups = Map.groupBy(units, ([revision]) => names[revision] ?? '');
    return [...groups]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, members]) => ({ name, ...agreementAmong(members.map(([, unit]) => unit)) }));
  };
  return {
    overall: agreementAmong(units.values()),
    byCategory: within(categories).map(({ name, ...figures }) => ({ category: name, ...figures })),
    byMonth: within(months).map(({ name, ...figures }) => ({ month: name, ...figures })),
  };
}

/** The same in a thread of its own. Rejects when the thread fails. */
export const estimateInThread = (columns: EstimateInput): Promise<Estimated> =>
  runInThread(new URL('estimate-thread.ts', import.meta.url), columns);
