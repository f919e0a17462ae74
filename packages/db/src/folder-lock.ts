import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DataFolderLockedError } from './errors.ts';

/** A held lock; `release` gives it back and may be called twice. */
export interface FolderLock {
  release(): void;
}

const sqliteBusy = 5;

/** Open handles, kept here because a handle that nobody refers to is closed by the garbage collector, and its lock with it. */
const heldHandles = new Set<DatabaseSync>();

/**
 * Takes the only seat on a database folder, or throws {@link DataFolderLockedError} when another process has it and keeps
 * it for `waitMs`, during which this process stands still: time for one that is just stopping.
 *
 * The lock is the operating system's own lock on the file `<folder>.lock`, taken through SQLite because Node offers no
 * `flock` and SQLite locks files the same way on every platform. The kernel gives it back when its process ends in
 * whatever way, `kill -9` and power cuts included, so there is no stale lock to recognise and no moment in which two
 * processes could both believe they took one over; it also holds between containers that share a volume, where
 * comparing process ids would not. The file stays behind on purpose: removing a lock file is a race.
 */
export function lockFolder(folder: string, waitMs = 0): FolderLock {
  const file = `${folder}.lock`;
  const holderFile = `${folder}.holder.json`;
  mkdirSync(dirname(file), { recursive: true });
  const handle = new DatabaseSync(file, { timeout: waitMs });
  try {
    // Nothing is ever written into the file, so no journal is wanted beside it.
    handle.exec('PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE');
  } catch (error) {
    handle.close();
    if ((error as { errcode?: number }).errcode === sqliteBusy) throw new DataFolderLockedError(folder, readHolder(holderFile));
    throw error;
  }
  heldHandles.add(handle);
  writeHolder(holderFile);
  return {
    release() {
      if (!heldHandles.delete(handle)) return;
      rmSync(holderFile, { force: true });
      handle.close();
    },
  };
}

/** Only for the message to whoever comes second: the lock itself does not depend on this file. */
function writeHolder(file: string): void {
  const draft = `${file}.new`;
  writeFileSync(draft, JSON.stringify({ pid: process.pid, since: new Date().toISOString() }));
  renameSync(draft, file);
}

function readHolder(file: string): number | undefined {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as { pid?: unknown };
    return typeof holder.pid === 'number' ? holder.pid : undefined;
  } catch {
    return undefined;
  }
}
