import type { EventKind } from '@granary/contract';
import type { Transaction } from '@granary/db';

export type NewEvent = {
  kind: EventKind;
  actorId: string | null;
  datasetId?: string | null;
  entryId?: string | null;
  revisionId?: string | null;
  /** The user an act of moderation is about. */
  userId?: string | null;
  payload?: Record<string, unknown>;
};

/** Appends to the event log, in order, inside the transaction that does what the events tell. The only writer of the log. */
export async function appendEvents(tx: Transaction, events: readonly NewEvent[], now: Date): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map((event) => ({
    at: now.toISOString(),
    kind: event.kind,
    actor_id: event.actorId,
    dataset_id: event.datasetId ?? null,
    entry_id: event.entryId ?? null,
    revision_id: event.revisionId ?? null,
    user_id: event.userId ?? null,
    payload: event.payload ?? {},
  }));
  await tx.$executeRaw`
    INSERT INTO events (at, kind, actor_id, dataset_id, entry_id, revision_id, user_id, payload)
    SELECT e.at, e.kind, e.actor_id, e.dataset_id, e.entry_id, e.revision_id, e.user_id, e.payload
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS e(at timestamptz, kind text, actor_id uuid, dataset_id uuid, entry_id uuid, revision_id uuid, user_id uuid, payload jsonb)`;
}
