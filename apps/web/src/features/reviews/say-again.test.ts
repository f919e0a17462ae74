import type { ReviewTask } from '@granary/contract';
import { expect, it } from 'vitest';
import { sayAgain } from './say-again.ts';

const task = (earlier: ReviewTask['earlier']) => ({ earlier });

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
