import { expect, it } from 'vitest';
import { doneIn, medianSeconds } from './session-goal.ts';

const tally = { approve: 2, reject: 1, request_changes: 1, skipped: 5, decided: 0, times: [9_000, 1_000, 4_000, 3_000] };

it('counts verdicts, not skips', () => {
  expect(doneIn(tally)).toBe(4);
});

it('tells the time in the middle, in seconds', () => {
  expect(medianSeconds(tally)).toBe(4);
  expect(medianSeconds({ ...tally, times: [9_000, 1_000, 3_000] })).toBe(3);
  expect(medianSeconds({ ...tally, times: [] })).toBe(null);
});
