import { setTimeout as sleep } from 'node:timers/promises';
import type { DatabaseLog, ExecuteSql } from './driver.ts';
import { connectionFailure, DatabaseUnusableError, sqlState } from './errors.ts';

const oldestVersion = 14;
const firstPauseMs = 200;
const longestPauseMs = 2_000;

/**
 * Resolves once the server answers, is new enough and takes writes. While it cannot be reached, or is starting, it is asked again for up to
 * `waitMs`. Throws `DatabaseUnusableError`, at once for what waiting does not mend.
 */
export async function awaitPostgres(executeSql: ExecuteSql, waitMs: number, log: DatabaseLog): Promise<void> {
  const deadline = Date.now() + waitMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return await checkServer(executeSql);
    } catch (error) {
      const left = deadline - Date.now();
      if (error instanceof DatabaseUnusableError) throw error;
      if (connectionFailure(error) === undefined || left <= 0) throw describeFailure(error);
      if (pauseMs === firstPauseMs) log.warn({ waitMs, code: codeOf(error) }, 'The database does not answer yet; waiting for it');
      await sleep(Math.min(pauseMs, left));
    }
  }
}

async function checkServer(executeSql: ExecuteSql): Promise<void> {
  const { rows } = await executeSql(
    `SELECT current_setting('server_version_num') AS version, current_setting('transaction_read_only') AS read_only`,
  );
  const { version, read_only: readOnly } = rows[0] as { version: string; read_only: string };
  const major = Math.floor(Number(version) / 10_000);
  if (major < oldestVersion)
    throw new DatabaseUnusableError(`The server is PostgreSQL ${major}, which is too old. Upgrade it to ${oldestVersion} or newer.`);
  if (readOnly === 'on') throw new DatabaseUnusableError('The database is read-only. Name the primary server, not a standby.');
}

/** Says what is wrong in words that hold no part of the address, which has a password in it. */
function describeFailure(error: unknown): DatabaseUnusableError {
  const code = codeOf(error);
  const sentence = sentences.find(([codes]) => codes.includes(code))?.[1] ?? sentenceByMessage(error);
  return new DatabaseUnusableError(`${sentence}${code === '' ? '' : ` [${code}]`}`, { cause: error });
}

const sentences: readonly (readonly [codes: readonly string[], sentence: string])[] = [
  [['ECONNREFUSED'], 'Nothing answers at this host and port. Start PostgreSQL, or correct the address.'],
  [['ENOTFOUND', 'EAI_AGAIN'], 'There is no host of this name. Correct the address.'],
  [['28P01', '28000'], 'The server refuses this user or password. Correct them, or let the user in with pg_hba.conf.'],
  [['3D000'], 'The server has no database of this name. Create it, or correct the name.'],
  [['42501'], 'This user may not connect to the database. Grant it CONNECT.'],
  [['53300'], 'The server has no connection left. Raise its max_connections, or lower DATABASE_POOL.'],
  [['57P03'], 'The server is still starting or stopping. Try again when it takes connections.'],
  [['ENOENT', 'EACCES'], "The server's socket, or a file that the address names, cannot be opened. Correct the address."],
];

function sentenceByMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  if (/password must be a string/i.test(message)) return 'The server wants a password and the address has none. Add it.';
  if (/does not support SSL/i.test(message)) return 'The server has no TLS. Turn it on there, or remove sslmode from the address.';
  if (/certificate|self.signed/i.test(message)) return "The server's certificate is not trusted. Name its authority with sslrootcert.";
  return connectionFailure(error) === undefined
    ? 'The server cannot be used at this address. Correct the address.'
    : 'The server does not answer. Start it, or correct the address.';
}

function codeOf(error: unknown): string {
  const code = sqlState(error) ?? (error as { code?: unknown }).code;
  return typeof code === 'string' ? code : '';
}
