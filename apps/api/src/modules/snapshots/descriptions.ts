import { cardFileName, contentHash, manifestFileName, renderCard, renderManifest } from '@granary/corpus';
import type { SnapshotChanges } from '@granary/corpus';
import type { Storage } from '../../storage/storage.ts';
import type { BuildTask, BuiltFile } from './build-repository.ts';
import type { DataFiles } from './data-files.ts';

type Given = {
  task: BuildTask;
  data: DataFiles;
  eventPosition: number;
  changes: SnapshotChanges | null;
  /** Files beside the data that the manifest names too. */
  otherFiles: readonly BuiltFile[];
  /** Address of the folder with the files; null when the deployment does not know its own. */
  filesUrl: string | null;
  storage: Pick<Storage, 'put'>;
  keyOf: (fileName: string) => string;
};

/** Writes what tells of the data files: card and manifest. The manifest names every file but itself. */
export async function writeDescriptions({
  task,
  data,
  eventPosition,
  changes,
  otherFiles,
  filesUrl,
  storage,
  keyOf,
}: Given): Promise<BuiltFile[]> {
  const { slug, title, description, licence, isDemo, categories } = task.dataset;
  const createdAt = task.createdAt.toISOString();
  const { selection, notes, number } = task;
  const { summary, files, cardFiles } = data;
  const put = async (name: string, mediaType: string, format: string, content: Buffer): Promise<BuiltFile> => {
    const { bytes, sha256 } = await storage.put(keyOf(name), content);
    return { name, mediaType, format, encoding: null, split: null, bytes, sha256, rows: null, storageKey: keyOf(name) };
  };
  const card = renderCard({
    dataset: { slug, title, description, licence, isDemo },
    categories,
    snapshot: number,
    createdAt,
    selection,
    notes,
    summary,
    files: cardFiles,
    changes,
    filesUrl,
  });
  const cardFile = await put(cardFileName, 'text/markdown; charset=utf-8', 'card', card);
  const manifest = renderManifest({
    granary: 2,
    dataset: { slug, title, licence },
    snapshot: number,
    eventPosition,
    createdAt,
    selection,
    counts: summary.counts,
    contentHash: contentHash(files),
    files: [...files, ...otherFiles, cardFile],
  });
  return [cardFile, await put(manifestFileName, 'application/json; charset=utf-8', 'manifest', manifest)];
}
