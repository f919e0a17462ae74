import { useEffect, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { reviewLease, tasksHeldAtMost, type ComparisonAnswer, type ComparisonOutcome, type ComparisonTask } from '@granary/contract';
import { apiUrl, callApi, endpoints, isApiError, NetworkError, newIdempotencyKey } from '../../lib/api.ts';
import { apiQueryKey } from '../../lib/api-query.ts';
import { useStore } from '../../lib/create-store.ts';
import { keepDeskAlive } from '../../lib/keep-desk-alive.ts';
import { createDesk, type Desk, type DeskServer, type DeskState } from '../../lib/task-desk.ts';

/** What one says: the answer, with the response that stood on the left. */
type Input = { answer: ComparisonAnswer; left: string };
type Kind = {
  Task: ComparisonTask;
  Input: Input;
  Typed: object;
  Outcome: ComparisonOutcome;
  SkipReason: never;
  Asking: never;
  Sum: object;
};

/** A desk for comparisons of a dataset, or of all: open while the component is on the page, its leases kept alive and given back. */
export function useComparisonDesk(dataset: string | undefined, onUndelivered: () => void): { desk: Desk<Kind>; state: DeskState<Kind> } {
  const client = useQueryClient();
  const [desk, setDesk] = useState(() => openDesk(dataset, onUndelivered));
  const [opened, setOpened] = useState(dataset);
  // Another dataset is another desk; it is opened while rendering, so that no task of the old one is seen under the new.
  if (opened !== dataset) {
    setOpened(dataset);
    setDesk(openDesk(dataset, onUndelivered));
  }
  useEffect(() => {
    void desk.start();
    const stopListening = keepDeskAlive(desk, reviewLease.heartbeatSeconds);
    return () => {
      stopListening();
      desk.stop();
      void client.invalidateQueries({ queryKey: apiQueryKey(endpoints.comparisons.queue) });
    };
  }, [desk, client]);
  return { desk, state: useStore(desk.store) };
}

function openDesk(dataset: string | undefined, onUndelivered: () => void): Desk<Kind> {
  return createDesk<Kind>({
    server: serverOf(dataset),
    heldAtMost: tasksHeldAtMost,
    nothingTyped: {},
    isTouched: () => false,
    nameOf: ({ answer }) => answer,
    answerIdOf: ({ answerId }) => answerId,
    isFinal: () => false,
    add: (sum) => sum,
    takeAway: (sum) => sum,
    isOver: () => false,
    now: () => performance.now(),
    newKey: newIdempotencyKey,
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    isGone: (error) => isApiError(error, 'task_taken', 'not_found'),
    onUndelivered,
    before: { counts: {}, skipped: 0, times: [], sum: {} },
    isPassing: (error) => error instanceof NetworkError || (isApiError(error) && error.status >= 500),
  });
}

function serverOf(dataset: string | undefined): DeskServer<Kind> {
  const { next, answer, undo, skip, heartbeat, release } = endpoints.comparisons;
  return {
    lease: async (holding) => (await callApi(next, { body: { ...(dataset && { dataset }), holding } })).task,
    submit: (id, body, idempotencyKey) => callApi(answer, { params: { id }, body, idempotencyKey }),
    undo: async (id) => (await callApi(undo, { params: { id } })).task,
    skip: async (id) => {
      await callApi(skip, { params: { id } });
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
