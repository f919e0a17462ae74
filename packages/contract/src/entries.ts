import * as z from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { reviewPolicySchema } from './datasets.ts';
import { limits } from './limits.ts';
import {
  httpUrlSchema,
  idSchema,
  integer,
  languageSchema,
  licenceSchema,
  pageOf,
  pageQuery,
  personSchema,
  reasonTextSchema,
  slugSchema,
  text,
  timestampSchema,
} from './primitives.ts';
import {
  aiAssistances,
  appealStatuses,
  checkKinds,
  entryRoles,
  entryStatuses,
  eventKinds,
  proposalStatuses,
  rejectReasons,
  reviewWeights,
  verdicts,
} from './vocabulary.ts';

export const entryRoleSchema = z.enum(entryRoles);
export type EntryRole = z.infer<typeof entryRoleSchema>;
export const entryStatusSchema = z.enum(entryStatuses);
export type EntryStatus = z.infer<typeof entryStatusSchema>;
export const aiAssistanceSchema = z.enum(aiAssistances);
export type AiAssistance = z.infer<typeof aiAssistanceSchema>;

export const checkKindSchema = z.enum(checkKinds);
export type CheckKind = z.infer<typeof checkKindSchema>;
export const checkSeveritySchema = z.enum(['info', 'warn', 'block']);
export type CheckSeverity = z.infer<typeof checkSeveritySchema>;
/** An automatic finding. `excerpt` is the passage it is about. */
export const checkSchema = z.object({
  kind: checkKindSchema,
  severity: checkSeveritySchema,
  field: z.enum(['instruction', 'context', 'response']),
  excerpt: z.string().optional(),
});
export type Check = z.infer<typeof checkSchema>;

/** A text of the corpus: every character is kept, blanks at both ends and line ends too. */
const textField = (min: number, max: number, tooShort: string) => text({ min, max, tooShort, exact: true });
export const instructionTextSchema = textField(
  limits.instructionMin,
  limits.instructionMax,
  `At least ${limits.instructionMin} characters`,
);
export const responseTextSchema = textField(limits.responseMin, limits.responseMax, `At least ${limits.responseMin} characters`);

/**
 * Any text of an imported row: finished work of others, where a label such as "D" can be the whole answer and a follow-up can
 * quote a whole program. Only emptiness and the greatest length are errors there; the checks tell reviewers what looks wrong.
 */
export const importedTextSchema = textField(1, limits.importedTextMax, 'Is empty');

/** A passage the answer must rest on. Source and licence are required with it: without them the row could not be published. */
export const contextSchema = z.object({
  text: textField(1, limits.contextMax, 'Paste the passage, or remove the context'),
  url: httpUrlSchema,
  licence: licenceSchema,
});
export type Context = z.infer<typeof contextSchema>;

const instructionPart = z.object({ text: instructionTextSchema, context: contextSchema.optional() });
const responsePart = z.object({ text: responseTextSchema });
const common = { language: languageSchema, aiAssistance: aiAssistanceSchema.default('none') };

/**
 * What a volunteer hands in. `pair`: a new instruction with its response (with `parentId`, a follow-up turn under that
 * response). `instruction`: one that others shall answer. `response`: an answer to an open instruction, or an
 * alternative to an answered one.
 */
export const contributionSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('pair'),
    category: slugSchema,
    parentId: idSchema.optional(),
    instruction: instructionPart,
    response: responsePart,
    ...common,
  }),
  z.object({
    kind: z.literal('instruction'),
    category: slugSchema,
    parentId: idSchema.optional(),
    instruction: instructionPart,
    ...common,
  }),
  z.object({ kind: z.literal('response'), parentId: idSchema, response: responsePart, ...common }),
]);
export type Contribution = z.infer<typeof contributionSchema>;
export type ContributionInput = z.input<typeof contributionSchema>;

/** A new revision: of a response alone, an instruction alone, or of both parts of a pair that are reviewed together. */
export const revisionInputSchema = z
  .object({
    instruction: instructionPart.optional(),
    response: responsePart.optional(),
    category: slugSchema.optional(),
    aiAssistance: aiAssistanceSchema.default('none'),
    note: text({ max: limits.noteMax, trim: true }).optional(),
  })
  .refine((value) => value.instruction !== undefined || value.response !== undefined, {
    message: 'Give the instruction, the response, or both',
    path: ['response'],
  });

