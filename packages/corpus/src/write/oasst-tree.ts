import type { SnapshotRecord } from '@granary/contract';
import * as z from 'zod';
import { userText } from './chat.ts';
import { pairsById, turnsUpTo } from './conversation.ts';
import type { SnapshotConversation } from './snapshot-format.ts';

/** The fields that a message has in Open-Assistant's files, as far as they mean something here. */
export const oasstMessageSchema = z.object({
  message_id: z.string(),
  parent_id: z.string().nullable(),
  user_id: z.string().nullable(),
  created_date: z.string().nullable(),
  text: z.string(),
  role: z.enum(['prompter', 'assistant']),
  lang: z.string(),
  review_count: z.int().nullable(),
  review_result: z.boolean(),
  deleted: z.boolean(),
  rank: z.int().nullable(),
  synthetic: z.boolean(),
});
export const oasstNodeSchema = oasstMessageSchema.extend({
  get replies() {
    return z.array(oasstNodeSchema);
  },
});
export type OasstNode = z.infer<typeof oasstNodeSchema>;

export const treeState = 'ready_for_export';

/**
 * The tree of the wanted pairs and of those before them, from the first instruction; null when there is none. Pairs whose earlier
 * turns are not in the snapshot hang on nothing and are left out.
 */
export function oasstTree(conversation: SnapshotConversation, wanted: (pair: SnapshotRecord) => boolean): OasstNode | null {
  const ranks = ranksOf(conversation.pairs);
  const prompts = new Map<string, OasstNode>();
  const answers = new Map<string, OasstNode>();
  let root: OasstNode | null = null;
  for (const pair of withEarlierTurns(conversation, wanted)) {
    let prompt = prompts.get(pair.instruction_id);
    if (prompt === undefined) {
      prompt = promptNode(pair);
      prompts.set(pair.instruction_id, prompt);
      if (pair.parent_response_id === null) root = prompt;
      else answers.get(pair.parent_response_id)?.replies.push(prompt);
    }
    const answer = answerNode(pair, ranks.get(pair.id) ?? null);
    // A prompt counts as drafted by a machine only when none of its pairs says otherwise: they declare it for both texts at once.
    prompt.synthetic &&= answer.synthetic;
    answers.set(pair.id, answer);
    prompt.replies.push(answer);
  }
  return root;
}

/** Wanted pairs and all before them, in the conversation's order, in which a pair comes after those it continues. */
function withEarlierTurns(conversation: SnapshotConversation, wanted: (pair: SnapshotRecord) => boolean): SnapshotRecord[] {
  const byId = pairsById(conversation);
  const kept = new Set(conversation.pairs.flatMap((pair) => (wanted(pair) && turnsUpTo(byId, pair)) || []));
  return conversation.pairs.filter((pair) => kept.has(pair));
}

function promptNode(pair: SnapshotRecord): OasstNode {
  return {
    message_id: pair.instruction_id,
    parent_id: pair.parent_response_id,
    user_id: pair.instruction_author,
    created_date: null,
    text: userText(pair),
    role: 'prompter',
    lang: pair.language,
    review_count: null,
    review_result: true,
    deleted: false,
    rank: null,
    synthetic: true,
    replies: [],
  };
}

function answerNode(pair: SnapshotRecord, rank: number | null): OasstNode {
  return {
    message_id: pair.id,
    parent_id: pair.instruction_id,
    user_id: pair.response_author,
    created_date: pair.created_at,
    text: pair.response,
    role: 'assistant',
    lang: pair.language,
    review_count: pair.reviews,
    review_result: true,
    deleted: false,
    rank,
    synthetic: pair.ai_assistance === 'drafted',
    replies: [],
  };
}

/** Places among the alternatives that were compared, the strongest first with 0; equally strong ones share a place. */
function ranksOf(pairs: readonly SnapshotRecord[]): Map<string, number> {
  const ranks = new Map<string, number>();
  for (const alternatives of Map.groupBy(pairs, ({ instruction_id }) => instruction_id).values()) {
    const strengths = alternatives.flatMap(({ strength }) => strength ?? []).sort((a, b) => b - a);
    if (strengths.length < 2) continue;
    for (const { id, strength } of alternatives) if (strength !== null) ranks.set(id, strengths.indexOf(strength));
  }
  return ranks;
}
