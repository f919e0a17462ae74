import type { FullRecord, SnapshotRecord, Split } from '@granary/contract';
import { contentHashOf } from '@granary/corpus';
import type { SnapshotConversation } from '@granary/corpus';
import type { CopyKind } from '@granary/db/copy-out';

/** Pairs of a snapshot to be read, in their order: conversation by conversation, in each by turn and then by id. */
export type PinnedPairs = {
  snapshotId: string;
  split: Split | null;
  /** Whether the snapshot has any preferences. */
  preferences: boolean;
};
/** Pairs as `decodePairs` takes them, and the conversation that the last one belongs to; null where there is none. */
export type PairsPage = { pairs: string[]; lastId: string | null };

export const nilUuid = '00000000-0000-0000-0000-000000000000';

const isoTime = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
/** Of an imported response, else of an imported instruction. */
const origin = (column: string) => `CASE WHEN r.origin_name IS NULL THEN i.${column} ELSE r.${column} END`;
/** A pinned pair's record as SQL over `snapshot_pairs s`, its response `r` and instruction `i`, and their pinned revisions `rr` and `ir`. */
const fullColumns = {
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

/** The same as a list of columns, each under its name. */
export const recordColumns = Object.entries(fullColumns)
  .map(([name, expression]) => `${expression} AS ${name}`)
  .join(', ');
/** From `snapshot_pairs s` to what the columns name. */
export const recordJoins = `
  JOIN revisions rr ON rr.id = s.response_revision_id
  JOIN revisions ir ON ir.id = s.instruction_revision_id
  JOIN entries r ON r.id = rr.entry_id
  JOIN entries i ON i.id = ir.entry_id`;

/** The preferences of a pair, those of the snapshot's order of ids. */
const preferencesColumn = `(
  SELECT coalesce(json_agg(json_build_object('rejected_id', f.rejected_id, 'margin', round(f.margin::numeric, 4)::float8,
    'margin_error', round(f.margin_error::numeric, 4)::float8, 'comparisons', f.comparisons, 'ties', f.ties, 'both_bad', f.both_bad) ORDER BY f.rejected_id), '[]')
  FROM snapshot_preferences f WHERE f.snapshot_id = s.snapshot_id AND f.chosen_id = s.response_id
)`;

/** Kinds of the columns, for reading them as they are: in millions of rows, making them one text takes as long as finding them. */
const kinds = {
  id: 'uuid',
  split: 'text',
  instruction_id: 'uuid',
  conversation_id: 'uuid',
  turn: 'integer',
  parent_response_id: 'uuid',
  instruction: 'text',
  context: 'text',
  response: 'text',
  category: 'text',
  language: 'text',
  instruction_licence: 'text',
  response_licence: 'text',
  context_url: 'text',
  context_licence: 'text',
  instruction_author: 'text',
  response_author: 'text',
  editors: 'texts',
  origin: 'text',
  origin_url: 'text',
  external_id: 'text',
  ai_assistance: 'text',
  terms_version: 'integer',
  instruction_revision: 'integer',
  response_revision: 'integer',
  reviews: 'integer',
  approvals: 'integer',
  agreement: 'number',
  posterior: 'number',
  rating: 'number',
  rating_count: 'integer',
  ratings: 'jsonb',
  strength: 'number',
  strength_error: 'number',
  comparisons: 'integer',
  checks: 'texts',
  created_at: 'time',
  approved_at: 'time',
  preferences: 'json',
} as const satisfies Record<keyof typeof fullColumns | 'preferences', CopyKind>;
/** Kinds of the columns of `pinnedPairsQuery`. */
export const pinnedKinds: readonly CopyKind[] = [...Object.keys(fullColumns), 'preferences'].map(
  (name) => kinds[name as keyof typeof kinds],
);

const columnList = (columns: typeof fullColumns, preferences: boolean) =>
  [...Object.values(columns), preferences ? preferencesColumn : `'[]'::json`].join(', ');

const joins = `${recordJoins}
  ORDER BY s.conversation_id, s.turn, s.response_id`;

/** All pairs, with the columns of a record and its preferences, as a statement without parameters: `COPY` takes none. */
export function pinnedPairsQuery({ snapshotId, split, preferences }: PinnedPairs): string {
  if (!/^[0-9a-f-]{36}$/.test(snapshotId)) throw new Error('The id of a snapshot is a UUID');
  const ofSplit = split === null ? '' : ` AND s.split = '${split}'`;
  const columns = { ...fullColumns, created_at: 'r.created_at', approved_at: 's.approved_at' };
  return `SELECT ${columnList(columns, preferences)} FROM (SELECT * FROM snapshot_pairs s WHERE s.snapshot_id = '${snapshotId}'::uuid${ofSplit}) s ${joins}`;
}

/**
 * A page of whole conversations, each pair as one text, a JSON array of the same columns: snapshot, conversation before the first,
 * about how many pairs, split or null.
 */
export function pinnedPageStatement({ preferences }: Pick<PinnedPairs, 'preferences'>): string {
  return `SELECT s.conversation_id::text, json_build_array(${columnList(fullColumns, preferences)})::text AS pair FROM (
    SELECT * FROM snapshot_pairs WHERE snapshot_id = $1::uuid AND conversation_id > $2::uuid AND ($4::text IS NULL OR split = $4::text)
    ORDER BY conversation_id FETCH FIRST ($3::int) ROWS WITH TIES
  ) s ${joins}`;
}

/** Places of the columns. */
const at = Object.fromEntries([...Object.keys(fullColumns), 'preferences'].map((name, place) => [name, place])) as Record<
  keyof typeof kinds,
  number
>;

/** The pairs that texts of `pinnedPageStatement` tell of. */
export const decodePairs = (texts: readonly string[]): SnapshotRecord[] => texts.map((text) => toPair(JSON.parse(text) as unknown[]));

/** The pair that columns of `pinnedPairsQuery` tell of. An object that is written out is made several times as fast as one that is filled. */
export function toPair(v: readonly unknown[]): SnapshotRecord {
  const [instruction, context, response] = [v[at.instruction], v[at.context], v[at.response]] as [string, string, string];
  return {
    id: v[at.id] as string,
    content_hash: contentHashOf({ instruction, context, response }),
    split: v[at.split] as FullRecord['split'],
    instruction_id: v[at.instruction_id] as FullRecord['instruction_id'],
    conversation_id: v[at.conversation_id] as FullRecord['conversation_id'],
    turn: v[at.turn] as FullRecord['turn'],
    parent_response_id: v[at.parent_response_id] as FullRecord['parent_response_id'],
    instruction,
    context,
    response,
    category: v[at.category] as FullRecord['category'],
    language: v[at.language] as FullRecord['language'],
    instruction_licence: v[at.instruction_licence] as FullRecord['instruction_licence'],
    response_licence: v[at.response_licence] as FullRecord['response_licence'],
    context_url: v[at.context_url] as FullRecord['context_url'],
    context_licence: v[at.context_licence] as FullRecord['context_licence'],
    instruction_author: v[at.instruction_author] as FullRecord['instruction_author'],
    response_author: v[at.response_author] as FullRecord['response_author'],
    editors: v[at.editors] as FullRecord['editors'],
    origin: v[at.origin] as FullRecord['origin'],
    origin_url: v[at.origin_url] as FullRecord['origin_url'],
    external_id: v[at.external_id] as FullRecord['external_id'],
    ai_assistance: v[at.ai_assistance] as FullRecord['ai_assistance'],
    terms_version: v[at.terms_version] as FullRecord['terms_version'],
    instruction_revision: v[at.instruction_revision] as FullRecord['instruction_revision'],
    response_revision: v[at.response_revision] as FullRecord['response_revision'],
    reviews: v[at.reviews] as FullRecord['reviews'],
    approvals: v[at.approvals] as FullRecord['approvals'],
    agreement: v[at.agreement] as FullRecord['agreement'],
    posterior: v[at.posterior] as FullRecord['posterior'],
    rating: v[at.rating] as FullRecord['rating'],
    rating_count: v[at.rating_count] as FullRecord['rating_count'],
    ratings: v[at.ratings] as FullRecord['ratings'],
    strength: v[at.strength] as FullRecord['strength'],
    strength_error: v[at.strength_error] as FullRecord['strength_error'],
    comparisons: v[at.comparisons] as FullRecord['comparisons'],
    checks: v[at.checks] as FullRecord['checks'],
    created_at: v[at.created_at] as string,
    approved_at: v[at.approved_at] as string,
    preferences: v[at.preferences] as SnapshotRecord['preferences'],
  };
}

/** Conversations that are passed on together hold about so many pairs. */
const pairsAtOnce = 500;

/** The conversations of pairs that come in order, each whole; `onPairs` sees every pair once. */
export async function* readConversations(
  batches: AsyncIterable<readonly SnapshotRecord[]>,
  onPairs: (pairs: readonly SnapshotRecord[]) => void,
): AsyncGenerator<SnapshotConversation[]> {
  let conversations: { id: string; split: Split; pairs: SnapshotRecord[] }[] = [];
  let held = 0;
  for await (const pairs of batches) {
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
