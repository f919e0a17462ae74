import type { ReviewPolicy } from '@granary/contract';
import { forecast, type Crowd, type Forecast } from './forecast.ts';

export type ForecastRequest = { policies: { key: string; policy: ReviewPolicy }[]; crowd: Crowd };

// Plays policy after policy away from the page, which stays quick to type in.
addEventListener('message', ({ data }: MessageEvent<ForecastRequest>) => {
  const forecasts: Forecast[] = data.policies.map(({ key, policy }) => ({ key, policy, result: forecast(policy, data.crowd) }));
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin to name
  postMessage(forecasts);
});
