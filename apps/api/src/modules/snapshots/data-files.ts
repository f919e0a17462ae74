import { allPairs, storedFileName, storedFiles } from '@granary/corpus';
import type { CardFile, CorpusSummary, StoredFile } from '@granary/corpus';
import type { Storage } from '../../storage/storage.ts';
import type { BuiltFile } from './build-repository.ts';
import type { Renderer } from './renderer.ts';

export type DataFiles = { summary: CorpusSummary; files: (BuiltFile & { rows: number })[]; cardFiles: CardFile[] };

type Given = {
  snapshot: { id: string; pairs: number; preferences: boolean; ratingDimensions: readonly string[] };
  render: Renderer['render'];
  signal: AbortSignal;
  storage: Pick<Storage, 'put'>;
  keyOf: (fileName: string) => string;
  /** Told now and then which share of the work is done, 0 to 1; what it throws ends the work. */
  onProgress: (share: number) => Promise<void>;
};

/** Parquet becomes another shard beyond this size: files that readers load side by side, and can start over when one breaks. */
const maxFileBytes = 256 * 1024 * 1024;

/**
 * Writes every stored data file, one after the other, as it is rendered, so that memory does not grow with the dataset. Rejects with
 * the first failure, of reading, of `onProgress` or of storage; nothing is stored under its name then.
 */
export async function writeDataFiles({ snapshot, render, signal, storage, keyOf, onProgress }: Given): Promise<DataFiles> {
  const wanted = storedFiles();
  const progress = createProgress(wanted, snapshot.pairs, onProgress);
  const files: DataFiles['files'] = [];
  const cardFiles: CardFile[] = [];
  let summary: CorpusSummary | undefined;

  for (const file of wanted) {
    const { format, encoding, split } = file;
    // The first pass over everything also counts.
    const rendering = render(taskOf(file, split === null && summary === undefined), { signal, onProgress: progress.within });
    const shards = [];
    for await (const { content, encoded } of rendering.files) {
      // How many shards there are, and so their names, is known at the end only.
      const storageKey = keyOf(storedFileName(file, shards.length, 0));
      const { bytes, sha256 } = await storage.put(storageKey, content);
      shards.push({ storageKey, bytes, sha256, encoded: encoded() });
    }
    const outcome = rendering.outcome();
    summary ??= outcome.summary ?? undefined;
    await progress.passed(outcome.pairs);
    for (const [index, { storageKey, bytes, sha256, encoded }] of shards.entries()) {
      const name = storedFileName(file, index, shards.length);
      const { rows } = encoded;
      files.push({
        name,
        mediaType: encoding.mediaType,
        format: format.name,
        encoding: encoding.name,
        split,
        bytes,
        sha256,
        rows,
        storageKey,
      });
      cardFiles.push({ name, format, split, rows, bytes, uncompressedBytes: encoded.bytes });
    }
  }
  if (summary === undefined) throw new Error('No stored file holds every split, so nothing was counted');
  return { summary, files, cardFiles };

  function taskOf({ format, encoding, split }: StoredFile, summarise: boolean) {
    const { id: snapshotId, preferences, ratingDimensions } = snapshot;
    return {
      source: { snapshotId, split, preferences },
      format: format.name,
      options: {},
      encoding: encoding.name,
      ratingDimensions,
      filter: allPairs,
      maxFileBytes,
      summarise,
    };
  }
}

/** How far the work is over all files, by the pairs that were read for them; the splits of a format are read once together. */
function createProgress(files: readonly StoredFile[], pairs: number, onProgress: Given['onProgress']) {
  const formatsBySplit = new Set(files.filter(({ split }) => split !== null).map(({ format }) => format));
  const total = pairs * (files.filter(({ split }) => split === null).length + formatsBySplit.size);
  let done = 0;
  const tell = (more: number) => onProgress(Math.min(1, (done + more) / total));
  return {
    within: tell,
    async passed(read: number): Promise<void> {
      done += read;
      await tell(0);
    },
  };
}
