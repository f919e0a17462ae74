import { verdicts, type Verdict } from '@granary/contract';
import type { Answers } from '@granary/domain';

/** What the log tells of one verdict: given, taken back, decided by a moderator, or given on a calibration item. */
export type LoggedVerdict = {
  kind: string;
  revisionId: string;
  actorId: string | null;
  verdict: Verdict | null;
  /** With a calibration item: what moderators expect, and whether the answer says something of who gave it. */
  expected: Verdict | null;
  learned: boolean;
  at: Date;
};

/** Verdicts that stand, as columns, with the names behind the numbers. */
export type VerdictColumns = {
  given: Answers;
  known: Int32Array;
  /** Whether each revision's outcome is settled: decided and not open again, or expected of a calibration item. */
  settled: boolean[];
  revisions: string[];
  reviewers: string[];
  /** Month of each revision's first verdict, `2026-01`. */
  months: string[];
  /** Whether each revision is there as a calibration item: known for certain, and nothing that people could agree on unprompted. */
  calibration: boolean[];
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
  const settledByReviews = new Set<number>();
  const months: string[] = [];
  function stand(named: string, actorId: string, verdict: Verdict, at: Date): void {
    const place = { revision: numberOf(revisions, named), reviewer: numberOf(reviewers, actorId), verdict: verdicts.indexOf(verdict) };
    months[place.revision] ??= at.toISOString().slice(0, 7);
    standing.set(`${named} ${actorId}`, place);
  }
  return {
    add({ kind, revisionId, actorId, verdict, expected, learned, at }: LoggedVerdict): void {
      if (actorId === null) return;
      if (kind.startsWith('calibration_')) {
        // As an item the text is another one than as an entry under review: its truth is known beforehand.
        const item = `${revisionId} item`;
        if (kind === 'calibration_answered' && verdict !== null && learned) stand(item, actorId, verdict, at);
        const revision = revisions.get(item);
        if (revision !== undefined && expected !== null) decided.set(revision, verdicts.indexOf(expected));
      } else if (kind === 'entry_reviewed' && verdict !== null) {
        stand(revisionId, actorId, verdict, at);
      } else if (kind === 'review_undone') {
        standing.delete(`${revisionId} ${actorId}`);
      } else {
        const revision = revisions.get(revisionId);
        if (revision === undefined) return;
        if (kind === 'entry_reopened' || kind === 'entry_appealed') {
          settledByReviews.delete(revision);
          decided.delete(revision);
        } else if (verdict !== null) settledByReviews.add(revision);
        // Only a moderator decides without a verdict of their own, and only what was reviewed before.
        else decided.set(revision, verdicts.indexOf(kind === 'entry_approved' ? 'approve' : 'reject'));
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
        settled: [...revisions.values()].map((revision) => decided.has(revision) || settledByReviews.has(revision)),
        revisions: [...revisions.keys()].map((named) => named.replace(' item', '')),
        reviewers: [...reviewers.keys()],
        months,
        calibration: [...revisions.keys()].map((named) => named.endsWith(' item')),
      };
    },
  };
}

function numberOf(names: Map<string, number>, name: string): number {
  const known = names.get(name) ?? names.size;
  names.set(name, known);
  return known;
}
