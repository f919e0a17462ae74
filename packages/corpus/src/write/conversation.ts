import type { SnapshotRecord } from '@granary/contract';
import type { SnapshotConversation } from './snapshot-format.ts';

/**
 * The pairs from the first turn to the one given, which is the last of them; null when an earlier turn is not in the snapshot, so
 * that the pair means nothing to a format that tells conversations.
 */
export function turnsUpTo({ pairs }: SnapshotConversation, pair: SnapshotRecord): SnapshotRecord[] | null {
  const turns = [pair];
  for (let first = pair; first.parent_response_id !== null;) {
    const parent = pairs.find(({ id }) => id === first.parent_response_id);
    if (parent === undefined) return null;
    turns.unshift(parent);
    first = parent;
  }
  return turns;
}

/** Whether no pair of the snapshot continues this one: then its conversation is whole. */
export function isLastTurn({ pairs }: SnapshotConversation, pair: SnapshotRecord): boolean {
  return !pairs.some(({ parent_response_id }) => parent_response_id === pair.id);
}
