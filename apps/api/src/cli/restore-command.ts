import { join } from 'node:path';
import { restoreBackup } from '../backup/restore-backup.ts';
import { readConfig } from '../config.ts';
import { storageFolder } from '../storage/open-storage.ts';
import { fromHere, needed, readArguments, type Command } from './command.ts';
import { exitCodes } from './errors.ts';
import { explainBackupErrors } from './explain-backup-errors.ts';

const help = `Restores a backup into an empty deployment: a folder without a database, or a new PostgreSQL database.

  npm run granary -- restore FILE.tar.gz [--data FOLDER]

  --data FOLDER   where the embedded database and stored files go (or DATA_DIR; else ./data)

With DATABASE_URL, a backup of PostgreSQL is restored by pg_restore, which has to be on the PATH, in a single transaction. The whole file is
checked first; a restore that fails or is interrupted leaves nothing that a server would start on.`;

export const restoreCommand: Command = {
  summary: 'restore a backup into an empty deployment',
  help,
  async run(argv, terminal) {
    const { values, positionals } = readArguments(argv, { data: { type: 'string' } }, ['FILE']);
    const file = fromHere(needed(positionals, 0, 'FILE'));
    const { createdAt, database } = await explainBackupErrors(async () => {
      const { dataDir, databaseUrl, storageUrl } = readConfig(
        values.data === undefined ? [] : ['--data', fromHere(values.data)],
        process.env,
      );
      return restoreBackup(file, { dataDir, databaseUrl, filesFolder: storageFolder(storageUrl, join(dataDir, 'files')) });
    });
    terminal.print(
      `Restored the ${database === 'pglite' ? 'embedded database' : 'PostgreSQL database'} of ${createdAt}. Start the server now.`,
    );
    return exitCodes.done;
  },
};
