import type { EntryRatings } from '@granary/contract';
import { inTransaction, type Database, type Transaction } from '@granary/db';
import { estimateRaterBiases } from '@granary/domain';
import { ApiError, notFound } from '../../errors.ts';
import type { Jobs } from '../../jobs/jobs.ts';
import type { Actor } from '../../plugins/auth.ts';
import { refuseUnknownRatings } from '../entries/known-dimensions.ts';
import { lockEntries } from '../entries/transition.ts';
import { aggregateRatingsJob } from './aggregate-job.ts';
import type { RatedEntry, RatingRepository } from './repository.ts';

type Parts = { db: Database; ratings: RatingRepository; jobs: Pick<Jobs, 'send'>; clock: () => Date };
type Remember = (tx: Transaction, body: EntryRatings) => Promise<void>;
export type RatingService = ReturnType<typeof createRatingService>;

/** Ratings are looked at together no more often than this: each counts by itself at once. */
const everyMs = 60 * 60_000;
const estimateTimeoutMs = 30 * 60_000;

export function createRatingService({ db, ratings, jobs, clock }: Parts) {
  return {
    /** Throws `not_found`. */
    async of(actor: Actor | null, entryId: string): Promise<EntryRatings> {
      return toRatings(await found(db.prisma, entryId, actor?.id ?? null), actor);
    },

    /** Throws `not_found`, `own_entry`, `status_conflict`, `validation_failed`. */
    rate(actor: Actor, entryId: string, scores: Record<string, number>, finish: Remember): Promise<EntryRatings> {
      return inTransaction(db, async (tx) => {
        await lockEntries(tx, [entryId]);
        const entry = await found(tx, entryId, actor.id);
        if (entry.archived) throw new ApiError('status_conflict', 'This dataset is archived.');
        if (entry.author_id === actor.id) throw new ApiError('own_entry', 'Others rate what you wrote.');
        refuseUnknownRatings(entry.dimensions, scores);
        await ratings.put(tx, {
          revisionId: entry.revision_id,
          userId: actor.id,
          datasetId: entry.dataset_id,
          ratings: scores,
          now: clock(),
        });
        return answer(tx, actor, entryId, finish);
      });
    },

    /** Throws `not_found`. */
    clear(actor: Actor, entryId: string, finish: Remember): Promise<EntryRatings> {
      return inTransaction(db, async (tx) => {
        await lockEntries(tx, [entryId]);
        const entry = await found(tx, entryId, actor.id);
        await ratings.remove(tx, entry.revision_id, actor.id);
        return answer(tx, actor, entryId, finish);
      });
    },

    /** Asks for the estimates that are due. Resolves to their datasets. */
    async requestDue(): Promise<string[]> {
      const due = await ratings.due(new Date(clock().getTime() - everyMs));
      for (const datasetId of due) await jobs.send(aggregateRatingsJob, { datasetId }, { key: datasetId });
      return due;
    },

    /** The job: who is generous and who is strict, and what that makes of every rating. */
    async aggregate(datasetId: string): Promise<void> {
      const now = clock();
      const { columns, size, raters, dimensions } = await read(datasetId);
      const { biases, means } = estimateRaterBiases(columns, size);
      const scores = new Int32Array(raters.length);
      for (const rater of columns.raters) scores[rater] = (scores[rater] ?? 0) + 1;
      const told = raters.map((userId, rater) => ({ userId, bias: rounded(biases[rater]), scores: scores[rater] ?? 0 }));
      const estimate = { raters: told, means: Object.fromEntries(dimensions.map((slug, n) => [slug, rounded(means[n])])), now };
      await inTransaction(db, (tx) => ratings.putEstimate(tx, datasetId, estimate), { timeoutMs: estimateTimeoutMs });
    },
  };

  async function found(client: Transaction, entryId: string, userId: string | null): Promise<RatedEntry> {
    return (await ratings.rated(client, entryId, userId)) ?? Promise.reject(notFound('such approved response'));
  }

  async function answer(tx: Transaction, actor: Actor, entryId: string, finish: Remember): Promise<EntryRatings> {
    await ratings.refresh(tx, entryId);
    const told = toRatings(await found(tx, entryId, actor.id), actor);
    await finish(tx, told);
    return told;
  }

  async function read(datasetId: string) {
    const [items, raters, dimensions] = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>()];
    const rows: { item: number; rater: number; dimension: number; score: number }[] = [];
    for await (const page of ratings.given(datasetId))
      for (const row of page)
        for (const [slug, score] of Object.entries(row.ratings))
          rows.push({
            item: numberOf(items, row.response_id),
            rater: numberOf(raters, row.user_id),
            dimension: numberOf(dimensions, slug),
            score,
          });
    return {
      columns: {
        items: Int32Array.from(rows, ({ item }) => item),
        raters: Int32Array.from(rows, ({ rater }) => rater),
        dimensions: Int32Array.from(rows, ({ dimension }) => dimension),
        scores: Float64Array.from(rows, ({ score }) => score),
      },
      size: { items: items.size, raters: raters.size, dimensions: dimensions.size },
      raters: [...raters.keys()],
      dimensions: [...dimensions.keys()],
    };
  }
}

/** Rounded, so that nothing hangs on the last digits of a sum. */
const rounded = (value: number | undefined): number => Number((value ?? 0).toFixed(6));

function numberOf(names: Map<string, number>, name: string): number {
  const known = names.get(name) ?? names.size;
  names.set(name, known);
  return known;
}

function toRatings(entry: RatedEntry, actor: Actor | null): EntryRatings {
  return {
    mean: entry.mean,
    scores: entry.scores,
    rating: entry.rating,
    raters: entry.raters,
    dimensions: entry.dimensions.map((dimension) => ({ ...dimension, mean: entry.means[dimension.slug] ?? null })),
    mine: entry.mine,
    mayRate: actor !== null && !entry.archived && entry.author_id !== actor.id,
  };
}
