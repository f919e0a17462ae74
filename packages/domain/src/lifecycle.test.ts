import { entryStatuses, undoSeconds, type EntryStatus } from '@granary/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { opinionsOf } from './consensus/opinions-for-tests.ts';
import { decideTransition, type EntryState, type LifecycleEvent } from './lifecycle.ts';
import type { Actor } from './permissions.ts';

const policy = { kind: 'fixed' as const, approvals: 2, rejections: 2, changeRequests: 2, maxReviews: 3, openReview: true };
const now = new Date('2026-01-01T00:00:00Z');
const actors = {
  author: { id: 'author', role: 'contributor', scopes: null },
  other: { id: 'other', role: 'contributor', scopes: null },
  moderator: { id: 'moderator', role: 'moderator', scopes: null },
  moderatingAuthor: { id: 'author', role: 'moderator', scopes: null },
  system: null,
} satisfies Record<string, Actor | null>;
const state = (status: EntryState['status'], more: Partial<EntryState> = {}): EntryState => ({
  status,
  authorId: 'author',
  escalated: false,
  ...more,
});
const opinions = (approve: number, reject = 0, requestChanges = 0) => opinionsOf({ approve, reject, request_changes: requestChanges });
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);

type Row = [what: string, from: EntryState, event: LifecycleEvent, actor: keyof typeof actors, answer: string];
const rows: Row[] = [
  ['hand in', state('draft'), { kind: 'submit' }, 'author', 'in_review: entry_submitted'],
  ['hand in twice', state('in_review'), { kind: 'submit' }, 'author', 'status_conflict'],
  ['import for review', state('draft'), { kind: 'import', as: 'in_review' }, 'system', 'in_review: entry_imported'],
  ['import as approved', state('draft'), { kind: 'import', as: 'approved' }, 'system', 'approved: entry_imported'],
  ['import twice', state('approved'), { kind: 'import', as: 'approved' }, 'system', 'status_conflict'],
  [
    'another text from the file, for review',
    state('approved'),
    { kind: 'reimport', as: 'in_review' },
    'system',
    'in_review: entry_revised',
  ],
  ['another text from the file, approved', state('in_review'), { kind: 'reimport', as: 'approved' }, 'system', 'approved: entry_revised'],
  ['another text of what was taken back', state('retracted'), { kind: 'reimport', as: 'approved' }, 'system', 'status_conflict'],
  ['another text of what is not there', state('draft'), { kind: 'reimport', as: 'approved' }, 'system', 'status_conflict'],

  ['edit while in review', state('in_review'), { kind: 'revise' }, 'author', 'in_review: entry_revised'],
  [
    'an edit takes an escalated entry back to the reviewers',
    state('in_review', { escalated: true }),
    { kind: 'revise' },
    'author',
    'in_review: entry_revised',
  ],
  ['edit after changes were asked for', state('changes_requested'), { kind: 'revise' }, 'author', 'in_review: entry_revised'],
  ['edit after a rejection', state('rejected'), { kind: 'revise' }, 'author', 'in_review: entry_revised'],
  ['edit of an approved entry', state('approved'), { kind: 'revise' }, 'author', 'in_review: entry_revised'],
  ['edit by a moderator', state('approved'), { kind: 'revise' }, 'moderator', 'in_review: entry_revised'],
  ['edit by somebody else', state('approved'), { kind: 'revise' }, 'other', 'forbidden'],
  ['edit of a retracted entry', state('retracted'), { kind: 'revise' }, 'author', 'status_conflict'],
  ['edit of a draft is no revision', state('draft'), { kind: 'revise' }, 'author', 'status_conflict'],

  ['appeal of a rejection', state('rejected'), { kind: 'appeal' }, 'author', 'in_review: entry_appealed'],
  ['appeal after changes were asked for', state('changes_requested'), { kind: 'appeal' }, 'author', 'in_review: entry_appealed'],
  ['appeal by somebody else', state('rejected'), { kind: 'appeal' }, 'other', 'forbidden'],
  ['second appeal', state('rejected', { appealedBefore: true }), { kind: 'appeal' }, 'author', 'already_exists'],
  ['appeal of an approval', state('approved'), { kind: 'appeal' }, 'author', 'status_conflict'],
  ['nobody can review it', state('in_review'), { kind: 'stuck' }, 'system', 'in_review!: entry_escalated'],
  ['stuck already', state('in_review', { escalated: true }), { kind: 'stuck' }, 'system', 'status_conflict'],
  ['somebody finds it stuck', state('in_review'), { kind: 'stuck' }, 'moderator', 'forbidden'],

  ['first approval of two', state('in_review'), { kind: 'review', opinions: opinions(1) }, 'other', 'in_review: entry_reviewed'],
  ['second approval', state('in_review'), { kind: 'review', opinions: opinions(2) }, 'other', 'approved: entry_reviewed entry_approved'],
  [
    'second rejection',
    state('in_review'),
    { kind: 'review', opinions: opinions(0, 2) },
    'other',
    'rejected: entry_reviewed entry_rejected',
  ],
  [
    'a second request for changes',
    state('in_review'),
    { kind: 'review', opinions: opinions(0, 0, 2) },
    'other',
    'changes_requested: entry_reviewed entry_changes_requested',
  ],
  [
    'no agreement',
    state('in_review'),
    { kind: 'review', opinions: opinions(1, 1, 1) },
    'other',
    'in_review!: entry_reviewed entry_escalated',
  ],
  [
    'one more on an escalated entry',
    state('in_review', { escalated: true }),
    { kind: 'review', opinions: opinions(1, 1, 1) },
    'other',
    'in_review!: entry_reviewed',
  ],
  ['own entry', state('in_review'), { kind: 'review', opinions: opinions(1) }, 'author', 'own_entry'],
  ['own entry of a moderator', state('in_review'), { kind: 'review', opinions: opinions(1) }, 'moderatingAuthor', 'own_entry'],
  ['review without an account', state('in_review'), { kind: 'review', opinions: opinions(1) }, 'system', 'forbidden'],
  ['review of a decided entry', state('approved'), { kind: 'review', opinions: opinions(1) }, 'other', 'status_conflict'],

  [
    'undo an approval that decided',
    state('approved'),
    { kind: 'undo_review', reviewedAt: ago(5), decidedByThis: true, opinions: opinions(1) },
    'other',
    'in_review: review_undone entry_reopened',
  ],
  [
    'undo one that did not decide',
    state('in_review'),
    { kind: 'undo_review', reviewedAt: ago(5), decidedByThis: false, opinions: opinions(0) },
    'other',
    'in_review: review_undone',
  ],
  [
    'undo with the last second',
    state('in_review'),
    { kind: 'undo_review', reviewedAt: ago(undoSeconds), decidedByThis: false, opinions: opinions(0) },
    'other',
    'in_review: review_undone',
  ],
  [
    'undo too late',
    state('in_review'),
    { kind: 'undo_review', reviewedAt: ago(undoSeconds + 1), decidedByThis: false, opinions: opinions(0) },
    'other',
    'undo_too_late',
  ],
  [
    'undo after others decided',
    state('approved'),
    { kind: 'undo_review', reviewedAt: ago(5), decidedByThis: false, opinions: opinions(1) },
    'other',
    'undo_too_late',
  ],
  [
    'undo after a retraction',
    state('retracted'),
    { kind: 'undo_review', reviewedAt: ago(5), decidedByThis: true, opinions: opinions(1) },
    'other',
    'undo_too_late',
  ],
  [
    'undo of the review that escalated',
    state('in_review', { escalated: true }),
    { kind: 'undo_review', reviewedAt: ago(5), decidedByThis: false, opinions: opinions(1, 1) },
    'other',
    'in_review: review_undone',
  ],
  [
    'undo while enough others still disagree',
    state('in_review', { escalated: true }),
    { kind: 'undo_review', reviewedAt: ago(5), decidedByThis: false, opinions: opinions(1, 1, 1) },
    'other',
    'in_review!: review_undone',
  ],

  [
    'a moderator approves an escalated entry',
    state('in_review', { escalated: true }),
    { kind: 'decide', verdict: 'approve' },
    'moderator',
    'approved: entry_approved',
  ],
  [
    'a moderator rejects an escalated entry',
    state('in_review', { escalated: true }),
    { kind: 'decide', verdict: 'reject' },
    'moderator',
    'rejected: entry_rejected',
  ],
  ['a volunteer decides', state('in_review', { escalated: true }), { kind: 'decide', verdict: 'approve' }, 'other', 'forbidden'],
  [
    'a moderator decides on their own entry',
    state('in_review', { escalated: true }),
    { kind: 'decide', verdict: 'approve' },
    'moderatingAuthor',
    'own_entry',
  ],
  ['a moderator decides before the reviewers', state('in_review'), { kind: 'decide', verdict: 'approve' }, 'moderator', 'status_conflict'],

  ['take back', state('approved'), { kind: 'retract' }, 'author', 'retracted: entry_retracted'],
  ['take back while in review', state('in_review'), { kind: 'retract' }, 'author', 'retracted: entry_retracted'],
  ['retraction by a moderator', state('approved'), { kind: 'retract' }, 'moderator', 'retracted: entry_retracted'],
  ['retraction by somebody else', state('approved'), { kind: 'retract' }, 'other', 'forbidden'],
  ['take back twice', state('retracted'), { kind: 'retract' }, 'author', 'status_conflict'],
  ['take back a draft', state('draft'), { kind: 'retract' }, 'author', 'status_conflict'],
  [
    'restore to what it was',
    state('retracted', { retractedFrom: 'approved' }),
    { kind: 'restore' },
    'moderator',
    'approved: entry_restored',
  ],
  ['restore without a memory', state('retracted'), { kind: 'restore' }, 'moderator', 'in_review: entry_restored'],
  ['restore by the author', state('retracted', { retractedFrom: 'approved' }), { kind: 'restore' }, 'author', 'forbidden'],
  ['restore what is there', state('approved'), { kind: 'restore' }, 'moderator', 'status_conflict'],
];

