import type { Check, Entry, EntryStatus, endpoints, EndpointRequest } from '@granary/contract';
import { inTransaction, type Database, type Transaction } from '@granary/db';
import { checkContribution, decideTransition, mayKnowOf, seatsWanted, type Actor, type LifecycleEvent } from '@granary/domain';
import { v7 as uuid } from 'uuid';
import { ApiError, notFound } from '../../errors.ts';
import { vectorOf } from '../../search/text-vector.ts';
import { refuseBlocked } from './blocked.ts';
import { withNormalTexts } from './normal-texts.ts';
import { contextMissing } from './context-missing.ts';
import { toEntry } from './entry-rows.ts';
import { unlearn } from '../reliability/skills.ts';
import { openAppeal } from './appeals.ts';
import type { EntryRepository } from './repository.ts';
import type { ImportedText, LockedEntry, NewRevision, RevisionRepository } from './revision-repository.ts';
import type { Submitted } from './submission-service.ts';
import { applyTransitions, type Transition } from './transition.ts';

type Parts = { db: Database; entries: Pick<EntryRepository, 'byIds'>; revisions: RevisionRepository; clock: () => Date };
type RevisionBody = EndpointRequest<typeof endpoints.entries.revise>['body'];
type Context = { text: string; url: string | null; licence: string | null };
/** A passage that was imported need not say where it is from. */
type RevisionInput = Omit<RevisionBody, 'instruction'> & { instruction?: { text: string; context?: Context | undefined } | undefined };
export type Edit = {
  id: string;
  /** Null: on whatever is there. */ builtOn: number | null;
  input: RevisionInput;
  draftId: string | undefined;
};
/** Who wrote a revision, and who accepted it when that is somebody else. */
type Writers = { authorId: string | null; acceptedById: string | null };
/** Why there is a new revision, and what the log keeps with it. */
type Cause = { event: LifecycleEvent; payload: Record<string, unknown> };
/** What an edit will write. */
type RevisionPlan = { unit: Unit; now: Date; decided: ReturnType<typeof decide>; added: NewRevision[]; categoryId: string };
const edited: Cause = { event: { kind: 'revise' }, payload: {} };
/** What one act concerns: an entry, or both parts of a pair that are still reviewed as one. */
type Unit = { self: LockedEntry; instruction: LockedEntry | null; response: LockedEntry | null };

/** While both parts stand alike before approval, they are edited, taken back and reviewed as one. */
const joint: ReadonlySet<EntryStatus> = new Set(['in_review', 'changes_requested', 'rejected']);

export type RevisionService = ReturnType<typeof createRevisionService>;

