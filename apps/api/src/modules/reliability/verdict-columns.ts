import { verdicts, type Verdict } from '@granary/contract';
import type { Answers } from '@granary/domain';

/** What the log tells of one verdict: given, taken back, or decided by a moderator. */
export type LoggedVerdict = {
  kind: string;
  revisionId: string;
  actorId: string | null;
  verdict: Verdict | null;
  at: Date;
};

/** Verdicts that stand, as columns, with the names behind the numbers. */
export type VerdictColumns = {
  given: Answers;
  known: Int32Array;
  revisions: string[];
  reviewers: string[];
  /** Month of each revision's first verdict, `2026-01`. */
  months: string[];
};

/**
 * Folds the log into the verdicts that stand: one per reviewer and revision, without those that were taken back. What a moderator
 * decided is known for certain. The order of names is that of their first event, so the same log gives the same columns.
 */
export function createVerdictFold() {
  const revisions = new Map<string, number>();
  const reviewers = new Map<string, number>();
  const standing = new Map<string, { revision: number; reviewer: number; verdict: number }>();
  const decided = new Map<number, number>();
  const months: string[] = [];
  return {
    add({ kind, revisionId, actorId, verdict, at }: LoggedVerdict): void {
      if (actorId === null) return;
      const key = `${revisionId} ${actorId}`;
      if (kind === 'entry_reviewed' && verdict !== null) {
        const place = {
          revision: numberOf(revisions, revisionId),
          reviewer: numberOf(reviewers, actorId),
          verdict: verdicts.indexOf(verdict),
        };
        months[place.revision] ??= at.toISOString().slice(0, 7);
        standing.set(key, place);
      } else if (kind === 'review_undone') {
        standing.delete(key);
      } else if (verdict === null) {
        // Only a moderator decides without a verdict of their own, and only what was reviewed before.
        const revision = revisions.get(revisionId);
        if (revision !== undefined) decided.set(revision, verdicts.indexOf(kind === 'entry_approved' ? 'approve' : 'reject'));
      }
    },
    columns(): VerdictColumns {
      const rows = [...standing.values()];
      return {
        given: {
          items: Int32Array.from(rows, ({ revision }) => revision),
          workers: Int32Array.from(rows, ({ reviewer }) => reviewer),
          answers: Int32Array.from(rows, ({ verdict }) => verdict),
        },
        known: Int32Array.from(revisions.values(), (revision) => decided.get(revision) ?? -1),
        revisions: [...revisions.keys()],
        reviewers: [...reviewers.keys()],
        months,
      };
    },
  };
}

function numberOf(names: Map<string, number>, name: string): number {
  const known = names.get(name) ?? names.size;
  names.set(name, known);
  return known;
}
