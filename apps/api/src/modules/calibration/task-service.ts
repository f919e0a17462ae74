import type { Qualification, ReviewInput, ReviewOutcome, ReviewPolicy, ReviewTask, Verdict } from '@granary/contract';
import { inTransaction, type Database, type Transaction } from '@granary/db';
import { certain, outcomeStatus, qualificationNeeded, qualificationState, roleAtLeast } from '@granary/domain';
import { ApiError } from '../../errors.ts';
import type { Actor } from '../../plugins/auth.ts';
import { appendEvents } from '../events/log.ts';
import { noteLesson } from '../reliability/skills.ts';
import {
  leastItems,
  provenReviews,
  retryHours,
  type CalibrationLease,
  type CalibrationTask,
  type Filter,
  type QualificationStanding,
  type TaskRepository,
} from './task-repository.ts';

type Parts = { db: Database; tasks: TaskRepository; clock: () => Date; random: () => number };
type Dataset = { id: string; slug: string; title: string; policy: ReviewPolicy };
/** A task to show instead of an ordinary one; `closed` when the person may not review here for now. */
export type Offer = { kind: 'ordinary' } | { kind: 'closed' } | { kind: 'item'; lease: CalibrationLease; purpose: ReviewTask['purpose'] };
export type CalibrationTaskService = ReturnType<typeof createCalibrationTaskService>;

export function createCalibrationTaskService({ db, tasks, clock, random }: Parts) {
  return {
    /**
     * What comes before an ordinary review: a text of the qualification as long as that is under way, else now and then an item, by
     * the policy's rate, which nothing tells from any other task.
     */
    async offer(actor: Actor, dataset: Dataset, filter: Filter, until: Date): Promise<Offer> {
      const { policy } = dataset;
      if (exempt(actor) || (policy.qualification === undefined && (policy.calibrationRate ?? 0) === 0)) return { kind: 'ordinary' };
      if (!(await tasks.anyItems(dataset.id))) return { kind: 'ordinary' };
      const gate = await this.qualification(actor, dataset);
      if (gate !== null) {
        if (gate.state === 'failed') return { kind: 'closed' };
        const attempt = await attemptUnderWay(actor, dataset);
        const lease = await tasks.leaseOfAttempt(filter, actor.id, attempt, until);
        return lease === null ? { kind: 'closed' } : { kind: 'item', lease, purpose: 'qualification' };
      }
      const now = clock();
      const held = await tasks.heldMixed(filter, actor.id, now);
      if (held !== null) return { kind: 'item', lease: held, purpose: 'review' };
      if (random() >= (policy.calibrationRate ?? 0)) return { kind: 'ordinary' };
      const lease = await tasks.leaseMixed(filter, actor.id, now, until);
      return lease === null ? { kind: 'ordinary' } : { kind: 'item', lease, purpose: 'review' };
    },

    /** The qualification that stands between somebody and the reviews of a dataset; null when nothing does. */
    async qualification(actor: Actor, dataset: Dataset): Promise<Qualification | null> {
      if (exempt(actor) || dataset.policy.qualification === undefined) return null;
      const told = qualificationOf(dataset, await tasks.standing(db.prisma, dataset.id, actor.id), clock());
      return told === null || told.state === 'passed' ? null : told;
    },

    /** Null when it is no such task of theirs. */
    extend: (actor: Actor, id: string, until: Date) => tasks.extend(id, actor.id, until),
    release: (actor: Actor, id: string) => tasks.release(id, actor.id),
    skip: (actor: Actor, id: string, reason: string | null) => tasks.skip(id, actor.id, reason, clock()),

    /** Takes the verdict on an item and answers with what was expected of it. Null when it is no such task; throws `task_taken`. */
    answer(
      actor: Actor,
      id: string,
      input: ReviewInput,
      finish: (tx: Transaction, outcome: ReviewOutcome) => Promise<void>,
    ): Promise<ReviewOutcome | null> {
      return inTransaction(db, async (tx) => {
        const task = await tasks.task(tx, id, actor.id);
        if (task === null) return null;
        if (task.answered || !task.leased || !task.in_use)
          throw new ApiError('task_taken', 'This text is no longer before you. Take the next one.');
        const now = clock();
        const outcome = await record(tx, actor, task, input.verdict, now);
        await finish(tx, outcome);
        return outcome;
      });
    },

    /** Whether an answer of this id was given: it cannot be taken back, because what was expected has been told. */
    async answered(actor: Actor, id: string): Promise<boolean> {
      return inTransaction(db, async (tx) => (await tasks.task(tx, id, actor.id)) !== null);
    },
  };

  async function record(tx: Transaction, actor: Actor, task: CalibrationTask, verdict: Verdict, now: Date): Promise<ReviewOutcome> {
    const { dataset_id: datasetId, entry_id: entryId, revision_id: revisionId, expected } = task;
    const met = verdict === expected;
    // Whoever has met the item before was told what is expected.
    const learned = !task.known_before;
    await tasks.answer(tx, task.id, { verdict, met, learned }, now);
    if (learned)
      await noteLesson(tx, { datasetId, revisionId, now, lessons: [{ reviewerId: actor.id, verdict, truth: certain(expected) }] });
    const about = { actorId: actor.id, datasetId, entryId, revisionId };
    const payload = { itemId: task.item_id, verdict, expected, met, learned, attempt: task.attempt };
    await appendEvents(tx, [{ kind: 'calibration_answered', ...about, payload }], now);
    return {
      reviewId: task.id,
      entryId,
      verdict,
      status: task.entry_status === 'retracted' ? outcomeStatus[expected] : task.entry_status,
      undoUntil: now.toISOString(),
      lesson: { met, expected, reason: task.reason, explanation: task.explanation },
      qualification: task.attempt === 0 ? null : await settle(tx, actor, task, now),
    };
  }

  /** Passes or fails the attempt once nothing can change it. */
  async function settle(tx: Transaction, actor: Actor, task: CalibrationTask, now: Date): Promise<Qualification | null> {
    const dataset = { id: task.dataset_id, slug: task.dataset_slug, title: task.dataset_title, policy: task.policy };
    await tasks.lockPerson(tx, dataset.id, actor.id);
    const standing = await tasks.standing(tx, dataset.id, actor.id);
    if (standing.attempt !== task.attempt || standing.passed || standing.failed_at !== null) return null;
    const told = attemptOf(dataset, standing);
    if (told.state === 'under_way') return told;
    await tasks.close(tx, dataset.id, actor.id, told.state, now);
    const { answered, met, needed } = told;
    const payload = { attempt: task.attempt, answered, met, needed };
    const kind = told.state === 'passed' ? 'qualification_passed' : 'qualification_failed';
    await appendEvents(tx, [{ kind, actorId: actor.id, userId: actor.id, datasetId: dataset.id, payload }], now);
    return told.state === 'failed' ? { ...told, againAt: againAt(now).toISOString() } : told;
  }

  /** The attempt that is under way, begun if it was not. */
  async function attemptUnderWay(actor: Actor, dataset: Dataset): Promise<number> {
    return inTransaction(db, async (tx) => {
      await tasks.lockPerson(tx, dataset.id, actor.id);
      const standing = await tasks.standing(tx, dataset.id, actor.id);
      if (standing.attempt !== null && standing.failed_at === null) return standing.attempt;
      const attempt = (standing.attempt ?? 0) + 1;
      const count = Math.min(dataset.policy.qualification?.items ?? 0, standing.usable);
      const needed = qualificationNeeded(dataset.policy, count);
      await tasks.begin(tx, { datasetId: dataset.id, userId: actor.id, attempt, needed, count, now: clock() });
      return attempt;
    });
  }
}

