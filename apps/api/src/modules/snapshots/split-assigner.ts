import { inTransaction } from '@granary/db';
import type { Database, Transaction } from '@granary/db';
import { assignSplits, bandsOf, candidatesPerBand, leastCompared, shinglesOf } from '@granary/domain';
import type { ComparedText, Comparand, Member } from '@granary/domain';
import { createPause, noRequests } from '../../jobs/give-way.ts';
import type { RequestsUnderWay } from '../../jobs/give-way.ts';
import {
  datasetsWithOutdatedBands,
  hasOutdatedBands,
  lockSplits,
  membersWithBands,
  outdatedBands,
  removeOutdatedBands,
  splitMembers,
  unsignedConversations,
  writeAssignments,
  writeRemade,
} from './split-repository.ts';
import type { BandPlace, SplitTarget, UnsignedRow } from './split-repository.ts';

/** Few enough that the embedded database is not kept from others for long. */
const defaultBatchSize = 250;
const membersPerQuery = 500;
/** A few seconds' work, whatever the number of bands that there are. */
const defaultRemovedAtOnce = 50_000;
/** Most of it is waiting for requests. */
const batchTimeoutMs = 5 * 60 * 1000;

type Pause = () => Promise<void>;
type Deps = {
  db: Pick<Database, 'prisma'>;
  /** Requests that go first; without it the work only lets others have their turn. */
  underWay?: RequestsUnderWay;
  batchSize?: number;
  /** Bands that one statement removes. */
  removedAtOnce?: number;
};
export type SplitAssigner = ReturnType<typeof createSplitAssigner>;

/**
 * Makes the functions that settle the splits of the conversations of a selection, before they are pinned. What they settle holds for good;
 * how the conversations are cut into batches makes no difference.
 */
