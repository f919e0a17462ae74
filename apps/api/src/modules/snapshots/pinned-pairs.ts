import type { FullRecord, SnapshotRecord, Split } from '@granary/contract';
import { contentHashOf } from '@granary/corpus';
import type { SnapshotConversation } from '@granary/corpus';

/** Pairs of a snapshot to be read, in their order: conversation by conversation, in each by turn and then by id. */
export type PinnedPairs = {
  snapshotId: string;
  split: Split | null;
  /** Whether the snapshot has any preferences. */
  preferences: boolean;
};
/** Pairs as `decodePair` takes them, and the conversation that the last one belongs to; null where there is none. */
export type PairsPage = { pairs: string[]; lastId: string | null };

export const nilUuid = '00000000-0000-0000-0000-000000000000';

const isoTime = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
/** Of an imported response, else of an imported instruction. */
const origin = (column: string) => `CASE WHEN r.origin_name IS NULL THEN i.${column} ELSE r.${column} END`;
export const fullColumns = {
  id: 'r.id',
  split: 's.split',
  instruction_id: 'i.id',
  conversation_id: 's.conversation_id',
  turn: 's.turn',
  parent_response_id: 'i.parent_id',
  instruction: 'ir.text',
  context: `coalesce(ir.context, '')`,
  response: 'rr.text',
  category: 's.category',
  language: 's.language',
  instruction_licence: 'i.licence',
  response_licence: 'r.licence',
  context_url: 'ir.context_url',
  context_licence: 'ir.context_licence',
  instruction_author: 's.instruction_author',
  response_author: 's.response_author',
  editors: 's.editors',
  origin: origin('origin_name'),
  origin_url: origin('origin_url'),
  external_id: origin('external_id'),
  ai_assistance: 's.ai_assistance::text',
  terms_version: 's.terms_version',
  instruction_revision: 'ir.number',
  response_revision: 'rr.number',
  reviews: 's.reviews',
  approvals: 's.approvals',
  agreement: 'round(s.approvals::numeric / nullif(s.reviews, 0), 4)::float8',
  posterior: 'round(s.posterior::numeric, 4)::float8',
  rating: 'round(s.rating::numeric, 4)::float8',
  rating_count: 's.rating_count',
  ratings: 's.ratings',
  strength: 'round(s.strength::numeric, 4)::float8',
  strength_error: 'round(s.strength_error::numeric, 4)::float8',
  comparisons: 's.comparisons',
  checks: 's.checks',
  created_at: isoTime('r.created_at'),
  approved_at: isoTime('s.approved_at'),
} satisfies Record<Exclude<keyof FullRecord, 'content_hash'>, string>;

/** The preferences of a pair, those of the snapshot's order of ids. */
const preferencesColumn = `(
  SELECT coalesce(json_agg(json_build_object('rejected_id', f.rejected_id, 'margin', round(f.margin::numeric, 4)::float8,
    'margin_error', round(f.margin_error::numeric, 4)::float8, 'comparisons', f.comparisons, 'ties', f.ties, 'both_bad', f.both_bad) ORDER BY f.rejected_id), '[]')
  FROM snapshot_preferences f WHERE f.snapshot_id = s.snapshot_id AND f.chosen_id = s.response_id
)`;

/** A pair as one text, a JSON array of its columns: on both databases the same, and read faster than columns of their own. */
const pairText = (preferences: boolean) =>
  `json_build_array(${[...Object.values(fullColumns), preferences ? preferencesColumn : `'[]'::json`].join(', ')})::text`;

const joins = `
  JOIN revisions rr ON rr.id = s.response_revision_id
  JOIN revisions ir ON ir.id = s.instruction_revision_id
  JOIN entries r ON r.id = rr.entry_id
  JOIN entries i ON i.id = ir.entry_id
  ORDER BY s.conversation_id, s.turn, s.response_id`;

/** All pairs, one text each, as a statement without parameters: `COPY` takes none. */
export function pinnedPairsQuery({ snapshotId, split, preferences }: PinnedPairs): string {
  if (!/^[0-9a-f-]{36}$/.test(snapshotId)) throw new Error('The id of a snapshot is a UUID');
  const ofSplit = split === null ? '' : ` AND s.split = '${split}'`;
  return `SELECT ${pairText(preferences)} FROM (SELECT * FROM snapshot_pairs s WHERE s.snapshot_id = '${snapshotId}'::uuid${ofSplit}) s ${joins}`;
}

