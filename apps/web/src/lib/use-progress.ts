import { useEffect, useRef, useState } from 'react';

/**
 * Follows server-sent events: the newest state of something under way, null until the first has come. `url` null follows
 * nothing. Connects again by itself; stops after a state that `isDone`.
 */
export function useProgress<T>(
  url: string | null,
  isDone: (state: T) => boolean,
  onDone: (state: T) => void,
): { state: T | null; lost: boolean } {
  const [heard, setHeard] = useState<{ url: string | null; state: T | null; lost: boolean }>({ url, state: null, lost: false });
  const handlers = useRef({ isDone, onDone });
  useEffect(() => {
    handlers.current = { isDone, onDone };
  });
  useEffect(() => {
    if (url === null) return;
    const source = new EventSource(url);
    source.addEventListener('message', ({ data }) => {
      const state = JSON.parse(data as string) as T;
      setHeard({ url, state, lost: false });
      if (!handlers.current.isDone(state)) return;
      source.close();
      handlers.current.onDone(state);
    });
    source.addEventListener('error', () => setHeard((before) => ({ ...before, url, lost: true })));
    return () => source.close();
  }, [url]);
  // What was heard under another address is about something else.
  return url === null || heard.url === url ? heard : { state: null, lost: false };
}
