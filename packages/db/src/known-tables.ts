import type { ExecuteSql } from './driver.ts';
import type { Migration } from './schema-files.ts';

/** What the scripts of migrations do to tables; their statements are ours, so their spelling is known. */
const tableStatement =
  /^\s*(?:CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?"?(?<created>\w+)"?|DROP\s+TABLE\s+(?:IF\s+EXISTS\s+)?"?(?<dropped>\w+)"?|ALTER\s+TABLE\s+"?(?<from>\w+)"?\s+RENAME\s+TO\s+"?(?<to>\w+)"?)/gim;

/** Names of the tables that a database has after these migrations, the log of migrations not included. */
export function tablesAfter(migrations: readonly Migration[]): Set<string> {
  const tables = new Set<string>();
  for (const { sql } of migrations) {
    for (const { groups = {} } of sql.matchAll(tableStatement)) {
      const { created, dropped, from, to } = groups;
      if (dropped !== undefined) tables.delete(dropped);
      if (from !== undefined) tables.delete(from);
      for (const name of [created, to]) if (name !== undefined) tables.add(name);
    }
  }
  return tables;
}

/**
 * Names of tables in Granary's schema that none of these migrations made. Tables of extensions, and those of another role, which
 * somebody may keep there, do not count.
 */
export async function unknownTables(executeSql: ExecuteSql, applied: readonly Migration[]): Promise<string[]> {
  const { rows } = await executeSql(
    `SELECT c.relname AS name FROM pg_class c
     JOIN pg_class log ON log.oid = to_regclass('_prisma_migrations') AND log.relnamespace = c.relnamespace AND log.relowner = c.relowner
     WHERE c.relkind IN ('r', 'p') AND c.oid <> log.oid
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
     ORDER BY 1`,
  );
  const known = tablesAfter(applied);
  return rows.map((row) => String(row['name'])).filter((name) => !known.has(name));
}
