import { verdicts } from '@granary/contract';
import type {
  CalibrationItem,
  Entry,
  EntryPage,
  EntryStatus,
  EventKind,
  Page,
  ContributionItem,
  OpenInstruction,
  Proposal,
  Revision,
  SameText,
  Waiting,
} from '@granary/contract';
import {
  approvalsNeeded,
  can,
  decideTransition,
  mayKnowOf,
  mayReview,
  maySeeText,
  outcomeStatus,
  tallyOf,
  weightOf,
} from '@granary/domain';
import { notFound } from '../../errors.ts';
import { decodeCursor, timeAndIdSchema, toPage } from '../../http/cursors.ts';
import type { Actor } from '../../plugins/auth.ts';
import { toEntry, toPerson, toRevision } from './entry-rows.ts';
import { toOpenInstruction, type EntryRepository, type HistoryRow, type MineRow, type SameTextQuery } from './repository.ts';

type Parts = {
  entries: EntryRepository;
  calibrationOf: (entryId: string) => Promise<CalibrationItem | null>;
  proposalsOf: (actor: Actor | null, entryId: string, authorId: string | null) => Promise<Proposal[]>;
  clock: () => Date;
};
type List = { cursor?: string; limit: number };
type Reader = Actor | null;
type Standing = NonNullable<Awaited<ReturnType<EntryRepository['standing']>>>;

export function createEntryPageService({ entries, calibrationOf, proposalsOf, clock }: Parts) {
  return {
    /** The page as this reader may see it. Throws `not_found`, also for an entry that is hidden from them. */
    async get(actor: Reader, id: string): Promise<EntryPage> {
      const [placed, revisions, reviews, history, standing, calibration] = await Promise.all([
        entries.around(id),
        entries.revisions(id),
        entries.reviews(id),
        entries.history(id),
        entries.standing(id),
        // What is expected of it is told to nobody whom it may come before.
        can(actor, 'moderation:act').allowed ? calibrationOf(id) : null,
      ]);
      const self = placed.find((row) => row.place === 'self');
      if (self === undefined || standing === null) throw notFound('such entry');
      const entry = toEntry(self);
      const readable = mayRead(actor, entry);
      if (!readable && entry.status !== 'retracted') throw notFound('such entry');
      const at = (place: (typeof placed)[number]['place']) => placed.filter((row) => row.place === place).map(toEntry);
      const seen = (nodes: Entry[]) => nodes.filter((node) => mayRead(actor, node));
      const weighed = (standing.decided_policy ?? standing.policy).kind === 'adaptive';
      const onCurrent = reviews.filter(
        (review) => review.revision_number === entry.revision.number && counts(review.created_at, standing.appealed_at),
      );
      return {
        entry: masked(actor, entry),
        path: at('path').map((node) => masked(actor, node)),
        alternatives: seen(at('alternative')),
        children: seen(at('child')),
        revisions: revisions.map(toRevision).map((revision) => (readable ? revision : withoutText(revision))),
        // What reviewers wrote may quote a text that was taken back.
        reviews: readable
          ? reviews.map(({ revision_number: revisionNumber, created_at: createdAt, evidence, ...rest }) => ({
              ...rest,
              revisionNumber,
              createdAt: createdAt.toISOString(),
              weight: weighed && evidence.length > 0 ? weightOf(evidence, rest.verdict) : null,
            }))
          : [],
        decision: decisionOf(entry.status, standing),
        history: history.map((row) => historyItem(row, self.author_id)),
        progress:
          entry.status === 'in_review'
            ? {
                approvals: tallyOf(onCurrent).approve,
                approvalsNeeded: approvalsNeeded(standing.policy, tallyOf(onCurrent).approve),
                reviews: onCurrent.length,
                maxReviews: standing.policy.maxReviews,
              }
            : null,
        snapshots: standing.snapshots,
        appeal: readable ? await entries.appeal(id) : null,
        proposals: readable ? await proposalsOf(actor, id, self.author_id) : [],
        calibration,
        can: allowed(actor, entry, standing, clock(), {
          carriesReview: self.reviewed_with_id === null,
          isCalibration: calibration !== null,
        }),
      };
    },

    /** Throws `cursor_invalid`. */
    async mine(
      actor: Actor,
      { cursor, limit, ...filter }: List & { status?: EntryStatus; dataset?: string },
    ): Promise<Page<ContributionItem>> {
      const rows = await entries.mine(actor.id, filter, decodeCursor(cursor, timeAndIdSchema), limit + 1);
      return toPage(
        rows,
        limit,
        (row) => [row.created_at.toISOString(), row.id],
        (row) => contributionItem(actor, row),
      );
    },

    /** Throws `not_found` (dataset). */
    async findSame(reader: Reader, slug: string, wanted: SameTextQuery): Promise<{ found: SameText | null }> {
      const found = await entries.sameText(slug, wanted);
      if (found === null) throw notFound('such dataset');
      const [first] = found;
      if (first === undefined) return { found: null };
      const { id, status, author_id: authorId } = first;
      return { found: { id: mayKnowOf(reader, { status, authorId }) ? id : null, status } };
    },

    /** What waits for an author; decisions are counted from `since` on. */
    waiting: (actor: Actor, since: string | undefined): Promise<Waiting> => entries.waiting(actor.id, since ?? null),

    /** Without those that the reader has answered. Throws `not_found`, `cursor_invalid`. */
    async openInstructions(
      reader: Reader,
      slug: string,
      { cursor, limit, ...filter }: List & { category?: string; language?: string },
    ): Promise<Page<OpenInstruction>> {
      const rows = await entries.openInstructions(
        slug,
        { ...filter, answeredBy: reader?.id },
        decodeCursor(cursor, timeAndIdSchema),
        limit + 1,
      );
      if (rows === null) throw notFound('such dataset');
      return toPage(rows, limit, (row) => [row.approved_at.toISOString(), row.id], toOpenInstruction);
    },
  };
}

