import type { Database } from '@granary/db';
import { createReviewQueueService } from './queue-service.ts';
import { createReviewRepository } from './repository.ts';
import { createStuckService } from './stuck-service.ts';
import { createVerdictService } from './verdict-service.ts';

export type ReviewService = ReturnType<typeof createReviewService>;

/** All that reviewers do: take seats, give verdicts, take them back. */
export function createReviewService({ db, clock }: { db: Database; clock: () => Date }) {
  const reviews = createReviewRepository(db);
  const { load, ...queue } = createReviewQueueService({ reviews, clock });
  return { ...queue, ...createVerdictService({ db, reviews, load, clock }), ...createStuckService({ db, reviews, clock }) };
}
