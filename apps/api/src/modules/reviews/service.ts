import type { ReviewInput, ReviewOutcome, ReviewTask, SkipReason } from '@granary/contract';
import type { Database, Transaction } from '@granary/db';
import { ApiError } from '../../errors.ts';
import type { Actor } from '../../plugins/auth.ts';
import type { CalibrationTaskService } from '../calibration/task-service.ts';
import { createReviewQueueService, leaseEnd, taskTaken } from './queue-service.ts';
import { createReviewRepository } from './repository.ts';
import { createStuckService } from './stuck-service.ts';
import { createVerdictService } from './verdict-service.ts';

export type ReviewService = ReturnType<typeof createReviewService>;
type Parts = { db: Database; calibration: CalibrationTaskService; clock: () => Date };

/**
 * All that reviewers do: take seats, give verdicts, take them back. A calibration item is a task like any other to them: what is
 * asked about a task goes to the reviews first, and to the items when it is none of theirs.
 */
export function createReviewService({ db, calibration, clock }: Parts) {
  const reviews = createReviewRepository(db);
  const queue = createReviewQueueService({ reviews, calibration, clock });
  const verdicts = createVerdictService({ db, reviews, load: queue.load, clock });
  return {
    queue: queue.queue,
    next: queue.next,
    mine: queue.mine,
    escalateStuck: createStuckService({ db, reviews, clock }).escalateStuck,

    /** Throws `task_taken`. */
    async heartbeat(actor: Actor, taskId: string) {
      const until = leaseEnd(clock());
      const extended = (await reviews.extend(taskId, actor.id, until)) ?? (await calibration.extend(actor, taskId, until));
      if (extended === null) throw taskTaken();
      return { leaseExpiresAt: until.toISOString() };
    },

    async release(actor: Actor, taskId: string): Promise<void> {
      if (!(await reviews.release(taskId, actor.id))) await calibration.release(actor, taskId);
    },

    /** Throws `task_taken`. */
    async skip(actor: Actor, taskId: string, reason: SkipReason | null): Promise<void> {
      const skipped = (await reviews.skip(taskId, actor.id, reason, clock())) || (await calibration.skip(actor, taskId, reason));
      if (!skipped) throw taskTaken();
    },

    /** Throws `task_taken`, also for a task that is not there, `own_entry`, `forbidden`, `status_conflict`, `validation_failed`. */
    async submit(
      actor: Actor,
      taskId: string,
      input: ReviewInput,
      finish: (tx: Transaction, outcome: ReviewOutcome) => Promise<void>,
    ): Promise<ReviewOutcome> {
      return elseOf(
        () => verdicts.submit(actor, taskId, input, finish),
        async () => {
          const outcome = await calibration.answer(actor, taskId, input, finish);
          // Nobody learns which tasks there are.
          if (outcome === null) throw taskTaken();
          return outcome;
        },
      );
    },

    /** Throws `not_found`, `undo_too_late`. */
    async undo(actor: Actor, reviewId: string): Promise<ReviewTask> {
      return elseOf(
        () => verdicts.undo(actor, reviewId),
        async () => {
          if (await calibration.answered(actor, reviewId))
            throw new ApiError('undo_too_late', 'What was expected of this text has been told: the verdict stands.');
          return null;
        },
      );
    },
  };
}

/** What the reviews know nothing of may be an item; what neither knows is not there. */
async function elseOf<T>(first: () => Promise<T>, second: () => Promise<T | null>): Promise<T> {
  try {
    return await first();
  } catch (error) {
    const found = error instanceof ApiError && error.code === 'not_found' ? await second() : null;
    if (found === null) throw error;
    return found;
  }
}
