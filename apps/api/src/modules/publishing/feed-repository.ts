import { changeCountsSchema, countsSchema } from '@granary/contract';
import type { Database } from '@granary/db';
import * as z from 'zod';
import type { Feed } from './atom-feed.ts';

export type FeedRepository = ReturnType<typeof createFeedRepository>;

const changesSchema = changeCountsSchema.extend({ since: z.int() }).nullable();

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
            take: snapshotsAtMost,
            include: { createdBy: { select: { displayName: true } }, files: { orderBy: { name: 'asc' } } },
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
        snapshots: dataset.snapshots.map(({ createdBy, files, ...row }) => ({
          id: row.id,
          number: row.number,
          publishedAt: row.publishedAt ?? row.createdAt,
          publishedBy: createdBy.displayName,
          notes: row.notes,
          pairs: countsSchema.parse(row.counts).pairs,
          changes: changesSchema.parse(row.changeCounts),
          files: files.map(({ name, mediaType, bytes }) => ({ name, mediaType, bytes: Number(bytes) })),
        })),
      };
    },
  };
}