export function createRevisionService({ db, entries, revisions, clock }: Parts) {
  return {
    /**
     * Adds a revision (two for a pair that is reviewed as one) and sends it to review. Throws `not_found`, `forbidden`,
     * `status_conflict`, `version_conflict`, `validation_failed`, `entry_blocked`.
     */
    revise(actor: Actor, edit: Edit, finish?: (tx: Transaction, answer: Submitted) => Promise<void>): Promise<Submitted> {
      return inTransaction(db, async (tx) => {
        const answer = await reviseIn(tx, actor, edit, { authorId: actor.id, acceptedById: null });
        await finish?.(tx, answer);
        return answer;
      });
    },

    /** The same inside a transaction, for a text that somebody else has written and `actor` accepts. */
    acceptIn: (tx: Transaction, actor: Actor, edit: Edit, proposerId: string): Promise<Submitted> =>
      reviseIn(tx, actor, edit, { authorId: proposerId, acceptedById: actor.id }),

    /**
     * Gives entries that were imported the texts of their file, as `as`; what the log keeps with it is `payload`. Throws `not_found`,
     * `status_conflict`, `entry_blocked`, before anything is written.
     */
    async reviseImportedIn(
      tx: Transaction,
      actor: Actor,
      texts: readonly ImportedText[],
      { as, payload }: { as: 'in_review' | 'approved'; payload: Record<string, unknown> },
    ): Promise<void> {
      const by = { authorId: null, acceptedById: null };
      const cause: Cause = { event: { kind: 'reimport', as }, payload };
      const plans: RevisionPlan[] = [];
      for (const edit of await editsFor(tx, actor, texts)) plans.push(await planRevision(tx, actor, edit, by, cause));
      for (const plan of plans) await writeRevision(tx, plan, cause);
    },

    /** What an edit would make of an entry, refused like the edit itself; nothing is written. `actor` need not be its author. */
    async previewIn(tx: Transaction, actor: Actor, edit: Edit): Promise<LockedEntry> {
      const rows = await revisions.lock(tx, edit.id);
      const unit = unitOf(actor, rows, edit.id);
      await drawUp(tx, unit, rows, edit, { authorId: actor.id, acceptedById: null });
      return unit.self;
    },

    /** The author appeals; both parts of a pair go together while they are reviewed as one. Throws `not_found`, `forbidden`, `status_conflict`, `already_exists`. */
    appeal(actor: Actor, id: string, reason: string, finish?: (tx: Transaction, answer: Entry) => Promise<void>): Promise<Entry> {
      return inTransaction(db, async (tx) => {
        const unit = unitOf(actor, await revisions.lock(tx, id), id);
        const now = clock();
        const decided = decide(unit, { kind: 'appeal' }, actor, now);
        if (unit.self.archived) throw new ApiError('status_conflict', 'This dataset is archived.');
        // A pair that is reviewed as one has one appeal, where its seats are.
        const carrier = unit.response ?? unit.self;
        for (const { entry } of decided) await unlearn(tx, { datasetId: entry.dataset_id, revisionId: entry.revision_id, now });
        await openAppeal(
          tx,
          { entryId: carrier.id, revisionId: carrier.revision_id, authorId: actor.id, reason, createdAt: now },
          decided.map(({ entry }) => entry.revision_id),
        );
        await applyTransitions(
          tx,
          decided.map(({ entry, transition }) => ({
            ...transition,
            revisionId: entry.revision_id,
            seats: entry === carrier ? seatsWanted(entry.policy, []) : 0,
            payload: { reason, ...(entry === carrier ? {} : { jointly: true }) },
          })),
          now,
        );
        const [row] = await entries.byIds(tx, [id]);
        if (row === undefined) throw notFound('such entry');
        await finish?.(tx, toEntry(row));
        return toEntry(row);
      });
    },

    /** The author takes an entry back; the other part goes with it while both are reviewed as one. Throws `not_found`, `forbidden`, `status_conflict`. */
    retract(actor: Actor, id: string, reason: string, finish?: (tx: Transaction, answer: Entry) => Promise<void>): Promise<Entry> {
      return inTransaction(db, async (tx) => {
        const unit = unitOf(actor, await revisions.lock(tx, id), id);
        if (unit.self.author_id !== actor.id) throw new ApiError('forbidden', 'Only its author takes an entry back.');
        const now = clock();
        const payload = reason === '' ? {} : { reason };
        const decided = decide(unit, { kind: 'retract' }, actor, now);
        await applyTransitions(
          tx,
          decided.map(({ entry, transition }) => ({ ...transition, revisionId: entry.revision_id, seats: 0, payload })),
          now,
        );
        const [row] = await entries.byIds(tx, [id]);
        if (row === undefined) throw notFound('such entry');
        await finish?.(tx, toEntry(row));
        return toEntry(row);
      });
    },
  };

  async function reviseIn(tx: Transaction, actor: Actor, edit: Edit, by: Writers, cause: Cause = edited): Promise<Submitted> {
    const plan = await planRevision(tx, actor, edit, by, cause);
    await writeRevision(tx, plan, cause);
    if (edit.draftId !== undefined) await revisions.removeDraft(tx, actor.id, edit.draftId);
    return answerFor(tx, plan.unit);
  }

  /** Decides and draws up; whatever stands against an edit is thrown here, and nothing is written yet. */
  async function planRevision(tx: Transaction, actor: Actor, edit: Edit, by: Writers, { event }: Cause): Promise<RevisionPlan> {
    const rows = await revisions.lock(tx, edit.id);
    const unit = unitOf(actor, rows, edit.id);
    const now = clock();
    const decided = decide(unit, event, actor, now);
    return { unit, now, decided, ...(await drawUp(tx, unit, rows, edit, by)) };
  }

  async function writeRevision(
    tx: Transaction,
    { unit, now, decided, added, categoryId }: RevisionPlan,
    { payload }: Cause,
  ): Promise<void> {
    await revisions.add(tx, added, now);
    const transitions = decided.map(({ entry, transition }, index): Transition => {
      const revision = added[index];
      if (revision === undefined) throw new Error('Every entry of a unit gets a revision');
      const carried = unit.instruction !== null && unit.response !== null && entry === unit.instruction;
      return {
        ...transition,
        revisionId: revision.id,
        payload,
        seats: carried || transition.to !== 'in_review' ? 0 : seatsWanted(entry.policy, []),
        edit: { revisionNumber: revision.number, categoryId, reviewedWithId: carried ? (unit.response?.id ?? null) : null },
      };
    });
    await applyTransitions(tx, transitions, now);
    await revisions.outdateProposals(
      tx,
      decided.map(({ entry }) => entry.id),
      now,
    );
  }

  /** One edit for an instruction and a response that are reviewed as one, else one for each text. */
  async function editsFor(tx: Transaction, actor: Actor, texts: readonly ImportedText[]): Promise<Edit[]> {
    const edits: Edit[] = [];
    const taken = new Set<string>();
    for (const { id } of texts) {
      if (taken.has(id)) continue;
      const unit = unitOf(actor, await revisions.lock(tx, id), id);
      const parts = [unit.instruction, unit.response].map((part) => texts.find((text) => text.id === part?.id));
      for (const part of parts) if (part !== undefined) taken.add(part.id);
      const [instruction, response] = parts;
      const input = {
        ...(instruction === undefined ? {} : { instruction: { text: instruction.text, ...contextOf(instruction) } }),
        ...(response === undefined ? {} : { response: { text: response.text } }),
        aiAssistance: (response ?? instruction)?.aiAssistance ?? 'none',
      };
      edits.push({ id, builtOn: null, input, draftId: undefined });
    }
    return edits;
  }

  /** The new revisions, of the entry or of both parts of its unit; refuses what cannot be one. */
  async function drawUp(tx: Transaction, unit: Unit, rows: readonly LockedEntry[], { input: given, builtOn }: Edit, by: Writers) {
    const { self } = unit;
    const input = withNormalTexts(given, self.normalisations);
    if (self.archived) throw new ApiError('status_conflict', 'This dataset is archived.');
    if (builtOn !== null && self.number !== builtOn)
      throw new ApiError('version_conflict', 'There is a newer revision than the one this edit builds on.', {
        data: { current: self.number },
      });
    refuseMisfit(unit, input);
    const categoryId = await categoryFor(tx, unit, input);
    if (losesContext(unit, input)) throw invalid(contextMissing.path, contextMissing.message);
    const checks = checkContribution(textsAfter(unit, input, rows));
    refuseBlocked(checks);
    const parts = partsOf(unit);
    const added = parts.map((entry) => revisionOf(entry, input, checks, by));
    if (categoryId === self.category_id && added.every((revision, index) => isUnchanged(revision, parts[index])))
      throw invalid(self.role === 'response' ? 'response' : 'instruction', 'Nothing has changed');
    return { added, categoryId };
  }

  async function categoryFor(tx: Transaction, { self, instruction }: Unit, input: RevisionInput): Promise<string> {
    const { category } = input;
    if (category === undefined || category === self.category) return self.category_id;
    if (instruction === null) throw invalid('category', 'A response has the category of its instruction');
    if (instruction.answers > 0) throw invalid('category', 'Others have answered in this category');
    const chosen = await revisions.category(tx, self.dataset_id, category);
    if (chosen === null) throw invalid('category', 'This dataset has no such category');
    if (chosen.requiresContext && instruction.parent_id === null && contextAfter(instruction, input) === null)
      throw invalid(contextMissing.path, contextMissing.message);
    return chosen.id;
  }

  async function answerFor(tx: Transaction, { self, instruction, response }: Unit): Promise<Submitted> {
    const rows = await entries.byIds(
      tx,
      [self, instruction, response].filter((entry) => entry !== null).map((entry) => entry.id),
    );
    const read = (id: string) => {
      const row = rows.find((candidate) => candidate.id === id);
      if (row === undefined) throw notFound('such entry');
      return toEntry(row);
    };
    if (instruction !== null && response !== null) return { entry: read(response.id), instruction: read(instruction.id) };
    return { entry: read(self.id), instruction: null };
  }
}

