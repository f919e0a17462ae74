import { seededRandom } from '../seeded-random.ts';

/** Texts with a share J of common shingles meet in at least one band with probability 1 - (1 - J⁴)²⁰: 0.94 at 0.6, 0.996 at 0.7. */
export const bandCount = 20;
const rowsPerBand = 4;
/** Counts up whenever the same text gets other shingles or bands; those that are stored are then made again. */
export const bandsVersion = 2;
const hashCount = bandCount * rowsPerBand;

const random = seededRandom(20_261_123);
const randomWord = () => Math.floor(random() * 0x1_0000_0000);
/** Odd, so that multiplying only permutes. */
const factors = Uint32Array.from({ length: hashCount }, () => randomWord() | 1);
const offsets = Uint32Array.from({ length: hashCount }, randomWord);

/**
 * MinHash in bands (Broder 1997; Leskovec, Rajaraman & Ullman, Mining of Massive Datasets, chapter 3): 20 numbers of 32 bits (signed), of which near-duplicates
 * share at least one, very probably. The number of the band is part of each, and the role: instructions meet instructions, and responses responses. They are
 * stored: whatever changes them changes `bandsVersion`.
 */
export function bandsOf(shingles: Uint32Array, role: 'instruction' | 'response' = 'instruction'): Int32Array {
  const first = role === 'instruction' ? 1 : 1 + bandCount;
  const minima = new Uint32Array(hashCount).fill(0xffffffff);
  for (const shingle of shingles)
    for (let index = 0; index < hashCount; index += 1) {
      const value = (Math.imul(shingle, factors[index] ?? 1) + (offsets[index] ?? 0)) >>> 0;
      if (value < (minima[index] ?? 0)) minima[index] = value;
    }
  return Int32Array.from({ length: bandCount }, (_, band) => {
    let hash = Math.imul(band + first, 0x9e3779b1);
    for (let row = band * rowsPerBand; row < (band + 1) * rowsPerBand; row += 1) {
      hash = Math.imul(hash ^ (minima[row] ?? 0), 0x85ebca6b);
      hash ^= hash >>> 15;
    }
    return hash;
  });
}
