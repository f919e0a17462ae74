import { undoSeconds, type EntryStatus, type ErrorCode, type EventKind, type ReviewPolicy, type Verdict } from '@granary/contract';
import { consensus, type Opinion } from './consensus/consensus.ts';
import { mayReview, roleAtLeast, type Actor } from './permissions.ts';

/** What the rules need to know of an entry. `draft` is what has not been handed in yet. */
export type EntryState = {
  status: EntryStatus | 'draft';
  authorId: string | null;
  escalated: boolean;
  /** Its author's appeal waits for a decision; and whether there ever was one. */
  appealed?: boolean;
  appealedBefore?: boolean;
  /** Status before the last retraction. */
  retractedFrom?: EntryStatus | null;
};

export type LifecycleEvent =
  | { kind: 'submit' }
  | { kind: 'import'; as: 'in_review' | 'approved' }
  /** A file has another text for what came from its origin before. */
  | { kind: 'reimport'; as: 'in_review' | 'approved' }
  | { kind: 'revise' }
  /** `opinions` are all verdicts on the current revision, this one included. */
  | { kind: 'review'; opinions: readonly Opinion[] }
  /** `reviewedAt` and `decidedByThis` tell of the review that is taken back; `opinions` are without it. */
  | { kind: 'undo_review'; reviewedAt: Date; decidedByThis: boolean; opinions: readonly Opinion[] }
  | { kind: 'decide'; verdict: 'approve' | 'reject' }
  | { kind: 'appeal' }
  /** Nobody who reviews may take what is left of its seats. */
  | { kind: 'stuck' }
  | { kind: 'retract' }
  | { kind: 'restore' };

export type Decision =
  | { ok: true; status: EntryStatus; escalated: boolean; /** What to append to the log, in order. */ events: EventKind[] }
  | { ok: false; code: ErrorCode; detail: string };

/** What an outcome of the reviews makes of an entry. */
export const outcomeStatus: Record<Verdict, EntryStatus> = {
  approve: 'approved',
  reject: 'rejected',
  request_changes: 'changes_requested',
};
const outcomeEvent: Record<Verdict, EventKind> = {
  approve: 'entry_approved',
  reject: 'entry_rejected',
  request_changes: 'entry_changes_requested',
};

const done = (status: EntryStatus, events: EventKind[], escalated = false): Decision => ({ ok: true, status, escalated, events });
const refuse = (code: ErrorCode, detail: string): Decision => ({ ok: false, code, detail });

/**
 * Owns every transition of an entry's status: nothing else sets one. Pure: the same arguments give the same decision.
 * `actor` is null for the system itself.
 */
export function decideTransition(state: EntryState, event: LifecycleEvent, actor: Actor | null, policy: ReviewPolicy, now: Date): Decision {
  const isAuthor = actor !== null && state.authorId === actor.id;
  const isModerator = actor !== null && roleAtLeast(actor.role, 'moderator');
  switch (event.kind) {
    case 'submit':
      return state.status === 'draft'
        ? done('in_review', ['entry_submitted'])
        : refuse('status_conflict', 'This entry was handed in already.');
    case 'import':
      if (state.status !== 'draft') return refuse('status_conflict', 'This row was imported already.');
      return done(event.as, ['entry_imported']);
    case 'reimport':
      if (state.status === 'draft') return refuse('status_conflict', 'This row was not imported yet.');
      if (state.status === 'retracted') return refuse('status_conflict', 'It was taken back here.');
      return done(event.as, ['entry_revised']);
    case 'revise':
      if (!isAuthor && !isModerator) return refuse('forbidden', 'Only its author or a moderator can edit an entry.');
      if (state.status === 'draft') return refuse('status_conflict', 'This entry was not handed in yet.');
      if (state.status === 'retracted') return refuse('status_conflict', 'A retracted entry cannot be edited.');
      return done('in_review', ['entry_revised']);
    case 'review':
      return decideReview(state, event.opinions, actor, policy);
    case 'undo_review':
      return decideUndo(state, event, policy, now);
    case 'decide':
      if (!isModerator) return refuse('forbidden', 'Only a moderator decides an escalated entry.');
      if (isAuthor) return refuse('own_entry', 'Somebody else has to decide on your entry.');
      if (state.status !== 'in_review' || !(state.escalated || state.appealed))
        return refuse('status_conflict', 'Only an entry whose reviews disagree, or whose author appeals, is decided by a moderator.');
      return done(outcomeStatus[event.verdict], [outcomeEvent[event.verdict]]);
    case 'appeal':
      if (!isAuthor) return refuse('forbidden', 'Only its author can appeal.');
      if (state.appealedBefore) return refuse('already_exists', 'An entry can be appealed once.');
      if (state.status !== 'rejected' && state.status !== 'changes_requested')
        return refuse('status_conflict', 'Only an entry that was turned down or sent back can be appealed.');
      return done('in_review', ['entry_appealed']);
    case 'stuck':
      if (actor !== null) return refuse('forbidden', 'Only the queue itself finds that nobody can review an entry.');
      if (state.status !== 'in_review' || state.escalated) return refuse('status_conflict', 'This entry waits for no review.');
      return done('in_review', ['entry_escalated'], true);
    case 'retract':
      if (!isAuthor && !isModerator) return refuse('forbidden', 'Only its author or a moderator can retract an entry.');
      if (state.status === 'draft') return refuse('status_conflict', 'This entry was not handed in yet.');
      if (state.status === 'retracted') return refuse('status_conflict', 'This entry is retracted already.');
      return done('retracted', ['entry_retracted']);
    case 'restore':
      if (!isModerator) return refuse('forbidden', 'Only a moderator can restore an entry.');
      if (state.status !== 'retracted') return refuse('status_conflict', 'Only a retracted entry can be restored.');
      return done(state.retractedFrom ?? 'in_review', ['entry_restored']);
  }
}

function decideReview(state: EntryState, opinions: readonly Opinion[], actor: Actor | null, policy: ReviewPolicy): Decision {
  if (actor === null || !mayReview(actor, policy)) return refuse('forbidden', 'This dataset is reviewed by reviewers only.');
  if (state.authorId === actor.id) return refuse('own_entry', 'Somebody else has to review your entry.');
  if (state.status !== 'in_review') return refuse('status_conflict', 'This entry was decided or changed in the meantime.');
  const outcome = consensus(policy, opinions);
  if (outcome === 'undecided') return done('in_review', ['entry_reviewed'], state.escalated);
  if (outcome === 'escalate') return done('in_review', state.escalated ? ['entry_reviewed'] : ['entry_reviewed', 'entry_escalated'], true);
  return done(outcomeStatus[outcome], ['entry_reviewed', outcomeEvent[outcome]]);
}

function decideUndo(state: EntryState, event: Extract<LifecycleEvent, { kind: 'undo_review' }>, policy: ReviewPolicy, now: Date): Decision {
  if (now.getTime() - event.reviewedAt.getTime() > undoSeconds * 1000)
    return refuse('undo_too_late', `A verdict can be taken back for ${undoSeconds} seconds.`);
  // Reviews that came after the one that escalated keep the entry with the moderators.
  if (state.status === 'in_review')
    return done('in_review', ['review_undone'], state.escalated && consensus(policy, event.opinions) === 'escalate');
  if (!event.decidedByThis || state.status === 'retracted' || state.status === 'draft')
    return refuse('undo_too_late', 'The entry has moved on since.');
  return done('in_review', ['review_undone', 'entry_reopened']);
}
