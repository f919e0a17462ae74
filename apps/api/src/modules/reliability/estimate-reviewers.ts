import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { verdicts, type Agreement, type ReviewerAgreement } from '@granary/contract';
import { agreementAmong, agreementWithOthers, estimateTruth, ordinaryCounts, type SharedUnit } from '@granary/domain';
import type { VerdictColumns } from './verdict-columns.ts';

export type ReviewerEstimate = { reviewerId: string; counts: number[]; reviews: number };
/** How many of a reviewer's verdicts in a category were right, as a sum of probabilities. */
export type CategoryEstimate = { reviewerId: string; category: string; met: number; reviews: number };
export type EstimateInput = VerdictColumns & { /** Of each revision. */ categories: string[] };
export type Estimated = {
  reviewers: ReviewerEstimate[];
  byCategory: CategoryEstimate[];
  /** How each reviewer agrees with the others, by their id. */
  withOthers: Map<string, ReviewerAgreement>;
  approvalShare: number | null;
  rounds: number;
  revisions: number;
  verdicts: number;
  agreement: Agreement;
  digest: string;
};

const cells = verdicts.length ** 2;
/** So many entries, one kind like the other, the shares of the outcomes are believed to rest on before any is seen. */
const classPrior = verdicts.map(() => 1);

/** Expected counts of everybody who has a verdict that stands, in the order of their ids; a pure function of the columns. */
export function estimateReviewers({ given, known, reviewers, categories, months, calibration }: EstimateInput): Estimated {
  const estimate = estimateTruth(given, { classes: verdicts.length, prior: ordinaryCounts, classPrior, known });
  const unprompted = withoutItems(given, calibration);
  const reviews = new Int32Array(reviewers.length);
  for (const worker of given.workers) reviews[worker] = (reviews[worker] ?? 0) + 1;
  const told = reviewers
    .map((reviewerId, worker) => ({
      reviewerId,
      // Rounded, so that nothing hangs on the last digits of a sum.
      counts: Array.from({ length: cells }, (_, cell) => Number((estimate.counts[worker * cells + cell] ?? 0).toFixed(6))),
      reviews: reviews[worker] ?? 0,
    }))
    .filter((reviewer) => reviewer.reviews > 0)
    .toSorted((one, other) => (one.reviewerId < other.reviewerId ? -1 : 1));
  return {
    reviewers: told,
    byCategory: categorySkills(given, estimate.posterior, { reviewers, categories }),
    withOthers: agreementOfEach(unprompted, { reviewers, months }),
    approvalShare: given.items.length === 0 ? null : Number((estimate.shares[0] ?? 0).toFixed(6)),
    rounds: estimate.rounds,
    revisions: new Set(given.items).size,
    verdicts: given.items.length,
    agreement: agreementOn(unprompted, categories, months),
    digest: createHash('sha256').update(JSON.stringify(told)).digest('hex'),
  };
}

/** Verdicts on what is really under review: on calibration items nobody decides anything. */
function withoutItems({ items, workers, answers }: VerdictColumns['given'], calibration: readonly boolean[]): VerdictColumns['given'] {
  const kept = [...items.keys()].filter((row) => !calibration[items[row] ?? 0]);
  const only = (column: Int32Array) => Int32Array.from(kept, (row) => column[row] ?? 0);
  return { items: only(items), workers: only(workers), answers: only(answers) };
}

function categorySkills(
  given: VerdictColumns['given'],
  posterior: Float64Array,
  { reviewers, categories }: { reviewers: readonly string[]; categories: readonly string[] },
): CategoryEstimate[] {
  const told = new Map<string, CategoryEstimate>();
  for (const [row, revision] of given.items.entries()) {
    const [reviewerId, category] = [reviewers[given.workers[row] ?? 0] ?? '', categories[revision] ?? ''];
    const known = told.get(`${reviewerId} ${category}`) ?? { reviewerId, category, met: 0, reviews: 0 };
    known.met += posterior[revision * verdicts.length + (given.answers[row] ?? 0)] ?? 0;
    known.reviews += 1;
    told.set(`${reviewerId} ${category}`, known);
  }
  return [...told.values()];
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
export function estimateInThread(columns: EstimateInput): Promise<Estimated> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL('estimate-thread.ts', import.meta.url), { workerData: columns });
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', (code) => code !== 0 && reject(new Error(`The thread that estimates ended with code ${code}`)));
  });
}