export function createSplitAssigner({
  db,
  underWay = noRequests(),
  batchSize = defaultBatchSize,
  removedAtOnce = defaultRemovedAtOnce,
}: Deps) {
  const pause = createPause(underWay);
  /** For the holder of locks, whom those may wait for that it would wait for. */
  const turn = createPause(noRequests());
  return {
    /** Batch by batch, each in a transaction of its own. Rejects when the signal or `onBatch` does; what was settled by then stays. */
    async assign(target: SplitTarget, { signal, onBatch }: { signal: AbortSignal; onBatch: () => Promise<void> }): Promise<void> {
      await remake(target.datasetId, () => {
        signal.throwIfAborted();
        return onBatch();
      });
      let afterId: string | null = null;
      do {
        signal.throwIfAborted();
        const before: string | null = afterId;
        afterId = await inTransaction(db, (tx) => assignBatch(tx, target, before, pause), { timeoutMs: batchTimeoutMs });
        await onBatch();
      } while (afterId !== null);
    },
    /** Makes the bands again that another version of this program has made, of all datasets; safe to call in several processes. */
    async remakeBands(): Promise<void> {
      for (const datasetId of await datasetsWithOutdatedBands(db.prisma)) await remake(datasetId, () => Promise.resolve());
    },
    /** The rest, inside the transaction that pins: what was selected or edited since. */
    async assignIn(tx: Transaction, target: SplitTarget): Promise<void> {
      let afterId: string | null = null;
      do afterId = await assignBatch(tx, target, afterId, turn);
      while (afterId !== null);
    },
  };

  /** Batch by batch, each in a transaction of its own: first the old bands go, then the new ones are made. If a process dies, the next one goes on where it stopped. */
  async function remake(datasetId: string, onBatch: () => Promise<void>): Promise<void> {
    if (!(await hasOutdatedBands(db.prisma, datasetId))) return;
    let place: BandPlace | null = null;
    do {
      const before: BandPlace | null = place;
      place = await inTransaction(
        db,
        async (tx) => {
          await lockSplits(tx, datasetId);
          return removeOutdatedBands(tx, datasetId, before, removedAtOnce);
        },
        { timeoutMs: batchTimeoutMs },
      );
      await onBatch();
    } while (place !== null);
    while (await remakeBatch(datasetId)) await onBatch();
  }

  /** Resolves to whether there may be more. */
  async function remakeBatch(datasetId: string): Promise<boolean> {
    return inTransaction(
      db,
      async (tx) => {
        await lockSplits(tx, datasetId);
        const rows = await outdatedBands(tx, datasetId, batchSize);
        if (rows.length === 0) return false;
        const remade = [];
        for (const { id, split, response_revision_ids, ...texts } of rows) {
          remade.push({ id, split, response_revision_ids, bands: bandsOfTexts(comparedTexts(texts)) });
          await pause();
        }
        await writeRemade(tx, datasetId, remade);
        return rows.length === batchSize;
      },
      { timeoutMs: batchTimeoutMs },
    );
  }

  /** Resolves to the last conversation of the batch; null at the end. */
  async function assignBatch(tx: Transaction, target: SplitTarget, afterId: string | null, pause: Pause): Promise<string | null> {
    await lockSplits(tx, target.datasetId);
    const rows = await unsignedConversations(tx, target, afterId, batchSize);
    if (rows.length === 0) return null;
    const batch: Comparand[] = [];
    for (const row of rows) {
      batch.push(toComparand(row));
      await pause();
    }
    const steps = assignSplits(batch, await knownMembers(tx, target.datasetId, batch, pause));
    let step = steps.next();
    for (; !step.done; step = steps.next()) await pause();
    const accepted = step.value;
    const rowOf = new Map(rows.map((row, index) => [row.id, { row, bands: batch[index]?.bands ?? [] }]));
    const signed = accepted.flatMap((assignment) => {
      const { row, bands } = rowOf.get(assignment.id) ?? {};
      if (row === undefined || bands === undefined) return [];
      const { former_text: text, former_responses: responses, revision_id: revisionId, response_revision_ids: responseRevisionIds } = row;
      const formerBands = text === null || row.split === null ? [] : bandsOfTexts(comparedTexts({ text, responses }));
      return [{ ...assignment, revisionId, responseRevisionIds, bands: [...bands], formerBands }];
    });
    if (signed.length > 0) await writeAssignments(tx, target.datasetId, signed);
    return rows.length < batchSize ? null : (rows.at(-1)?.id ?? null);
  }

  async function knownMembers(tx: Transaction, datasetId: string, batch: readonly Comparand[], pause: Pause) {
    const edited = batch.filter(({ assigned }) => assigned !== null).length;
    const bands = [...new Set(batch.flatMap((comparand) => [...comparand.bands]))];
    const found = await membersWithBands(tx, datasetId, bands, candidatesPerBand + edited);
    const idsByBand = new Map(found.map(({ band, split, ids }) => [`${band} ${split}`, ids]));
    const members = new Map<string, Member>();
    const ids = [...new Set(found.flatMap((group) => group.ids))];
    for (let start = 0; start < ids.length; start += membersPerQuery)
      for (const { id, cluster_id: clusterId, split, ...texts } of await splitMembers(tx, ids.slice(start, start + membersPerQuery))) {
        members.set(id, { id, clusterId, split, texts: comparedTexts(texts) });
        await pause();
      }
    return {
      withBand: (band: number, split: string) => idsByBand.get(`${band} ${split}`) ?? [],
      byId: (id: string) => members.get(id),
    };
  }
}

function toComparand({ id, text, responses, cluster_id: clusterId, split, rechecked }: UnsignedRow): Comparand {
  const texts = comparedTexts({ text, responses });
  const assigned = clusterId === null || split === null ? null : { clusterId, split };
  return { id, texts, bands: Int32Array.from(bandsOfTexts(texts)), assigned, rechecked };
}

/** The first instruction, and the responses that are long enough to say something of their own. */
function comparedTexts({ text, responses }: { text: string; responses: readonly string[] }): ComparedText[] {
  const ofResponses = responses.map((response): ComparedText => ({ role: 'response', shingles: shinglesOf(response) }));
  return [{ role: 'instruction', shingles: shinglesOf(text) }, ...ofResponses.filter(({ shingles }) => shingles.length >= leastCompared)];
}

const bandsOfTexts = (texts: readonly ComparedText[]): number[] => [
  ...new Set(texts.flatMap(({ role, shingles }) => [...bandsOf(shingles, role)])),
];
