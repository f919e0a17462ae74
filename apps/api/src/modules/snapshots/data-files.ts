import type { SnapshotRecord } from '@granary/contract';
import { createSummary, formats, openDataFile } from '@granary/corpus';
import type { CardFile, CorpusSummary } from '@granary/corpus';
import type { Storage, Stored } from '../../storage/storage.ts';
import type { BuiltFile } from './build-repository.ts';

export type DataFiles = { summary: CorpusSummary; files: (BuiltFile & { rows: number })[]; cardFiles: CardFile[] };

/**
 * Writes every format at once into storage, a page of records at a time, so that memory does not grow with the dataset.
 * Rejects with the first failure, of `pages`, of `onPage` or of storage; nothing is stored under its name then.
 */
export async function writeDataFiles(
  pages: AsyncIterable<SnapshotRecord[]>,
  storage: Pick<Storage, 'put'>,
  keyOf: (fileName: string) => string,
  onPage: (rowsDone: number) => Promise<void>,
): Promise<DataFiles> {
  const writers = formats.map(openDataFile);
  let failure: { error: unknown } | undefined;
  const puts = writers.map(({ format, content }) =>
    storage.put(keyOf(format.fileName), content).catch((error: unknown) => {
      // Writers only see that nobody reads on; the reason is here.
      failure ??= { error };
      throw error;
    }),
  );
  const stored = Promise.all(puts);
  stored.catch(() => {});
  const summary = createSummary();
  let rowsDone = 0;
  try {
    for await (const page of pages) {
      await Promise.all(writers.map((writer) => writer.write(page)));
      summary.add(page);
      rowsDone += page.length;
      await onPage(rowsDone);
    }
    for (const writer of writers) writer.end();
    const results = await stored;
    return { summary: summary.result(), ...describe(writers, results, keyOf) };
  } catch (error) {
    const cause = failure ? failure.error : error;
    for (const writer of writers) writer.abort(cause instanceof Error ? cause : new Error(String(cause)));
    await Promise.allSettled(puts);
    throw cause;
  }
}

function describe(writers: readonly ReturnType<typeof openDataFile>[], results: readonly Stored[], keyOf: (fileName: string) => string) {
  const files: DataFiles['files'] = [];
  const cardFiles: CardFile[] = [];
  for (const [index, { format, written }] of writers.entries()) {
    const { bytes, sha256 } = results[index] as Stored;
    const { rows, bytes: uncompressedBytes } = written();
    const { fileName, mediaType, name } = format;
    files.push({ name: fileName, mediaType, format: name, bytes, sha256, rows, storageKey: keyOf(fileName) });
    cardFiles.push({ format, rows, bytes, uncompressedBytes });
  }
  return { files, cardFiles };
}
