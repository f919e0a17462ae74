import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FixedPolicy } from '@granary/contract';
import { defaultAdaptivePolicy } from '../consensus/default-policy.ts';
import { seatsWanted } from '../consensus/consensus.ts';
import { opinionOf } from '../consensus/opinions-for-tests.ts';
import { headStartHours } from './head-start.ts';

const fixed: FixedPolicy = { kind: 'fixed', approvals: 3, rejections: 3, changeRequests: 3, maxReviews: 7, openReview: true };

const approvals = (count: number) => Array.from({ length: count }, () => opinionOf('approve'));

it('gives nothing to what nobody has looked at, and most to what one review could decide', () => {
  expect(headStartHours(fixed, [])).toBe(0);
  expect(headStartHours(fixed, approvals(1))).toBe(24);
  expect(headStartHours(fixed, approvals(2))).toBe(48);
  expect(headStartHours(fixed, approvals(3))).toBe(0);
});

it('never falls as fewer reviews are missing', () => {
  const verdict = fc.constantFrom('approve' as const, 'reject' as const, 'request_changes' as const);
  fc.assert(
    fc.property(fc.array(verdict, { minLength: 1, maxLength: 6 }), fc.array(verdict, { minLength: 1, maxLength: 6 }), (one, other) => {
      const [a, b] = [one.map(opinionOf), other.map(opinionOf)];
      const [wantedA, wantedB] = [seatsWanted(defaultAdaptivePolicy, a), seatsWanted(defaultAdaptivePolicy, b)];
      fc.pre(wantedA > 0 && wantedB > 0);
      if (wantedA <= wantedB)
        expect(headStartHours(defaultAdaptivePolicy, a)).toBeGreaterThanOrEqual(headStartHours(defaultAdaptivePolicy, b));
    }),
  );
});
