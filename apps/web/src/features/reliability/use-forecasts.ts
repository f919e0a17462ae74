import { useEffect, useState } from 'react';
import type { ForecastRequest } from './forecast.worker.ts';
import type { Crowd, Forecast } from './forecast.ts';

/** Wait for the end of typing before everything is played anew. */
const pauseMs = 400;

/** What these policies would cost with these people; null until it has been played. The last answer stays until the next is there. */
export function useForecasts(
  policies: ForecastRequest['policies'],
  crowd: Crowd | undefined,
): { forecasts: Forecast[] | null; failed: boolean } {
  const [played, setPlayed] = useState<{ forecasts: Forecast[] | null; failed: boolean }>({ forecasts: null, failed: false });
  const wish = JSON.stringify(policies);
  useEffect(() => {
    if (crowd === undefined) return;
    let worker: Worker | undefined;
    const timer = setTimeout(() => {
      worker = new Worker(new URL('./forecast.worker.ts', import.meta.url), { type: 'module' });
      worker.addEventListener('message', ({ data }: MessageEvent<Forecast[]>) => setPlayed({ forecasts: data, failed: false }));
      worker.addEventListener('error', () => setPlayed((before) => ({ ...before, failed: true })));
      const request: ForecastRequest = { policies: JSON.parse(wish) as ForecastRequest['policies'], crowd };
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin to name
      worker.postMessage(request);
    }, pauseMs);
    return () => {
      clearTimeout(timer);
      worker?.terminate();
    };
  }, [wish, crowd]);
  return played;
}