export const revisionSchema = z.object({
  id: idSchema,
  number: z.int(),
  text: z.string(),
  context: z.object({ text: z.string(), url: z.string().nullable(), licence: z.string().nullable() }).nullable(),
  aiAssistance: aiAssistanceSchema,
  note: z.string().nullable(),
  author: personSchema.nullable(),
  /** Who took it over, when somebody other than the entry's author proposed it. */
  acceptedBy: personSchema.nullable(),
  createdAt: timestampSchema,
  checks: z.array(checkSchema),
});
export type Revision = z.infer<typeof revisionSchema>;

export const originSchema = z.object({ name: z.string(), url: z.string().nullable(), externalId: z.string().nullable() });

/** One node of a conversation with its current revision. */
export const entrySchema = z.object({
  id: idSchema,
  datasetSlug: z.string(),
  category: z.string(),
  role: entryRoleSchema,
  status: entryStatusSchema,
  parentId: idSchema.nullable(),
  rootId: idSchema,
  depth: z.int(),
  language: z.string(),
  licence: z.string(),
  author: personSchema.nullable(),
  origin: originSchema.nullable(),
  /** Instruction and response that were handed in together are reviewed as one; the response carries the review. */
  reviewedWithId: idSchema.nullable(),
  revision: revisionSchema,
  createdAt: timestampSchema,
  statusAt: timestampSchema,
});
export type Entry = z.infer<typeof entrySchema>;

export const rejectReasonSchema = z.enum(rejectReasons);
export type RejectReason = z.infer<typeof rejectReasonSchema>;
export const verdictSchema = z.enum(verdicts);
export type Verdict = z.infer<typeof verdictSchema>;

/** A review as others see it: without the reviewer's name. */
export const decisionReviewSchema = z.object({
  revisionNumber: z.int(),
  verdict: verdictSchema,
  reason: rejectReasonSchema.nullable(),
  note: z.string().nullable(),
  ratings: z.record(z.string(), z.number()),
  createdAt: timestampSchema,
});

/** `weight` is null where verdicts are counted, not weighed. */
export const weighedReviewSchema = decisionReviewSchema.extend({ weight: z.enum(reviewWeights).nullable() });

export const eventKindSchema = z.enum(eventKinds);
export type EventKind = z.infer<typeof eventKindSchema>;

/** One line of an entry's public history. `reason` is in words or a slug of `rejectReasons`. */
export const historyItemSchema = z.object({
  at: timestampSchema,
  kind: eventKindSchema,
  revisionNumber: z.int().nullable(),
  reason: z.string().nullable(),
  note: z.string().nullable(),
  /** The author or a moderator; never a reviewer. */
  actor: personSchema.nullable(),
});

/** What an author said against a decision, and what came of it. */
export const appealSchema = z.object({
  reason: z.string(),
  status: z.enum(appealStatuses),
  createdAt: timestampSchema,
  closedAt: timestampSchema.nullable(),
});
export type Appeal = z.infer<typeof appealSchema>;

/** An edit as somebody other than the author suggests it: the new text of the entry, or of both parts of a pair that is reviewed as one. */
export const proposalInputSchema = z
  .object({
    instruction: instructionPart.optional(),
    response: responsePart.optional(),
    aiAssistance: aiAssistanceSchema.default('none'),
    note: text({ min: limits.noteMin, max: limits.noteMax, tooShort: 'Say what you changed and why', trim: true }),
  })
  .refine((value) => value.instruction !== undefined || value.response !== undefined, {
    message: 'Give the instruction, the response, or both',
    path: ['response'],
  });
