import * as z from 'zod';

/** A row of `databricks-dolly-15k`: exactly these four columns, in this order. */
export const dollyRecordSchema = z.object({ instruction: z.string(), context: z.string(), response: z.string(), category: z.string() });
export type DollyRecord = z.infer<typeof dollyRecordSchema>;

/** A row of the full export: everything that is known about a pair. Key order is the order in the file. */
export const fullRecordSchema = z.object({
  id: z.string(),
  instruction_id: z.string(),
  conversation_id: z.string(),
  turn: z.int(),
  parent_response_id: z.string().nullable(),
  instruction: z.string(),
  context: z.string(),
  response: z.string(),
  category: z.string(),
  language: z.string(),
  instruction_licence: z.string(),
  response_licence: z.string(),
  context_url: z.string().nullable(),
  context_licence: z.string().nullable(),
  instruction_author: z.string().nullable(),
  response_author: z.string().nullable(),
  editors: z.array(z.string()),
  origin: z.string().nullable(),
  origin_url: z.string().nullable(),
  external_id: z.string().nullable(),
  ai_assistance: z.enum(['none', 'wording', 'drafted']),
  terms_version: z.int().nullable(),
  instruction_revision: z.int(),
  response_revision: z.int(),
  reviews: z.int(),
  approvals: z.int(),
  /** Share of the reviews that approved, 0–1; null without reviews. */
  agreement: z.number().nullable(),
  /** Probability that the pair deserved approval, as its reviews had it when they decided, 0–1. */
  posterior: z.number().nullable(),
  rating: z.number().nullable(),
  rating_count: z.int(),
  ratings: z.record(z.string(), z.number()),
  /** Against the alternatives, from comparisons; null without any. */
  strength: z.number().nullable(),
  strength_error: z.number().nullable(),
  comparisons: z.int(),
  checks: z.array(z.string()),
  created_at: z.string(),
  approved_at: z.string(),
});
export type FullRecord = z.infer<typeof fullRecordSchema>;

/** Two responses to one instruction, the stronger one chosen. Key order is the order in the file. */
export const preferenceRecordSchema = z.object({
  id: z.string(),
  instruction_id: z.string(),
  turn: z.int(),
  parent_response_id: z.string().nullable(),
  instruction: z.string(),
  context: z.string(),
  chosen: z.string(),
  rejected: z.string(),
  chosen_id: z.string(),
  rejected_id: z.string(),
  /** Difference of their log-strengths, above 0, and its standard error. */
  margin: z.number(),
  margin_error: z.number(),
  comparisons: z.int(),
  ties: z.int(),
  both_bad: z.int(),
  category: z.string(),
  language: z.string(),
});
export type PreferenceRecord = z.infer<typeof preferenceRecordSchema>;

/** What the formats are made from: a pair, with the alternatives that it is preferred to. */
export type SnapshotRecord = FullRecord & {
  preferences: readonly Pick<
    PreferenceRecord,
    'rejected' | 'rejected_id' | 'margin' | 'margin_error' | 'comparisons' | 'ties' | 'both_bad'
  >[];
};
