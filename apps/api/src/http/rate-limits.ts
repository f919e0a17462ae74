import type { RateLimitName } from '@granary/contract';
import type { Database } from '@granary/db';
import * as z from 'zod';
import { ApiError } from '../errors.ts';

/** Requests per window, for each caller (the account, or the address without one). */
export const rateLimits: Record<RateLimitName, { max: number; windowSeconds: number }> = {
  'sign-in': { max: 10, windowSeconds: 60 },
  'sign-up': { max: 10, windowSeconds: 600 },
  link: { max: 10, windowSeconds: 600 },
  write: { max: 60, windowSeconds: 60 },
  // A task every second or two, as fast as anybody reads; and as many texts passed on in a day as an honest reader needs: nobody pages through the queue.
  task: { max: 40, windowSeconds: 60 },
  skip: { max: 40, windowSeconds: 86_400 },
  flag: { max: 10, windowSeconds: 60 },
  upload: { max: 20, windowSeconds: 60 },
  export: { max: 60, windowSeconds: 60 },
  // Far more than a reader who scrolls: a search for what is not there asks for up to twelve pages by itself.
  rows: { max: 240, windowSeconds: 60 },
};

const rowSchema = z.tuple([z.object({ count: z.number(), seconds_left: z.number() })]);

export type RateLimiter = (name: RateLimitName, caller: string) => Promise<void>;

/** Counts in the database, so that all processes share one limit. Throws `rate_limited` with Retry-After. */
export function createRateLimiter(db: Database, factor: number): RateLimiter {
  return async (name, caller) => {
    if (factor === 0) return;
    const { max, windowSeconds } = rateLimits[name];
    const key = `${name}:${caller}`;
    const [{ count, seconds_left: secondsLeft }] = rowSchema.parse(
      await db.prisma.$queryRaw`
        INSERT INTO rate_limits (key, window_start, count)
        VALUES (${key}, to_timestamp(floor(extract(epoch FROM now()) / ${windowSeconds}::int) * ${windowSeconds}::int), 1)
        ON CONFLICT (key, window_start) DO UPDATE SET count = rate_limits.count + 1
        RETURNING count, ceil(extract(epoch FROM window_start) + ${windowSeconds}::int - extract(epoch FROM now()))::int AS seconds_left`,
    );
    if (count > max * factor) {
      throw new ApiError('rate_limited', `Try again in ${secondsLeft} seconds.`, {
        headers: { 'retry-after': String(secondsLeft) },
        data: { retryAfterSeconds: secondsLeft },
      });
    }
  };
}
