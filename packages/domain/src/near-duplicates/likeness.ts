/**
 * From here on two texts are near-duplicates by their shared shingles. Tuned on half of GSM8K, Dolly and Self-Instruct and checked on the other half: a wrong letter,
 * a dropped word or other numbers stay above it; questions that only share their pattern ("the capital of …") and different tasks stay below.
 */
export const nearDuplicateFrom = 0.65;
/**
 * Also near-duplicates: one text that holds nearly all of another, to which a clause was added. Not where the other is so short that many tasks begin with it
 * ("Write a poem"), nor where it is a small part of something longer.
 */
export const containedFrom = 0.9;
const leastContained = 40;
/** Responses with fewer shingles say what many say ("The capital of France is Paris.") and are compared with nothing. */
export const leastCompared = 40;
const leastShare = 0.4;

/** How many shingles two texts share; both sorted and distinct. */
function sharedShingles(one: Uint32Array, other: Uint32Array): number {
  let shared = 0;
  for (let i = 0, j = 0; i < one.length && j < other.length;) {
    const [a, b] = [one[i] ?? 0, other[j] ?? 0];
    if (a === b) shared += 1;
    if (a <= b) i += 1;
    if (b <= a) j += 1;
  }
  return shared;
}

/** How alike two texts are by their shingles, 0–1: shared ones over all (Jaccard). */
export function jaccard(one: Uint32Array, other: Uint32Array): number {
  const shared = sharedShingles(one, other);
  return shared / (one.length + other.length - shared);
}

/** How alike two near-duplicates are (Jaccard); 0 when they are none. */
export function nearDuplicateLikeness(one: Uint32Array, other: Uint32Array): number {
  const shared = sharedShingles(one, other);
  const likeness = shared / (one.length + other.length - shared);
  if (likeness >= nearDuplicateFrom) return likeness;
  const shorter = Math.min(one.length, other.length);
  return shorter >= leastContained && likeness >= leastShare && shared / shorter >= containedFrom ? likeness : 0;
}
