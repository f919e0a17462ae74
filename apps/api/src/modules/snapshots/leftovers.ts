import type { Storage } from '../../storage/storage.ts';
import { snapshotFolder, snapshotsFolder } from './file-keys.ts';
import type { LeftoverRepository } from './leftover-repository.ts';

type Deps = {
  storage: Pick<Storage, 'list' | 'stat' | 'remove' | 'removeUnfinished'>;
  repository: LeftoverRepository;
  clock: () => Date;
};

/** No build takes longer: what is older and belongs to none was left by a process that was killed. */
const leftAfterMs = 24 * 60 * 60 * 1000;
const batchSize = 500;
const importsFolder = 'imports/';

/**
 * Makes the function that removes what killed builds and deleted datasets have left in storage, and uploads that were broken off; it resolves
 * to how many files went. Any number of processes may do so beside running builds.
 */
export function createLeftoverCollector({ storage, repository, clock }: Deps) {
  return async function collectLeftovers(): Promise<number> {
    const before = new Date(clock().getTime() - leftAfterMs);
    let removed = 0;
    let batch: string[] = [];
    for await (const key of storage.list(snapshotsFolder)) {
      batch.push(key);
      if (batch.length < batchSize) continue;
      removed += await removeUnwanted(batch, before);
      batch = [];
    }
    removed += await removeUnwanted(batch, before);
    // A bucket may hold what is not ours.
    for (const folder of [snapshotsFolder, importsFolder]) await storage.removeUnfinished(folder, before);
    return removed;
  };

  async function removeUnwanted(keys: readonly string[], before: Date): Promise<number> {
    let removed = 0;
    // Builds first: one that is published in between is then found among the files.
    const running = (await repository.running()).map(({ slug, number }) => snapshotFolder(slug, number));
    const wanted = await repository.publishedAmong(keys);
    for (const key of keys) {
      if (wanted.has(key) || running.some((folder) => key.startsWith(folder))) continue;
      const found = await storage.stat(key);
      if (found === null || found.modifiedAt >= before) continue;
      await storage.remove(key);
      removed += 1;
    }
    return removed;
  }
}
