import { useEffect, useRef, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { reviewLease, type ReviewInput, type ReviewTask } from '@granary/contract';
import { apiUrl, callApi, endpoints, isApiError, newIdempotencyKey } from '../../lib/api.ts';
import { apiQueryKey } from '../../lib/api-query.ts';

export type Wish = { dataset: string | undefined; category: string | undefined; languages: string[] | undefined };
export type DeskState = { kind: 'loading' } | { kind: 'task'; task: ReviewTask } | { kind: 'empty' } | { kind: 'failed'; error: unknown };
export type Given = { reviewId: string; verdict: ReviewInput['verdict'] };

/**
 * One review after another: leases the next seat, keeps the lease alive while it is read, gives it back when the page is
 * left, and takes the last verdict back on request.
 */
export function useReviewDesk(wish: Wish) {
  const client = useQueryClient();
  const [state, setState] = useState<DeskState>({ kind: 'loading' });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [last, setLast] = useState<Given | null>(null);
  const [done, setDone] = useState(0);
  const { dataset, category } = wish;
  const languages = wish.languages?.join(',');

  useEffect(() => {
    let wanted = true;
    void leaseNext(dataset, category, languages).then((leased) => wanted && setState(leased));
    return () => {
      wanted = false;
    };
  }, [dataset, category, languages]);
  async function next(): Promise<void> {
    setState({ kind: 'loading' });
    setState(await leaseNext(dataset, category, languages));
    void client.invalidateQueries({ queryKey: apiQueryKey(endpoints.reviews.queue) });
  }
  const taskId = state.kind === 'task' ? state.task.id : null;
  useLease(taskId, next);

  async function attempt<T>(act: () => Promise<T>): Promise<T | undefined> {
    setBusy(true);
    setError(null);
    try {
      return await act();
    } catch (thrown) {
      // The seat is gone: nothing can be done about this one, so the next one comes.
      if (isApiError(thrown, 'task_taken', 'status_conflict')) await next();
      setError(thrown);
      return undefined;
    } finally {
      setBusy(false);
    }
  }

  return {
    state,
    busy,
    error,
    last,
    done,
    retry: next,
    clearError: () => setError(null),
    submit: (input: ReviewInput) =>
      attempt(async () => {
        if (taskId === null) return;
        const outcome = await callApi(endpoints.reviews.submit, {
          params: { id: taskId },
          body: input,
          idempotencyKey: newIdempotencyKey(),
        });
        setLast({ reviewId: outcome.reviewId, verdict: input.verdict });
        setDone((count) => count + 1);
        await next();
      }),
    skip: () =>
      attempt(async () => {
        if (taskId === null) return;
        await callApi(endpoints.reviews.skip, { params: { id: taskId } });
        await next();
      }),
    undo: () =>
      attempt(async () => {
        if (last === null) return;
        const leased = taskId;
        const { task } = await callApi(endpoints.reviews.undo, { params: { id: last.reviewId } });
        if (leased !== null) void callApi(endpoints.reviews.release, { params: { id: leased } });
        setLast(null);
        setDone((count) => Math.max(0, count - 1));
        setState({ kind: 'task', task });
      }),
  };
}

/** Leases a seat of the kind that is wished for; `languages` are separated by commas. */
async function leaseNext(dataset: string | undefined, category: string | undefined, languages: string | undefined): Promise<DeskState> {
  try {
    const wanted = { ...(dataset && { dataset }), ...(category && { category }), ...(languages && { languages: languages.split(',') }) };
    const { task } = await callApi(endpoints.reviews.next, { body: wanted });
    return task === null ? { kind: 'empty' } : { kind: 'task', task };
  } catch (error) {
    return { kind: 'failed', error };
  }
}

/** Keeps the lease of the task on the page; gives it back when the page is left or closed. */
function useLease(taskId: string | null, onLost: () => Promise<void>): void {
  const lost = useRef(onLost);
  lost.current = onLost;
  useEffect(() => {
    if (taskId === null) return;
    const timer = setInterval(() => {
      callApi(endpoints.reviews.heartbeat, { params: { id: taskId }, whenSessionLost: 'throw' }).catch((error: unknown) => {
        if (isApiError(error, 'task_taken', 'not_found')) void lost.current();
      });
    }, reviewLease.heartbeatSeconds * 1000);
    const leave = () => giveBack(taskId);
    window.addEventListener('pagehide', leave);
    return () => {
      clearInterval(timer);
      window.removeEventListener('pagehide', leave);
    };
  }, [taskId]);
  const held = useRef(taskId);
  held.current = taskId;
  useEffect(
    () => () => {
      if (held.current !== null) giveBack(held.current);
    },
    [],
  );
}

/** A request that outlives the page; the lease would end by itself, only later. */
function giveBack(taskId: string): void {
  void fetch(apiUrl(endpoints.reviews.release, { params: { id: taskId } }), {
    method: 'POST',
    keepalive: true,
    credentials: 'same-origin',
  }).catch(() => undefined);
}
