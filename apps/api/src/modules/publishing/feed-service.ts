import { notFound } from '../../errors.ts';
import { atomFeed } from './atom-feed.ts';
import type { FeedRepository } from './feed-repository.ts';

export type FeedService = ReturnType<typeof createFeedService>;

/** A feed is for what is new; older snapshots stand on their page. */
const snapshotsAtMost = 50;

export function createFeedService({ feeds }: { feeds: FeedRepository }) {
  return {
    /** The feed of a dataset as XML, with addresses that begin with `origin`. Throws `not_found`. */
    async of(slug: string, origin: string): Promise<string> {
      const feed = await feeds.feed(slug, snapshotsAtMost);
      if (feed === null) throw notFound(`dataset ${slug}`);
      return atomFeed(feed, origin);
    },
  };
}
