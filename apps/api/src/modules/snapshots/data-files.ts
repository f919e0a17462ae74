import type { Split } from '@granary/contract';
import { createSummary, renderFiles, storedFileName, storedFiles } from '@granary/corpus';
import type { CardFile, CorpusSummary, SnapshotConversation, StoredFile } from '@granary/corpus';
import type { Storage } from '../../storage/storage.ts';
import type { BuiltFile } from './build-repository.ts';

export type DataFiles = { summary: CorpusSummary; files: (BuiltFile & { rows: number })[]; cardFiles: CardFile[] };

type Given = {
  /** The pinned conversations of a split, or all of them, in order. */
  conversations: (split: Split | null) => AsyncIterable<readonly SnapshotConversation[]>;
  ratingDimensions: readonly string[];
  storage: Pick<Storage, 'put'>;
  keyOf: (fileName: string) => string;
  onProgress: (pairsDone: number) => Promise<void>;
};

/**
 * Writes every stored data file, one after the other, a batch of conversations at a time, so that memory does not grow with the
 * dataset. Rejects with the first failure, of reading, of `onProgress` or of storage; nothing is stored under its name then.
 */
export async function writeDataFiles({ conversations, ratingDimensions, storage, keyOf, onProgress }: Given): Promise<DataFiles> {
  const summary = createSummary();
  const files: DataFiles['files'] = [];
  const cardFiles: CardFile[] = [];
  let counted = false;

  /** The first pass over everything also counts. */
  async function* observed(split: Split | null): AsyncGenerator<readonly SnapshotConversation[]> {
    const counts = !counted && split === null;
    let pairsDone = 0;
    for await (const batch of conversations(split)) {
      if (counts) summary.add(batch);
      pairsDone += batch.reduce((total, { pairs }) => total + pairs.length, 0);
      yield batch;
      await onProgress(pairsDone);
    }
    if (counts) counted = true;
  }

  for (const file of storedFiles()) {
    const shards = await writeFile(file, observed(file.split));
    for (const [index, { storageKey, bytes, sha256, encoded }] of shards.entries()) {
      const name = storedFileName(file, index, shards.length);
      const { format, encoding, split } = file;
      files.push({
        name,
        mediaType: encoding.mediaType,
        format: format.name,
        encoding: encoding.name,
        split,
        bytes,
        sha256,
        rows: encoded.rows,
        storageKey,
      });
      cardFiles.push({ name, format, split, rows: encoded.rows, bytes, uncompressedBytes: encoded.bytes });
    }
  }
  return { summary: summary.result(), files, cardFiles };

  async function writeFile(file: StoredFile, source: AsyncIterable<readonly SnapshotConversation[]>) {
    const { format, encoding } = file;
    const shards = [];
    const rendered = renderFiles(source, { format, options: {}, encoding, shape: { ratingDimensions }, wanted: () => true });
    for await (const { content, encoded } of rendered) {
      // How many shards there are, and so their names, is known at the end only.
      const storageKey = keyOf(storedFileName(file, shards.length, 0));
      const { bytes, sha256 } = await storage.put(storageKey, content);
      shards.push({ storageKey, bytes, sha256, encoded: encoded() });
    }
    return shards;
  }
}
