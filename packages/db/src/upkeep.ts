import type { Database } from './database.ts';
import { declareLongWork } from './long-work.ts';

/** A vacuum of a table with millions of rows takes minutes. */
const longestMs = 30 * 60 * 1000;

/**
 * Our own tables that are due by autovacuum's settings (not those of single tables): https://www.postgresql.org/docs/current/routine-vacuuming.html#AUTOVACUUM.
 * The database may hold others' tables too.
 */
const dueSql = `
SELECT format('%I.%I', s.schemaname, s.relname) AS name,
  s.n_mod_since_analyze > current_setting('autovacuum_analyze_threshold')::float8
    + current_setting('autovacuum_analyze_scale_factor')::float8 * greatest(c.reltuples, 0) AS changed,
  s.n_dead_tup > current_setting('autovacuum_vacuum_threshold')::float8
    + current_setting('autovacuum_vacuum_scale_factor')::float8 * greatest(c.reltuples, 0) AS holey
FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
WHERE s.schemaname IN (current_schema(), 'jobs') AND c.relpersistence <> 't' AND pg_has_role(c.relowner, 'USAGE')
ORDER BY 1`;

/**
 * Stands in for autovacuum: gathers the planner's statistics of every table that has changed much since they were
 * gathered, and in the embedded database, which has no autovacuum at all, frees the room of dead rows. Without it the planner
 * knows nothing of a table that has grown and reads it whole for every request. Resolves to the tables that were due; where autovacuum
 * keeps up, to hardly any. Any number of processes may call it at once; not inside a transaction.
 */
export async function maintainTables(db: Pick<Database, 'kind' | 'executeSql'>): Promise<string[]> {
  const embedded = db.kind === 'pglite';
  // Alone with its only session, the embedded database would keep the counts to itself.
  if (embedded) await db.executeSql('SELECT pg_stat_force_next_flush()');
  const { rows } = await db.executeSql(dueSql);
  const due = (rows as { name: string; changed: boolean; holey: boolean }[]).filter(({ changed, holey }) => changed || (embedded && holey));
  const over = declareLongWork(longestMs);
  try {
    for (const { name, holey } of due)
      await db.executeSql(embedded && holey ? `VACUUM (ANALYZE) ${name}` : `ANALYZE (SKIP_LOCKED) ${name}`);
  } finally {
    over();
  }
  return due.map(({ name }) => name);
}
