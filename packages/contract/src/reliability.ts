import * as z from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { idSchema, slugSchema, timestampSchema } from './primitives.ts';
import { errorModels, estimateStatuses } from './vocabulary.ts';

const shareSchema = z.number().min(0).max(1);

const figures = {
  /** Krippendorff's alpha: 1 is perfect, 0 what chance gives; null where there is nothing to tell it from. */
  alpha: z.number().nullable(),
  /** Share of the pairs of verdicts on one text that are the same. */
  raw: shareSchema.nullable(),
  /** Texts with at least two verdicts. */
  revisions: z.int(),
};
/** How one reviewer agrees with everybody else who judged the same texts. */
export const reviewerAgreementSchema = z.object({
  ...figures,
  /** By the month of the text's first verdict (UTC, `2026-01`), oldest first. */
  byMonth: z.array(z.object({ month: z.string(), ...figures })),
});
export type ReviewerAgreement = z.infer<typeof reviewerAgreementSchema>;

/** What one dataset has learned of a reviewer. Shares are null while there is nothing to tell them from. */
export const reliabilitySchema = z.object({
  datasetSlug: z.string(),
  datasetTitle: z.string(),
  /** Reviews whose outcome is known. */
  reviews: z.int(),
  /** Share of them that met what the other reviewers, or a moderator, found. */
  agreement: shareSchema.nullable(),
  /** Share of what deserved approval that they approved, and of what did not that they did not. */
  approvesGood: shareSchema.nullable(),
  catchesBad: shareSchema.nullable(),
  /** Calibration items judged, and how many of them as expected. */
  calibration: z.object({ answered: z.int(), met: z.int() }),
  /** As the last estimate found it; null before the first one. */
  withOthers: reviewerAgreementSchema.nullable(),
});
export type Reliability = z.infer<typeof reliabilitySchema>;

/** Decisions that claimed about the same error, and how often they were wrong by all that is known: for certain, or as estimated. */
export const calibrationBinSchema = z.object({
  claimedError: shareSchema,
  actualError: shareSchema,
  revisions: z.int(),
  /** Of them, those whose truth a moderator has told. */
  known: z.int(),
});
export type CalibrationBin = z.infer<typeof calibrationBinSchema>;

/** One estimate of all reviewers of a dataset at once, from the event log up to a position. */
export const reliabilityEstimateSchema = z.object({
  id: idSchema,
  status: z.enum(estimateStatuses),
  /** Last event it has read; the same position gives the same `digest`. */
  eventPosition: z.int().nullable(),
  verdicts: z.int(),
  reviewers: z.int(),
  revisions: z.int(),
  rounds: z.int(),
  /** Whether it came to rest; otherwise its numbers are the last round's. */
  converged: z.boolean(),
  /** How reviewers' errors were taken to fall: as they like, or evenly (`one_coin`), whichever predicts better what it has not seen; null before it is done. */
  model: z.enum(errorModels).nullable(),
  /** How sure decisions were, compared with how often they were right, from the surest; null before it is done. */
  calibration: z.array(calibrationBinSchema).nullable(),
  /** How outcomes fall, as estimated: what a policy may expect. */
  approvalShare: shareSchema.nullable(),
  /** SHA-256 of what was estimated, hex. */
  digest: z.string().nullable(),
  error: z.string().nullable(),
  createdAt: timestampSchema,
  finishedAt: timestampSchema.nullable(),
});
export type ReliabilityEstimate = z.infer<typeof reliabilityEstimateSchema>;

/** The most active reviewers: how often each gave each verdict on what turned out as what (outcome × verdict, in the order of `verdicts`). */
export const crowdSchema = z.object({
  reviewers: z.array(z.object({ counts: z.array(z.number()).length(9), reviews: z.int() })),
  /** Share of what is handed in that deserves approval, from the last estimate. */
  approvalShare: shareSchema.nullable(),
});

/** How well the reviewers of a dataset agree. */
export const agreementSchema = z.object({
  overall: z.object(figures),
  byCategory: z.array(z.object({ category: z.string(), ...figures })),
  /** By the month of the first verdict (UTC, `2026-01`), oldest first. */
  byMonth: z.array(z.object({ month: z.string(), ...figures })),
});
export type Agreement = z.infer<typeof agreementSchema>;

const tag = 'Reliability';
const itemsOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item) });
const slugParams = z.object({ slug: slugSchema });
export const reliabilityEndpoints = {
  mine: defineEndpoint({
    method: 'GET',
    path: '/api/v1/me/reliability',
    tag,
    permission: 'account:read',
    summary: 'How my reviews met the decisions',
    response: itemsOf(reliabilitySchema),
  }),
  ofUser: defineEndpoint({
    method: 'GET',
    path: '/api/v1/users/:id/reliability',
    tag,
    permission: 'moderation:act',
    summary: "How a user's reviews met the decisions",
    params: z.object({ id: idSchema }),
    response: itemsOf(reliabilitySchema),
    errors: ['not_found'],
  }),
  agreement: defineEndpoint({
    method: 'GET',
    path: '/api/v1/datasets/:slug/agreement',
    tag,
    permission: 'public',
    summary: 'How well the reviewers of a dataset agree',
    description: 'As the last estimate of its reviewers found it; `agreement` is null before the first one.',
    params: slugParams,
    response: z.object({ agreement: agreementSchema.nullable(), estimatedAt: timestampSchema.nullable() }),
    errors: ['not_found'],
  }),
  crowd: defineEndpoint({
    method: 'GET',
    path: '/api/v1/datasets/:slug/reviewer-crowd',
    tag,
    permission: 'datasets:manage',
    summary: 'Who reviews a dataset, without names: what a policy would have to work with',
    params: slugParams,
    response: crowdSchema,
    errors: ['not_found'],
  }),
  estimates: defineEndpoint({
    method: 'GET',
    path: '/api/v1/datasets/:slug/reliability-estimates',
    tag,
    permission: 'datasets:manage',
    summary: 'The newest estimates of a dataset',
    params: slugParams,
    response: itemsOf(reliabilityEstimateSchema),
    errors: ['not_found'],
  }),
  estimate: defineEndpoint({
    method: 'POST',
    path: '/api/v1/datasets/:slug/reliability-estimates',
    tag,
    permission: 'datasets:manage',
    status: 202,
    rateLimit: 'write',
    summary: 'Estimate the reliability of all reviewers anew',
    description: 'A job reads every verdict from the event log. One at a time per dataset.',
    params: slugParams,
    response: reliabilityEstimateSchema,
    errors: ['not_found', 'status_conflict'],
  }),
};
