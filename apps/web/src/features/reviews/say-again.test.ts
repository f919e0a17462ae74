import type { ReviewTask } from '@granary/contract';
import { expect, it } from 'vitest';
import { sayAgain, typedAgain } from './say-again.ts';
import { nothingTyped } from './typed.ts';

const task = (earlier: ReviewTask['earlier']) => ({ earlier, instruction: null });
const pair = { id: 'instruction' } as ReviewTask['instruction'];

it('repeats a verdict with its reason, note and ratings', () => {
  expect(sayAgain(task({ verdict: 'approve', reason: null, note: null, ratings: { clarity: 4 } }))).toEqual({
    verdict: 'approve',
    ratings: { clarity: 4 },
  });
  expect(sayAgain(task({ verdict: 'reject', reason: 'spam', note: 'An advertisement', ratings: {} }))).toEqual({
    verdict: 'reject',
    reason: 'spam',
    note: 'An advertisement',
    ratings: {},
    keepInstruction: false,
  });
  expect(sayAgain(task({ verdict: 'request_changes', reason: null, note: 'Say more', ratings: {} }))).toEqual({
    verdict: 'request_changes',
    note: 'Say more',
    ratings: {},
  });
});

it('has nothing to repeat for somebody who has not judged it, or not with words', () => {
  expect(sayAgain(task(null))).toBe(null);
  expect(sayAgain(task({ verdict: 'reject', reason: null, note: null, ratings: {} }))).toBe(null);
  expect(sayAgain(task({ verdict: 'request_changes', reason: null, note: null, ratings: {} }))).toBe(null);
});

it('leaves the rejection of a pair to be looked at: whether the instruction was meant too is not known', () => {
  const earlier = { verdict: 'reject' as const, reason: 'spam' as const, note: 'An advertisement', ratings: { clarity: 2 } };
  expect(sayAgain({ earlier, instruction: pair })).toBe(null);
  expect(typedAgain(earlier)).toEqual({ ...nothingTyped, reason: 'spam', note: 'An advertisement', ratings: { clarity: 2 } });
  expect(sayAgain({ earlier: { ...earlier, verdict: 'approve', reason: null }, instruction: pair })).toMatchObject({ verdict: 'approve' });
});

it('puts the words of a request for changes where they were written', () => {
  const earlier = { verdict: 'request_changes' as const, reason: null, note: 'Say more', ratings: {} };
  expect(typedAgain(earlier)).toEqual({ ...nothingTyped, changes: 'Say more' });
});
