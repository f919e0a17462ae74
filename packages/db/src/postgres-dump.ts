import { spawn } from 'node:child_process';
import pg from 'pg';

/** `pg_dump` or `pg_restore` is missing, or said no; the message says which and why. */
export class PostgresToolError extends Error {}

/** Writes a consistent dump of a running PostgreSQL database to a file, in pg_dump's custom format. Throws `PostgresToolError`. */
export function dumpPostgres(url: string, file: string): Promise<void> {
  return runTool('pg_dump', ['--format=custom', '--no-owner', '--no-privileges', `--file=${file}`], url);
}

/** Fills an empty PostgreSQL database from a dump, whole or not at all. Throws `PostgresToolError`. */
export function restorePostgres(url: string, file: string): Promise<void> {
  return runTool('pg_restore', ['--exit-on-error', '--single-transaction', '--no-owner', '--no-privileges', file], url);
}

/** Names of some tables in a PostgreSQL database, those of extensions not included; none when it is empty. */
export async function tablesOnPostgres(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
         AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
       ORDER BY 1 LIMIT 5`,
    );
    return rows.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

/** The password goes by the environment: other users of the machine can read a command line. */
function runTool(tool: string, args: string[], url: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const target = new URL(url);
  const password = decodeURIComponent(target.password);
  target.password = '';
  const env = { ...process.env, LC_MESSAGES: 'C', ...(password === '' ? {} : { PGPASSWORD: password }) };
  const child = spawn(tool, [`--dbname=${target.href}`, '--no-password', ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints = `${complaints}${chunk.toString()}`.slice(-2_000)));
  child.once('error', (error: NodeJS.ErrnoException) =>
    reject(
      error.code === 'ENOENT'
        ? new PostgresToolError(
            `${tool} was not found. Install PostgreSQL's client programs, of the server's version or newer, and put them on the PATH.`,
          )
        : error,
    ),
  );
  child.once('close', (code, signal) =>
    code === 0
      ? resolve()
      : reject(new PostgresToolError(`${tool} ended with ${code ?? signal}: ${complaints.trim() || 'no reason given'}`)),
  );
  return promise;
}
