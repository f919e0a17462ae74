import type { EndpointRequest, endpoints, Page, Proposal } from '@granary/contract';
import { inTransaction, type Database, type Transaction } from '@granary/db';
import { mayReview, roleAtLeast } from '@granary/domain';
import { v7 as uuid } from 'uuid';
import { ApiError, notFound } from '../../errors.ts';
import { decodeCursor, timeAndIdSchema, toPage } from '../../http/cursors.ts';
import type { Actor } from '../../plugins/auth.ts';
import { appendEvents, type NewEvent } from '../events/log.ts';
import { toPerson } from './entry-rows.ts';
import type { ProposalRepository, ProposalRow } from './proposal-repository.ts';
import type { LockedEntry } from './revision-repository.ts';
import type { Edit } from './revision-service.ts';
import type { Submitted } from './submission-service.ts';
import { lockEntries } from './transition.ts';

type Parts = {
  db: Database;
  proposals: ProposalRepository;
  previewIn: (tx: Transaction, actor: Actor, edit: Edit) => Promise<LockedEntry>;
  acceptIn: (tx: Transaction, actor: Actor, edit: Edit, proposerId: string) => Promise<Submitted>;
  clock: () => Date;
};
type ProposalInput = EndpointRequest<typeof endpoints.entries.propose>['body'];
type Remember<T> = (tx: Transaction, answer: T) => Promise<void>;

export function createProposalService({ db, proposals, previewIn, acceptIn, clock }: Parts) {
  return {
    /**
     * Keeps an edit that somebody suggests for another's entry, checked as the edit would be. Throws `not_found`, `own_entry`,
     * `forbidden`, `terms_not_accepted`, `status_conflict`, `version_conflict`, `already_exists`, `validation_failed`, `entry_blocked`.
     */
    propose(
      actor: Actor,
      { id: entryId, builtOn, input, draftId }: { id: string; builtOn: number; input: ProposalInput; draftId: string | undefined },
      finish: Remember<Proposal>,
    ): Promise<Proposal> {
      return inTransaction(db, async (tx) => {
        const entry = await previewIn(tx, actor, { id: entryId, builtOn, input, draftId });
        if (entry.status === 'retracted') throw new ApiError('status_conflict', 'A retracted entry cannot be edited.');
        if (entry.author_id === null)
          throw new ApiError('status_conflict', 'This entry was imported: nobody could accept the edit but a moderator, who edits it.');
        if (entry.author_id === actor.id) throw new ApiError('own_entry', 'This entry is yours: edit it.');
        const admission = await proposals.admission(tx, entry.dataset_id, actor.id);
        if (admission === null || !mayReview(actor, admission.policy))
          throw new ApiError('forbidden', 'Edits are proposed by those who may review the dataset.');
        if (!admission.accepted) throw new ApiError('terms_not_accepted', "Accept the dataset's terms first: the words will be yours.");
        const [id, now] = [uuid(), clock()];
        const added = await proposals.add(tx, { id, entryId, builtOn, proposerId: actor.id, content: input, createdAt: now });
        if (!added) throw new ApiError('already_exists', 'Your earlier proposal for this entry is still open.');
        await appendEvents(tx, [eventOf('edit_proposed', actor, await read(tx, id))], now);
        if (draftId !== undefined) await proposals.removeDraft(tx, actor.id, draftId);
        const answer = toProposal(await read(tx, id), actor);
        await finish(tx, answer);
        return answer;
      });
    },

    /** Makes it a revision by its proposer. Throws `not_found`, `forbidden`, `status_conflict`, `version_conflict`. */
    accept(actor: Actor, id: string, finish: Remember<Submitted>): Promise<Submitted> {
      return inTransaction(db, async (tx) => {
        const proposal = await openFor(tx, actor, id);
        const now = clock();
        await proposals.close(tx, id, 'accepted', { closedById: actor.id, closedAt: now });
        await appendEvents(tx, [eventOf('edit_accepted', actor, proposal)], now);
        const { entry_id: entryId, built_on: builtOn, content: input } = proposal;
        const answer = await acceptIn(tx, actor, { id: entryId, builtOn, input, draftId: undefined }, proposal.proposer_id);
        await finish(tx, answer);
        return answer;
      });
    },

    /** Throws `not_found`, `forbidden`, `status_conflict`. */
    decline(actor: Actor, id: string, reason: string, finish: Remember<Proposal>): Promise<Proposal> {
      return inTransaction(db, async (tx) => {
        const proposal = await openFor(tx, actor, id);
        const now = clock();
        await proposals.close(tx, id, 'declined', { closedById: actor.id, closedAt: now, reason: reason === '' ? null : reason });
        await appendEvents(tx, [eventOf('edit_declined', actor, proposal, reason === '' ? {} : { reason })], now);
        const answer = toProposal(await read(tx, id), actor);
        await finish(tx, answer);
        return answer;
      });
    },

    /** Throws `not_found`, `status_conflict`. */
    withdraw(actor: Actor, id: string, finish: Remember<undefined>): Promise<void> {
      return inTransaction(db, async (tx) => {
        const proposal = await proposals.byId(tx, id);
        if (proposal === null || proposal.proposer_id !== actor.id) throw notFound('such proposal of yours');
        const now = clock();
        if (!(await proposals.close(tx, id, 'withdrawn', { closedById: actor.id, closedAt: now }))) throw closed(proposal);
        await appendEvents(tx, [eventOf('edit_withdrawn', actor, proposal)], now);
        await finish(tx, undefined);
      });
    },

    /** Those of an entry that this reader may see: all for its author and moderators, their own for everybody else. */
    async proposalsOf(actor: Actor | null, entryId: string, authorId: string | null): Promise<Proposal[]> {
      if (actor === null) return [];
      const rows = await proposals.ofEntry(entryId, judges(actor, authorId) ? null : actor.id);
      return rows.map((row) => toProposal(row, actor));
    },

    /** Throws `cursor_invalid`. */
    async myProposals(
      actor: Actor,
      { cursor, limit }: { cursor?: string | undefined; limit: number },
    ): Promise<Page<Proposal & { excerpt: string; datasetSlug: string }>> {
      const rows = await proposals.mine(actor.id, decodeCursor(cursor, timeAndIdSchema), limit + 1);
      return toPage(
        rows,
        limit,
        (row) => [row.created_at.toISOString(), row.id],
        (row) => ({ ...toProposal(row, actor), excerpt: row.excerpt, datasetSlug: row.dataset_slug }),
      );
    },
  };

  async function read(tx: Transaction, id: string): Promise<ProposalRow> {
    return (await proposals.byId(tx, id)) ?? Promise.reject(notFound('such proposal'));
  }

  /** An open proposal that this person may decide on, its entry locked. */
  async function openFor(tx: Transaction, actor: Actor, id: string): Promise<ProposalRow> {
    const named = await proposals.byId(tx, id);
    if (named === null || !(judges(actor, named.author_id) || named.proposer_id === actor.id)) throw notFound('such proposal');
    if (!judges(actor, named.author_id)) throw new ApiError('forbidden', "Only the entry's author or a moderator decides on a proposal.");
    await lockEntries(tx, [named.entry_id]);
    const proposal = await read(tx, id);
    if (proposal.status !== 'open') throw closed(proposal);
    return proposal;
  }
}

