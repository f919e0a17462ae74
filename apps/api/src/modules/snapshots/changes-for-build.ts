import { changesFile, encodeChanges, encodeRetracted, retractedFile } from '@granary/corpus';
import type { Encoded } from '@granary/corpus';
import type { Storage } from '../../storage/storage.ts';
import type { BuiltFile } from './build-repository.ts';
import type { ChangesRepository, Endpoint } from './changes-repository.ts';
import { readChanges, readRetracted } from './read-changes.ts';

type Given = {
  snapshot: Endpoint & { datasetId: string };
  repository: ChangesRepository;
  storage: Pick<Storage, 'put'>;
  keyOf: (fileName: string) => string;
};

/**
 * Writes what became of the rows of earlier snapshots: `changes.jsonl.gz` against the one before, and `retracted.jsonl`, every row that was in an
 * earlier one and is taken back by now. The first snapshot has neither, and where nothing is
 * taken back there is no list of it. Memory does not grow with the changes.
 */
export async function writeChangeFiles({ snapshot, repository, storage, keyOf }: Given): Promise<BuiltFile[]> {
  const before = await repository.before(snapshot.datasetId, snapshot.number);
  if (before === null) return [];
  const span = await repository.span(snapshot.datasetId, before, snapshot);
  const changes = await write(changesFile, 'changes', encodeChanges(readChanges(repository, span)));
  const [retracted] = await repository.retracted(snapshot, null, 1);
  if (retracted === undefined) return [changes];
  return [changes, await write(retractedFile, 'retracted', encodeRetracted(readRetracted(repository, snapshot)))];

  async function write(file: typeof changesFile | typeof retractedFile, format: string, bytes: AsyncGenerator<Uint8Array, Encoded>) {
    let rows = 0;
    const content = async function* () {
      ({ rows } = yield* bytes);
    };
    const stored = await storage.put(keyOf(file.name), content());
    return { ...file, format, split: null, ...stored, rows, storageKey: keyOf(file.name) };
  }
}