export const proposalSchema = z.object({
  id: idSchema,
  entryId: idSchema,
  /** Number of the revision it was written for. */
  builtOn: z.int(),
  status: z.enum(proposalStatuses),
  instruction: instructionPart.nullable(),
  response: responsePart.nullable(),
  aiAssistance: aiAssistanceSchema,
  note: z.string(),
  /** Null for the author until it is accepted: whoever proposes may be a reviewer. */
  proposer: personSchema.nullable(),
  mine: z.boolean(),
  /** Why it was declined. */
  reason: z.string().nullable(),
  createdAt: timestampSchema,
  closedAt: timestampSchema.nullable(),
});
export type Proposal = z.infer<typeof proposalSchema>;

/** A decided text whose right verdict moderators have stated. */
export const calibrationItemSchema = z.object({
  id: idSchema,
  entryId: idSchema,
  datasetSlug: z.string(),
  category: z.string(),
  language: z.string(),
  excerpt: z.string(),
  expected: verdictSchema,
  reason: rejectReasonSchema.nullable(),
  explanation: z.string(),
  createdBy: personSchema.nullable(),
  createdAt: timestampSchema,
  retiredAt: timestampSchema.nullable(),
  /** Neither retired, nor edited or taken back since: it comes before reviewers. */
  inUse: z.boolean(),
  answered: z.int(),
  met: z.int(),
});
export type CalibrationItem = z.infer<typeof calibrationItemSchema>;

export const entryPageSchema = z.object({
  entry: entrySchema,
  /** From the first instruction down to this entry's parent. */
  path: z.array(entrySchema),
  /** Other responses to the same instruction (for a response), visible to the caller. */
  alternatives: z.array(entrySchema),
  /** Responses of an instruction, or follow-ups of a response, visible to the caller. */
  children: z.array(entrySchema),
  revisions: z.array(revisionSchema),
  reviews: z.array(weighedReviewSchema),
  /**
   * How the reviews came to decide the current revision: the policy as it was, and how probable the outcome had become, 0–1. Null
   * while it is undecided, and when a moderator or an import decided.
   */
  decision: z.object({ policy: reviewPolicySchema, policyVersion: z.int(), probability: z.number() }).nullable(),
  history: z.array(historyItemSchema),
  /** Agreeing reviews so far against what the policy wants, while in review. */
  progress: z.object({ approvals: z.int(), approvalsNeeded: z.int(), reviews: z.int(), maxReviews: z.int() }).nullable(),
  /** Numbers of the published snapshots that hold this entry's pair. */
  snapshots: z.array(z.int()),
  /** The author's appeal, if there was one. */
  appeal: appealSchema.nullable(),
  /** Edits that others propose: for its author, moderators, and whoever proposed them. */
  proposals: z.array(proposalSchema),
  /** The calibration item that its current revision is, for moderators; null for everybody else. */
  calibration: calibrationItemSchema.nullable(),
  /** What the caller may do with it. */
  can: z.object({
    edit: z.boolean(),
    retract: z.boolean(),
    flag: z.boolean(),
    moderate: z.boolean(),
    /** The reviews agree on nothing: a moderator decides. */
    decide: z.boolean(),
    /** Suggest an edit of somebody else's entry; accept or decline those of others. */
    propose: z.boolean(),
    judgeProposals: z.boolean(),
    /** Object to the decision, once. */
    appeal: z.boolean(),
    /** Mark it as a calibration item. */
    calibrate: z.boolean(),
    respond: z.boolean(),
    followUp: z.boolean(),
    review: z.boolean(),
  }),
});
export type EntryPage = z.infer<typeof entryPageSchema>;

/** One line of "My contributions": the entry, its instruction when it is a response, and what was said about it. */
export const contributionItemSchema = z.object({
  entry: entrySchema,
  instruction: z.object({ id: idSchema, text: z.string(), status: entryStatusSchema, context: z.string().nullable() }).nullable(),
  reviews: z.array(decisionReviewSchema),
  moderationReason: z.string().nullable(),
  approvals: z.int(),
  approvalsNeeded: z.int(),
  snapshots: z.array(z.int()),
  /** Edits by others that wait for the author's word. */
  openProposals: z.int(),
  appeal: appealSchema.nullable(),
  mayAppeal: z.boolean(),
});
export type ContributionItem = z.infer<typeof contributionItemSchema>;

