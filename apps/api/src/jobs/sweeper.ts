import type { Database } from '@granary/db';

/** A browser that was offline repeats its write with the key it had; after a week nobody does. */
export const idempotencyKeyDays = 7;
/** The longest window of a rate limit is ten minutes. */
const rateLimitHours = 1;
/** Kept for a month after their end, so that their owner still sees where they were signed in. */
export const endedSessionDays = 30;
/** As long as wrong passwords are remembered. */
const signInFailureHours = 24;
/** Rows per statement: a short lock each, however much has gathered. */
const batch = 5_000;

/** Removes rows that nothing reads any more; resolves to how many. Any number of processes may do so at the same time. */
export async function sweep(db: Database, now: Date): Promise<number> {
  const before = (hours: number) => new Date(now.getTime() - hours * 3_600_000).toISOString();
  const statements: [sql: string, before: string][] = [
    [
      `DELETE FROM idempotency_keys WHERE (user_id, key) IN (
         SELECT user_id, key FROM idempotency_keys WHERE created_at < $1::timestamptz LIMIT ${batch} FOR UPDATE SKIP LOCKED) RETURNING 1`,
      before(idempotencyKeyDays * 24),
    ],
    [
      `DELETE FROM rate_limits WHERE (key, window_start) IN (
         SELECT key, window_start FROM rate_limits WHERE window_start < $1::timestamptz LIMIT ${batch} FOR UPDATE SKIP LOCKED) RETURNING 1`,
      before(rateLimitHours),
    ],
    [
      `DELETE FROM sessions WHERE id IN (
         SELECT id FROM sessions WHERE expires_at < $1::timestamptz OR revoked_at < $1::timestamptz LIMIT ${batch} FOR UPDATE SKIP LOCKED) RETURNING 1`,
      before(endedSessionDays * 24),
    ],
    [
      `DELETE FROM sign_in_failures WHERE key IN (
         SELECT key FROM sign_in_failures WHERE last_at < $1::timestamptz LIMIT ${batch} FOR UPDATE SKIP LOCKED) RETURNING 1`,
      before(signInFailureHours),
    ],
  ];
  let removed = 0;
  for (const [sql, limit] of statements) {
    for (let rows = batch; rows === batch; removed += rows) rows = (await db.executeSql(sql, [limit])).rows.length;
  }
  return removed;
}
