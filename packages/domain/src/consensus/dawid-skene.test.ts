import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseErrorModel, estimateTruth, type Answers, type EmEstimate } from './dawid-skene.ts';
import { agreementOf, reliabilityOf } from './reliability.ts';
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

  it('counts every answer once that another one stands beside', () => {
    fc.assert(
      fc.property(anyAnswers, (rows) => {
        const { counts } = estimateTruth(columns(rows), three);
        const beside = rows.filter(([item], row) => rows.some(([other], place) => other === item && place !== row));
        expect(counts.reduce((sum, count) => sum + count, 0)).toBeCloseTo(beside.length, 6);
      }),
    );
  });
});

describe('what it makes of its evidence', () => {
  const usual = { classes: 3, prior: [2, 0.25, 0.25, 0.25, 2, 0.25, 0.25, 0.25, 2], classPrior: [1, 1, 1] };
  /** Each item answered by so many workers, who are right by a share that depends on the kind of item. */
  function votes(items: number, each: number, right: readonly (readonly number[])[], seed: number) {
    const random = seededRandom(seed);
    const truth = Array.from({ length: items }, () => Math.floor(random() * 3));
    const rows = truth.flatMap((own, item) => {
      const chosen = new Set<number>();
      while (chosen.size < each) chosen.add(Math.floor(random() * right.length));
      return [...chosen].map((worker) => {
        const share = right[worker]?.[item % (right[worker]?.length ?? 1)] ?? 0;
        return [item, worker, random() < share ? own : (own + 1 + Math.floor(random() * 2)) % 3] as const;
      });
    });
    return { truth, given: columns(rows), groups: Int32Array.from(truth, (_, item) => item % (right[0]?.length ?? 1)) };
  }
  const wrongOf = (estimate: EmEstimate, truth: readonly number[]) =>
    mostProbable(estimate, 3).filter((found, item) => found !== truth[item]).length;

  it('says whether it came to rest', () => {
    const { given } = votes(300, 3, Array.from({ length: 20 }, () => [0.8]), 3); // prettier-ignore
    expect(estimateTruth(given, { ...usual, rounds: 2 })).toMatchObject({ rounds: 2, converged: false });
    expect(estimateTruth(given, { ...usual, rounds: 2_000 })).toMatchObject({ converged: true });
  });

  it('answers that stand alone teach nobody, unless the truth is known', () => {
    const given = columns([[0, 0, 1], [1, 0, 1], [2, 0, 1], [2, 1, 1]]); // prettier-ignore
    const sumOf = (counts: Float64Array) => counts.subarray(0, 9).reduce((sum, count) => sum + count, 0);
    expect(sumOf(estimateTruth(given, usual).counts)).toBeCloseTo(1, 9);
    expect(sumOf(estimateTruth(given, { ...usual, known: Int32Array.from([0, -1, -1]) }).counts)).toBeCloseTo(2, 9);
    // Nor do they say how frequent anything is.
    expect(estimateTruth(columns([[0, 0, 1], [1, 0, 1]]), usual).shares[1]).toBeCloseTo(1 / 3, 9); // prettier-ignore
  });

  it('counts what was assumed of somebody once, whatever the model', () => {
    // Nine texts of which the truth is known, three of each, and somebody who is right about all of them; another is right about none.
    const rows = Array.from({ length: 9 }, (_, item) => [[item, 0, item % 3], [item, 1, (item + 1) % 3]] as const).flat(); // prettier-ignore
    const known = Int32Array.from({ length: 9 }, (_, item) => item % 3);
    const groups = Int32Array.from(known, (_, item) => Number(item > 5));
    const { counts, groupCounts } = estimateTruth(columns(rows), { ...usual, known, groups, model: 'one_coin' });
    expect([...counts]).toEqual([3, 0, 0, 0, 3, 0, 0, 0, 3, 0, 1.5, 1.5, 1.5, 0, 1.5, 1.5, 1.5, 0]);
    expect([...groupCounts.subarray(9, 18)]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    expect(agreementOf([...counts.subarray(0, 9)]).agreement).toBe(1);
    for (const cell of [0, 4, 8]) expect(reliabilityOf([...counts.subarray(0, 9)])[cell]).toBeCloseTo(5 / 5.5, 9);
    // Of somebody whose only verdict stands alone, nothing was counted.
    expect([...estimateTruth(columns([[0, 0, 1]]), { ...usual, model: 'one_coin' }).counts]).toEqual(Array.from({ length: 9 }, () => 0)); // prettier-ignore
  });

  it('finds more where people are good at different things and the kinds are told', () => {
    const right = Array.from({ length: 30 }, (_, worker) => [0, 1, 2, 3].map((kind) => ((worker + kind) % 4 < 2 ? 0.95 : 0.4)));
    const { given, truth, groups } = votes(2_000, 4, right, 5);
    expect(wrongOf(estimateTruth(given, { ...usual, groups }), truth)).toBeLessThan(wrongOf(estimateTruth(given, usual), truth) * 0.7);
  });

  it('follows people who change when their old answers count less', () => {
    const random = seededRandom(11);
    const rows = Array.from({ length: 600 }, (_, item) => [0, 1, 2, 3].map((worker) => {
      const share = worker === 3 && item > 300 ? 1 / 3 : 0.95;
      return [item, worker, random() < share ? item % 3 : (item + 1 + Math.floor(random() * 2)) % 3] as const;
    })).flat(); // prettier-ignore
    const given = columns(rows);
    const weights = Float64Array.from(given.items, (item) => 0.98 ** (599 - item));
    const rightOf = ({ counts }: EmEstimate) =>
      ((counts[27] ?? 0) + (counts[31] ?? 0) + (counts[35] ?? 0)) / counts.subarray(27, 36).reduce((sum, count) => sum + count, 0);
    expect(rightOf(estimateTruth(given, { ...usual, weights }))).toBeLessThan(0.45);
    expect(rightOf(estimateTruth(given, usual))).toBeGreaterThan(0.6);
  });

  it('takes one coin for each where a matrix would be learned from too little, and a matrix where errors have a direction', () => {
    // Many people with a handful of answers each, wrong evenly.
    const coins = votes(900, 5, Array.from({ length: 400 }, (_, worker) => [worker % 3 === 0 ? 0.4 : 0.85]), 13); // prettier-ignore
    expect(chooseErrorModel(coins.given, usual)).toBe('one_coin');
    const random = seededRandom(17);
    // Everybody takes 2 for 0 half of the time, and nothing else for another.
    const rows = Array.from({ length: 900 }, (_, item) =>
      [0, 1, 2, 3].map((worker) => [item, worker, item % 3 === 2 && random() < 0.5 ? 0 : item % 3] as const),
    ).flat();
    expect(chooseErrorModel(columns(rows), usual)).toBe('matrix');
  });
});
