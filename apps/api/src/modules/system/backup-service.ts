import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { BackupError } from '../../backup/backup-error.ts';
import { makeBackup, type BackupSource } from '../../backup/make-backup.ts';
import { ApiError } from '../../errors.ts';

export type BackupService = ReturnType<typeof createBackupService>;

/** Below the data folder, so that the copy shares the disk with its original. A killed process leaves it; the next backup removes it. */
const stagingName = '.backup';

/** Backups of the embedded database, which only the process that has it open can make. */
export function createBackupService({ dataDir, ...source }: BackupSource & { dataDir: string }) {
  let underWay = false;
  return {
    /** Streams one backup. Throws `backup_unavailable` on PostgreSQL, and while another is under way. */
    async open(): Promise<{ fileName: string; content: Readable }> {
      if (source.db.kind === 'postgres')
        throw new ApiError(
          'backup_unavailable',
          'Run `npm run granary -- backup FILE` where DATABASE_URL is set: PostgreSQL is backed up by pg_dump.',
        );
      if (underWay) throw new ApiError('backup_unavailable', 'Another backup is under way. Try again when it is done.');
      underWay = true;
      const done = () => {
        underWay = false;
      };
      try {
        const content = await makeBackup(source, join(dataDir, stagingName));
        for (const event of ['end', 'close', 'error']) content.once(event, done);
        return { fileName: `granary-${source.clock().toISOString().slice(0, 10)}.tar.gz`, content };
      } catch (error) {
        done();
        if (error instanceof BackupError) throw new ApiError('backup_unavailable', error.message, { cause: error });
        throw error;
      }
    },
  };
}
