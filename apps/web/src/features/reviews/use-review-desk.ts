import { useEffect, useRef, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { reviewLease } from '@granary/contract';
import { toast } from '../../components/toast.tsx';
import { apiUrl, callApi, endpoints, isApiError, NetworkError, newIdempotencyKey } from '../../lib/api.ts';
import { apiQueryKey } from '../../lib/api-query.ts';
import { useStore } from '../../lib/create-store.ts';
import { useT } from '../../lib/i18n/i18n.ts';
import { keepDeskAlive } from '../../lib/keep-desk-alive.ts';
import { createDesk, type Desk, type DeskServer, type DeskState, type Tally } from './desk.ts';

export type Wish = { dataset: string | undefined; category: string | undefined };

/** A desk for what is wished for: open while the component is on the page, its leases kept alive and given back. */
export function useReviewDesk({ dataset, category }: Wish): { desk: Desk; state: DeskState } {
  const t = useT();
  const client = useQueryClient();
  const undelivered = useRef(() => {});
  undelivered.current = () => void toast({ tone: 'critical', text: t('reviews.undelivered'), timeoutMs: null });
  const openFor = (tally?: Tally) => openDesk({ dataset, category }, () => undelivered.current(), tally);
  const [desk, setDesk] = useState(() => openFor());
  const [opened, setOpened] = useState({ dataset, category });
  // Another wish is another desk; it is opened while rendering, so that no task of the old one is seen under the new.
  if (opened.dataset !== dataset || opened.category !== category) {
    setOpened({ dataset, category });
    setDesk(openFor(desk.store.get().tally));
  }
  useEffect(() => {
    const own = desk;
    const stopListening = keepDeskAlive(own, reviewLease.heartbeatSeconds);
    void own.start();
    return () => {
      stopListening();
      own.stop();
      void client.invalidateQueries({ queryKey: apiQueryKey(endpoints.reviews.queue) });
    };
  }, [desk, client]);
  const state = useStore(desk.store);
  // What waits, and how far a qualification is, is told beside the desk as well.
  const empty = state.phase === 'empty';
  useEffect(() => {
    if (empty || Object.keys(state.qualifications).length > 0)
      void client.invalidateQueries({ queryKey: apiQueryKey(endpoints.reviews.queue) });
  }, [empty, state.qualifications, client]);
  return { desk, state };
}

const isGone = (error: unknown) => isApiError(error, 'task_taken', 'status_conflict', 'not_found');
const isPassing = (error: unknown) => error instanceof NetworkError || (isApiError(error) && error.status >= 500);

function openDesk(wish: Wish, onUndelivered: () => void, tally?: Tally): Desk {
  return createDesk({
    server: serverOf(wish),
    now: () => performance.now(),
    newKey: newIdempotencyKey,
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    isGone,
    isPassing,
    onUndelivered,
    ...(tally && { tally }),
  });
}

function serverOf({ dataset, category }: Wish): DeskServer {
  const { next, submit, undo, skip, heartbeat, release } = endpoints.reviews;
  return {
    lease: async (holding) => (await callApi(next, { body: { ...(dataset && { dataset }), ...(category && { category }), holding } })).task,
    // Whoever gives a last verdict and closes the page has given it.
    submit: (id, body, idempotencyKey) => callApi(submit, { params: { id }, body, idempotencyKey, keepalive: true }),
    undo: async (id) => (await callApi(undo, { params: { id } })).task,
    skip: async (id, reason) => {
      await callApi(skip, { params: { id }, body: reason === undefined ? {} : { reason }, keepalive: true });
    },
    heartbeat: async (id) => {
      await callApi(heartbeat, { params: { id }, whenSessionLost: 'throw' });
    },
    // Outlives the page.
    release: (id) => {
      const options = { method: 'POST', keepalive: true, credentials: 'same-origin' } as const;
      void fetch(apiUrl(release, { params: { id } }), options).catch(() => undefined);
    },
  };
}
