import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agreementAmong, agreementWithOthers } from './agreement.ts';

describe('agreementAmong', () => {
  it("gives the alpha of Krippendorff's own example", () => {
    // "Computing Krippendorff's Alpha-Reliability" (2011), section C: nominal data, any number of observers, missing values; alpha = 0.743.
    // A row per observer; 0 is a missing value.
    const rows = [
      [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
      [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
      [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
      [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
    ];
    const units = Array.from({ length: 12 }, (_, unit) => [1, 2, 3, 4, 5].map((value) => rows.filter((row) => row[unit] === value).length));
    const { alpha, revisions } = agreementAmong(units);
    expect(alpha).toBeCloseTo(0.743, 3);
    expect(revisions).toBe(11);
  });

  it('is 1 where all agree on different things, and below 0 where they contradict each other', () => {
    expect(
      agreementAmong([
        [3, 0, 0],
        [0, 3, 0],
        [0, 0, 2],
      ]),
    ).toEqual({ alpha: 1, raw: 1, revisions: 3 });
    const { alpha, raw } = agreementAmong([
      [1, 1, 0],
      [1, 1, 0],
      [1, 1, 0],
    ]);
    expect(raw).toBe(0);
    expect(alpha).toBeLessThan(0);
  });

  it('has nothing to say where nobody judged the same thing, or nobody ever said anything else', () => {
    expect(
      agreementAmong([
        [1, 0, 0],
        [0, 0, 0],
      ]),
    ).toEqual({ alpha: null, raw: null, revisions: 0 });
    expect(
      agreementAmong([
        [3, 0, 0],
        [2, 0, 0],
      ]),
    ).toEqual({ alpha: null, raw: 1, revisions: 2 });
  });

  it('never exceeds 1, and does not depend on the order', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5), fc.nat(5), fc.nat(5)), { maxLength: 30 }), (units) => {
        const { alpha, raw } = agreementAmong(units);
        expect(alpha ?? 1).toBeLessThanOrEqual(1 + 1e-12);
        expect(raw ?? 0).toBeGreaterThanOrEqual(0);
        expect(agreementAmong(units.toReversed()).alpha ?? 1).toBeCloseTo(alpha ?? 1, 9);
      }),
    );
  });
});

describe('agreementWithOthers', () => {
  it('counts what others said of the same things, each thing alike, and leaves out what nobody else read', () => {
    const told = agreementWithOthers([
      { unit: [2, 0, 0], own: 0 },
      { unit: [1, 2, 0], own: 0 },
      { unit: [1, 0, 0], own: 0 },
    ]);
    // Same as one of one, then as none of two; all five verdicts: three approve, two reject, so two of them differ in 12 of 20 cases.
    expect(told).toEqual({ raw: 0.5, alpha: 1 - 0.5 / (12 / 20), revisions: 2 });
  });

  it('says nothing where there is nothing to tell it from', () => {
    expect(agreementWithOthers([])).toEqual({ raw: null, alpha: null, revisions: 0 });
    expect(agreementWithOthers([{ unit: [3, 0, 0], own: 0 }])).toEqual({ raw: 1, alpha: null, revisions: 1 });
  });
});
