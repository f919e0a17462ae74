import { useCallback } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { endpoints } from '../../lib/api.ts';
import { apiQueryKey } from '../../lib/api-query.ts';

/** Everything that may show an entry a moderator acted on. */
const entryLists = [
  endpoints.entries.get,
  endpoints.entries.mine,
  endpoints.pairs.list,
  endpoints.moderation.flagged,
  endpoints.moderation.escalated,
  endpoints.moderation.appealed,
  endpoints.moderation.events,
];
const userLists = [endpoints.moderation.collusion, endpoints.moderation.user, endpoints.moderation.users, endpoints.moderation.events];

/** Loads anew what an act on an entry or on a user has changed; settled once what is on the page is true again. */
export function useRefresh(changed: 'entry' | 'user'): () => Promise<void> {
  const client = useQueryClient();
  return useCallback(async () => {
    const lists = changed === 'entry' ? entryLists : userLists;
    await Promise.all(lists.map((endpoint) => client.invalidateQueries({ queryKey: apiQueryKey(endpoint) })));
  }, [client, changed]);
}
