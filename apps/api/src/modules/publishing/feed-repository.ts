import { changeCountsSchema, countsSchema } from '@granary/contract';
import type { Database } from '@granary/db';
import type { Feed } from './atom-feed.ts';

export type FeedRepository = ReturnType<typeof createFeedRepository>;

export function createFeedRepository(db: Pick<Database, 'prisma'>) {
  return {
    /** A dataset with its newest published snapshots; null without such a dataset. */
    async feed(slug: string, snapshotsAtMost: number): Promise<Feed | null> {
      const dataset = await db.prisma.dataset.findUnique({
        where: { slug },
        include: {
          snapshots: {
            where: { status: 'published' },
            orderBy: { number: 'desc' },
            // One more: what the oldest is compared with.
            take: snapshotsAtMost + 1,
            include: { createdBy: { select: { displayName: true } }, files: { orderBy: { name: 'asc' } }, countedChanges: true },
          },
        },
      });
      if (dataset === null) return null;
      const { id, title, description, licence, createdAt } = dataset;
      return {
        id,
        slug,
        title,
        description,
        licence,
        createdAt,
        snapshots: dataset.snapshots.slice(0, snapshotsAtMost).map(({ createdBy, files, countedChanges, ...row }, index) => ({
          id: row.id,
          number: row.number,
          publishedAt: row.publishedAt ?? row.createdAt,
          publishedBy: createdBy.displayName,
          notes: row.notes,
          pairs: countsSchema.parse(row.counts).pairs,
          changes: changesSince(dataset.snapshots[index + 1]?.number, countedChanges),
          files: files.map(({ name, mediaType, bytes }) => ({ name, mediaType, bytes: Number(bytes) })),
        })),
      };
    },
  };
}

/** What was counted when the snapshot was pinned; null for a first one. */
function changesSince(since: number | undefined, counted: readonly { since: number }[]): Feed['snapshots'][number]['changes'] {
  const found = counted.find((each) => each.since === since);
  return found === undefined ? null : { ...changeCountsSchema.parse(found), since: found.since };
}
