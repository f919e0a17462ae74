import { undoSeconds, type ReviewInput, type ReviewOutcome, type ReviewTask, type Verdict } from '@granary/contract';
import { inTransaction, type Database, type Transaction } from '@granary/db';
import {
  decideTransition,
  evidenceOf,
  headStartHours,
  lessonsOf,
  lessonsOfAppealed,
  posterior,
  reliabilityIn,
  seatsWanted,
  wantsProven,
  type LifecycleEvent,
  type Opinion,
} from '@granary/domain';
import { v7 as uuid } from 'uuid';
import { ApiError, notFound } from '../../errors.ts';
import type { Actor } from '../../plugins/auth.ts';
import { refuseUnknownRatings } from '../entries/known-dimensions.ts';
import { applyTransitions, lockEntries, type Transition } from '../entries/transition.ts';
import { countsOf, isProvenIn, learn, opinionsAppealedOn, opinionsOn, unlearn } from '../reliability/skills.ts';
import { leaseEnd, taskTaken } from './queue-service.ts';
import type { Lease, LockedEntry, NewReview, ReviewRepository } from './repository.ts';

type Parts = {
  db: Database;
  reviews: ReviewRepository;
  load: (lease: Lease, reviewerId: string) => Promise<ReviewTask>;
  clock: () => Date;
};
export type Outcome = ReviewOutcome;

