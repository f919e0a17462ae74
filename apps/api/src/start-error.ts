import { DatabaseUnusableError, DataFolderLockedError, MigrationError, RestoreUnfinishedError, sqlState } from '@granary/db';
import { ConfigError } from './config.ts';

const embedded = 'DATA_DIR (--data)';

/**
 * What keeps a process from starting, in one line that names the setting and what to do; undefined for what nobody foresaw. Never the
 * value of a setting.
 */
export function describeStartError(error: unknown): string | undefined {
  if (error instanceof ConfigError) return oneLine(error.message);
  const setting = process.env['DATABASE_URL'] ? 'DATABASE_URL' : embedded;
  if (error instanceof DataFolderLockedError) {
    const holder = error.holderPid === undefined ? 'another process' : `process ${error.holderPid}`;
    return `${embedded}: the database in this folder is in use by ${holder}. Stop that one first, or choose another folder.`;
  }
  if (error instanceof RestoreUnfinishedError) return `${embedded}: ${oneLine(error.message)}`;
  if (error instanceof DatabaseUnusableError) return `${setting}: ${error.message}`;
  if (missesRights(error))
    return `${setting}: this user may not create tables in the database. Grant it CREATE on the database and on its schema, or name its owner. [42501]`;
  if (error instanceof MigrationError) return `${setting}: ${oneLine(error.message)}`;
  return undefined;
}

function missesRights(error: unknown): boolean {
  return (
    sqlState(error) === '42501' ||
    (error instanceof MigrationError && (sqlState(error.cause) === '42501' || /permission denied/.test(error.message)))
  );
}

const oneLine = (text: string) => text.replace(/\s*\n\s*/g, ' ').trim();
