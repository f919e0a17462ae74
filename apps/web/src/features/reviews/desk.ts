import {
  tasksHeldAtMost,
  verdicts,
  type Qualification,
  type ReviewInput,
  type ReviewOutcome,
  type ReviewTask,
  type SkipReason,
  type Verdict,
} from '@granary/contract';
import { deriveStore } from '../../lib/create-store.ts';
import * as desks from '../../lib/task-desk.ts';
import { isTouched, nothingTyped, type Typed } from './typed.ts';

/** What a text whose verdict was known has taught. */
export type Lesson = NonNullable<ReviewOutcome['lesson']> & { verdict: Verdict; qualification: Qualification | null };
export type Asking = 'reject' | 'request_changes';
type Sum = {
  /** Entries that a verdict of this sitting decided. */
  decided: number;
  /** What has been taught and not yet been read. */
  lessons: readonly Lesson[];
  /** How far the qualifications are that were worked on here, by dataset. */
  qualifications: Readonly<Record<string, Qualification>>;
};
type Kind = {
  Task: ReviewTask;
  Input: ReviewInput;
  Typed: Typed;
  Outcome: ReviewOutcome;
  SkipReason: SkipReason;
  Asking: Asking;
  Sum: Sum;
};
export type DeskServer = desks.DeskServer<Kind>;
export type Shown = desks.Shown<Kind>;
export type Tally = Record<Verdict, number> & { skipped: number; decided: number; times: readonly number[] };
export type DeskState = Omit<desks.DeskState<Kind>, 'counts' | 'skipped' | 'times' | 'sum' | 'last'> &
  Omit<Sum, 'decided'> & { tally: Tally; last: { n: number; verdict: Verdict } | null };
type Parts = Pick<desks.DeskParts<Kind>, 'server' | 'now' | 'newKey' | 'pause' | 'isGone' | 'isPassing' | 'onUndelivered'> & {
  /** What the sitting came to before, at the desk for another wish. */
  tally?: Tally;
};
export type Desk = ReturnType<typeof createDesk>;

export const emptyTally: Tally = { approve: 0, reject: 0, request_changes: 0, skipped: 0, decided: 0, times: [] };
const decides = ({ lesson, status }: ReviewOutcome): number => Number(lesson === null && status !== 'in_review');

/** The desk of a reviewer: verdicts, what they decided, what texts that are known have taught, and how far qualifications are. */
export function createDesk({ tally = emptyTally, ...parts }: Parts) {
  const { skipped, decided, times, ...counts } = tally;
  const desk = desks.createDesk<Kind>({
    ...parts,
    heldAtMost: tasksHeldAtMost,
    nothingTyped,
    isTouched,
    nameOf: ({ verdict }) => verdict,
    answerIdOf: ({ reviewId }) => reviewId,
    // What was expected has been told: there is nothing to take back.
    isFinal: ({ lesson }) => lesson !== null,
    add: (sum, outcome, { verdict }) => ({
      decided: sum.decided + decides(outcome),
      lessons:
        outcome.lesson === null ? sum.lessons : [...sum.lessons, { ...outcome.lesson, verdict, qualification: outcome.qualification }],
      qualifications:
        outcome.qualification === null
          ? sum.qualifications
          : { ...sum.qualifications, [outcome.qualification.datasetSlug]: outcome.qualification },
    }),
    takeAway: (sum, outcome) => ({ ...sum, decided: sum.decided - decides(outcome) }),
    // A text of a qualification that is settled already.
    isOver: ({ qualifications }, { purpose, datasetSlug }) =>
      purpose === 'qualification' && (qualifications[datasetSlug]?.state ?? 'under_way') !== 'under_way',
    before: { counts, skipped, times, sum: { decided, lessons: [], qualifications: {} } },
  });
  return {
    ...desk,
    store: deriveStore(desk.store, toState),
    /** The oldest lesson has been read. */
    closeLesson: () => desk.changeSum((sum) => ({ ...sum, lessons: sum.lessons.slice(1) })),
  };
}

function toState({ counts, skipped, times, sum: { decided, ...sum }, last, ...rest }: desks.DeskState<Kind>): DeskState {
  const given = Object.fromEntries(verdicts.map((verdict) => [verdict, counts[verdict] ?? 0])) as Record<Verdict, number>;
  const verdict = verdicts.find((each) => each === last?.name);
  return {
    ...rest,
    ...sum,
    tally: { ...given, skipped, decided, times },
    last: last === null || verdict === undefined ? null : { n: last.n, verdict },
  };
}
