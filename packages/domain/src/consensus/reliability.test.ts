import { verdicts, type Verdict } from '@granary/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectedShares, posteriorOf } from './posterior.ts';
import {
  agreementOf,
  evidenceOf,
  ordinaryCounts,
  ordinaryEvidence,
  reliabilityIn,
  reliabilityOf,
  withoutVerdict,
  withVerdict,
} from './reliability.ts';

const certain = (outcome: Verdict) => verdicts.map((verdict) => Number(verdict === outcome));
const anyCounts = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 9, maxLength: 9 });

describe('reliability', () => {
  it('of somebody unknown is four in five', () => {
    expect(reliabilityOf([]).map((share) => Math.round(share * 1000) / 1000)).toEqual([0.8, 0.1, 0.1, 0.1, 0.8, 0.1, 0.1, 0.1, 0.8]);
    // Three in a hundred of anybody's verdicts are slips.
    expect(ordinaryEvidence('reject').map((share) => Math.round(share * 1000) / 1000)).toEqual([0.107, 0.786, 0.107]);
    expect(agreementOf([])).toEqual({ agreement: null, approvesGood: null, catchesBad: null });
  });

  it('rises with verdicts that met the outcome and falls with those that did not', () => {
    const after = (times: number, truth: Verdict, said: Verdict) =>
      Array.from({ length: times }).reduce<readonly number[]>((counts) => withVerdict(counts, certain(truth), said), []);
    expect(reliabilityOf(after(20, 'approve', 'approve'))[0]).toBeGreaterThan(0.95);
    expect(reliabilityOf(after(20, 'approve', 'reject'))[0]).toBeLessThan(0.11);
    expect(agreementOf([6, 2, 0, 1, 3, 0, 0, 0, 0])).toEqual({ agreement: 9 / 12, approvesGood: 6 / 8, catchesBad: 3 / 4 });
  });

  it('has rows that sum to 1', () => {
    fc.assert(
      fc.property(anyCounts, (counts) => {
        const reliability = reliabilityOf(counts);
        for (const row of [0, 3, 6]) expect(reliability.slice(row, row + 3).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
        for (const verdict of verdicts) expect(evidenceOf(reliability, verdict).every((share) => share > 0 && share < 1)).toBe(true);
      }),
    );
  });

  it('gives back what it took', () => {
    fc.assert(
      fc.property(anyCounts, fc.constantFrom(...verdicts), (counts, verdict) => {
        const truth = [0.2, 0.5, 0.3];
        const back = withoutVerdict(withVerdict(counts, truth, verdict), truth, verdict);
        for (const [cell, count] of back.entries()) expect(count).toBeCloseTo(counts[cell] ?? 0, 6);
      }),
    );
    expect(ordinaryCounts).toHaveLength(9);
  });
});

describe('in a category', () => {
  const careful = [40, 1, 1, 1, 40, 1, 1, 1, 40];
  const guesses = [10, 10, 10, 10, 10, 10, 10, 10, 10];
  const rightOn = (reliability: readonly number[]) => reliability[4] ?? 0;

  it('somebody is as elsewhere until they have shown something there, and then what they have shown', () => {
    expect(rightOn(reliabilityIn(careful, []))).toBeCloseTo(rightOn(reliabilityOf(careful)), 9);
    const both = careful.map((count, cell) => count + (guesses[cell] ?? 0));
    expect(rightOn(reliabilityIn(both, guesses))).toBeLessThan(0.5);
    expect(rightOn(reliabilityIn(both, careful))).toBeGreaterThan(0.85);
    // A few verdicts move it a little: five of the general ones stand against them.
    const few = guesses.map((count) => count / 15);
    const moved = rightOn(reliabilityIn(careful.map((count, cell) => count + (few[cell] ?? 0)), few)); // prettier-ignore
    expect(moved).toBeGreaterThan(0.7);
    expect(moved).toBeLessThan(0.8);
  });

  it('what is known of somebody in their only category counts once', () => {
    expect(reliabilityIn(careful, careful)).toEqual(reliabilityOf(careful));
  });
});

describe('posteriorOf', () => {
  it('is what was expected before anybody has looked', () => {
    expect(posteriorOf(expectedShares(0.6), []).map((share) => Math.round(share * 1000) / 1000)).toEqual([0.6, 0.2, 0.2]);
  });

  it("is Bayes' rule", () => {
    // 0.6 × 0.786, 0.2 × 0.107, 0.2 × 0.107, divided by their sum.
    const [approve = 0, reject = 0] = posteriorOf(expectedShares(0.6), [ordinaryEvidence('approve')]);
    expect(approve).toBeCloseTo((0.6 * 0.786) / (0.6 * 0.786 + 0.4 * 0.107), 12);
    expect(reject).toBeCloseTo((0.2 * 0.107) / (0.6 * 0.786 + 0.4 * 0.107), 12);
  });

  it('stays finite with more evidence than a floating-point number can multiply', () => {
    const [approve = 0] = posteriorOf(
      expectedShares(0.5),
      Array.from({ length: 2_000 }, () => ordinaryEvidence('approve')),
    );
    expect(approve).toBe(1);
  });
});
