import type { Split } from '@granary/contract';
import { splits } from '@granary/contract';
import { nearDuplicateLikeness } from '../near-duplicates/likeness.ts';
import { splitOfCluster } from './splits.ts';

/** So many members of each split are compared per band; a band that more of them share is one of a common phrase. */
export const candidatesPerBand = 8;

/** The first instruction of a conversation, or one of its responses. */
export type ComparedText = { role: 'instruction' | 'response'; shingles: Uint32Array };
/**
 * A conversation whose texts are new to the clusters: it comes for the first time, was edited, or is `rechecked` because texts are compared in another way by
 * now: then it gives way only to those that come before it.
 */
export type Comparand = {
  id: string;
  texts: readonly ComparedText[];
  bands: Int32Array;
  assigned: { clusterId: string; split: Split } | null;
  rechecked?: boolean;
};
export type Assignment = { id: string; clusterId: string; split: Split };
export type Member = Assignment & { texts: readonly ComparedText[] };
/** The members that were there before the batch. */
export type KnownMembers = {
  /** Ids of the members of a split that have a band, ascending: the first `candidatesPerBand` and one more for each edited conversation of the batch. */
  withBand(band: number, split: Split): readonly string[];
  byId(id: string): Member | undefined;
};

/**
 * Gives each conversation, in order of id, the cluster and the split of its nearest near-duplicate, or a cluster of its own; an edited one keeps
 * what it has. Near-duplicates of more than one split, and edited ones that became near-duplicates of another split than theirs, are left out of
 * the answer: they cannot go into a snapshot. Each sees those before it, so the answer is the same however the conversations are cut into batches.
 * It yields after each, so that whoever asks can see to other things in between, and returns the assignments.
 */
export function* assignSplits(batch: readonly Comparand[], known: KnownMembers): Generator<void, Assignment[]> {
  const edited = new Set<string>();
  const members = new Map<string, Member>();
  const idsByBand = new Map<string, string[]>();
  const accepted: Assignment[] = [];

  for (const conversation of batch.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    yield;
    const assignment = decide(conversation, neighboursOf(conversation));
    if (assignment === null) continue;
    accepted.push(assignment);
    if (conversation.assigned !== null) edited.add(conversation.id);
    members.set(conversation.id, { ...assignment, texts: conversation.texts });
    for (const band of conversation.bands) {
      const key = `${band} ${assignment.split}`;
      const ids = idsByBand.get(key);
      if (ids === undefined) idsByBand.set(key, [conversation.id]);
      // They come in ascending order: those after the first few are never compared.
      else if (ids.length < candidatesPerBand) ids.push(conversation.id);
    }
  }
  return accepted;

  function neighboursOf({ id, texts, bands, rechecked = false }: Comparand): { member: Member; likeness: number }[] {
    const candidates = new Set<string>();
    for (const band of bands)
      for (const split of splits) {
        const before = known.withBand(band, split).filter((other) => other !== id && !edited.has(other));
        const ids = [...before, ...(idsByBand.get(`${band} ${split}`) ?? [])];
        for (const other of ids.toSorted().slice(0, candidatesPerBand)) candidates.add(other);
      }
    return [...candidates].flatMap((other) => {
      const member = rechecked && other > id ? undefined : (members.get(other) ?? known.byId(other));
      if (member === undefined) return [];
      const likeness = likenessOf(texts, member.texts);
      return likeness > 0 ? [{ member, likeness }] : [];
    });
  }
}

/** Null when the conversation cannot be in one split with all of its near-duplicates. */
function decide({ id, assigned }: Comparand, neighbours: readonly { member: Member; likeness: number }[]): Assignment | null {
  const taken = new Set(neighbours.map(({ member }) => member.split));
  if (assigned !== null) taken.add(assigned.split);
  if (taken.size > 1) return null;
  if (assigned !== null) return { id, clusterId: assigned.clusterId, split: assigned.split };
  const [nearest] = neighbours.toSorted((a, b) => b.likeness - a.likeness || (a.member.id < b.member.id ? -1 : 1));
  if (nearest === undefined) return { id, clusterId: id, split: splitOfCluster(id) };
  return { id, clusterId: nearest.member.clusterId, split: nearest.member.split };
}

/** How alike two conversations are: as much as the two texts in the same role that are most so. */
function likenessOf(one: readonly ComparedText[], other: readonly ComparedText[]): number {
  let most = 0;
  for (const { role, shingles } of one)
    for (const text of other) if (text.role === role) most = Math.max(most, nearDuplicateLikeness(shingles, text.shingles));
  return most;
}
