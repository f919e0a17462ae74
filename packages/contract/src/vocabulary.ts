/**
 * The words that contract, database and pages share, and who may do what, without any schema: a page that takes one of them
 * must not load the validation library with it.
 */

export const roles = ['contributor', 'reviewer', 'moderator', 'admin'] as const;
export type Role = (typeof roles)[number];

export const scopes = ['read', 'contribute', 'review', 'moderate', 'admin'] as const;
export type Scope = (typeof scopes)[number];

/**
 * What an endpoint may require of its caller: the least role, and the scope a personal access token needs.
 * `scope: null` means that only a signed-in browser session may call it (an access token can never change the account).
 */
export const permissions = {
  'account:manage': { role: 'contributor', scope: null },
  'account:read': { role: 'contributor', scope: 'read' },
  'entries:write': { role: 'contributor', scope: 'contribute' },
  'flags:write': { role: 'contributor', scope: 'contribute' },
  'reviews:write': { role: 'contributor', scope: 'review' },
  'moderation:act': { role: 'moderator', scope: 'moderate' },
  'datasets:manage': { role: 'admin', scope: 'admin' },
  'snapshots:publish': { role: 'admin', scope: 'admin' },
  'imports:run': { role: 'admin', scope: 'admin' },
  'accounts:manage': { role: 'admin', scope: 'admin' },
  'backups:make': { role: 'admin', scope: 'admin' },
  'metrics:read': { role: 'admin', scope: 'admin' },
} as const satisfies Record<string, { role: Role; scope: Scope | null }>;

/** How snapshots name somebody beside what they wrote: by their display name, or not at all. */
export const attributions = ['pseudonym', 'anonymous'] as const;
export type Attribution = (typeof attributions)[number];

/** The parts of a snapshot. A conversation is in one of them for good. */
export const splits = ['train', 'validation', 'test'] as const;
export type Split = (typeof splits)[number];

/** Why a pair is in a snapshot no longer, where nobody said it in words. */
export const changeReasons = [
  'retracted_by_author',
  'retracted_by_moderation',
  'in_review',
  'rejected',
  'changes_requested',
  /** Approved, but the selection of the later snapshot leaves it out. */
  'not_selected',
  /** Approved and selected, but a near-duplicate of pairs in another split. */
  'withheld',
  'deleted',
] as const;
export type ChangeReason = (typeof changeReasons)[number];

export const entryRoles = ['instruction', 'response'] as const;

export const entryStatuses = ['in_review', 'approved', 'rejected', 'changes_requested', 'retracted'] as const;

/** none: written without AI; wording: AI helped with spelling or style; drafted: AI drafted it and a person reworked it. */
export const aiAssistances = ['none', 'wording', 'drafted'] as const;

export const checkKinds = [
  'too_short',
  'all_capitals',
  'repeated_characters',
  'repeats_instruction',
  'repeats_context',
  'chatbot_boilerplate',
  'personal_data',
  'link_only',
  'wrong_script',
] as const;

/** Orders in which approved pairs are browsed. */
export const pairSorts = ['newest', 'rating', 'comparisons'] as const;
export type PairSort = (typeof pairSorts)[number];

export const rejectReasons = [
  'off_guideline',
  'incorrect',
  'low_effort',
  'duplicate',
  'copied',
  'machine_written',
  'personal_data',
  'harmful',
  'spam',
  'wrong_language',
] as const;

export const verdicts = ['approve', 'reject', 'request_changes'] as const;

/** Why somebody passes a review on: it lowers that text, or its like, for them alone. */
export const skipReasons = ['unsure', 'not_my_field', 'language', 'too_long', 'uncomfortable'] as const;
export type SkipReason = (typeof skipReasons)[number];

/** What a review task is for, as its reviewer may know it: `qualification` shows whether they are ready for the dataset. */
export const taskPurposes = ['review', 'qualification'] as const;

/** How far somebody is with the qualification of a dataset. */
export const qualificationStates = ['under_way', 'passed', 'failed'] as const;

/** How much a verdict counted towards a decision, by how reliable its reviewer had proved. */
export const reviewWeights = ['little', 'usual', 'much'] as const;
export type ReviewWeight = (typeof reviewWeights)[number];

