import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FixedPolicy } from '@granary/contract';
import { defaultAdaptivePolicy } from '../consensus/default-policy.ts';
import { seatsWanted, type Opinion } from '../consensus/consensus.ts';
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
  const begun = fc.array(verdict, { minLength: 1, maxLength: 6 }).map((given) => given.map((each) => opinionOf(each)));
  const wanted = (opinions: Opinion[]) => seatsWanted(defaultAdaptivePolicy, opinions);
  const start = (opinions: Opinion[]) => headStartHours(defaultAdaptivePolicy, opinions);
  fc.assert(
    fc.property(begun, begun, (one, other) => {
      fc.pre(wanted(one) > 0 && wanted(other) > 0);
      expect(Math.sign(start(one) - start(other))).toBe(Math.sign(wanted(other) - wanted(one)));
    }),
  );
});
