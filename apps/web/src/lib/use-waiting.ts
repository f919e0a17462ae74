import { useEffect } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { Waiting } from '@granary/contract';
import { apiQuery } from './api-query.ts';
import { endpoints } from './api.ts';
import { browserStorage } from './browser-storage.ts';
import { createStore, useStore } from './create-store.ts';
import { useSession } from './session.ts';

const storageKey = 'granary.decisions-seen-at';
const atFirstMs = 7 * 86_400_000;
const freshMs = 60_000;

/** Since when decisions are news. It stays as it is while they are on the page. */
const seenAt = createStore(browserStorage.get(storageKey) ?? new Date(Date.now() - atFirstMs).toISOString());

/** What waits for the person who is signed in; null for a stranger, and until it is known. */
export function useWaiting(): Waiting | null {
  const { user } = useSession();
  const since = useStore(seenAt);
  const { data } = useQuery({
    ...apiQuery(endpoints.entries.waiting, { query: { since } }),
    enabled: user !== null,
    staleTime: freshMs,
    refetchOnWindowFocus: true,
  });
  return user === null ? null : (data ?? null);
}

/** For a page that shows the decisions: once it is left, they are no news any more. */
export function useDecisionsSeen(): void {
  useEffect(() => {
    const shownAt = new Date().toISOString();
    const keep = () => browserStorage.set(storageKey, shownAt);
    window.addEventListener('pagehide', keep);
    return () => {
      window.removeEventListener('pagehide', keep);
      keep();
      seenAt.set(shownAt);
    };
  }, []);
}
