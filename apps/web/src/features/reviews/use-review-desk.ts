import { useEffect, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { reviewLease } from '@granary/contract';
import { apiUrl, callApi, endpoints, isApiError, NetworkError, newIdempotencyKey } from '../../lib/api.ts';
import { apiQueryKey } from '../../lib/api-query.ts';
import { useStore } from '../../lib/create-store.ts';
import type { DeskServer } from '../../lib/task-desk.ts';
import { createReviewDesk, type ReviewDesk, type ReviewDeskKind, type ReviewDeskState } from './review-desk.ts';

export type Wish = { dataset: string | undefined; category: string | undefined };

/** A desk for what is wished for: open while the component is on the page, its leases kept alive and given back. */
export function useReviewDesk({ dataset, category }: Wish): { desk: ReviewDesk; state: ReviewDeskState } {
  const client = useQueryClient();
  const [desk, setDesk] = useState(() => openDesk({ dataset, category }));
  const [opened, setOpened] = useState({ dataset, category });
  // Another wish is another desk; it is opened while rendering, so that no task of the old one is seen under the new.
  if (opened.dataset !== dataset || opened.category !== category) {
    setOpened({ dataset, category });
    setDesk(openDesk({ dataset, category }));
  }
  useEffect(() => {
    const own = desk;
    void own.start();
    const timer = setInterval(() => void own.beat(), reviewLease.heartbeatSeconds * 1000);
    const leave = () => own.stop();
    window.addEventListener('pagehide', leave);
    return () => {
      clearInterval(timer);
      window.removeEventListener('pagehide', leave);
      own.stop();
      void client.invalidateQueries({ queryKey: apiQueryKey(endpoints.reviews.queue) });
    };
  }, [desk, client]);
  return { desk, state: useStore(desk.store) };
}

const isGone = (error: unknown) => isApiError(error, 'task_taken', 'status_conflict', 'not_found');
const isPassing = (error: unknown) => error instanceof NetworkError || (isApiError(error) && error.status >= 500);

function openDesk(wish: Wish): ReviewDesk {
  return createReviewDesk({
    server: serverOf(wish),
    now: () => performance.now(),
    newKey: newIdempotencyKey,
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    isGone,
    isPassing,
  });
}

function serverOf({ dataset, category }: Wish): DeskServer<ReviewDeskKind> {
  const { next, submit, undo, skip, heartbeat, release } = endpoints.reviews;
  return {
    lease: async (holding) => (await callApi(next, { body: { ...(dataset && { dataset }), ...(category && { category }), holding } })).task,
    submit: (id, body, idempotencyKey) => callApi(submit, { params: { id }, body, idempotencyKey }),
    undo: async (id) => (await callApi(undo, { params: { id } })).task,
    skip: async (id, reason) => {
      await callApi(skip, { params: { id }, body: reason === undefined ? {} : { reason } });
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