/** What waits for an author: their texts that need changes, others' edits to accept or decline, and what was decided. */
export const waitingSchema = z.object({
  changesRequested: z.int(),
  proposals: z.int(),
  approved: z.int(),
  rejected: z.int(),
});
export type Waiting = z.infer<typeof waitingSchema>;

export const openInstructionSchema = z.object({
  id: idSchema,
  datasetSlug: z.string(),
  category: z.string(),
  language: z.string(),
  text: z.string(),
  context: z.string().nullable(),
  author: personSchema.nullable(),
  createdAt: timestampSchema,
  responsesInReview: z.int(),
  approvedResponses: z.int(),
});
export type OpenInstruction = z.infer<typeof openInstructionSchema>;

/** An entry that says the same. Its id is missing where the reader may not see it. */
export const sameTextSchema = z.object({ id: idSchema.nullable(), status: z.enum(['approved', 'in_review']) });
export type SameText = z.infer<typeof sameTextSchema>;

const entryParams = z.object({ id: idSchema });
const tag = 'Entries';
const exampleBody = {
  kind: 'pair',
  category: 'open_qa',
  language: 'en',
  aiAssistance: 'none',
  instruction: { text: 'Why do granaries stand on staddle stones?' },
  response: { text: 'The mushroom-shaped stones keep the floor dry and stop mice and rats from climbing in.' },
};
export const entryEndpoints = {
  create: defineEndpoint({
    method: 'POST',
    path: '/api/v1/datasets/:slug/entries',
    tag,
    permission: 'entries:write',
    status: 201,
    rateLimit: 'write',
    summary: 'Hand in a pair, an instruction or a response',
    description:
      'Send an `Idempotency-Key` so that a repeated request adds nothing. With `draftId` the draft is deleted in the same transaction.',
    params: z.object({ slug: slugSchema }),
    query: z.object({ draftId: idSchema.optional() }),
    body: contributionSchema,
    response: z.object({ entry: entrySchema, instruction: entrySchema.nullable() }),
    errors: ['not_found', 'terms_not_accepted', 'status_conflict', 'entry_blocked', 'idempotency_conflict'],
    examples: { body: exampleBody },
  }),
  findSame: defineEndpoint({
    method: 'POST',
    path: '/api/v1/datasets/:slug/same-text',
    tag,
    permission: 'public',
    rateLimit: 'rows',
    summary: 'Whether a text is there already',
    description:
      'Looks for an approved or waiting instruction of the dataset with the same text and the same passage; with `parentId`, for a response to that instruction. Capitals and white space do not matter. `except` leaves out an entry, and what it is reviewed with.',
    params: z.object({ slug: slugSchema }),
    body: z.object({
      text: text({ min: 1, max: limits.importedTextMax }),
      context: text({ max: limits.contextMax }).optional(),
      parentId: idSchema.optional(),
      except: idSchema.optional(),
    }),
    response: z.object({ found: sameTextSchema.nullable() }),
    errors: ['not_found'],
    examples: { body: { text: 'Why do granaries stand on staddle stones?' } },
  }),
  get: defineEndpoint({
    method: 'GET',
    path: '/api/v1/entries/:id',
    tag,
    permission: 'public',
    summary: "An entry's page: conversation, alternatives, history and decisions",
    description:
      'Approved and retracted entries are public (a retracted text is shown to its author and moderators only); others are shown to their author and to reviewers.',
    params: entryParams,
    response: entryPageSchema,
    errors: ['not_found'],
  }),
  revise: defineEndpoint({
    method: 'POST',
    path: '/api/v1/entries/:id/revisions',
    tag,
    permission: 'entries:write',
    status: 201,
    ifMatch: true,
    rateLimit: 'write',
    summary: 'Edit: add a revision',
    description: 'The new revision goes to review. `If-Match` carries the revision number the edit builds on.',
    params: entryParams,
    query: z.object({ draftId: idSchema.optional() }),
    body: revisionInputSchema,
    response: z.object({ entry: entrySchema, instruction: entrySchema.nullable() }),
    errors: ['not_found', 'forbidden', 'status_conflict', 'version_conflict', 'version_required', 'entry_blocked'],
    examples: { body: { response: { text: 'The mushroom-shaped stones keep the floor dry and keep rodents out.' }, note: 'Shorter.' } },
  }),
  appeal: defineEndpoint({
    method: 'POST',
    path: '/api/v1/entries/:id/appeal',
    tag,
    permission: 'entries:write',
    rateLimit: 'write',
    summary: 'Appeal against a decision on an entry of one’s own, once',
    description:
      'The entry is reviewed again by people who have not seen it, and moderators may decide it at any time. Verdicts from before count no longer.',
    params: entryParams,
    body: z.object({ reason: reasonTextSchema }),
    response: entrySchema,
    errors: ['not_found', 'forbidden', 'status_conflict', 'already_exists'],
    examples: { body: { reason: 'The source that I name supports this number.' } },
  }),
  propose: defineEndpoint({
    method: 'POST',
    path: '/api/v1/entries/:id/edit-proposals',
    tag,
    permission: 'entries:write',
    status: 201,
    rateLimit: 'write',
    ifMatch: true,
    summary: "Propose an edit of somebody else's entry",
    description:
      'For those who may review the dataset. The author or a moderator accepts it: it becomes a revision by the proposer, with credit to both.',
    params: entryParams,
    query: z.object({ draftId: idSchema.optional() }),
    body: proposalInputSchema,
    response: proposalSchema,
    errors: [
      'not_found',
      'forbidden',
      'own_entry',
      'terms_not_accepted',
      'status_conflict',
      'version_conflict',
      'already_exists',
      'entry_blocked',
    ],
    examples: {
      body: { response: { text: 'Staddle stones keep rats out and the damp away.' }, note: 'Shorter, and says what they keep out.' },
    },
  }),
  acceptProposal: defineEndpoint({
    method: 'POST',
    path: '/api/v1/edit-proposals/:id/acceptance',
    tag,
    permission: 'entries:write',
    rateLimit: 'write',
    summary: 'Accept a proposed edit',
    description: 'For the author of the entry, or a moderator. The entry is reviewed again, as after any edit.',
    params: entryParams,
    response: z.object({ entry: entrySchema, instruction: entrySchema.nullable() }),
    errors: ['not_found', 'forbidden', 'status_conflict', 'version_conflict'],
  }),
  declineProposal: defineEndpoint({
    method: 'POST',
    path: '/api/v1/edit-proposals/:id/refusal',
    tag,
    permission: 'entries:write',
    rateLimit: 'write',
    summary: 'Decline a proposed edit',
    params: entryParams,
    body: z.object({ reason: text({ max: limits.reasonMax, trim: true }).default('') }),
    response: proposalSchema,
    errors: ['not_found', 'forbidden', 'status_conflict'],
    examples: { body: { reason: 'The longer form is wanted here.' } },
  }),
  withdrawProposal: defineEndpoint({
    method: 'DELETE',
    path: '/api/v1/edit-proposals/:id',
    tag,
    permission: 'entries:write',
    status: 204,
    summary: 'Take back an edit that one proposed',
    params: entryParams,
    errors: ['not_found', 'status_conflict'],
  }),
  myProposals: defineEndpoint({
    method: 'GET',
    path: '/api/v1/me/edit-proposals',
    tag,
    permission: 'account:read',
    summary: 'Edits I proposed, newest first',
    query: z.object(pageQuery),
    response: pageOf(proposalSchema.extend({ excerpt: z.string(), datasetSlug: z.string() })),
  }),
  retract: defineEndpoint({
    method: 'POST',
    path: '/api/v1/entries/:id/retract',
    tag,
    permission: 'entries:write',
    summary: 'Take back an entry of one’s own',
    params: entryParams,
    body: z.object({ reason: text({ max: limits.reasonMax, trim: true }).default('') }),
    response: entrySchema,
    errors: ['not_found', 'forbidden', 'status_conflict'],
    examples: { body: { reason: 'I found a mistake that I cannot mend.' } },
  }),
  mine: defineEndpoint({
    method: 'GET',
    path: '/api/v1/me/entries',
    tag,
    permission: 'account:read',
    summary: 'My contributions',
    description: 'Newest first. A pair handed in together is one item, that of its response.',
    query: z.object({ ...pageQuery, status: entryStatusSchema.optional(), dataset: slugSchema.optional() }),
    response: pageOf(contributionItemSchema),
  }),
  waiting: defineEndpoint({
    method: 'GET',
    path: '/api/v1/me/waiting',
    tag,
    permission: 'account:read',
    summary: 'What waits for me, counted',
    description: 'A pair that was submitted together counts once. Decisions are counted from `since` on; without it there are none.',
    query: z.object({ since: timestampSchema.optional() }),
    response: waitingSchema,
  }),
  openInstructions: defineEndpoint({
    method: 'GET',
    path: '/api/v1/datasets/:slug/open-instructions',
    tag,
    permission: 'public',
    summary: 'Approved instructions that wait for an answer',
    description: 'Newest first. Signed-in people are not shown the instructions that they have already answered.',
    params: z.object({ slug: slugSchema }),
    query: z.object({ ...pageQuery, category: slugSchema.optional(), language: languageSchema.optional() }),
    response: pageOf(openInstructionSchema),
    errors: ['not_found'],
  }),
};

