import { inTransaction, type Database } from '@granary/db';
import { decideTransition, stuckAfterDays } from '@granary/domain';
import { applyTransitions, lockEntries, type Transition } from '../entries/transition.ts';
import type { ReviewRepository } from './repository.ts';

type Parts = { db: Database; reviews: ReviewRepository; clock: () => Date };

export function createStuckService({ db, reviews, clock }: Parts) {
  return {
    /**
     * Hands to the moderators what has waited for days and nobody who reviews may take: everybody has judged it, passed it on,
     * or wrote it. Resolves to how many entries; any number of processes may look at the same time.
     */
    async escalateStuck(): Promise<number> {
      let escalated = 0;
      for (const id of await reviews.stuck(new Date(clock().getTime() - stuckAfterDays * 86_400_000), clock())) {
        escalated += await inTransaction(db, async (tx) => {
          await lockEntries(tx, [id]);
          const rows = await reviews.locked(tx, id);
          const entry = rows.find((row) => row.id === id);
          if (entry === undefined) return 0;
          // A pair that is reviewed as one goes as one.
          const parts = [entry, ...rows.filter((row) => row.reviewed_with_id === id && row.status === 'in_review')];
          const now = clock();
          const transitions = parts.flatMap((row): Transition[] => {
            const state = { status: row.status, authorId: row.author_id, escalated: row.escalated };
            const decision = decideTransition(state, { kind: 'stuck' }, null, row.policy, now);
            if (!decision.ok) return [];
            return [
              {
                entryId: row.id,
                datasetId: row.dataset_id,
                revisionId: row.revision_id,
                from: row.status,
                to: decision.status,
                escalated: decision.escalated,
                seats: 0,
                events: decision.events,
                actorId: null,
                payload: { stuck: true, ...(row === entry ? {} : { jointly: true }) },
              },
            ];
          });
          await applyTransitions(tx, transitions, now);
          return Number(transitions.length > 0);
        });
      }
      return escalated;
    },
  };
}
