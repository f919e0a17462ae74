import { DataFolderLockedError, MigrationError, PostgresToolError, RestoreUnfinishedError } from '@granary/db';
import { BackupError } from '../backup/backup-error.ts';
import { ConfigError } from '../config.ts';
import { RefusedError } from './errors.ts';

const meant = [BackupError, ConfigError, DataFolderLockedError, MigrationError, PostgresToolError, RestoreUnfinishedError];

/** Runs `work`; an error whose message is meant for the operator becomes the command's own. Throws RefusedError. */
export async function explainBackupErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (meant.some((kind) => error instanceof kind)) throw new RefusedError((error as Error).message);
    throw error;
  }
}
