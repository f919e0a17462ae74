import { caselessSkeletonOf } from '../texts/skeleton.ts';

/** Characters of a shingle: long enough to say something, short enough to survive a changed word. */
const shingleLength = 5;
/** Of longer texts only the beginning is compared, so that no text costs more than the others together. */
export const comparedLength = 6_000;

/**
 * A text as it is compared: NFKC, without characters that are not seen (\p{Cf}), letters that look alike as one, and without case, blanks and punctuation,
 * because people who copy a text change these first. A text of signs alone keeps them.
 */
function comparedForm(text: string): string {
  const seen = text
    .slice(0, comparedLength)
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '');
  const words = (
    caselessSkeletonOf(seen)
      .normalize('NFC')
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  ).join(' ');
  return (words === '' ? seen : words).slice(0, comparedLength);
}

/** The runs of 5 characters of a text as it is compared, as sorted distinct hashes. Only the first `comparedLength` characters are looked at. Never empty. */
export function shinglesOf(text: string): Uint32Array {
  const compared = comparedForm(text);
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

/** FNV-1a over UTF-16 code units, 32 bits, and at the end mixed so that all bits depend on all of the text (MurmurHash3's last step). */
export function hashOf(text: string, start = 0, end = text.length): number {
  let hash = 0x811c9dc5;
  for (let index = start; index < end && index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
