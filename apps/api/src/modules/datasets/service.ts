import type { Dataset, DatasetProgress, EndpointRequest, endpoints } from '@granary/contract';
import { inTransaction, violatedUniqueConstraint, type Database, type Transaction } from '@granary/db';
import { v7 as uuid } from 'uuid';
import { ApiError, notFound } from '../../errors.ts';
import { appendEvents } from '../events/log.ts';
import { datasetDefaults } from './defaults.ts';
import type { DatasetChange, DatasetRepository, NewCategory } from './repository.ts';

export type DatasetService = ReturnType<typeof createDatasetService>;
type Create = EndpointRequest<typeof endpoints.datasets.create>['body'] & { isDemo?: boolean };
/** Runs inside the transaction that does the work, with its answer. */
type Finish = (tx: Transaction, dataset: Dataset) => Promise<void>;
type Parts = { db: Database; datasets: DatasetRepository; defaultCategories: readonly NewCategory[]; clock: () => Date };

/** Counting a million pairs by week takes half a second, so anybody who asks within this time gets the last count. */
const growthFreshMs = 60_000;

/** Pairs approved by category and week, and those approved in all at that moment. */
type Growth = { byWeek: Awaited<ReturnType<DatasetRepository['approvedByWeek']>>; total: Map<string, number> };

/** Remembers what was found for an id, for so long; those who ask at the same time wait for one search. */
function createMemory<T>(freshMs: number) {
  const kept = new Map<string, { at: number; found: Promise<T> }>();
  return {
    of(id: string, now: Date, find: () => Promise<T>): Promise<T> {
      const known = kept.get(id);
      if (known !== undefined && now.getTime() - known.at < freshMs && now.getTime() >= known.at) return known.found;
      const found = find();
      kept.set(id, { at: now.getTime(), found });
      found.catch(() => kept.delete(id));
      return found;
    },
  };
}

export function createDatasetService({ db, datasets, defaultCategories, clock }: Parts) {
  const growth = createMemory<Growth>(growthFreshMs);
  return {
    list: () => datasets.list(),

    /** Throws `not_found`. */
    get: (slug: string): Promise<Dataset> => found(slug),

    /** Throws `not_found`. */
    async progress(slug: string): Promise<DatasetProgress> {
      const { id, categories } = await found(slug);
      const weeks = lastWeeks(clock());
      const { byWeek, total } = await growth.of(id, clock(), async () => ({
        byWeek: await datasets.approvedByWeek(id, new Date(weeks[0] ?? 0)),
        total: new Map(categories.map(({ slug: category, approved }) => [category, approved])),
      }));
      return {
        weeks,
        categories: categories.map(({ slug: category, targetCount, approved }) => {
          const own = new Map(byWeek.filter((row) => row.category === category).map((row) => [row.week, row.approved]));
          // What was approved before the first week is what is left of the count of the same moment.
          let sum = (total.get(category) ?? approved) - [...own.values()].reduce((total, each) => total + each, 0);
          return { category, targetCount, approved: weeks.map((week) => Math.max(0, (sum += own.get(week) ?? 0))) };
        }),
      };
    },

    /** Missing parts come from the defaults. `actorId` is null for the seed of a new deployment. Throws `slug_taken`. */
    async create(actorId: string | null, { categories, isDemo = false, ...given }: Create, finish?: Finish): Promise<Dataset> {
      const id = uuid();
      const now = clock();
      return refuseTakenSlug('A dataset of this deployment has this short name.', () =>
        inTransaction(db, async (tx) => {
          await datasets.create(tx, { ...datasetDefaults, ...given, id, isDemo, createdAt: now });
          await datasets.keepPolicy(tx, id, actorId, now);
          await datasets.addCategories(tx, id, categories ?? defaultCategories);
          await appendEvents(tx, [{ kind: 'dataset_created', actorId, datasetId: id, payload: { slug: given.slug } }], now);
          return finished(tx, given.slug, finish);
        }),
      );
    },

    /** New terms or another licence raise the version of the terms. Throws `not_found`, `version_conflict`. */
    update(actorId: string, slug: string, version: number, change: DatasetChange, finish?: Finish): Promise<Dataset> {
      return inTransaction(db, async (tx) => {
        const { id } = await found(slug, tx);
        const now = clock();
        if (!(await datasets.update(tx, id, version, change, now))) {
          const current = await found(slug, tx);
          throw new ApiError('version_conflict', 'Somebody changed the dataset in the meantime.', { data: { current: current.version } });
        }
        if (change.policy !== undefined) await datasets.keepPolicy(tx, id, actorId, now);
        await appendEvents(tx, [{ kind: 'dataset_changed', actorId, datasetId: id, payload: { fields: Object.keys(change) } }], now);
        return finished(tx, slug, finish);
      });
    },

    /** Throws `not_found`, `slug_taken`. */
    addCategory(actorId: string, slug: string, category: NewCategory, finish?: Finish): Promise<Dataset> {
      return refuseTakenSlug('A category of this dataset has this short name.', () =>
        inTransaction(db, async (tx) => {
          const { id } = await found(slug, tx);
          await datasets.touch(tx, id);
          await datasets.addCategories(tx, id, [category]);
          const payload = { category: category.slug, added: true };
          await appendEvents(tx, [{ kind: 'dataset_changed', actorId, datasetId: id, payload }], clock());
          return finished(tx, slug, finish);
        }),
      );
    },

    /** Throws `not_found`. */
    updateCategory(
      actorId: string,
      slug: string,
      category: string,
      change: Partial<Omit<NewCategory, 'slug'>>,
      finish?: Finish,
    ): Promise<Dataset> {
      return inTransaction(db, async (tx) => {
        const { id } = await found(slug, tx);
        await datasets.touch(tx, id);
        if (!(await datasets.updateCategory(tx, id, category, change))) throw notFound('such category');
        const payload = { category, fields: Object.keys(change) };
        await appendEvents(tx, [{ kind: 'dataset_changed', actorId, datasetId: id, payload }], clock());
        return finished(tx, slug, finish);
      });
    },

    /** Throws `not_found`, and `version_conflict` when the terms have changed since they were read. */
    async acceptTerms(userId: string, slug: string, termsVersion: number) {
      const accepted = await datasets.acceptTerms(slug, userId, termsVersion, clock());
      if (accepted) return accepted;
      const { termsVersion: current } = await found(slug);
      throw new ApiError('version_conflict', 'The terms have changed. Read the new ones first.', { data: { current } });
    },
  };

  async function found(slug: string, tx?: Transaction) {
    return (await datasets.bySlug(slug, tx)) ?? Promise.reject(notFound('such dataset'));
  }

  async function finished(tx: Transaction, slug: string, finish: Finish | undefined): Promise<Dataset> {
    const dataset = await found(slug, tx);
    await finish?.(tx, dataset);
    return dataset;
  }
}

const weeksShown = 26;
const dayMs = 86_400_000;

/** The Mondays of the last weeks in UTC, oldest first, this week's last. */
function lastWeeks(now: Date): string[] {
  const monday = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()) - ((now.getUTCDay() + 6) % 7) * dayMs;
  return Array.from({ length: weeksShown }, (_, index) =>
    new Date(monday - (weeksShown - 1 - index) * 7 * dayMs).toISOString().slice(0, 10),
  );
}

async function refuseTakenSlug<T>(detail: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (violatedUniqueConstraint(error)?.includes('slug'))
      throw new ApiError('slug_taken', detail, { errors: [{ path: 'slug', message: detail }], cause: error });
    throw error;
  }
}