/** A page of whole conversations: snapshot, conversation before the first, about how many pairs, split or null. */
export function pinnedPageStatement({ preferences }: Pick<PinnedPairs, 'preferences'>): string {
  return `SELECT s.conversation_id::text, ${pairText(preferences)} AS pair FROM (
    SELECT * FROM snapshot_pairs WHERE snapshot_id = $1::uuid AND conversation_id > $2::uuid AND ($4::text IS NULL OR split = $4::text)
    ORDER BY conversation_id FETCH FIRST ($3::int) ROWS WITH TIES
  ) s ${joins}`;
}

/** The pair that a text of `pinnedPairsQuery` tells of, its columns by their places: an object written out is made several times as fast. */
function decodePair(text: string): SnapshotRecord {
  const v = JSON.parse(text) as unknown[];
  const [instruction, context, response] = [v[6], v[7], v[8]] as [string, string, string];
  return {
    id: v[0] as string,
    content_hash: contentHashOf({ instruction, context, response }),
    split: v[1] as FullRecord['split'],
    instruction_id: v[2] as FullRecord['instruction_id'],
    conversation_id: v[3] as FullRecord['conversation_id'],
    turn: v[4] as FullRecord['turn'],
    parent_response_id: v[5] as FullRecord['parent_response_id'],
    instruction,
    context,
    response,
    category: v[9] as FullRecord['category'],
    language: v[10] as FullRecord['language'],
    instruction_licence: v[11] as FullRecord['instruction_licence'],
    response_licence: v[12] as FullRecord['response_licence'],
    context_url: v[13] as FullRecord['context_url'],
    context_licence: v[14] as FullRecord['context_licence'],
    instruction_author: v[15] as FullRecord['instruction_author'],
    response_author: v[16] as FullRecord['response_author'],
    editors: v[17] as FullRecord['editors'],
    origin: v[18] as FullRecord['origin'],
    origin_url: v[19] as FullRecord['origin_url'],
    external_id: v[20] as FullRecord['external_id'],
    ai_assistance: v[21] as FullRecord['ai_assistance'],
    terms_version: v[22] as FullRecord['terms_version'],
    instruction_revision: v[23] as FullRecord['instruction_revision'],
    response_revision: v[24] as FullRecord['response_revision'],
    reviews: v[25] as FullRecord['reviews'],
    approvals: v[26] as FullRecord['approvals'],
    agreement: v[27] as FullRecord['agreement'],
    posterior: v[28] as FullRecord['posterior'],
    rating: v[29] as FullRecord['rating'],
    rating_count: v[30] as FullRecord['rating_count'],
    ratings: v[31] as FullRecord['ratings'],
    strength: v[32] as FullRecord['strength'],
    strength_error: v[33] as FullRecord['strength_error'],
    comparisons: v[34] as FullRecord['comparisons'],
    checks: v[35] as FullRecord['checks'],
    created_at: v[36] as FullRecord['created_at'],
    approved_at: v[37] as FullRecord['approved_at'],
    preferences: v[38] as SnapshotRecord['preferences'],
  };
}

/** Conversations that are passed on together hold about so many pairs. */
const pairsAtOnce = 500;

/** The conversations of pairs that come in order, each whole; `onPairs` sees every pair once. */
export async function* readConversations(
  batches: AsyncIterable<readonly string[]>,
  onPairs: (pairs: readonly SnapshotRecord[]) => void,
): AsyncGenerator<SnapshotConversation[]> {
  let conversations: { id: string; split: Split; pairs: SnapshotRecord[] }[] = [];
  let held = 0;
  for await (const batch of batches) {
    const pairs = batch.map(decodePair);
    onPairs(pairs);
    for (const pair of pairs) {
      const last = conversations.at(-1);
      if (last?.id === pair.conversation_id) last.pairs.push(pair);
      else {
        if (held >= pairsAtOnce) {
          yield conversations;
          conversations = [];
          held = 0;
        }
        conversations.push({ id: pair.conversation_id, split: pair.split, pairs: [pair] });
      }
      held += 1;
    }
  }
  if (conversations.length > 0) yield conversations;
}
