import * as z from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { appealSchema, entrySchema, entryStatusSchema, eventKindSchema } from './entries.ts';
import { limits } from './limits.ts';
import { roleSchema } from './permissions.ts';
import {
  dateSchema,
  idSchema,
  pageOf,
  pageQuery,
  personSchema,
  reasonTextSchema,
  searchSchema,
  slugSchema,
  text,
  timestampSchema,
} from './primitives.ts';
import { collusionKinds, flagReasons } from './vocabulary.ts';

export const flagReasonSchema = z.enum(flagReasons);
export type FlagReason = z.infer<typeof flagReasonSchema>;
export const flagStatusSchema = z.enum(['open', 'upheld', 'dismissed']);

export const flagSchema = z.object({
  id: idSchema,
  reason: flagReasonSchema,
  note: z.string().nullable(),
  /** Number of the snapshot that the reader saw it in; null when it was reported on its own page. */
  snapshot: z.int().nullable(),
  status: flagStatusSchema,
  reporter: personSchema,
  resolver: personSchema.nullable(),
  resolution: z.string().nullable(),
  createdAt: timestampSchema,
  resolvedAt: timestampSchema.nullable(),
});
export type Flag = z.infer<typeof flagSchema>;
/** All flags of one entry, oldest first. */
export const flaggedEntrySchema = z.object({ entry: entrySchema, instruction: z.string().nullable(), flags: z.array(flagSchema) });
export type FlaggedEntry = z.infer<typeof flaggedEntrySchema>;
export const escalatedEntrySchema = z.object({ entry: entrySchema, instruction: z.string().nullable(), escalatedAt: timestampSchema });
export type EscalatedEntry = z.infer<typeof escalatedEntrySchema>;

export const appealedEntrySchema = z.object({ entry: entrySchema, instruction: z.string().nullable(), appeal: appealSchema });
export type AppealedEntry = z.infer<typeof appealedEntrySchema>;

/** Two accounts that meet over texts more often than chance allows and nearly always approve, with the evidence. */
export const collusionFlagSchema = z.object({
  id: idSchema,
  datasetSlug: z.string(),
  datasetTitle: z.string(),
  people: z.tuple([personSchema, personSchema]),
  /** `judging`: one judges the other's texts. `company`: both judge the same texts. */
  kind: z.enum(collusionKinds),
  evidence: z.object({
    meetings: z.int(),
    /** How often they would have met by chance. */
    expected: z.number(),
    /** Meetings in which the text was approved. */
    approvals: z.int(),
    /** Whether each has judged the other's texts. */
    mutual: z.boolean(),
    /** Decimal logarithm of the probability of so many meetings by chance. */
    log10Probability: z.number(),
  }),
  status: flagStatusSchema,
  resolver: personSchema.nullable(),
  resolution: z.string().nullable(),
  createdAt: timestampSchema,
  resolvedAt: timestampSchema.nullable(),
});
export type CollusionFlag = z.infer<typeof collusionFlagSchema>;

export const userSchema = z.object({
  id: idSchema,
  displayName: z.string(),
  role: roleSchema,
  status: z.enum(['active', 'suspended']),
  suspendedReason: z.string().nullable(),
  createdAt: timestampSchema,
  entries: z.int(),
  approved: z.int(),
  rejected: z.int(),
  reviews: z.int(),
  openFlags: z.int(),
});
export type User = z.infer<typeof userSchema>;

export const eventSchema = z.object({
  position: z.int(),
  at: timestampSchema,
  kind: eventKindSchema,
  actor: personSchema.nullable(),
  datasetSlug: z.string().nullable(),
  entryId: idSchema.nullable(),
  entryStatus: entryStatusSchema.nullable(),
  /** Of an instruction: the response that it was submitted with and is reviewed with. */
  reviewedWithId: idSchema.nullable(),
  revisionId: idSchema.nullable(),
  user: personSchema.nullable(),
  payload: z.record(z.string(), z.unknown()),
});
export type EventRecord = z.infer<typeof eventSchema>;

