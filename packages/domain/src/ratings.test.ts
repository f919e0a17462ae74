import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bayesianMean, estimateRaterBiases, ratingPrior } from './ratings.ts';

const columns = (rows: readonly [item: number, rater: number, score: number][]) => ({
  items: Int32Array.from(rows, ([item]) => item),
  raters: Int32Array.from(rows, ([, rater]) => rater),
  dimensions: new Int32Array(rows.length),
  scores: Float64Array.from(rows, ([, , score]) => score),
});

describe('bayesianMean', () => {
  it('begins at the usual mean and comes closer to the scores with each of them', () => {
    const fives = (count: number) => bayesianMean(Array.from({ length: count }, () => ({ score: 5, bias: 0 })));
    expect(fives(0)).toBe(ratingPrior.mean);
    expect(fives(1)).toBe(4);
    expect(fives(50)).toBeGreaterThan(4.9);
  });

  it('takes off what a rater gives too much, and stays between 1 and 5', () => {
    expect(bayesianMean([{ score: 5, bias: 1 }], 3)).toBeCloseTo(10 / 3, 9);
    const scores = fc.array(fc.record({ score: fc.integer({ min: 1, max: 5 }), bias: fc.double({ min: -4, max: 4, noNaN: true }) }));
    fc.assert(
      fc.property(scores, fc.double({ min: 1, max: 5, noNaN: true }), (given, mean) => {
        const found = bayesianMean(given, mean);
        expect(found).toBeGreaterThanOrEqual(1);
        expect(found).toBeLessThanOrEqual(5);
      }),
    );
  });
});

describe('estimateRaterBiases', () => {
  it('finds who is generous and who is strict on the same things', () => {
    const rows: [number, number, number][] = [];
    for (let item = 0; item < 30; item += 1) {
      const worth = 2 + (item % 3);
      rows.push([item, 0, worth], [item, 1, worth + 1], [item, 2, worth - 1]);
    }
    const { biases, means } = estimateRaterBiases(columns(rows), { items: 30, raters: 3, dimensions: 1 });
    expect(means[0]).toBeCloseTo(3, 9);
    expect(Math.abs(biases[0] ?? 1)).toBeLessThan(0.05);
    expect(biases[1]).toBeGreaterThan(0.7);
    expect(biases[2]).toBeLessThan(-0.7);
  });

  it('holds little against somebody of whom little is known, and does not depend on the order', () => {
    const one = estimateRaterBiases(columns([[0, 0, 5]]), { items: 1, raters: 1, dimensions: 1 });
    expect(Math.abs(one.biases[0] ?? 1)).toBeLessThan(0.1);
    const rows = fc.array(fc.tuple(fc.nat(5), fc.nat(4), fc.integer({ min: 1, max: 5 })), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(rows, (given) => {
        const size = { items: 6, raters: 5, dimensions: 1 };
        const [there, back] = [estimateRaterBiases(columns(given), size), estimateRaterBiases(columns(given.toReversed()), size)];
        for (const [rater, bias] of there.biases.entries()) expect(back.biases[rater]).toBeCloseTo(bias, 9);
        expect(there.biases.every((bias) => Math.abs(bias) <= 4)).toBe(true);
      }),
    );
  });
});