/** The form as it stands: anything may be missing or too long. Only the total size is bounded. */
export const draftContentSchema = z.object({
  kind: z.enum(['pair', 'instruction', 'response']),
  category: text({ max: limits.slugMax }).default(''),
  language: text({ max: 10 }).default(''),
  /** Instruction answered, or response followed up. */
  parentId: idSchema.nullable().default(null),
  /** Entry being edited, and the revision number the edit began from. */
  entryId: idSchema.nullable().default(null),
  baseRevision: integer({ min: 0 }).nullable().default(null),
  instruction: text({ max: limits.draftTextMax }).default(''),
  hasContext: z.boolean().default(false),
  context: text({ max: limits.draftTextMax }).default(''),
  contextUrl: text({ max: 10_000 }).default(''),
  contextLicence: text({ max: 200 }).default(''),
  response: text({ max: limits.draftTextMax }).default(''),
  aiAssistance: aiAssistanceSchema.default('none'),
  note: text({ max: 10_000 }).default(''),
});
export type DraftContent = z.infer<typeof draftContentSchema>;
export const draftSchema = z.object({
  id: idSchema,
  datasetSlug: z.string(),
  content: draftContentSchema,
  version: z.int(),
  createdAt: timestampSchema,
  updatedAt: timestampSchema,
});
export type Draft = z.infer<typeof draftSchema>;

