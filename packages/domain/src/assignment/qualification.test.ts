import { expect, it } from 'vitest';
import { defaultAdaptivePolicy } from '../consensus/default-policy.ts';
import { qualificationNeeded, qualificationState } from './qualification.ts';

it('wants the share that the policy wants, of as many texts as there are', () => {
  const policy = { ...defaultAdaptivePolicy, qualification: { items: 5, needed: 4 } };
  expect([5, 4, 3].map((items) => qualificationNeeded(policy, items))).toEqual([4, 4, 3]);
  expect(qualificationNeeded({ ...policy, qualification: undefined }, 5)).toBe(0);
});

it('is decided as soon as nothing can change it', () => {
  expect(qualificationState({ needed: 4, met: 3, left: 1 })).toBe('under_way');
  expect(qualificationState({ needed: 4, met: 4, left: 1 })).toBe('passed');
  expect(qualificationState({ needed: 4, met: 3, left: 0 })).toBe('failed');
  expect(qualificationState({ needed: 4, met: 0, left: 3 })).toBe('failed');
});