/** Who marks the items, or decides in the end, is not examined. */
const exempt = (actor: Actor): boolean => roleAtLeast(actor.role, 'moderator');
const againAt = (failedAt: Date): Date => new Date(failedAt.getTime() + retryHours * 3_600_000);

/** Where somebody stands, from what is on record; null when there is no qualification for them. */
function qualificationOf(dataset: Dataset, standing: QualificationStanding, now: Date): Qualification | null {
  const { policy } = dataset;
  if (policy.qualification === undefined || standing.passed || standing.proven >= provenReviews) return null;
  const { failed_at: failedAt } = standing;
  if (standing.attempt !== null && failedAt === null) {
    const told = attemptOf(dataset, standing);
    // Items were taken away until nothing is left to be asked.
    return told.items === 0 || told.state !== 'under_way' ? null : told;
  }
  if (failedAt !== null && againAt(failedAt) > now)
    return { ...attemptOf(dataset, standing), state: 'failed', againAt: againAt(failedAt).toISOString() };
  const items = Math.min(policy.qualification.items, standing.usable);
  if (items < leastItems) return null;
  const { slug: datasetSlug, title: datasetTitle } = dataset;
  const needed = qualificationNeeded(policy, items);
  return { datasetSlug, datasetTitle, state: 'under_way', items, answered: 0, met: 0, needed, againAt: null };
}

function attemptOf({ slug, title, policy }: Dataset, { answered, met, left, needed }: QualificationStanding): Qualification {
  const items = answered + left;
  // Items that were taken away meanwhile are not held against anybody.
  const wanted = Math.min(needed ?? 0, qualificationNeeded(policy, items));
  const state = qualificationState({ needed: wanted, met, left });
  return { datasetSlug: slug, datasetTitle: title, state, items, answered, met, needed: wanted, againAt: null };
}
