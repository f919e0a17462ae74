import type { DiskSpace } from '../disk-space.ts';
import type { Storage } from './storage.ts';

/** Bytes that are written before the disk is looked at again. */
const stepBytes = 4 * 1024 * 1024;

/** The same storage, which takes nothing more in while the disk is low on space: `put` throws `storage_full`, and what it had written is removed. */
export function guardStorage(storage: Storage, disk: Pick<DiskSpace, 'demand'>): Storage {
  return {
    ...storage,
    async put(key, content) {
      await disk.demand();
      if (content instanceof Uint8Array) return storage.put(key, content);
      return storage.put(key, inSteps(content, disk));
    },
  };
}

async function* inSteps(content: AsyncIterable<Uint8Array>, disk: Pick<DiskSpace, 'demand'>): AsyncGenerator<Uint8Array> {
  let unseen = 0;
  for await (const chunk of content) {
    unseen += chunk.byteLength;
    if (unseen >= stepBytes) {
      await disk.demand();
      unseen = 0;
    }
    yield chunk;
  }
}
