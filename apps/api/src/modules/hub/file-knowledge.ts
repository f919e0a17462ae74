import { readCardMetadata } from '@granary/corpus';
import type { Storage } from '../../storage/storage.ts';
import type { StoredHubFile } from './repository.ts';
import { blobId, lfsPointer } from './git-objects.ts';
import type { HubFile } from './tree.ts';

/** Beyond this the Hub keeps any file in LFS. */
const largestInGitBytes = 10_000_000;
/** Small texts read so far, of which only the result is kept: enough for every file of many snapshots. */
const keptMax = 2_000;

/** What the Hub tells of files beyond their size, read from the files themselves. They never change, so it is read once and kept. */
export function createFileKnowledge(storage: Pick<Storage, 'get'>) {
  const blobIds = createMemory<string>();
  const cards = createMemory<Record<string, unknown>>();

  async function read({ storageKey }: StoredHubFile): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of await storage.get(storageKey)) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  }
  return {
    /** A file as the Hub lists it. */
    async describe(file: StoredHubFile): Promise<HubFile> {
      const { name: path, bytes: size, sha256 } = file;
      if (!liesInLfs(file)) return { type: 'file', oid: await blobIds(sha256, async () => blobId(await read(file))), size, path };
      const pointer = lfsPointer(sha256, size);
      return { type: 'file', oid: blobId(pointer), size, path, lfs: { oid: sha256, size, pointerSize: pointer.byteLength } };
    },
    /** The YAML block of a card. */
    cardData: (card: StoredHubFile): Promise<Record<string, unknown>> =>
      cards(card.sha256, async () => readCardMetadata((await read(card)).toString('utf8'))),
  };
}

/** Files with rows, and very large ones, are kept apart from Git. */
export function liesInLfs({ encoding, bytes }: { encoding: string | null; bytes: number }): boolean {
  return encoding !== null || bytes > largestInGitBytes;
}

/** Remembers what was made for a key; the oldest is forgotten first. A failure is not remembered. */
function createMemory<T>(): (key: string, make: () => Promise<T>) => Promise<T> {
  const kept = new Map<string, T>();
  return async (key, make) => {
    const known = kept.get(key);
    if (known !== undefined) return known;
    const made = await make();
    const oldest = kept.keys().next();
    if (kept.size >= keptMax && !oldest.done) kept.delete(oldest.value);
    kept.set(key, made);
    return made;
  };
}
