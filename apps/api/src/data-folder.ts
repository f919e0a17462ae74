import { accessSync, constants, chmodSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivate } from '@granary/db';
import { ConfigError } from './config.ts';

/** What a deployment keeps in its folder: the embedded database with its lock, and files. */
const isOurs = (name: string) => /^(?:postgres|files|granary|backup)/.test(name);
/** What file systems and tools leave in folders that are empty to people. */
const isNobodys = (name: string) => name.startsWith('.') || name === 'lost+found';

/**
 * Makes the data folder, or checks one that is there: it must be ours or empty, and take files. Takes the rights of group and others away from
 * what is ours in it, also where an older version left them. Throws ConfigError.
 */
export function prepareDataFolder(folder: string): void {
  const names = attempt(() => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return readdirSync(folder);
  });
  const own = names.filter(isOurs);
  const others = names.filter((name) => !isOurs(name) && !isNobodys(name));
  if (own.length === 0 && others.length > 0)
    throw new ConfigError('DATA_DIR (--data): this folder holds other files and no data of Granary. Choose an empty or a new one.');
  attempt(() => {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    const probe = join(folder, `.granary-${process.pid}`);
    writeFileSync(probe, '');
    rmSync(probe);
    for (const name of own) makePrivate(join(folder, name));
    // A folder that is shared with others' files stays as open as they need it; ours in it are closed by themselves.
    if (others.length === 0 && (statSync(folder).mode & 0o077) !== 0) chmodSync(folder, 0o700);
  });
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new ConfigError(`DATA_DIR (--data): ${sentences[code] ?? sentences['EACCES']} [${code}]`, { cause: error });
  }
}

const sentences: Record<string, string | undefined> = {
  EACCES: 'this user cannot write to the folder, or to something in it. Give it the rights, or choose another folder.',
  EPERM: 'what is in the folder belongs to another user. Start the server as that user, or give the files to this one.',
  EROFS: 'the folder is on a read-only disk. Mount it for writing, or choose another folder.',
  ENOENT: 'the folder cannot be made there. Choose another one.',
  EEXIST: 'there is a file where the folder should be. Choose another one.',
  ENOTDIR: 'there is a file where a folder should be. Choose another one.',
  ENOSPC: 'the disk is full. Make room, or choose another folder.',
};
