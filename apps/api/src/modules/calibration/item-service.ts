import type { CalibrationInput, CalibrationItem, Page } from '@granary/contract';
import { inTransaction, type Database, type Transaction } from '@granary/db';
import { certain } from '@granary/domain';
import { v7 as uuid } from 'uuid';
import { ApiError, notFound } from '../../errors.ts';
import { decodeCursor, timeAndIdSchema, toPage } from '../../http/cursors.ts';
import type { Actor } from '../../plugins/auth.ts';
import { toPerson } from '../entries/entry-rows.ts';
import { lockEntries } from '../entries/transition.ts';
import { appendEvents } from '../events/log.ts';
import { forgetLesson, noteLesson } from '../reliability/skills.ts';
import type { ItemRepository, ItemRow } from './item-repository.ts';

type Parts = { db: Database; items: ItemRepository; clock: () => Date };
/** Runs inside the transaction that does the work, with its answer. */
type Finish<T> = (tx: Transaction, answer: T) => Promise<void>;
type List = { cursor?: string | undefined; limit: number; state: 'in_use' | 'retired' };

export function createCalibrationItemService({ db, items, clock }: Parts) {
  return {
    /** Throws `not_found`, `cursor_invalid`. */
    async list(slug: string, { cursor, limit, state }: List): Promise<Page<CalibrationItem>> {
      const datasetId = await items.datasetId(slug);
      if (datasetId === null) throw notFound('such dataset');
      const rows = await items.list(datasetId, state === 'retired', decodeCursor(cursor, timeAndIdSchema), limit + 1);
      return toPage(rows, limit, (row) => [row.created_at.toISOString(), row.id], toItem);
    },

    /** What moderators know of the current revision of an entry as an item; null when it is none. */
    async ofEntry(entryId: string): Promise<CalibrationItem | null> {
      const row = await items.ofEntry(entryId);
      return row === null || row.retired_at !== null ? null : toItem(row);
    },

    /** Makes a decided entry an item. Throws `not_found`, `status_conflict`, `already_exists`, `own_entry`. */
    mark(actor: Actor, entryId: string, input: CalibrationInput, finish: Finish<CalibrationItem>): Promise<CalibrationItem> {
      return inTransaction(db, async (tx) => {
        await lockEntries(tx, [entryId]);
        const entry = await items.candidate(tx, entryId);
        if (entry === null) throw notFound('such entry');
        if (entry.reviewed_with_id !== null)
          throw new ApiError('status_conflict', 'This instruction was reviewed together with its response: mark the response.');
        if (entry.status === 'in_review' || entry.status === 'retracted')
          throw new ApiError('status_conflict', 'Only an entry that is decided can be a calibration item.');
        if (entry.author_ids.includes(actor.id)) throw new ApiError('own_entry', 'Somebody else has to say what your entry deserves.');
        const now = clock();
        const { status: _status, reviewed_with_id: _joint, author_id: _author, ...candidate } = entry;
        const id = await items.add(tx, { ...candidate, id: uuid(), entryId, input, createdById: actor.id, now });
        if (id === null) throw new ApiError('already_exists', 'This version is a calibration item already.');
        const marked = await read(tx, id);
        await log(tx, 'calibration_marked', actor, marked, now);
        const answer = toItem(marked);
        await finish(tx, answer);
        return answer;
      });
    },

    /** Corrects an item, and with its verdict what its answers taught. Throws `not_found`, `status_conflict`. */
    change(actor: Actor, id: string, input: CalibrationInput, finish: Finish<CalibrationItem>): Promise<CalibrationItem> {
      return inTransaction(db, async (tx) => {
        const before = await openItem(tx, id);
        const now = clock();
        await items.change(tx, id, input);
        if (input.expected !== before.expected) {
          for (const { user_id: reviewerId, verdict } of await items.judgeAnew(tx, id, input.expected)) {
            const about = { datasetId: before.dataset_id, revisionId: before.revision_id, now };
            await forgetLesson(tx, { ...about, lessons: [{ reviewerId, verdict, truth: certain(before.expected) }] });
            await noteLesson(tx, { ...about, lessons: [{ reviewerId, verdict, truth: certain(input.expected) }] });
          }
        }
        const after = await read(tx, id);
        await log(tx, 'calibration_changed', actor, after, now);
        const answer = toItem(after);
        await finish(tx, answer);
        return answer;
      });
    },

    /** Throws `not_found`, `status_conflict`. */
    retire(actor: Actor, id: string, finish: Finish<undefined>): Promise<void> {
      return inTransaction(db, async (tx) => {
        const item = await openItem(tx, id);
        const now = clock();
        await items.retire(tx, id, now);
        await log(tx, 'calibration_retired', actor, item, now);
        await finish(tx, undefined);
      });
    },
  };

  async function read(tx: Parameters<ItemRepository['byId']>[0], id: string): Promise<ItemRow> {
    return (await items.byId(tx, id)) ?? Promise.reject(notFound('such calibration item'));
  }

  async function openItem(tx: Parameters<ItemRepository['byId']>[0], id: string): Promise<ItemRow> {
    const item = await items.locked(tx, id);
    if (item === null) throw notFound('such calibration item');
    if (item.retired_at !== null) throw new ApiError('status_conflict', 'This item is retired. Mark the entry again to use it.');
    return item;
  }
}

async function log(
  tx: Parameters<typeof appendEvents>[0],
  kind: 'calibration_marked' | 'calibration_changed' | 'calibration_retired',
  actor: Actor,
  item: ItemRow,
  now: Date,
): Promise<void> {
  const { dataset_id: datasetId, entry_id: entryId, revision_id: revisionId, expected, id: itemId } = item;
  const payload = { itemId, expected, reason: item.reason, explanation: item.explanation };
  await appendEvents(tx, [{ kind, actorId: actor.id, datasetId, entryId, revisionId, payload }], now);
}

function toItem(row: ItemRow): CalibrationItem {
  return {
    id: row.id,
    entryId: row.entry_id,
    datasetSlug: row.dataset_slug,
    category: row.category,
    language: row.language,
    excerpt: row.excerpt,
    expected: row.expected,
    reason: row.reason,
    explanation: row.explanation,
    createdBy: toPerson(row.created_by_id, row.created_by_name),
    createdAt: row.created_at.toISOString(),
    retiredAt: row.retired_at?.toISOString() ?? null,
    inUse: row.in_use,
    answered: row.answered,
    met: row.met,
  };
}