const idParams = z.object({ id: idSchema });
const reasonBody = z.object({ reason: reasonTextSchema });
const reasonExample = { body: { reason: 'Copied from a site whose terms forbid it.' } };
const tag = 'Moderation';
export const moderationEndpoints = {
  flag: defineEndpoint({
    method: 'POST',
    path: '/api/v1/entries/:id/flags',
    tag,
    permission: 'flags:write',
    status: 201,
    rateLimit: 'flag',
    summary: 'Report an entry',
    params: idParams,
    body: z.object({ reason: flagReasonSchema, note: text({ max: limits.noteMax, trim: true }).optional() }),
    response: flagSchema,
    errors: ['not_found', 'already_exists'],
    examples: { body: { reason: 'copied', note: 'Word for word from an encyclopedia.' } },
  }),
  flagged: defineEndpoint({
    method: 'GET',
    path: '/api/v1/flagged-entries',
    tag,
    permission: 'moderation:act',
    summary: 'Entries with flags, longest waiting first',
    query: z.object({ ...pageQuery, status: flagStatusSchema.default('open'), dataset: slugSchema.optional() }),
    response: pageOf(flaggedEntrySchema),
  }),
  resolveFlags: defineEndpoint({
    method: 'POST',
    path: '/api/v1/entries/:id/flags/resolution',
    tag,
    permission: 'moderation:act',
    summary: "Close an entry's open flags",
    description: '`upheld` retracts the entry as well when `retract` is set.',
    params: idParams,
    body: z.object({ resolution: z.enum(['upheld', 'dismissed']), reason: reasonTextSchema, retract: z.boolean().default(false) }),
    response: flaggedEntrySchema,
    errors: ['not_found', 'status_conflict'],
    examples: { body: { resolution: 'upheld', reason: 'It is copied.', retract: true } },
  }),
  collusion: defineEndpoint({
    method: 'GET',
    path: '/api/v1/collusion-flags',
    tag,
    permission: 'moderation:act',
    summary: 'Accounts that seem to help each other, newest suspicion first',
    description:
      'Found every day from the last reviews: pairs that meet more often than chance allows and nearly always approve. Nothing happens to them by itself.',
    query: z.object({ ...pageQuery, status: flagStatusSchema.default('open') }),
    response: pageOf(collusionFlagSchema),
  }),
  resolveCollusion: defineEndpoint({
    method: 'POST',
    path: '/api/v1/collusion-flags/:id/resolution',
    tag,
    permission: 'moderation:act',
    summary: 'Close a suspicion',
    description: 'A dismissed one is not raised again about the same two people.',
    params: idParams,
    body: z.object({ resolution: z.enum(['upheld', 'dismissed']), reason: reasonTextSchema }),
    response: collusionFlagSchema,
    errors: ['not_found', 'status_conflict'],
    examples: { body: { resolution: 'dismissed', reason: 'They are the only two who read Maltese.' } },
  }),
  escalated: defineEndpoint({
    method: 'GET',
    path: '/api/v1/escalated-entries',
    tag,
    permission: 'moderation:act',
    summary: 'Entries whose reviews agree on nothing',
    query: z.object({ ...pageQuery, dataset: slugSchema.optional() }),
    response: pageOf(escalatedEntrySchema),
  }),
  appealed: defineEndpoint({
    method: 'GET',
    path: '/api/v1/appealed-entries',
    tag,
    permission: 'moderation:act',
    summary: 'Entries whose authors appeal, longest waiting first',
    query: z.object({ ...pageQuery, dataset: slugSchema.optional() }),
    response: pageOf(appealedEntrySchema),
  }),
  decide: defineEndpoint({
    method: 'POST',
    path: '/api/v1/entries/:id/moderation/decision',
    tag,
    permission: 'moderation:act',
    summary: 'Decide an entry that is escalated or under appeal',
    params: idParams,
    body: z.object({ verdict: z.enum(['approve', 'reject']), reason: reasonTextSchema }),
    response: entrySchema,
    errors: ['not_found', 'status_conflict', 'own_entry'],
    examples: { body: { verdict: 'approve', reason: 'The source supports it.' } },
  }),
  retract: defineEndpoint({
    method: 'POST',
    path: '/api/v1/entries/:id/moderation/retract',
    tag,
    permission: 'moderation:act',
    summary: 'Retract an entry',
    params: idParams,
    body: reasonBody,
    response: entrySchema,
    errors: ['not_found', 'status_conflict'],
    examples: reasonExample,
  }),
  restore: defineEndpoint({
    method: 'POST',
    path: '/api/v1/entries/:id/moderation/restore',
    tag,
    permission: 'moderation:act',
    summary: 'Restore a retracted entry to the status it had',
    params: idParams,
    body: reasonBody,
    response: entrySchema,
    errors: ['not_found', 'status_conflict'],
    examples: reasonExample,
  }),
  users: defineEndpoint({
    method: 'GET',
    path: '/api/v1/users',
    tag,
    permission: 'moderation:act',
    summary: 'Users, newest first',
    query: z.object({
      ...pageQuery,
      q: searchSchema.optional(),
      role: roleSchema.optional(),
      status: z.enum(['active', 'suspended']).optional(),
    }),
    response: pageOf(userSchema),
  }),
  user: defineEndpoint({
    method: 'GET',
    path: '/api/v1/users/:id',
    tag,
    permission: 'moderation:act',
    summary: 'One user',
    params: idParams,
    response: userSchema,
    errors: ['not_found'],
  }),
  suspend: defineEndpoint({
    method: 'POST',
    path: '/api/v1/users/:id/suspend',
    tag,
    permission: 'moderation:act',
    summary: 'Suspend a user: ends their sessions and tokens',
    params: idParams,
    body: reasonBody,
    response: userSchema,
    errors: ['not_found', 'forbidden', 'status_conflict'],
    examples: reasonExample,
  }),
  reinstate: defineEndpoint({
    method: 'POST',
    path: '/api/v1/users/:id/reinstate',
    tag,
    permission: 'moderation:act',
    summary: 'Lift a suspension',
    params: idParams,
    body: reasonBody,
    response: userSchema,
    errors: ['not_found', 'forbidden', 'status_conflict'],
    examples: reasonExample,
  }),
  setRole: defineEndpoint({
    method: 'PUT',
    path: '/api/v1/users/:id/role',
    tag,
    permission: 'moderation:act',
    summary: 'Give a role',
    description: 'Moderators give roles below their own to users below their own; admins give any. The last admin stays.',
    params: idParams,
    body: z.object({ role: roleSchema, reason: reasonTextSchema }),
    response: userSchema,
    errors: ['not_found', 'forbidden'],
    examples: { body: { role: 'reviewer', reason: 'Careful work over many weeks.' } },
  }),
  events: defineEndpoint({
    method: 'GET',
    path: '/api/v1/events',
    tag,
    permission: 'moderation:act',
    summary: 'The event log, newest first',
    description:
      'Of an entry (`entry`), a user as actor or subject (`user`), or a dataset. `from` and `to` are days in UTC, both included.',
    query: z.object({
      ...pageQuery,
      entry: idSchema.optional(),
      user: idSchema.optional(),
      dataset: slugSchema.optional(),
      kind: eventKindSchema.optional(),
      from: dateSchema.optional(),
      to: dateSchema.optional(),
    }),
    response: pageOf(eventSchema),
  }),
};
