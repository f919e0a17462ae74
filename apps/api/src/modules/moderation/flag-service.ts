import type { Entry, Flag, FlagReason } from '@granary/contract';
import { inTransaction, type Database, type Transaction } from '@granary/db';
import { maySeeText } from '@granary/domain';
import { v7 as uuid } from 'uuid';
import { ApiError, notFound } from '../../errors.ts';
import { decodeCursor, timeAndIdSchema, toPage } from '../../http/cursors.ts';
import type { Actor } from '../../plugins/auth.ts';
import { toEntry, toPerson } from '../entries/entry-rows.ts';
import { lockEntries } from '../entries/transition.ts';
import { appendEvents } from '../events/log.ts';
import type { FlagRow, ListedEntry, ModerationRepository } from './repository.ts';

type Parts = {
  db: Database;
  moderation: ModerationRepository;
  /** Retracts inside the given transaction. */
  retractIn: (tx: Transaction, actor: Actor, entryId: string, reason: string) => Promise<void>;
  clock: () => Date;
};
type List = { cursor?: string | undefined; limit: number };
type Flagged = { entry: Entry; instruction: string | null; flags: Flag[] };
type NewFlag = {
  entryId: string;
  datasetId: string;
  revisionId: string;
  reason: FlagReason;
  note: string | undefined;
  snapshot: { id: string; number: number } | null;
};
type Report = { reason: FlagReason; note?: string | undefined };
/** Runs inside the transaction that does the work, with its answer. */
type Finish<T> = (tx: Transaction, answer: T) => Promise<void>;
type Resolution = { resolution: 'upheld' | 'dismissed'; reason: string; retract: boolean };

export function createFlagService({ db, moderation, retractIn, clock }: Parts) {
  return {
    /** Reports an entry that the reader can see. Throws `not_found`, `already_exists` while an earlier report of theirs is open. */
    async flag(actor: Actor, entryId: string, { reason, note }: Report, finish: Finish<Flag>): Promise<Flag> {
      const entry = await moderation.visible(db.prisma, entryId);
      if (entry === null || !maySeeText(actor, entry)) throw notFound('such entry');
      return open(actor, { ...entry, entryId, reason, note, snapshot: null }, finish);
    },

    /**
     * Reports what a snapshot has published, whatever became of it since: it is in the files of others. Throws as `flag` does.
     */
    async flagPublished(
      actor: Actor,
      published: { entryId: string; revisionId: string; snapshot: { id: string; number: number } },
      { reason, note }: Report,
      finish: Finish<Flag>,
    ): Promise<Flag> {
      const entry = await moderation.visible(db.prisma, published.entryId);
      if (entry === null) throw notFound('such entry');
      return open(actor, { ...published, datasetId: entry.datasetId, reason, note }, finish);
    },

    /** Throws `cursor_invalid`. */
    async flagged({ cursor, limit, ...filter }: List & { status: string; dataset?: string | undefined }) {
      const rows = await moderation.flagged(filter, decodeCursor(cursor, timeAndIdSchema), limit + 1);
      const flags = await moderation.flagsOf(
        db.prisma,
        rows.map(({ id }) => id),
      );
      return toPage(rows, limit, keyOf, (row) => toFlagged(row, flags));
    },

    /** Throws `not_found`, `status_conflict` when no flag is open or the entry cannot be retracted. */
    resolve(actor: Actor, entryId: string, { resolution, reason, retract }: Resolution, finish: Finish<Flagged>): Promise<Flagged> {
      return inTransaction(db, async (tx) => {
        const [entry] = await moderation.listed(tx, entryId);
        if (entry === undefined) throw notFound('such entry');
        const at = clock();
        const closed = await moderation.closeFlags(tx, entryId, resolution, { resolverId: actor.id, reason, at });
        if (closed.length === 0) throw new ApiError('status_conflict', 'No flag of this entry is open.');
        if (resolution === 'upheld' && retract && entry.status !== 'retracted') await retractIn(tx, actor, entryId, reason);
        const kind = resolution === 'upheld' ? 'flag_upheld' : 'flag_dismissed';
        const known = await moderation.visible(tx, entryId);
        await appendEvents(
          tx,
          closed.map((flagId) => ({
            kind,
            actorId: actor.id,
            datasetId: known?.datasetId ?? null,
            entryId,
            revisionId: entry.revision_id,
            payload: { flagId, reason },
          })),
          at,
        );
        const [after] = await moderation.listed(tx, entryId);
        const answer = toFlagged(after ?? entry, await moderation.flagsOf(tx, [entryId]));
        await finish(tx, answer);
        return answer;
      });
    },

    /** Throws `cursor_invalid`. */
    async appealed({ cursor, limit, dataset }: List & { dataset?: string | undefined }) {
      const rows = await moderation.appealed(dataset, decodeCursor(cursor, timeAndIdSchema), limit + 1);
      return toPage(rows, limit, keyOf, (row) => ({
        entry: toEntry(row),
        instruction: row.instruction,
        appeal: { reason: row.appeal_reason, status: 'open' as const, createdAt: row.since.toISOString(), closedAt: null },
      }));
    },

    /** Throws `cursor_invalid`. */
    async escalated({ cursor, limit, dataset }: List & { dataset?: string | undefined }) {
      const rows = await moderation.escalated(dataset, decodeCursor(cursor, timeAndIdSchema), limit + 1);
      return toPage(rows, limit, keyOf, (row) => ({
        entry: toEntry(row),
        instruction: row.instruction,
        escalatedAt: row.since.toISOString(),
      }));
    },
  };

  function open(actor: Actor, { entryId, datasetId, revisionId, reason, note, snapshot }: NewFlag, finish: Finish<Flag>): Promise<Flag> {
    const id = uuid();
    return inTransaction(db, async (tx) => {
      // In a statement before: whatever waited for the lock has to see the report that was faster.
      await lockEntries(tx, [entryId]);
      const at = clock();
      const added = await moderation.addFlag(tx, {
        id,
        entryId,
        reporterId: actor.id,
        reason,
        note: note === undefined || note === '' ? null : note,
        snapshotId: snapshot?.id ?? null,
        at,
      });
      if (added === null) throw new ApiError('already_exists', 'Your earlier report of this entry is still open.');
      const payload = { flagId: id, reason, ...(snapshot === null ? {} : { snapshot: snapshot.number }) };
      await appendEvents(tx, [{ kind: 'flag_opened', actorId: actor.id, datasetId, entryId, revisionId, payload }], at);
      const rows = await moderation.flagsOf(tx, [entryId]);
      const row = rows.find((flag) => flag.id === id);
      if (row === undefined) throw notFound('such flag');
      const answer = toFlag(row);
      await finish(tx, answer);
      return answer;
    });
  }
}

const keyOf = (row: ListedEntry) => [row.since.toISOString(), row.id];

function toFlagged(row: ListedEntry, flags: readonly FlagRow[]): Flagged {
  return { entry: toEntry(row), instruction: row.instruction, flags: flags.filter((flag) => flag.entry_id === row.id).map(toFlag) };
}

function toFlag(row: FlagRow): Flag {
  return {
    id: row.id,
    reason: row.reason,
    note: row.note,
    snapshot: row.snapshot,
    status: row.status,
    reporter: { id: row.reporter_id, displayName: row.reporter_name },
    resolver: toPerson(row.resolver_id, row.resolver_name),
    resolution: row.resolution,
    createdAt: row.created_at.toISOString(),
    resolvedAt: row.resolved_at?.toISOString() ?? null,
  };
}