const draftTag = 'Drafts';
export const draftEndpoints = {
  list: defineEndpoint({
    method: 'GET',
    path: '/api/v1/me/drafts',
    tag: draftTag,
    permission: 'account:read',
    summary: 'My drafts, last touched first',
    response: z.object({ items: z.array(draftSchema) }),
  }),
  get: defineEndpoint({
    method: 'GET',
    path: '/api/v1/me/drafts/:id',
    tag: draftTag,
    permission: 'account:read',
    summary: 'One of my drafts',
    params: entryParams,
    response: draftSchema,
    errors: ['not_found'],
  }),
  save: defineEndpoint({
    method: 'PUT',
    path: '/api/v1/me/drafts/:id',
    tag: draftTag,
    permission: 'entries:write',
    summary: 'Save a draft under an id the client chose',
    description:
      '`baseVersion` is the version this one builds on, 0 for a new draft. When another tab saved in between, the answer is `draft_conflict` with that version as `data.current`.',
    params: entryParams,
    body: z.object({ datasetSlug: slugSchema, baseVersion: integer({ min: 0 }), content: draftContentSchema }),
    response: draftSchema,
    errors: ['not_found', 'draft_conflict'],
    examples: {
      body: {
        datasetSlug: 'granary-open',
        baseVersion: 0,
        content: { kind: 'pair', category: 'open_qa', language: 'en', instruction: 'Why do granaries stand on' },
      },
    },
  }),
  remove: defineEndpoint({
    method: 'DELETE',
    path: '/api/v1/me/drafts/:id',
    tag: draftTag,
    permission: 'entries:write',
    status: 204,
    summary: 'Throw a draft away',
    params: entryParams,
    errors: ['not_found'],
  }),
};
