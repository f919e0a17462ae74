import type { EntryStatus } from '@granary/contract';
import { Prisma, queryRows, type Transaction } from '@granary/db';
import * as z from 'zod';
import type { NewEvent } from '../events/log.ts';
import type { Transition } from './transition.ts';

/** Whether an entry `e`, or the response it is reviewed with, is under appeal. */
export const appealOpen = Prisma.sql`EXISTS (SELECT 1 FROM appeals a WHERE a.entry_id IN (e.id, e.reviewed_with_id) AND a.status = 'open')`;
/** Whether it ever was. */
export const appealMade = Prisma.sql`EXISTS (SELECT 1 FROM appeals a WHERE a.entry_id IN (e.id, e.reviewed_with_id))`;

const outcomes: Partial<Record<EntryStatus, 'upheld' | 'dismissed'>> = {
  approved: 'upheld',
  rejected: 'dismissed',
  changes_requested: 'dismissed',
};

/** Opens the appeal of an entry; from now on only verdicts count that come after it, on all the revisions named. */
export async function openAppeal(
  tx: Transaction,
  appeal: { entryId: string; revisionId: string; authorId: string; reason: string; createdAt: Date },
  revisionIds: readonly string[],
): Promise<void> {
  await tx.appeal.create({ data: appeal });
  await tx.revision.updateMany({
    where: { id: { in: [...revisionIds] } },
    data: { appealedAt: appeal.createdAt, posterior: [], policyVersion: null },
  });
}

/**
 * Closes the appeals that decisions settle: upheld when the entry is approved after all, withdrawn when its author edits it or takes it back. A
 * verdict that is taken back opens the one it closed. Gives the events that tell of it.
 */
export async function settleAppeals(tx: Transaction, transitions: readonly Transition[], now: Date): Promise<NewEvent[]> {
  const events: NewEvent[] = [];
  for (const t of transitions) {
    if (t.from === 'draft' || t.events.includes('entry_appealed')) continue;
    if (t.events.includes('entry_reopened')) {
      await tx.appeal.updateMany({ where: { entryId: t.entryId, revisionId: t.revisionId }, data: { status: 'open', closedAt: null } });
      continue;
    }
    if (t.from !== 'in_review') continue;
    const status = t.events.includes('entry_revised') || t.to === 'retracted' ? 'withdrawn' : outcomes[t.to];
    if (status === undefined) continue;
    const { count } = await tx.appeal.updateMany({ where: { entryId: t.entryId, status: 'open' }, data: { status, closedAt: now } });
    if (count > 0)
      events.push({ kind: `appeal_${status}`, actorId: t.actorId, datasetId: t.datasetId, entryId: t.entryId, revisionId: t.revisionId });
  }
  return events;
}

const appealRowSchema = z.object({
  reason: z.string(),
  status: z.enum(['open', 'upheld', 'dismissed', 'withdrawn']),
  created_at: z.date(),
  closed_at: z.date().nullable(),
});

/** The appeal of an entry; null without one. */
export async function appealOf(client: Transaction, entryId: string) {
  const [row] = await queryRows(
    client,
    appealRowSchema,
    Prisma.sql`SELECT reason, status::text, created_at, closed_at FROM appeals WHERE entry_id = ${entryId}::uuid`,
  );
  return row === undefined
    ? null
    : { reason: row.reason, status: row.status, createdAt: row.created_at.toISOString(), closedAt: row.closed_at?.toISOString() ?? null };
}
