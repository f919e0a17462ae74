import { afterEach, describe, expect, it, vi } from 'vitest';
import { doneIn, keepGoal, medianSeconds, progressOf, readGoal } from './session-goal.ts';

const tally = { approve: 2, reject: 1, request_changes: 1, skipped: 5, decided: 0, times: [9_000, 1_000, 4_000, 3_000] };

it('counts verdicts, not skips', () => {
  expect(doneIn(tally)).toBe(4);
});

it('tells the time in the middle, in seconds', () => {
  expect(medianSeconds(tally)).toBe(4);
  expect(medianSeconds({ ...tally, times: [9_000, 1_000, 3_000] })).toBe(3);
  expect(medianSeconds({ ...tally, times: [] })).toBe(null);
});

it('reaches a goal with as many verdicts as were meant, counted from the last summary on', () => {
  expect(progressOf(tally, 0, 5)).toEqual({ done: 4, reached: false });
  expect(progressOf({ ...tally, reject: 2 }, 0, 5)).toEqual({ done: 5, reached: true });
  expect(progressOf({ ...tally, reject: 2 }, 5, 5)).toEqual({ done: 0, reached: false });
  // A verdict counted before the summary was taken back after it.
  expect(progressOf(tally, 5, 5)).toEqual({ done: 0, reached: false });
});

it('is never reached where there is none', () => {
  expect(progressOf({ ...tally, approve: 500 }, 0, 0)).toEqual({ done: 502, reached: false });
});

describe('the goal chosen', () => {
  afterEach(() => vi.unstubAllGlobals());
  const storage = (items: Record<string, string>) =>
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => items[key] ?? null,
      setItem: (key: string, value: string) => void (items[key] = value),
    });

  it('is kept in the browser, none included', () => {
    storage({});
    for (const goal of [5, 20, 0] as const) {
      keepGoal(goal);
      expect(readGoal()).toBe(goal);
    }
  });

  it('is the usual one before anything was chosen, after anything strange, and where nothing is kept', () => {
    storage({});
    expect(readGoal()).toBe(10);
    storage({ 'granary.review-goal': '7' });
    expect(readGoal()).toBe(10);
    vi.stubGlobal('localStorage', undefined);
    keepGoal(5);
    expect(readGoal()).toBe(10);
  });
});