const judges = (actor: Actor, authorId: string | null): boolean => authorId === actor.id || roleAtLeast(actor.role, 'moderator');

const closed = ({ status }: ProposalRow) =>
  new ApiError(
    'status_conflict',
    status === 'outdated' ? 'The entry was edited since this was proposed.' : 'This proposal is no longer open.',
  );

function eventOf(
  kind: 'edit_proposed' | 'edit_accepted' | 'edit_declined' | 'edit_withdrawn',
  actor: Actor,
  { id: proposalId, dataset_id: datasetId, entry_id: entryId, proposer_id: proposerId }: ProposalRow,
  more: Record<string, unknown> = {},
): NewEvent {
  return { kind, actorId: actor.id, datasetId, entryId, payload: { proposalId, proposerId, ...more } };
}

function toProposal(row: ProposalRow, reader: Actor): Proposal {
  const { instruction, response, aiAssistance, note } = row.content;
  const mine = row.proposer_id === reader.id;
  const named = mine || row.status === 'accepted' || roleAtLeast(reader.role, 'moderator');
  return {
    id: row.id,
    entryId: row.entry_id,
    builtOn: row.built_on,
    status: row.status,
    instruction: instruction ?? null,
    response: response ?? null,
    aiAssistance,
    note,
    proposer: named ? toPerson(row.proposer_id, row.proposer_name) : null,
    mine,
    reason: row.reason,
    createdAt: row.created_at.toISOString(),
    closedAt: row.closed_at?.toISOString() ?? null,
  };
}
