import type { Storage } from '../../storage/storage.ts';

/** Where the files of all snapshots lie in storage. */
export const snapshotsFolder = 'snapshots/';

/** Where the files of a snapshot lie in storage, those of all attempts to build it. */
export const snapshotFolder = (slug: string, number: number) => `${snapshotsFolder}${slug}/${number}/`;

/** Removes what a snapshot has in storage, but for the keys that are still wanted: files of attempts that were broken off. */
export async function removeStoredFiles(
  storage: Pick<Storage, 'list' | 'remove'>,
  folder: string,
  keep: readonly string[] = [],
): Promise<void> {
  const keys: string[] = [];
  for await (const key of storage.list(folder)) if (!keep.includes(key)) keys.push(key);
  for (const key of keys) await storage.remove(key);
}
