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
  let removed = 0;
  for (const { sql, before } of sweepStatements(now)) {
    for (let rows = batch; rows === batch; removed += rows) rows = (await db.executeSql(sql, [before])).rows.length;
  }
  return removed;
}

/** One statement for each table, with the moment that its parameter is. */
export function sweepStatements(now: Date): { sql: string; before: string }[] {
  const before = (hours: number) => new Date(now.getTime() - hours * 3_600_000).toISOString();
  return [
    {
      sql: `DELETE FROM idempotency_keys WHERE (user_id, key) IN (
         SELECT user_id, key FROM idempotency_keys WHERE created_at < $1::timestamptz LIMIT ${batch} FOR UPDATE SKIP LOCKED) RETURNING 1`,
      before: before(idempotencyKeyDays * 24),
    },
    {
      sql: `DELETE FROM rate_limits WHERE (key, window_start) IN (
         SELECT key, window_start FROM rate_limits WHERE window_start < $1::timestamptz LIMIT ${batch} FOR UPDATE SKIP LOCKED) RETURNING 1`,
      before: before(rateLimitHours),
    },
    {
      sql: `DELETE FROM sessions WHERE id IN (
         SELECT id FROM sessions WHERE expires_at < $1::timestamptz OR revoked_at < $1::timestamptz LIMIT ${batch} FOR UPDATE SKIP LOCKED) RETURNING 1`,
      before: before(endedSessionDays * 24),
    },
    {
      sql: `DELETE FROM sign_in_failures WHERE key IN (
         SELECT key FROM sign_in_failures WHERE last_at < $1::timestamptz LIMIT ${batch} FOR UPDATE SKIP LOCKED) RETURNING 1`,
      before: before(signInFailureHours),
    },
  ];
}
