import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { verdicts, type Agreement } from '@granary/contract';
import { agreementAmong, estimateTruth, ordinaryCounts } from '@granary/domain';
import type { VerdictColumns } from './verdict-columns.ts';

export type ReviewerEstimate = { reviewerId: string; counts: number[]; reviews: number };
export type EstimateInput = VerdictColumns & { /** Of each revision. */ categories: string[] };
export type Estimated = {
  reviewers: ReviewerEstimate[];
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
export function estimateReviewers({ given, known, reviewers, categories, months }: EstimateInput): Estimated {
  const estimate = estimateTruth(given, { classes: verdicts.length, prior: ordinaryCounts, classPrior, known });
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
    approvalShare: given.items.length === 0 ? null : Number((estimate.shares[0] ?? 0).toFixed(6)),
    rounds: estimate.rounds,
    revisions: new Set(given.items).size,
    verdicts: given.items.length,
    agreement: agreementOn(given, categories, months),
    digest: createHash('sha256').update(JSON.stringify(told)).digest('hex'),
  };
}

/** How people agree on everything, within each category and within each month. */
function agreementOn(given: VerdictColumns['given'], categories: readonly string[], months: readonly string[]): Agreement {
  const units = new Map<number, number[]>();
  for (const [row, revision] of given.items.entries()) {
    const unit = units.get(revision) ?? verdicts.map(() => 0);
    const verdict = given.answers[row] ?? 0;
    unit[verdict] = (unit[verdict] ?? 0) + 1;
    units.set(revision, unit);
  }
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
