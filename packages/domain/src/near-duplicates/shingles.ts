/** Characters of a shingle: long enough to say something, short enough to survive a changed word. */
const shingleLength = 5;
/** Of longer texts only the beginning is compared, so that no text costs more than the others together. */
export const comparedLength = 6_000;

/**
 * The runs of 5 characters of a text, as sorted distinct hashes. Case, blanks and punctuation do not count: whoever copies a text
 * changes them first. Only the first `comparedLength` characters are looked at. Never empty.
 */
export function shinglesOf(text: string): Uint32Array {
  const words = (
    text
      .slice(0, comparedLength)
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  ).join(' ');
  // Texts of signs alone are compared as they stand.
  const compared = words === '' ? text.slice(0, comparedLength) : words;
  const count = Math.max(1, compared.length - shingleLength + 1);
  const hashes = new Uint32Array(count);
  for (let start = 0; start < count; start += 1) hashes[start] = hashOf(compared, start, start + shingleLength);
  hashes.sort();
  let distinct = 1;
  for (let index = 1; index < count; index += 1) {
    const hash = hashes[index] ?? 0;
    if (hash !== hashes[distinct - 1]) hashes[distinct++] = hash;
  }
  return hashes.slice(0, distinct);
}

/** How alike two texts are by their shingles, 0–1: shared ones over all (Jaccard). */
export function jaccard(one: Uint32Array, other: Uint32Array): number {
  let shared = 0;
  for (let i = 0, j = 0; i < one.length && j < other.length;) {
    const [a, b] = [one[i] ?? 0, other[j] ?? 0];
    if (a === b) shared += 1;
    if (a <= b) i += 1;
    if (b <= a) j += 1;
  }
  return shared / (one.length + other.length - shared);
}

/** FNV-1a over UTF-16 code units, 32 bits, and at the end mixed so that all bits depend on all of the text (MurmurHash3's last step). */
export function hashOf(text: string, start = 0, end = text.length): number {
  let hash = 0x811c9dc5;
  for (let index = start; index < end && index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
