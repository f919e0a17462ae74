import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { endpoints } from '@granary/contract';
import { DataFolderLockedError, openDatabase } from '@granary/db';
import { checkArchive } from '../backup/archive.ts';
import { makeBackup } from '../backup/make-backup.ts';
import { storageFolder } from '../storage/open-storage.ts';
import { readConfig, type Config } from '../config.ts';
import type { Client } from './client.ts';
import { fromHere, needed, readArguments, type Command } from './command.ts';
import { CliError, exitCodes } from './errors.ts';
import { explainBackupErrors } from './explain-backup-errors.ts';

const help = `Backs a deployment up into one file, while it runs.

  npm run granary -- backup FILE.tar.gz [--data FOLDER] [--server URL --token T]

  --data FOLDER   folder of the embedded database (or DATA_DIR; else ./data)
  --server URL    have the server at this address make the backup of its embedded database

With DATABASE_URL, PostgreSQL is dumped by pg_dump, which has to be on the PATH. Without, the embedded database is copied; when a server has it
open, that server is asked to (it needs a token with the scope "admin"). Files of snapshots are part of the backup, unless STORAGE_URL names a bucket.
The file is checked before it gets its name. It holds everything the deployment knows: keep it safe.`;

export const backupCommand: Command = {
  summary: 'back a deployment up into one file',
  help,
  async run(argv, terminal) {
    const { values, positionals, client } = readArguments(argv, { data: { type: 'string' } }, ['FILE']);
    const file = fromHere(needed(positionals, 0, 'FILE'));
    if (existsSync(file)) throw new CliError(`${file} is there already. Name a new file.`);
    await mkdir(dirname(file), { recursive: true });
    const draft = `${file}.part`;
    try {
      await explainBackupErrors(async () => {
        const config = readConfig(values.data === undefined ? [] : ['--data', fromHere(values.data)], process.env);
        if (values.server === undefined) await backUpHere(config, client, draft);
        else await writeFrom(await askServer(client), draft);
      });
      const { database, files } = await explainBackupErrors(() => checkArchive(draft));
      await rename(draft, file);
      terminal.print(
        `${file}: ${database === 'pglite' ? 'embedded database' : 'PostgreSQL'}, ${files === 'included' ? 'with' : 'without'} stored files.`,
      );
      if (files === 'elsewhere')
        terminal.complain('The stored files are in a bucket and no part of this backup: keep a copy of the bucket too.');
      return exitCodes.done;
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  },
};

/** Opens the database itself; one that a server has open is backed up by that server. */
async function backUpHere(config: Config, client: Client, draft: string): Promise<void> {
  const { databaseUrl, dataDir, storageUrl } = config;
  if (databaseUrl === undefined && !existsSync(join(dataDir, 'postgres', 'PG_VERSION')))
    throw new CliError(`There is no database in ${dataDir}. Name its folder with --data, or set DATABASE_URL.`);
  const open = () => openDatabase(databaseUrl === undefined ? { dataDir } : { url: databaseUrl, poolSize: 1 });
  const db = await open().catch((error: unknown) => {
    if (error instanceof DataFolderLockedError) return null;
    throw error;
  });
  if (db === null) return writeFrom(await askServer(client), draft);
  try {
    const source = { db, clock: () => new Date(), filesFolder: storageFolder(storageUrl, join(dataDir, 'files')) };
    await writeFrom(await makeBackup(source, `${draft}.staging`), draft);
  } finally {
    await db.close();
  }
}

async function askServer(client: Client): Promise<Readable> {
  const { body } = await client.open(endpoints.system.backup, {});
  return body === null ? Readable.from([]) : Readable.fromWeb(body);
}

function writeFrom(content: Readable, draft: string): Promise<void> {
  return pipeline(content, createWriteStream(draft, { mode: 0o600, flush: true }));
}
