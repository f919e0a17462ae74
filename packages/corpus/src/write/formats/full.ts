import { fullRecordSchema } from '@granary/contract';
import type { FullRecord } from '@granary/contract';
import * as z from 'zod';
import { defineFormat } from '../snapshot-format.ts';

/** Everything that is known about a pair. */
export const fullFormat = defineFormat({
  name: 'full',
  title: 'Full record',
  description: 'every pair with licence, source, authors, review outcome and place in its conversation',
  schema: fullRecordSchema,
  columns: {
    id: 'Id of the response; it names the pair.',
    content_hash: 'SHA-256 (hex) of the JSON array [instruction, context, response], UTF-8, without spaces: it changes when a text does.',
    split: '`train`, `validation` or `test`; a conversation never changes it.',
    instruction_id: 'Id of the instruction. Pairs that share it are alternatives.',
    conversation_id: 'Id of the first instruction of the conversation.',
    turn: '1 for a first instruction, 2 for a follow-up, and so on.',
    parent_response_id: 'The response that a follow-up continues; null for a first turn.',
    instruction: 'What is asked.',
    context: 'A passage the response rests on; empty when there is none.',
    response: 'The answer.',
    category: 'Slug of the task type.',
    language: 'BCP 47 language code.',
    instruction_licence: 'SPDX identifier the instruction was given under.',
    response_licence: 'SPDX identifier the response was given under.',
    context_url: 'Where the passage comes from.',
    context_licence: 'SPDX identifier of the passage.',
    instruction_author: 'Display name of the author; null for imported rows and for authors who wish to stay unnamed.',
    response_author: 'Display name of the author; null for imported rows and for authors who wish to stay unnamed.',
    editors: 'Display names of others who wrote a version of either text up to this one and wish to be named, in order.',
    origin: 'Collection that an imported response, or else its instruction, comes from; null when both were written here.',
    origin_url: 'Address of that collection.',
    external_id: 'Id of the row in that collection.',
    ai_assistance:
      '`none`, `wording` (AI helped with spelling or style) or `drafted` (AI drafted it, a person reworked it); the stronger of the two texts.',
    terms_version: 'Version of the contributor terms the author of the response accepted; null for imported rows.',
    instruction_revision: 'Number of the version of the instruction, from 1.',
    response_revision: 'Number of the version of the response, from 1.',
    reviews: 'Reviews of this version of the response.',
    approvals: 'Reviews that approved it.',
    agreement: 'approvals / reviews; null without reviews.',
    posterior:
      'Probability of approval when the reviews decided, 0 to 1, weighed by how reliable each reviewer had proved; null where a moderator or an import decided.',
    rating:
      'How volunteers and approving reviewers rated the response, 1 to 5: a Bayesian mean, corrected by what each rater usually gives too much; null without ratings.',
    rating_count: 'People who rated it.',
    ratings: 'The same mean per rating dimension.',
    strength:
      'Log-strength against the other responses to the instruction (Bradley-Terry with ties, sum 0), from comparisons; null without any.',
    strength_error: 'Its standard error; null without any comparison.',
    comparisons: 'Comparisons that this version of the response was in.',
    checks: 'Kinds of automatic findings on either text.',
    created_at: 'When the response was handed in, UTC.',
    approved_at: 'When the pair was approved, UTC.',
  } satisfies Record<keyof FullRecord, string>,
  tabular: true,
  stored: true,
  options: z.object({}),
  open: () => ({ rows: ({ pairs }, wanted) => pairs.filter(wanted) }),
});