export function createVerdictService({ db, reviews, load, clock }: Parts) {
  return {
    /**
     * Records a verdict and lets the policy decide. Throws `not_found`, `task_taken`, `own_entry`, `forbidden`,
     * `status_conflict`, `validation_failed`.
     */
    submit(
      actor: Actor,
      taskId: string,
      input: ReviewInput,
      finish: (tx: Transaction, outcome: Outcome) => Promise<void>,
    ): Promise<Outcome> {
      return inTransaction(db, async (tx) => {
        const { entry, joint } = await takeSeat(tx, actor, taskId);
        refuseUnknownRatings(entry.dimensions, input.ratings);
        const now = clock();
        const about = { datasetId: entry.dataset_id, categoryId: entry.category_id, reviewerId: actor.id };
        const { counts, inCategory } = await countsOf(tx, about);
        const reliability = reliabilityIn(counts, inCategory);
        const weigh = (verdict: Verdict) => evidenceOf(reliability, verdict);
        const proven = await isProvenIn(tx, entry.dataset_id, actor.id);
        const given: NewReview[] = [
          { ...reviewOf(entry, input.verdict, input, weigh), proven },
          ...(joint === null ? [] : [{ ...reviewOf(joint, verdictOnInstruction(input), input, weigh), proven }]),
        ];
        const added = await reviews.add(tx, given, input, { reviewerId: actor.id, taskId, at: now });
        if (added !== given.length) throw new ApiError('task_taken', 'You have reviewed this version already.');
        await reviews.close(tx, taskId, now);
        const payload = { verdict: input.verdict, reason: input.verdict === 'reject' ? input.reason : null, note: input.note ?? null };
        const transitions = await decide(tx, actor, { entry, joint }, (opinions) => ({ kind: 'review', opinions }), { now, payload });
        await applyTransitions(tx, transitions, now);
        await noteDecisions(tx, entry, transitions, now);
        const outcome: Outcome = {
          reviewId: given[0]?.id ?? '',
          entryId: entry.id,
          verdict: input.verdict,
          status: transitions[0]?.to ?? entry.status,
          undoUntil: new Date(now.getTime() + undoSeconds * 1000).toISOString(),
          lesson: null,
          qualification: null,
        };
        await finish(tx, outcome);
        return outcome;
      });
    },

    /** Takes a verdict back; the caller holds the seat again. Throws `not_found`, `undo_too_late`. */
    async undo(actor: Actor, reviewId: string): Promise<ReviewTask> {
      const lease = await inTransaction(db, async (tx): Promise<Lease> => {
        const own = await reviews.given(tx, reviewId, actor.id);
        const taskId = own[0]?.task_id;
        const task = taskId === undefined ? null : await reviews.task(tx, taskId);
        if (task === null) throw notFound('such review of yours');
        await lockEntries(tx, [task.entry_id]);
        const rows = await reviews.locked(tx, task.entry_id);
        const entry = rows.find(({ id }) => id === task.entry_id);
        if (entry === undefined) throw notFound('such review of yours');
        const joint = rows.find((row) => row.id !== entry.id && own.some((review) => review.entry_id === row.id)) ?? null;
        const onCurrent = own.every((review) => [entry, joint].some((row) => row?.revision_id === review.revision_id));
        if (!onCurrent) throw new ApiError('undo_too_late', 'The entry was edited since.');
        const now = clock();
        const until = leaseEnd(now);
        const reviewedAt = own[0]?.created_at ?? now;
        // Before the review is gone: what it taught goes with it.
        await unlearn(tx, { datasetId: entry.dataset_id, revisionId: entry.revision_id, now });
        await reviews.takeBack(
          tx,
          own.map(({ id }) => id),
          task.id,
          { userId: actor.id, until },
        );
        const event = (opinions: readonly Opinion[], row: LockedEntry): LifecycleEvent => ({
          kind: 'undo_review',
          reviewedAt,
          decidedByThis: row.status_at.getTime() === reviewedAt.getTime(),
          opinions,
        });
        const transitions = await decide(tx, actor, { entry, joint }, event, { now, payload: {} });
        await applyTransitions(
          tx,
          transitions.map((transition) => (transition.entryId === joint?.id ? rejoin(transition, joint, entry) : transition)),
          now,
        );
        await reviews.reopened(
          tx,
          transitions.map(({ revisionId }) => revisionId),
        );
        return { id: task.id, entry_id: task.entry_id, revision_id: task.revision_id, lease_expires_at: until };
      });
      return load(lease, actor.id);
    },
  };

  async function takeSeat(tx: Transaction, actor: Actor, taskId: string) {
    const named = await reviews.task(tx, taskId);
    if (named === null) throw notFound('such review task');
    await lockEntries(tx, [named.entry_id]);
    // Read again: only what is read under the lock stays true.
    const task = await reviews.task(tx, taskId);
    const rows = await reviews.locked(tx, named.entry_id);
    const entry = rows.find(({ id }) => id === named.entry_id);
    if (task === null || entry === undefined) throw notFound('such review task');
    if (task.leased_by_id !== actor.id) throw taskTaken();
    if (entry.archived) throw new ApiError('status_conflict', 'This dataset is archived.');
    if (task.closed || entry.revision_id !== task.revision_id) throw taskTaken();
    if (entry.author_id !== actor.id && entry.sibling_author_ids.includes(actor.id))
      throw new ApiError('own_entry', 'You wrote another response to this instruction: somebody else has to review this one.');
    const joint = rows.find((row) => row.reviewed_with_id === entry.id && row.status === 'in_review') ?? null;
    if (joint !== null && joint.author_id === actor.id) throw new ApiError('own_entry', 'Somebody else has to review your entry.');
    return { entry, joint };
  }

  /** Notes how sure the reviews were of what they decided, and learns from it about those who gave them. */
  async function noteDecisions(tx: Transaction, entry: LockedEntry, transitions: readonly Transition[], now: Date): Promise<void> {
    const decided = transitions.filter(({ to }) => to !== 'in_review');
    if (decided.length === 0) return;
    const accounts = await Promise.all(
      decided.map(async ({ revisionId }) => ({ revisionId, ...accountOf(entry, await opinionsOn(tx, revisionId)) })),
    );
    await reviews.decided(tx, accounts);
    // One verdict on a pair is one thing learned: the response's, which carries the task.
    if (!decided.some(({ entryId }) => entryId === entry.id)) return;
    const since = await opinionsOn(tx, entry.revision_id);
    const lessons = [
      ...lessonsOf(entry.policy, since),
      ...lessonsOfAppealed(entry.policy, await opinionsAppealedOn(tx, entry.revision_id), since),
    ];
    // Somebody who decided alone was judged by nobody.
    if (lessons.length > 1) await learn(tx, { datasetId: entry.dataset_id, revisionId: entry.revision_id, lessons, now });
  }

  /** Asks the rules about each part by its own verdicts; the response's decision comes first. */
  async function decide(
    tx: Transaction,
    actor: Actor,
    { entry, joint }: { entry: LockedEntry; joint: LockedEntry | null },
    event: (opinions: readonly Opinion[], row: LockedEntry) => LifecycleEvent,
    { now, payload }: { now: Date; payload: Record<string, unknown> },
  ): Promise<Transition[]> {
    const transitions: Transition[] = [];
    for (const row of joint === null ? [entry] : [entry, joint]) {
      const opinions = await opinionsOn(tx, row.revision_id);
      const decision = decideTransition(
        { status: row.status, authorId: row.author_id, escalated: row.escalated },
        event(opinions, row),
        actor,
        row.policy,
        now,
      );
      if (!decision.ok) throw new ApiError(decision.code, decision.detail);
      const wanted = decision.status === 'in_review' && !decision.escalated ? seatsWanted(row.policy, opinions) : 0;
      const own = opinions.find(({ reviewerId }) => reviewerId === actor.id);
      const transition: Transition = {
        entryId: row.id,
        datasetId: row.dataset_id,
        revisionId: row.revision_id,
        from: row.status,
        to: decision.status,
        escalated: decision.escalated,
        seats: row === joint ? 0 : wanted,
        headStart: headStartHours(row.policy, opinions),
        provenOnly: wanted > 0 && wantsProven(row.policy, opinions),
        events: decision.events,
        actorId: actor.id,
        payload: {
          ...(row === joint ? { jointly: true } : {}),
          ...payload,
          ...accountOf(row, opinions),
          ...(row.policy.learnedShares === undefined ? {} : { learnedShares: row.policy.learnedShares }),
          evidence: own?.evidence,
          proven: own?.proven,
        },
      };
      transitions.push(
        row === joint && transitions[0]?.to !== 'in_review' && decision.status === 'in_review'
          ? standAlone(transition, row, wanted)
          : transition,
      );
    }
    return transitions;
  }
}