const contextOf = ({ context }: ImportedText) => (context === null ? {} : { context: { text: context, url: null, licence: null } });

const invalid = (path: string, message: string) =>
  new ApiError('validation_failed', `${path}: ${message}`, { errors: [{ path, message }] });

function unitOf(actor: Actor, rows: readonly LockedEntry[], id: string): Unit {
  const self = rows.find((row) => row.id === id);
  if (self === undefined) throw notFound('such entry');
  if (!mayKnowOf(actor, { status: self.status, authorId: self.author_id })) throw notFound('such entry');
  const response = self.role === 'response' ? self : (rows.find((row) => row.id === self.reviewed_with_id) ?? null);
  const instruction = self.role === 'instruction' ? self : (rows.find((row) => row.reviewed_with_id === self.id) ?? null);
  const together = instruction !== null && response !== null && instruction.status === response.status && joint.has(self.status);
  if (together) return { self, instruction, response };
  return { self, instruction: self.role === 'instruction' ? self : null, response: self.role === 'response' ? self : null };
}

const partsOf = (unit: Unit): LockedEntry[] => [unit.instruction, unit.response].filter((entry) => entry !== null);

function decide(unit: Unit, event: LifecycleEvent, actor: Actor, now: Date) {
  return partsOf(unit).map((entry) => {
    const { status, author_id: authorId, escalated, appealed, appealed_before: appealedBefore } = entry;
    const decision = decideTransition({ status, authorId, escalated, appealed, appealedBefore }, event, actor, entry.policy, now);
    if (!decision.ok) throw new ApiError(decision.code, decision.detail);
    const transition = {
      entryId: entry.id,
      datasetId: entry.dataset_id,
      from: entry.status,
      to: decision.status,
      escalated: decision.escalated,
      events: decision.events,
      actorId: actor.id,
    };
    return { entry, transition };
  });
}

