import * as z from 'zod';
import { splits } from './vocabulary.ts';

export const splitSchema = z.enum(splits);

/** A row of `databricks-dolly-15k`: exactly these four columns, in this order. */
export const dollyRecordSchema = z.object({ instruction: z.string(), context: z.string(), response: z.string(), category: z.string() });
export type DollyRecord = z.infer<typeof dollyRecordSchema>;

/** A row of the full export: everything that is known about a pair. Key order is the order in the file. */
export const fullRecordSchema = z.object({
  id: z.string(),
  /** SHA-256 (hex) of the JSON array [instruction, context, response] in UTF-8, without spaces. */
  content_hash: z.string(),
  split: splitSchema,
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

/** A response that a pair was compared with and preferred to. */
export type PreferredTo = {
  rejected_id: string;
  /** Difference of their log-strengths, above 0, and its standard error. */
  margin: number;
  margin_error: number;
  comparisons: number;
  ties: number;
  both_bad: number;
};

/** What the formats are made from: a pair, with the alternatives in the same snapshot that it is preferred to. */
export type SnapshotRecord = FullRecord & { preferences: readonly PreferredTo[] };
