import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { DatabaseLog, ExecutePrepared } from './driver.ts';
import { sqlState } from './errors.ts';

/** What PostgreSQL says of a name that another session's statement has, or that this session never prepared. Neither has run anything. */
const foreignSession = new Set(['42P05', '26000']);

/**
 * Runs statements that each connection prepares once. A statement's name is a hash of its text, so one name never means two statements, whichever
 * process prepared it. A pooler in transaction mode that does not track prepared statements (PgBouncer before 1.21) gives sessions to others
 * between statements; the first sign of that turns preparing off for the rest of the process.
 */
export function createExecutePrepared(pool: pg.Pool, log: DatabaseLog): ExecutePrepared {
  const names = new Map<string, string>();
  let preparing = true;
  const nameOf = (text: string): string => {
    const known = names.get(text);
    if (known !== undefined) return known;
    const name = statementName(text);
    names.set(text, name);
    return name;
  };
  return async (text, values) => {
    if (!preparing) return pool.query<Record<string, unknown>>(text, values);
    try {
      return await pool.query<Record<string, unknown>>({ name: nameOf(text), text, values });
    } catch (error) {
      if (!foreignSession.has(sqlState(error) ?? '')) throw error;
      if (preparing) log.warn({ code: sqlState(error) }, 'A pooler shares sessions between processes; statements are no longer prepared');
      preparing = false;
      return pool.query<Record<string, unknown>>(text, values);
    }
  };
}

/** The name of a prepared statement: the same for the same text in every process, and within PostgreSQL's 63 bytes. */
function statementName(text: string): string {
  return `granary_${createHash('sha256').update(text).digest('hex').slice(0, 40)}`;
}
