import { limits, type ReviewInput, type ReviewTask } from '@granary/contract';
import { nothingTyped, type Typed } from './typed.ts';

/** What was said of the version before, as the verdict on this one; null when it cannot be said again as it was. */
export function sayAgain({ earlier, instruction }: Pick<ReviewTask, 'earlier' | 'instruction'>): ReviewInput | null {
  if (earlier === null) return null;
  const { verdict, reason, note, ratings } = earlier;
  const said = note === null ? {} : { note };
  if (verdict === 'approve') return { verdict, ratings, ...said };
  // Of a pair it is not known whether the instruction was turned down too: that has to be looked at.
  if (verdict === 'reject')
    return reason === null || instruction !== null ? null : { verdict, reason, ratings, ...said, keepInstruction: false };
  return note === null || note.length < limits.noteMin ? null : { verdict, note, ratings };
}

/** What was said of the version before, as if it had been typed about this one. */
export function typedAgain({ verdict, reason, note, ratings }: NonNullable<ReviewTask['earlier']>): Typed {
  const words = note ?? '';
  return { ...nothingTyped, ratings, reason, ...(verdict === 'request_changes' ? { changes: words } : { note: words }) };
}