/** An imported row without a passage may stay without one; what has one keeps one. */
const losesContext = ({ instruction }: Unit, input: RevisionInput) =>
  instruction !== null &&
  instruction.requires_context &&
  instruction.parent_id === null &&
  instruction.context !== null &&
  contextAfter(instruction, input) === null;

function refuseMisfit({ self, instruction, response }: Unit, input: RevisionInput): void {
  if (input.instruction !== undefined && instruction === null)
    throw invalid('instruction', 'The instruction is an entry of its own: edit it there');
  if (input.response !== undefined && response === null) throw invalid('response', 'The response is an entry of its own: edit it there');
  const given = self.role === 'instruction' ? input.instruction : input.response;
  if (given === undefined && (instruction === null || response === null)) throw invalid(self.role, 'Give the new text');
}

/** The whole contribution as it would read, a lone response together with its instruction as that stands. */
function textsAfter({ self, instruction, response }: Unit, input: RevisionInput, rows: readonly LockedEntry[]) {
  const asked = instruction ?? rows.find((row) => row.id === self.parent_id && row.role === 'instruction');
  const context = input.instruction === undefined ? asked?.context : input.instruction.context?.text;
  return {
    instruction: input.instruction?.text ?? asked?.text,
    context: context ?? undefined,
    response: response === null ? undefined : (input.response?.text ?? response.text),
    language: self.language,
  };
}

/** The passage that an entry has after an edit. */
function contextAfter(entry: LockedEntry, input: RevisionInput): NewRevision['context'] {
  if (entry.role === 'instruction' && input.instruction !== undefined) return input.instruction.context ?? null;
  return entry.context === null ? null : { text: entry.context, url: entry.context_url, licence: entry.context_licence };
}

function revisionOf(entry: LockedEntry, input: RevisionInput, checks: readonly Check[], by: Writers): NewRevision {
  const given = entry.role === 'instruction' ? input.instruction : input.response;
  const text = (given?.text ?? entry.text).toWellFormed();
  const context = contextAfter(entry, input);
  return {
    id: uuid(),
    entryId: entry.id,
    number: entry.number + 1,
    text,
    context,
    words: vectorOf({ text, context: context?.text ?? null, language: entry.language }),
    aiAssistance: input.aiAssistance,
    note: input.note === undefined || input.note === '' ? null : input.note,
    ...by,
    checks: checks
      .filter((check) => (check.field === 'response') === (entry.role === 'response'))
      .map(({ kind, severity, ...details }) => ({ kind, severity, details })),
  };
}

function isUnchanged(revision: NewRevision, entry: LockedEntry | undefined): boolean {
  return (
    entry !== undefined &&
    revision.text === entry.text &&
    (revision.context?.text ?? null) === entry.context &&
    (revision.context?.url ?? null) === entry.context_url &&
    (revision.context?.licence ?? null) === entry.context_licence &&
    revision.aiAssistance === entry.ai_assistance
  );
}
