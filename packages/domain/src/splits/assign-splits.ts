import type { Split } from '@granary/contract';
import { splits } from '@granary/contract';
import { jaccard } from '../near-duplicates/shingles.ts';
import { splitOfCluster } from './splits.ts';

/**
 * From here on two texts are near-duplicates. Tuned on half of GSM8K, Dolly and Self-Instruct and checked on the other half: a wrong letter,
 * a dropped word or other numbers stay above it; questions that only share their pattern ("the capital of …") and different tasks stay below.
 */
export const nearDuplicateFrom = 0.65;
/** So many members of each split are compared per band; a band that more of them share is one of a common phrase. */
export const candidatesPerBand = 8;

/** A conversation whose text is new to the clusters: it comes for the first time, or was edited. */
export type Comparand = { id: string; shingles: Uint32Array; bands: Int32Array; assigned: { clusterId: string; split: Split } | null };
export type Assignment = { id: string; clusterId: string; split: Split };
export type Member = Assignment & { shingles: Uint32Array };
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
    members.set(conversation.id, { ...assignment, shingles: conversation.shingles });
    for (const band of conversation.bands) {
      const key = `${band} ${assignment.split}`;
      const ids = idsByBand.get(key);
      if (ids === undefined) idsByBand.set(key, [conversation.id]);
      // They come in ascending order: those after the first few are never compared.
      else if (ids.length < candidatesPerBand) ids.push(conversation.id);
    }
  }
  return accepted;

  function neighboursOf({ id, shingles, bands }: Comparand): { member: Member; likeness: number }[] {
    const candidates = new Set<string>();
    for (const band of bands)
      for (const split of splits) {
        const before = known.withBand(band, split).filter((other) => other !== id && !edited.has(other));
        const ids = [...before, ...(idsByBand.get(`${band} ${split}`) ?? [])];
        for (const other of ids.toSorted().slice(0, candidatesPerBand)) candidates.add(other);
      }
    return [...candidates].flatMap((other) => {
      const member = members.get(other) ?? known.byId(other);
      if (member === undefined) return [];
      const likeness = jaccard(shingles, member.shingles);
      return likeness >= nearDuplicateFrom ? [{ member, likeness }] : [];
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
