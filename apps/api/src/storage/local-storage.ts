import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, open, readdir, rename, rm, rmdir, stat, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { digest } from './digest.ts';
import { filesBelow } from './files-below.ts';
import { checkKey, checkPrefix, StoredFileMissingError } from './storage-key.ts';
import type { Storage } from './storage.ts';

/** Files that are being written; on the same disk as their goal, so that they can be moved there at once. */
const draftsName = '.incoming';
/** No upload takes longer: an older draft belongs to a process that was killed. */
const draftLifeMs = 24 * 60 * 60 * 1000;

/**
 * Keeps files in a folder, which is made when the first one comes. A file is written aside, flushed to the disk, and then
 * moved into its place, so that neither a crash nor a power cut leaves half of it under its name.
 */
export function createLocalStorage(folder: string): Storage {
  const root = resolve(folder);
  const drafts = join(root, draftsName);
  const pathOf = (key: string) => join(root, checkKey(key));
  let prepared: Promise<void> | undefined;
  const prepare = () =>
    (prepared ??= prepareDrafts(drafts).catch((error: unknown) => {
      // A disk that was missing may come back.
      prepared = undefined;
      throw error;
    }));

  return {
    async put(key, content) {
      const path = pathOf(key);
      await prepare();
      const draft = join(drafts, randomUUID());
      try {
        const { content: measured, result } = digest(content);
        await writeDurably(draft, measured);
        await moveInto(root, draft, path);
        return result();
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    },
    async get(key, range = {}) {
      const file = await openFile(pathOf(key), key);
      return file.createReadStream({ start: range.start ?? 0, ...(range.end === undefined ? {} : { end: range.end }) });
    },
    async stat(key) {
      const found = await stat(pathOf(key)).catch(ignoreMissing);
      return found?.isFile() ? { bytes: found.size, modifiedAt: found.mtime } : null;
    },
    async remove(key) {
      const path = pathOf(key);
      await unlink(path).catch(ignoreMissing);
      await removeEmptyFolders(root, dirname(path));
    },
    async *list(prefix) {
      const start = checkPrefix(prefix);
      // Only the folder that the prefix names has to be read.
      const parent = start.slice(0, start.lastIndexOf('/') + 1);
      for (const key of await filesBelow(root, parent)) if (key.startsWith(start) && !key.startsWith(`${draftsName}/`)) yield key;
    },
    async removeUnfinished(_prefix, before) {
      return removeDrafts(drafts, before);
    },
    async check() {
      await prepare();
      await access(drafts, constants.R_OK | constants.W_OK);
    },
    async close() {},
  };
}

async function prepareDrafts(drafts: string): Promise<void> {
  await mkdir(drafts, { recursive: true });
  await removeDrafts(drafts, new Date(Date.now() - draftLifeMs));
}

/** A draft that nothing was written to since. */
async function removeDrafts(drafts: string, before: Date): Promise<number> {
  let removed = 0;
  for (const name of (await readdir(drafts).catch(ignoreMissing)) ?? []) {
    const path = join(drafts, name);
    const found = await stat(path).catch(ignoreMissing);
    if (!found || found.mtime >= before) continue;
    await rm(path, { force: true });
    removed += 1;
  }
  return removed;
}

async function writeDurably(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'wx');
  try {
    for await (const chunk of content) await writeAll(file, chunk);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let done = 0; done < chunk.byteLength;) done += (await file.write(chunk, done)).bytesWritten;
}

/** Another process may remove the folder, empty as it still is, between making it and moving the file there: then it is made again. */
async function moveInto(root: string, draft: string, path: string): Promise<void> {
  const folder = dirname(path);
  for (let attempt = 1; ; attempt += 1) {
    await mkdir(folder, { recursive: true });
    try {
      await rename(draft, path);
      break;
    } catch (error) {
      if (attempt === 5 || !isMissing(error)) throw error;
    }
  }
  // A new name is only safe once its folder, and the names of new folders above it, are on the disk too.
  for (let current = folder; current.length >= root.length; current = dirname(current)) await syncFolder(current);
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open folders, and needs no such thing.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r').catch(ignoreMissing);
  if (!handle) return;
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function openFile(path: string, key: string): Promise<FileHandle> {
  try {
    const file = await open(path, 'r');
    if ((await file.stat()).isFile()) return file;
    await file.close();
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  throw new StoredFileMissingError(key);
}

async function removeEmptyFolders(root: string, folder: string): Promise<void> {
  for (let current = folder; current.length > root.length; current = dirname(current)) {
    try {
      await rmdir(current);
    } catch {
      return;
    }
  }
}

const isMissing = (error: unknown) => ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
function ignoreMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}
