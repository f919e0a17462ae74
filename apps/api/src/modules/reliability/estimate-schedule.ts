import type { ReliabilityService } from './service.ts';

type Log = { warn(details: object, message: string): void };

const lookEveryMs = 15 * 60_000;

/** Looks from time to time which estimates are due; returns the way to stop, which waits for a look that is under way. */
export function startEstimateSchedule(reliability: Pick<ReliabilityService, 'requestDue'>, log: Log): () => Promise<void> {
  let looking: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    looking = reliability
      .requestDue()
      .catch((error: unknown) => log.warn({ err: error }, 'Asking for estimates failed; it is tried again'));
  }, lookEveryMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await looking;
  };
}
