import { browserStorage } from '../../lib/browser-storage.ts';
import type { Tally } from './desk.ts';

/** How many reviews somebody means to do in one sitting; 0 for as long as it lasts. */
export const goals = [5, 10, 20, 0] as const;
export type Goal = (typeof goals)[number];

const key = 'granary.review-goal';
const usual: Goal = 10;

/** The goal chosen last in this browser. */
export function readGoal(): Goal {
  const kept = browserStorage.get(key);
  return goals.find((goal) => String(goal) === kept) ?? usual;
}

export function keepGoal(goal: Goal): void {
  browserStorage.set(key, String(goal));
}

/** Verdicts given in this sitting. */
export const doneIn = ({ approve, reject, request_changes: changes }: Tally): number => approve + reject + changes;

/** Seconds that a task took in the middle of all; null without any. */
export function medianSeconds({ times }: Tally): number | null {
  const sorted = times.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  const [below, above] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return below === undefined || above === undefined ? null : Math.round((below + above) / 2000);
}

/** A sitting against its goal: verdicts since the summary was last closed, and whether they are as many as were meant. */
export function progressOf(tally: Tally, from: number, goal: Goal): { done: number; reached: boolean } {
  // What was counted may have been taken back since.
  const done = Math.max(0, doneIn(tally) - from);
  return { done, reached: goal > 0 && done >= goal };
}