/** `eventKinds`: everything the log can hold. */
export const eventKinds = [
  'entry_submitted',
  'entry_imported',
  'entry_revised',
  'entry_reviewed',
  'review_undone',
  'entry_approved',
  'entry_rejected',
  'entry_changes_requested',
  'entry_escalated',
  'entry_reopened',
  'entry_retracted',
  'entry_restored',
  'entry_appealed',
  'appeal_upheld',
  'appeal_dismissed',
  'appeal_withdrawn',
  'edit_proposed',
  'edit_accepted',
  'edit_declined',
  'edit_withdrawn',
  'flag_opened',
  'flag_upheld',
  'flag_dismissed',
  'collusion_suspected',
  'collusion_upheld',
  'collusion_dismissed',
  'user_suspended',
  'user_reinstated',
  'role_changed',
  'dataset_created',
  'dataset_changed',
  'snapshot_requested',
  'snapshot_published',
  'snapshot_cancelled',
  'snapshot_failed',
  'import_started',
  'import_finished',
  'reliability_estimated',
  'calibration_marked',
  'calibration_changed',
  'calibration_retired',
  'calibration_answered',
  'qualification_passed',
  'qualification_failed',
  'publishing_planned',
  'webhook_added',
  'webhook_changed',
  'webhook_removed',
] as const;

export const collusionKinds = ['judging', 'company'] as const;

export const flagReasons = ['incorrect', 'copied', 'personal_data', 'harmful', 'spam', 'machine_written', 'licence', 'other'] as const;

/** Which of two responses is better, as one sees them side by side. */
export const comparisonAnswers = ['left', 'right', 'tie', 'both_bad'] as const;

export const appealStatuses = ['open', 'upheld', 'dismissed', 'withdrawn'] as const;

export const proposalStatuses = ['open', 'accepted', 'declined', 'withdrawn', 'outdated'] as const;

export const snapshotStatuses = ['queued', 'building', 'published', 'failed', 'cancelled'] as const;

export const planModes = ['manual', 'weekly', 'approvals'] as const;
export type PlanMode = (typeof planModes)[number];

/** What came of a publishing plan when it was due; all but `requested` published nothing. */
export const planOutcomes = ['requested', 'unchanged', 'selection_empty', 'snapshot_running', 'selection_invalid', 'not_allowed'] as const;
export type PlanOutcome = (typeof planOutcomes)[number];

export const webhookEvents = ['ping', 'snapshot.published'] as const;
export type WebhookEvent = (typeof webhookEvents)[number];

export const deliveryStatuses = ['pending', 'delivered', 'failed'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** How reviewers' errors are taken to fall. */
export const errorModels = ['matrix', 'one_coin'] as const;

export const estimateStatuses = ['queued', 'done', 'failed'] as const;

export const importFormats = ['dolly', 'alpaca', 'oasst', 'self_instruct'] as const;

/** What a dataset may have done to texts on their way in: characters composed (Unicode's NFC), line ends made LF. */
export const textNormalisations = ['nfc', 'line_ends'] as const;
export type TextNormalisation = (typeof textNormalisations)[number];

/** What becomes of a row whose id is known with another text: a line of the report, a revision of what is there, or a row beside it. */
export const changedRowChoices = ['report', 'revise', 'add'] as const;

export const importStatuses = ['uploaded', 'queued', 'running', 'done', 'failed', 'cancelled'] as const;

/** Seconds a review seat is held without a sign of life, and seconds between heartbeats. */
export const reviewLease = { seconds: 120, heartbeatSeconds: 40 } as const;

/** Tasks that a page may hold beside the one it leases: the one being read, and the next. */
export const tasksHeldAtMost = 4;

/** Fewer calibration items than this make no qualification; and who has so many reviews behind them needs none. */
export const qualificationNeeds = { leastItems: 3, provenReviews: 10, retryHours: 24 } as const;

/**
 * What a decision takes besides the numbers of its policy. `proven_pair`: two people who agree, of whom one has proved reliable (a moderator, somebody who
 * passed the qualification, or who has as many known verdicts as `qualificationNeeds.provenReviews`). `none`: no matter who they are.
 */
export const policyFloors = ['proven_pair', 'none'] as const;
export type PolicyFloor = (typeof policyFloors)[number];

/** How long a verdict can be taken back. */
export const undoSeconds = 60;
