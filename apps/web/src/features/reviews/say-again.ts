import { limits, type ReviewInput, type ReviewTask } from '@granary/contract';

/** What was said of the version before, as the verdict on this one; null when it cannot be said again as it was. */
export function sayAgain({ earlier }: Pick<ReviewTask, 'earlier'>): ReviewInput | null {
  if (earlier === null) return null;
  const { verdict, reason, note, ratings } = earlier;
  const said = note === null ? {} : { note };
  if (verdict === 'approve') return { verdict, ratings, ...said };
  if (verdict === 'reject') return reason === null ? null : { verdict, reason, ratings, ...said, keepInstruction: false };
  return note === null || note.length < limits.noteMin ? null : { verdict, note, ratings };
}