describe('decideTransition', () => {
  it.each(rows)('%s', (_, from, event, actor, answer) => {
    const decision = decideTransition(from, event, actors[actor], policy, now);
    const told = decision.ok ? `${decision.status}${decision.escalated ? '!' : ''}: ${decision.events.join(' ')}` : decision.code;
    expect(told).toBe(answer);
  });

  const anyEvent: fc.Arbitrary<LifecycleEvent> = fc.oneof(
    fc.constantFrom<LifecycleEvent>(
      { kind: 'submit' },
      { kind: 'import', as: 'approved' },
      { kind: 'reimport', as: 'approved' },
      { kind: 'revise' },
      { kind: 'retract' },
      { kind: 'restore' },
      { kind: 'decide', verdict: 'approve' },
      { kind: 'decide', verdict: 'reject' },
    ),
    fc.record({
      kind: fc.constant('review' as const),
      opinions: fc.record({ approve: fc.nat(4), reject: fc.nat(4), request_changes: fc.nat(4) }).map(opinionsOf),
    }),
    fc.record({
      kind: fc.constant('undo_review' as const),
      reviewedAt: fc.nat(120).map(ago),
      decidedByThis: fc.boolean(),
      opinions: fc.record({ approve: fc.nat(4), reject: fc.nat(4), request_changes: fc.nat(4) }).map(opinionsOf),
    }),
  );
  const anyState = fc.record({
    status: fc.constantFrom<EntryState['status']>('draft', ...entryStatuses),
    authorId: fc.constantFrom('author', null),
    escalated: fc.boolean(),
    retractedFrom: fc.constantFrom<EntryStatus | null>(...entryStatuses.filter((status) => status !== 'retracted'), null),
  });
  const anyActor = fc.constantFrom<(Actor | null)[]>(...Object.values(actors));

  it('is a function of its arguments, logs every transition, and escalates only what is in review', () => {
    fc.assert(
      fc.property(anyState, anyEvent, anyActor, (from, event, actor) => {
        const decision = decideTransition(from, event, actor, policy, now);
        expect(decideTransition(structuredClone(from), structuredClone(event), actor, policy, now)).toEqual(decision);
        if (!decision.ok) return;
        expect(decision.events).not.toEqual([]);
        expect(!decision.escalated || decision.status === 'in_review').toBe(true);
        // Nobody approves their own entry, whatever their role.
        const approves = decision.status === 'approved' && (event.kind === 'review' || event.kind === 'decide');
        expect(approves && actor?.id === from.authorId).toBe(false);
        // What is retracted comes back through a moderator only.
        expect(from.status === 'retracted' && event.kind !== 'restore').toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});
