import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateTruth, type Answers, type EmEstimate } from './dawid-skene.ts';
import { seededRandom } from '../seeded-random.ts';

const columns = (rows: readonly (readonly [item: number, worker: number, answer: number])[]): Answers => ({
  items: Int32Array.from(rows, ([item]) => item),
  workers: Int32Array.from(rows, ([, worker]) => worker),
  answers: Int32Array.from(rows, ([, , answer]) => answer),
});
const light = { classes: 2, prior: [2, 0.5, 0.5, 2], classPrior: [1, 1] };
const mostProbable = ({ posterior }: EmEstimate, classes: number) =>
  Array.from({ length: posterior.length / classes }, (_, item) => {
    const own = posterior.subarray(item * classes, (item + 1) * classes);
    return own.indexOf(Math.max(...own));
  });

describe('estimateTruth', () => {
  it('finds the truth where as many always say the same as look closely', () => {
    // Three careful workers and three who say 1 to everything: votes alone leave every 0 undecided.
    const truth = [0, 1, 0, 1, 0, 0, 1, 1, 0, 1];
    const rows = truth.flatMap((right, item) => [right, right, right, 1, 1, 1].map((answer, worker) => [item, worker, answer] as const));
    const estimate = estimateTruth(columns(rows), light);
    expect(mostProbable(estimate, 2)).toEqual(truth);
  });

  it('learns how far each worker can be trusted', () => {
    const random = seededRandom(7);
    const right = [0.95, 0.95, 0.9, 0.7, 0.5];
    const truth = Array.from({ length: 400 }, () => Math.floor(random() * 3));
    const rows = truth.flatMap((own, item) =>
      right.map((share, worker) => [item, worker, random() < share ? own : (own + 1 + Math.floor(random() * 2)) % 3] as const),
    );
    const { counts, shares } = estimateTruth(columns(rows), {
      classes: 3,
      prior: [2, 0.25, 0.25, 0.25, 2, 0.25, 0.25, 0.25, 2],
      classPrior: [1, 1, 1],
    });
    const accuracies = right.map((_, worker) => [0, 1, 2].reduce((sum, k) => sum + (counts[worker * 9 + k * 4] ?? 0), 0) / 400);
    for (const [worker, accuracy] of accuracies.entries()) expect(Math.abs(accuracy - (right[worker] ?? 0))).toBeLessThan(0.06);
    expect(Math.abs((shares[0] ?? 0) - 1 / 3)).toBeLessThan(0.08);
  });

  it('holds on to what is known', () => {
    const rows = [0, 1, 2].flatMap((item) => [0, 1].map((worker) => [item, worker, 1] as const));
    const { posterior } = estimateTruth(columns(rows), { ...light, known: Int32Array.of(0, -1, -1) });
    expect([...posterior.subarray(0, 2)]).toEqual([1, 0]);
  });

  it('has nothing to say without answers, and both sides of an even split', () => {
    expect(estimateTruth(columns([]), light)).toMatchObject({ posterior: new Float64Array(0), counts: new Float64Array(0) });
    const { posterior } = estimateTruth(
      columns([
        [0, 0, 0],
        [0, 1, 1],
      ]),
      light,
    );
    expect(posterior[0]).toBeCloseTo(0.5);
  });

  const anyAnswers = fc.array(fc.tuple(fc.nat(12), fc.nat(6), fc.nat(2)), { maxLength: 80 });
  const three = { classes: 3, prior: [2, 0.25, 0.25, 0.25, 2, 0.25, 0.25, 0.25, 2], classPrior: [1, 1, 1] };

  it('gives probabilities, and the same ones again', () => {
    fc.assert(
      fc.property(anyAnswers, (rows) => {
        const estimate = estimateTruth(columns(rows), three);
        for (let item = 0; item < estimate.posterior.length; item += 3)
          expect(estimate.posterior.subarray(item, item + 3).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
        expect(estimateTruth(columns(rows), three)).toEqual(estimate);
      }),
    );
  });

  it('counts every answer once', () => {
    fc.assert(
      fc.property(anyAnswers, (rows) => {
        const { counts } = estimateTruth(columns(rows), three);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBeCloseTo(rows.length, 6);
      }),
    );
  });
});
