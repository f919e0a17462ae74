import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../seeded-random.ts';
import { comparisonModel, differenceError, expectedGain, outcomesOf, strengthsOf, type Duel } from './strengths.ts';

const duel = (a: number, b: number, aWins: number, bWins: number, ties = 0): Duel => ({ a, b, aWins, bWins, ties });

describe('strengthsOf', () => {
  it('knows nothing before anybody has compared: all alike, as uncertain as expected of strengths that sum to 0', () => {
    const nothing = strengthsOf(3, []);
    expect(nothing.values).toEqual([0, 0, 0]);
    for (const error of nothing.errors) expect(error).toBeCloseTo(comparisonModel.priorDeviation * Math.sqrt(2 / 3), 9);
    expect(differenceError(nothing, 0, 1)).toBeCloseTo(comparisonModel.priorDeviation * Math.SQRT2, 9);
    expect(strengthsOf(0, []).values).toEqual([]);
  });

  it('tells the error of a difference, and of each of two strengths that are its halves', () => {
    const known = strengthsOf(2, [duel(0, 1, 300, 100, 100)]);
    expect(differenceError(known, 0, 1)).toBeCloseTo(0.121, 3);
    for (const error of known.errors) expect(error).toBeCloseTo(0.121 / 2, 3);
  });

  it('puts what wins above what loses, surer with more comparisons, and ties in between', () => {
    const few = strengthsOf(2, [duel(0, 1, 3, 1)]);
    const many = strengthsOf(2, [duel(0, 1, 30, 10)]);
    expect(few.values[0]).toBeGreaterThan(0);
    expect(many.values[0]).toBeGreaterThan(few.values[0] ?? 9);
    expect(many.errors[0]).toBeLessThan(few.errors[0] ?? 0);
    expect(differenceError(many, 0, 1)).toBeLessThan(differenceError(few, 0, 1));
    expect(strengthsOf(2, [duel(0, 1, 0, 0, 10)]).values[0]).toBeCloseTo(0, 9);
  });

  it('stays finite where one always wins', () => {
    const { values } = strengthsOf(2, [duel(0, 1, 1_000, 0)]);
    expect(values[0]).toBeGreaterThan(2);
    expect(values[0]).toBeLessThan(10);
  });

  it('finds the strengths that outcomes were drawn by', () => {
    const truth = [-1.2, -0.3, 0.4, 1.1];
    const random = seededRandom(7);
    const duels: Duel[] = [];
    for (let a = 0; a < 4; a += 1)
      for (let b = a + 1; b < 4; b += 1) {
        const found = duel(a, b, 0, 0);
        const { first, second } = outcomesOf((truth[a] ?? 0) - (truth[b] ?? 0));
        for (let n = 0; n < 2_000; n += 1) {
          const at = random();
          if (at < first) found.aWins += 1;
          else if (at < first + second) found.bWins += 1;
          else found.ties += 1;
        }
        duels.push(found);
      }
    const { values } = strengthsOf(4, duels);
    for (const [n, value] of values.entries()) expect(Math.abs(value - (truth[n] ?? 0))).toBeLessThan(0.12);
  });

  it('depends on what was preferred alone: not on the order, nor on who is named first; and sums to nothing', () => {
    const counts = fc.nat(20);
    const duels = fc.array(fc.record({ a: fc.constantFrom(0, 1), b: fc.constantFrom(2, 3), aWins: counts, bWins: counts, ties: counts }), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(duels, (given) => {
        const one = strengthsOf(4, given);
        const other = strengthsOf(
          4,
          given.toReversed().map(({ a, b, aWins, bWins, ties }) => duel(b, a, bWins, aWins, ties)),
        );
        for (const [n, value] of one.values.entries()) expect(other.values[n]).toBeCloseTo(value, 6);
        expect(one.values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 9);
        expect(one.errors.every((error) => error > 0 && error <= comparisonModel.priorDeviation + 1e-9)).toBe(true);
      }),
    );
  });
});

describe('expectedGain', () => {
  it('is most for what is close and has been compared little', () => {
    const strengths = strengthsOf(3, [duel(0, 1, 20, 20), duel(0, 2, 20, 0)]);
    expect(expectedGain(strengths, 1, 2)).toBeGreaterThan(0);
    expect(expectedGain(strengthsOf(2, []), 0, 1)).toBeGreaterThan(expectedGain(strengthsOf(2, [duel(0, 1, 5, 5)]), 0, 1));
    expect(expectedGain(strengthsOf(2, [duel(0, 1, 5, 5)]), 0, 1)).toBeGreaterThan(
      expectedGain(strengthsOf(2, [duel(0, 1, 10, 0)]), 0, 1) * 0.99,
    );
  });

  it('asks about neighbours: after as many comparisons, an active choice puts fewer things in the wrong order than going round', () => {
    const size = 8;
    const truth = Array.from({ length: size }, (_, n) => (n - (size - 1) / 2) * 0.8);
    const pairs = truth.flatMap((_, a) => truth.flatMap((__, b) => (b > a ? [[a, b] as const] : [])));
    const play = (active: boolean, seed: number): number => {
      const random = seededRandom(seed);
      const duels = pairs.map(([a, b]) => duel(a, b, 0, 0));
      for (let n = 0; n < 2 * pairs.length; n += 1) {
        const strengths = strengthsOf(size, duels);
        const gains = pairs.map(([a, b]) => expectedGain(strengths, a, b));
        const chosen = duels[active ? gains.indexOf(Math.max(...gains)) : n % pairs.length] as Duel;
        const { first, second } = outcomesOf((truth[chosen.a] ?? 0) - (truth[chosen.b] ?? 0));
        const drawn = random();
        if (drawn < first) chosen.aWins += 1;
        else if (drawn < first + second) chosen.bWins += 1;
        else chosen.ties += 1;
      }
      const { values } = strengthsOf(size, duels);
      return pairs.filter(([a, b]) => (values[a] ?? 0) >= (values[b] ?? 0)).length;
    };
    const wrong = (active: boolean) => Array.from({ length: 12 }, (_, seed) => play(active, seed + 1)).reduce((sum, each) => sum + each, 0);
    expect(wrong(true)).toBeLessThan(wrong(false));
  });
});
