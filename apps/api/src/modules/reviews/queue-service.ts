import { reviewLease, type Entry, type Page, type ReviewTask } from '@granary/contract';
import { mayReview } from '@granary/domain';
import { ApiError, notFound } from '../../errors.ts';
import { decodeCursor, timeAndIdSchema, toPage } from '../../http/cursors.ts';
import type { Actor } from '../../plugins/auth.ts';
import { toEntry, toRevision } from '../entries/entry-rows.ts';
import type { CalibrationTaskService } from '../calibration/task-service.ts';
import type { Lease, ReviewRepository } from './repository.ts';

type Parts = { reviews: ReviewRepository; calibration: CalibrationTaskService; clock: () => Date };
type Wish = {
  dataset?: string | undefined;
  category?: string | undefined;
  languages?: readonly string[] | undefined;
  holding?: readonly string[] | undefined;
};

/** End of a lease that begins or is renewed now. */
export const leaseEnd = (now: Date): Date => new Date(now.getTime() + reviewLease.seconds * 1000);

export function createReviewQueueService({ reviews, calibration, clock }: Parts) {
  return {
    /** How much waits for the caller in every dataset that takes reviews. */
    async queue(actor: Actor) {
      const datasets = await reviews.datasets();
      const items = await Promise.all(
        datasets.map(async (dataset) => {
          const { id, slug, title, policy } = dataset;
          const allowed = mayReview(actor, policy);
          const [byCategory, qualification] = allowed
            ? await Promise.all([reviews.waiting(id, actor.id, clock()), calibration.qualification(actor, dataset)])
            : [[], null];
          return {
            datasetSlug: slug,
            datasetTitle: title,
            mayReview: allowed,
            qualification,
            waiting: byCategory.reduce((sum, { waiting }) => sum + waiting, 0),
            byCategory,
          };
        }),
      );
      return { items };
    },

    /** Leases the next seat and gives its task; null when nothing waits. Throws `not_found`, `forbidden`. */
    async next(actor: Actor, wish: Wish): Promise<ReviewTask | null> {
      for (const dataset of await candidates(actor, wish)) {
        const categoryId = wish.category === undefined ? null : await reviews.categoryId(dataset.id, wish.category);
        if (wish.category !== undefined && categoryId === null) continue;
        const now = clock();
        const languages = wish.languages === undefined || wish.languages.length === 0 ? null : wish.languages;
        const filter = { datasetId: dataset.id, categoryId, languages, holding: wish.holding ?? [] };
        const offer = await calibration.offer(actor, dataset, filter, leaseEnd(now));
        if (offer.kind === 'item') return load(offer.lease, actor.id, { purpose: offer.purpose, decided: true });
        if (offer.kind === 'closed') continue;
        const lease = await reviews.lease(filter, actor.id, now, leaseEnd(now));
        if (lease !== null) return load(lease, actor.id);
      }
      return null;
    },

    load,

    /** Throws `cursor_invalid`. */
    async mine(actor: Actor, { cursor, limit }: { cursor?: string | undefined; limit: number }) {
      const rows = await reviews.mine(actor.id, decodeCursor(cursor, timeAndIdSchema), limit + 1);
      return toPage(rows, limit, (row) => [row.created_at.toISOString(), row.id], toMine) satisfies Page<unknown>;
    },
  };

  async function candidates(actor: Actor, wish: Wish) {
    if (wish.dataset === undefined) return (await reviews.datasets()).filter(({ policy }) => mayReview(actor, policy));
    const named = await reviews.dataset(wish.dataset);
    if (named === null) throw notFound('such dataset');
    if (!mayReview(actor, named.policy)) throw new ApiError('forbidden', 'This dataset is reviewed by reviewers only.');
    return [named];
  }

  /** The task as its reviewer sees it. A text that is decided looks as it did when it was not. */
  async function load(
    lease: Lease,
    reviewerId: string,
    { purpose, decided }: { purpose: ReviewTask['purpose']; decided: boolean } = { purpose: 'review', decided: false },
  ): Promise<ReviewTask> {
    const nodes = await reviews.nodes(lease.entry_id, decided);
    const self = nodes.find(({ place }) => place === 'entry');
    const setting = self?.setting;
    if (self === undefined || !setting) throw notFound('such review task');
    const joint = nodes.find(({ place }) => place === 'joint') ?? null;
    const edited = [self, joint].filter((row) => row !== null && row.number > 1).flatMap((row) => (row === null ? [] : [row.id]));
    const before = edited.length === 0 ? [] : await reviews.reviewedBefore(edited, reviewerId);
    const previous = (id: string | undefined) => {
      const row = before.find(({ entry_id: entryId }) => entryId === id);
      return row === undefined ? null : { ...toRevision(row), author: null, acceptedBy: null };
    };
    return {
      id: lease.id,
      leaseExpiresAt: lease.lease_expires_at.toISOString(),
      purpose,
      datasetSlug: self.dataset_slug,
      datasetTitle: setting.dataset_title,
      category: { slug: setting.category_slug, title: setting.category_title, guideline: setting.guideline },
      dimensions: setting.dimensions,
      entry: unsigned(toEntry(self)),
      instruction: joint === null ? null : unsigned(toEntry(joint)),
      path: nodes.filter(({ place }) => place === 'path').map(toEntry),
      previousRevision: previous(self.id),
      previousInstructionRevision: previous(joint?.id),
      requests: (before.find(({ entry_id: entryId }) => entryId === self.id) ?? before[0])?.requests ?? [],
      earlier: before.find(({ entry_id: entryId }) => entryId === self.id)?.earlier ?? before[0]?.earlier ?? null,
    };
  }
}

export const taskTaken = () =>
  new ApiError('task_taken', 'The seat was given to somebody else, or the entry was decided. Take the next one.');

/** Whoever judges a text shall not know whose it is, nor what has become of it. */
function unsigned(entry: Entry): Entry {
  return {
    ...entry,
    author: null,
    status: 'in_review',
    statusAt: entry.revision.createdAt,
    revision: { ...entry.revision, author: null, acceptedBy: null },
  };
}

function toMine(row: Awaited<ReturnType<ReviewRepository['mine']>>[number]) {
  const { entry_id: entryId, dataset_slug: datasetSlug, created_at: createdAt, ...rest } = row;
  return { ...rest, entryId, datasetSlug, createdAt: createdAt.toISOString() };
}
