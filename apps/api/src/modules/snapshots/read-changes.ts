import type { ChangeCounts, RetractedRow, SnapshotChange } from '@granary/contract';
import { contentHashOf } from '@granary/corpus';
import type { ChangedKey, ChangesRepository, Endpoint, PairKey, Span } from './changes-repository.ts';

type Kind = SnapshotChange['change'];
type Difference = ChangedKey & { change: Kind };

/** Keys that are looked at together. */
const keysAtOnce = 500;

/** The pairs that differ between the ends of a span, after the one named, in the order of the files, in batches. */
async function* readDifferences(
  repository: Pick<ChangesRepository, 'keys'>,
  span: Span,
  { kind, after, atOnce = keysAtOnce }: { kind: Kind | null; after: PairKey | null; atOnce?: number },
): AsyncGenerator<Difference[]> {
  for (let last = after; ;) {
    const keys = await repository.keys(span, kind, last, atOnce);
    const found = keys.flatMap((key) =>
      key.change === null || (kind !== null && key.change !== kind) ? [] : [{ ...key, change: key.change }],
    );
    if (found.length > 0) yield found;
    if (keys.length < atOnce) return;
    last = keys.at(-1) ?? null;
  }
}

/** At most `limit` differences after the pair named. */
export async function firstDifferences(
  repository: Pick<ChangesRepository, 'keys'>,
  span: Span,
  { kind, after, limit }: { kind: Kind | null; after: PairKey | null; limit: number },
): Promise<Difference[]> {
  const first: Difference[] = [];
  for await (const differences of readDifferences(repository, span, { kind, after, atOnce: Math.max(limit, keysAtOnce) })) {
    first.push(...differences);
    if (first.length >= limit) break;
  }
  return first.slice(0, limit);
}

/** Differences with the rows of both ends. */
export async function toChanges(
  repository: Pick<ChangesRepository, 'rows'>,
  { earlier, later }: Span,
  differences: readonly Difference[],
): Promise<SnapshotChange[]> {
  const [rows, previous] = await Promise.all([
    repository.rows(later.id, differences.filter(({ change }) => change === 'added' || change === 'edited')), // prettier-ignore
    repository.rows(earlier.id, differences.filter(({ change }) => change !== 'added')), // prettier-ignore
  ]);
  return differences.map(({ response_id: id, change, reason, at }) => {
    const [row, before] = [rows.get(id) ?? null, previous.get(id) ?? null];
    return {
      id,
      change,
      reason,
      at: at?.toISOString() ?? null,
      content_hash: row?.content_hash ?? null,
      previous_content_hash: before?.content_hash ?? null,
      row,
      previous: before,
    };
  });
}

/** Everything that differs between the ends of a span, in the order of the files, a batch at a time. */
export async function* readChanges(repository: Pick<ChangesRepository, 'keys' | 'rows'>, span: Span): AsyncGenerator<SnapshotChange[]> {
  for await (const differences of readDifferences(repository, span, { kind: null, after: null }))
    yield toChanges(repository, span, differences);
}

/** Every row of an earlier snapshot that is retracted by the time of this one, in the order of the files, a batch at a time. */
export async function* readRetracted(
  repository: Pick<ChangesRepository, 'retracted'>,
  snapshot: Endpoint & { datasetId: string },
): AsyncGenerator<RetractedRow[]> {
  for (let after: PairKey | null = null; ;) {
    const rows = await repository.retracted(snapshot, after, keysAtOnce);
    if (rows.length > 0)
      yield rows.map(({ id, last_snapshot, reason, at, ...texts }) => ({
        id,
        content_hash: contentHashOf(texts),
        last_snapshot,
        reason,
        at: at?.toISOString() ?? null,
      }));
    const last = rows.at(-1);
    if (last === undefined || rows.length < keysAtOnce) return;
    after = { conversation_id: last.conversation_id, response_id: last.id };
  }
}

export const noChanges: ChangeCounts = { added: 0, edited: 0, retracted: 0, removed: 0 };
