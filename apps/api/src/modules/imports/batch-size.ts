import type { Database } from '@granary/db';

/** What goes into one transaction at most; `weight` as `weightOf` weighs rows. */
export type BatchSize = { rows: number; weight: number };

/** Large enough to hide the way to the database, small enough to show progress and to lose little when broken off. */
const largest: BatchSize = { rows: 1_000, weight: 4_000_000 };
/** The embedded database keeps everybody waiting while it writes: a batch of it should take this long, */
const targetMs = 30;
/** but never less than some ten rows of ordinary length, which would be all beginning and end of transactions. */
const least = 12_000;
/** The first batch also pays for what is compiled and planned with it. */
const firstRows = 4;
/** How much the newest batch counts for what is known of the speed. */
const share = 0.3;

/** Decides how much of an import is written at once. On PostgreSQL always the same; on the embedded database as much as it writes in `targetMs`. */
export function createBatchSize(kind: Database['kind'], most = largest.rows) {
  let msPerWeight: number | null = null;
  return {
    next(): BatchSize {
      if (kind === 'postgres') return { ...largest, rows: most };
      if (msPerWeight === null) return { rows: Math.min(most, firstRows), weight: least };
      const affordable = targetMs / msPerWeight;
      return { rows: most, weight: Math.min(largest.weight, Math.max(least, affordable)) };
    },
    /** Learns from a batch how long one takes. */
    learn(weight: number, ms: number): void {
      const measured = ms / Math.max(1, weight);
      msPerWeight = msPerWeight === null ? measured : msPerWeight * (1 - share) + measured * share;
    },
  };
}
