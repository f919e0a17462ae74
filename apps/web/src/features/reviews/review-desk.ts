import {
  verdicts,
  type Qualification,
  type RejectReason,
  type ReviewInput,
  type ReviewOutcome,
  type ReviewTask,
  type SkipReason,
  type Verdict,
} from '@granary/contract';
import { createDesk, type Desk, type DeskParts, type DeskState, type Shown } from '../../lib/task-desk.ts';

/** What a reviewer has typed into a seat. */
export type Typed = {
  ratings: Record<string, number>;
  reason: RejectReason | null;
  note: string;
  keepInstruction: boolean;
  changes: string;
};
export const nothingTyped: Typed = { ratings: {}, reason: null, note: '', keepInstruction: false, changes: '' };

export type Lesson = NonNullable<ReviewOutcome['lesson']> & { verdict: Verdict };
type Sum = {
  /** Entries that a verdict of this sitting decided. */
  decided: number;
  /** What a text that was known has taught; until it is closed. */
  lesson: Lesson | null;
  qualification: Qualification | null;
};
export type ReviewDeskKind = {
  Task: ReviewTask;
  Input: ReviewInput;
  Typed: Typed;
  Outcome: ReviewOutcome;
  SkipReason: SkipReason;
  Sum: Sum;
};
export type ReviewDesk = Desk<ReviewDeskKind>;
export type ReviewDeskState = DeskState<ReviewDeskKind>;
export type ShownTask = Shown<ReviewDeskKind>;
export type Tally = Record<Verdict, number> & { skipped: number; decided: number; times: readonly number[] };

type Parts = Pick<DeskParts<ReviewDeskKind>, 'server' | 'now' | 'newKey' | 'pause' | 'isGone' | 'isPassing'>;

const decides = (outcome: ReviewOutcome): number => Number(outcome.lesson === null && outcome.status !== 'in_review');

/** The desk of a reviewer: verdicts, what they decided, and what texts that are known have taught. */
export function createReviewDesk(parts: Parts): ReviewDesk {
  return createDesk<ReviewDeskKind>({
    ...parts,
    nothingTyped,
    nameOf: ({ verdict }) => verdict,
    answerIdOf: ({ reviewId }) => reviewId,
    // What was expected has been told: there is nothing to take back.
    isFinal: ({ lesson }) => lesson !== null,
    sum: { decided: 0, lesson: null, qualification: null },
    add: (sum, outcome, { verdict }) => ({
      decided: sum.decided + decides(outcome),
      lesson: outcome.lesson === null ? sum.lesson : { ...outcome.lesson, verdict },
      qualification: outcome.lesson === null ? sum.qualification : outcome.qualification,
    }),
    takeAway: (sum, outcome) => ({ ...sum, decided: sum.decided - decides(outcome) }),
    renew: (sum) => ({ ...sum, lesson: null, qualification: null }),
  });
}

export const closeLesson = (desk: ReviewDesk): void => desk.changeSum((sum) => ({ ...sum, lesson: null, qualification: null }));

/** What a sitting has come to so far. */
export function tallyOf({ counts, skipped, times, sum }: ReviewDeskState): Tally {
  const given = Object.fromEntries(verdicts.map((verdict) => [verdict, counts[verdict] ?? 0])) as Record<Verdict, number>;
  return { ...given, skipped, times, decided: sum.decided };
}