const sameRevision = (row: LockedEntry, reviewedWithId: string | null) => ({
  revisionNumber: row.revision_number,
  categoryId: row.category_id,
  reviewedWithId,
});

/** The response is decided and the instruction is not: from now on it is reviewed on its own. */
function standAlone(transition: Transition, row: LockedEntry, seats: number): Transition {
  return { ...transition, seats, edit: sameRevision(row, null) };
}

/** After an undo both parts are reviewed as one again. */
function rejoin(transition: Transition, joint: LockedEntry, entry: LockedEntry): Transition {
  return { ...transition, seats: 0, edit: sameRevision(joint, entry.id) };
}

/** What the log keeps of the reckoning: how sure the verdicts so far are, and by which policy, so that it can be done again. */
function accountOf(row: LockedEntry, opinions: readonly Opinion[]) {
  return { posterior: posterior(row.policy, opinions), policyVersion: row.policy_version };
}

function reviewOf(
  row: LockedEntry,
  verdict: Verdict,
  input: ReviewInput,
  weigh: (verdict: Verdict) => readonly number[],
): Omit<NewReview, 'proven'> {
  return {
    id: uuid(),
    entryId: row.id,
    revisionId: row.revision_id,
    verdict,
    reason: verdict === 'reject' && input.verdict === 'reject' ? input.reason : null,
    evidence: weigh(verdict),
  };
}

function verdictOnInstruction(input: ReviewInput): Verdict {
  return input.verdict === 'reject' && input.keepInstruction ? 'approve' : input.verdict;
}
