import type { Entry } from '@granary/contract';
import { inTransaction, type Database, type Transaction } from '@granary/db';
import { decideTransition, lessonsOf, lessonsOfAppealed, seatsWanted, type LifecycleEvent } from '@granary/domain';
import { ApiError, notFound } from '../../errors.ts';
import type { Actor } from '../../plugins/auth.ts';
import { toEntry } from '../entries/entry-rows.ts';
import { applyTransitions, lockEntries, type Transition } from '../entries/transition.ts';
import { learn, opinionsAppealedOn, opinionsOn } from '../reliability/skills.ts';
import type { ModerationRepository, Standing } from './repository.ts';

type Parts = { db: Database; moderation: ModerationRepository; clock: () => Date };
/** Runs inside the transaction that does the work, with its answer. */
type Finish = (tx: Transaction, entry: Entry) => Promise<void>;

export function createDecisionService({ db, moderation, clock }: Parts) {
  return {
    retractIn: (tx: Transaction, actor: Actor, entryId: string, reason: string) =>
      act(tx, actor, entryId, () => ({ kind: 'retract' }), reason),

    /** Throws `not_found`, `status_conflict`. */
    retract: (actor: Actor, entryId: string, reason: string, finish?: Finish) =>
      inOne(entryId, (tx) => act(tx, actor, entryId, () => ({ kind: 'retract' }), reason), finish),

    /** Back to the status before the retraction. Throws `not_found`, `status_conflict`. */
    restore: (actor: Actor, entryId: string, reason: string, finish?: Finish) =>
      inOne(entryId, (tx) => act(tx, actor, entryId, () => ({ kind: 'restore' }), reason), finish),

    /** Decides an entry whose reviews agree on nothing. Throws `not_found`, `status_conflict`, `own_entry`. */
    decide: (actor: Actor, entryId: string, { verdict, reason }: { verdict: 'approve' | 'reject'; reason: string }, finish?: Finish) =>
      inOne(entryId, (tx) => act(tx, actor, entryId, () => ({ kind: 'decide', verdict }), reason), finish),
  };

  function inOne(entryId: string, work: (tx: Transaction) => Promise<void>, finish: Finish | undefined): Promise<Entry> {
    return inTransaction(db, async (tx) => {
      await work(tx);
      const [row] = await moderation.listed(tx, entryId);
      if (row === undefined) throw notFound('such entry');
      const answer = toEntry(row);
      await finish?.(tx, answer);
      return answer;
    });
  }

  async function act(tx: Transaction, actor: Actor, entryId: string, event: () => LifecycleEvent, reason: string): Promise<void> {
    const named = await moderation.standing(tx, entryId);
    if (named.length === 0) throw notFound('such entry');
    await lockEntries(
      tx,
      named.map(({ id }) => id),
    );
    const rows = unitOf(await moderation.standing(tx, entryId), entryId);
    const now = clock();
    const transitions: Transition[] = [];
    for (const row of rows) {
      const state = {
        status: row.status,
        authorId: row.author_id,
        escalated: row.escalated,
        appealed: row.appealed,
        retractedFrom: row.retracted_from,
      };
      const decision = decideTransition(state, event(), actor, row.policy, now);
      if (!decision.ok) throw new ApiError(decision.code, decision.detail);
      const carried = row.reviewed_with_id !== null && rows.some(({ id }) => id === row.reviewed_with_id);
      const seats = decision.status === 'in_review' && !carried ? seatsWanted(row.policy, await opinionsOn(tx, row.revision_id)) : 0;
      transitions.push({
        entryId: row.id,
        datasetId: row.dataset_id,
        revisionId: row.revision_id,
        from: row.status,
        to: decision.status,
        escalated: decision.escalated,
        seats,
        events: decision.events,
        actorId: actor.id,
        payload: { reason },
        // Back in review without its partner, an instruction is reviewed on its own.
        ...(decision.status === 'in_review' && row.reviewed_with_id !== null && !carried
          ? { edit: { revisionNumber: row.revision_number, categoryId: row.category_id, reviewedWithId: null } }
          : {}),
      });
    }
    await applyTransitions(tx, transitions, now);
    const decided = event();
    const carrying = rows.find((row) => row.reviewed_with_id === null);
    if (decided.kind === 'decide' && carrying !== undefined) {
      // What a moderator decides is certain: it teaches more of the reviewers than they of each other.
      const { dataset_id: datasetId, revision_id: revisionId, policy } = carrying;
      const since = await opinionsOn(tx, revisionId);
      const lessons = [
        ...lessonsOf(policy, since, decided.verdict),
        ...lessonsOfAppealed(policy, await opinionsAppealedOn(tx, revisionId), since, decided.verdict),
      ];
      await learn(tx, { datasetId, revisionId, lessons, now });
    }
  }
}

/**
 * The entry, and the other part of its pair while both stand alike before approval (they are reviewed as one), or were taken
 * back in one act.
 */
function unitOf(rows: readonly Standing[], entryId: string): Standing[] {
  const self = rows.find(({ id }) => id === entryId);
  if (self === undefined) throw notFound('such entry');
  const alike = (row: Standing) =>
    row.status === self.status && row.retracted_from === self.retracted_from && row.escalated === self.escalated;
  const before = (status: Standing['status'] | null) => status !== 'approved';
  const together = rows.filter(
    (row) =>
      row.id === entryId ||
      (alike(row) &&
        (self.status === 'retracted'
          ? before(self.retracted_from) && row.status_at.getTime() === self.status_at.getTime()
          : before(self.status))),
  );
  // The response first: it carries the seats.
  return together.toSorted((a, b) => b.role.localeCompare(a.role));
}