/** After an appeal only the verdicts since then count. */
const counts = (at: Date, appealedAt: Date | null): boolean => appealedAt === null || at > appealedAt;

/** The probability that the reviews gave to what they decided. */
function decisionOf(status: EntryStatus, { posterior, decided_policy: policy, decided_policy_version: policyVersion }: Standing) {
  const outcome = verdicts.findIndex((verdict) => outcomeStatus[verdict] === status);
  const probability = posterior[outcome];
  return policy === null || policyVersion === null || probability === undefined ? null : { policy, policyVersion, probability };
}

const mayRead = (actor: Reader, entry: Entry) => maySeeText(actor, { status: entry.status, authorId: entry.author?.id ?? null });

function withoutText(revision: Revision): Revision {
  return { ...revision, text: '', context: null, note: null, checks: [] };
}

/** The place of a hidden text stays, so that the conversation keeps its shape. */
function masked(actor: Reader, entry: Entry): Entry {
  return mayRead(actor, entry) ? entry : { ...entry, revision: withoutText(entry.revision) };
}

/** What authors and moderators do is theirs; what reviewers do is told without a name. */
const signed = new Set<EventKind>([
  'entry_submitted',
  'entry_imported',
  'entry_revised',
  'entry_retracted',
  'entry_restored',
  'entry_appealed',
]);

function historyItem(row: HistoryRow, authorId: string | null): EntryPage['history'][number] {
  const named = signed.has(row.kind) || (row.actor_id !== null && row.actor_id === authorId);
  return {
    at: row.at.toISOString(),
    kind: row.kind,
    revisionNumber: row.revision_number,
    reason: row.reason,
    note: row.note,
    actor: named ? toPerson(row.actor_id, row.actor_name) : null,
  };
}

const nothing: EntryPage['can'] = {
  edit: false,
  retract: false,
  flag: false,
  moderate: false,
  decide: false,
  propose: false,
  judgeProposals: false,
  appeal: false,
  calibrate: false,
  respond: false,
  followUp: false,
  review: false,
};

function allowed(
  actor: Reader,
  entry: Entry,
  { policy, escalated, appealed, appealed_before: appealedBefore, archived }: Standing,
  now: Date,
  { carriesReview, isCalibration }: { carriesReview: boolean; isCalibration: boolean },
): EntryPage['can'] {
  if (actor === null) return nothing;
  const state = { status: entry.status, authorId: entry.author?.id ?? null, escalated, appealed, appealedBefore };
  const isAuthor = state.authorId === actor.id;
  const writes = can(actor, 'entries:write').allowed;
  const moderates = can(actor, 'moderation:act').allowed;
  return {
    edit: writes && !archived && decideTransition(state, { kind: 'revise' }, actor, policy, now).ok,
    retract: writes && isAuthor && decideTransition(state, { kind: 'retract' }, actor, policy, now).ok,
    flag: can(actor, 'flags:write').allowed && !isAuthor && entry.status !== 'retracted',
    moderate: moderates,
    propose: writes && !archived && !isAuthor && state.authorId !== null && entry.status !== 'retracted' && mayReview(actor, policy),
    judgeProposals: writes && !archived && (isAuthor || moderates),
    appeal: writes && !archived && decideTransition(state, { kind: 'appeal' }, actor, policy, now).ok,
    calibrate: moderates && !isAuthor && carriesReview && !isCalibration && entry.status !== 'in_review' && entry.status !== 'retracted',
    decide: moderates && decideTransition(state, { kind: 'decide', verdict: 'approve' }, actor, policy, now).ok,
    respond: writes && !archived && entry.role === 'instruction' && entry.status === 'approved',
    followUp: writes && !archived && entry.role === 'response' && entry.status === 'approved',
    review:
      can(actor, 'reviews:write').allowed &&
      mayReview(actor, policy) &&
      entry.status === 'in_review' &&
      !escalated &&
      !isAuthor &&
      carriesReview,
  };
}

function contributionItem(actor: Actor, row: MineRow): ContributionItem {
  const { instruction } = row;
  const shown = instruction !== null && maySeeText(actor, { status: instruction.status, authorId: instruction.author_id });
  const approvals = row.reviews.filter(
    (review) => review.revisionNumber === row.number && review.verdict === 'approve' && counts(new Date(review.createdAt), row.appealed_at),
  ).length;
  return {
    entry: toEntry(row),
    instruction: instruction && {
      id: instruction.id,
      status: instruction.status,
      text: shown ? instruction.text : '',
      context: shown ? instruction.context : null,
    },
    reviews: row.reviews,
    moderationReason: row.moderation_reason,
    approvals,
    approvalsNeeded: approvalsNeeded(row.policy, approvals),
    snapshots: row.snapshots,
    openProposals: row.open_proposals,
    appeal: row.appeal,
    mayAppeal: (row.status === 'rejected' || row.status === 'changes_requested') && !row.appealed_before,
  };
}
