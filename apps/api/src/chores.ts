import { maintainTables } from '@granary/db';
import type { Database } from '@granary/db';
import type { Dependencies } from './dependencies.ts';
import type { Chore } from './jobs/schedule.ts';
import { sweep } from './jobs/sweeper.ts';
import type { Services } from './services.ts';

const minute = 60_000;

/** What every process does, whether it serves or works: nothing that expires waits for somebody to sign in. */
export function commonChores({ db, clock }: Dependencies): Chore[] {
  return [{ name: 'Removing rows that have expired', everyMs: 10 * minute, run: () => sweep(db, clock()) }];
}

/** What every worker does beside its jobs. */
export function workerChores(
  db: Database,
  { reliability, reviews, ratings, comparisons, publishing, collectLeftovers, indexTexts, remakeBands, moderation }: Services,
): Chore[] {
  return [
    { name: 'Gathering statistics of tables', everyMs: minute, run: () => maintainTables(db) },
    { name: 'Indexing texts for the search', everyMs: minute / 6, run: () => indexTexts() },
    { name: 'Making the bands of near-duplicates again', everyMs: 15 * minute, run: () => remakeBands() },
    { name: 'Asking for estimates', everyMs: 15 * minute, run: () => reliability.requestDue() },
    { name: 'Asking for ratings to be looked at', everyMs: 15 * minute, run: () => ratings.requestDue() },
    { name: 'Asking for strengths that are due', everyMs: 15 * minute, run: () => comparisons.requestDue() },
    { name: 'Looking for entries that nobody can review', everyMs: 15 * minute, run: () => reviews.escalateStuck() },
    { name: 'Looking for accounts that help each other', everyMs: 12 * 60 * minute, run: () => moderation.lookForCollusion() },
    { name: 'Asking for snapshots that are due', everyMs: minute, run: () => publishing.plans.requestDue() },
    { name: 'Telling webhooks of snapshots', everyMs: minute / 6, run: () => publishing.announcer.announce() },
    { name: 'Removing what broken-off builds have left', everyMs: 60 * minute, run: () => collectLeftovers() },
    { name: 'Removing what was told long ago', everyMs: 60 * minute, run: () => publishing.announcer.sweep() },
  ];
}
