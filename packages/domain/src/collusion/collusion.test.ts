import { describe, expect, it } from 'vitest';
import { seededRandom } from '../seeded-random.ts';
import { suspectedPairs, type JudgedText } from './collusion.ts';

const ringSize = 6;
const isRing = (id: string) => id.startsWith('ring');

/**
 * Two hundred honest people who write and review, some of them twenty times as busy as others, a tenth in languages of ten people each; and a ring that writes
 * as others do and approves most of its own texts. Three people judge a text.
 */
function community(seed: number, { ownShare }: { ownShare: number }): JudgedText[] {
  const random = seededRandom(seed);
  const honest = Array.from({ length: 200 }, (_, n) => ({
    id: `honest ${n}`,
    activity: 1 / (1 + (n % 20)),
    stratum: n < 180 ? 'en' : n < 190 ? 'is' : 'mt',
  }));
  const ring = Array.from({ length: ringSize }, (_, n) => ({ id: `ring ${n}`, activity: 0.2, stratum: 'en' }));
  const people = [...honest, ...ring];
  const pick = (from: typeof people, taken: readonly string[]) => {
    const free = from.filter(({ id }) => !taken.includes(id));
    let at = random() * free.reduce((sum, { activity }) => sum + activity, 0);
    return free.find(({ activity }) => (at -= activity) < 0) ?? free.at(-1);
  };
  const judged: JudgedText[] = [];
  for (let entry = 0; entry < 4_000; entry += 1) {
    const author = pick(people, []);
    if (author === undefined) continue;
    const taken = [author.id];
    for (let seat = 0; seat < 3; seat += 1) {
      const friends = isRing(author.id) && random() < ownShare ? ring : people.filter(({ stratum }) => stratum === author.stratum);
      const reviewer = pick(friends, taken);
      if (reviewer === undefined) continue;
      taken.push(reviewer.id);
      const approved = (isRing(author.id) && isRing(reviewer.id)) || random() < 0.75;
      judged.push({ entryId: String(entry), authorId: author.id, reviewerId: reviewer.id, approved, stratum: author.stratum });
    }
  }
  return judged;
}

describe('suspectedPairs', () => {
  it('finds a planted ring among two hundred honest reviewers, and accuses hardly anybody else', () => {
    const seeds = [1, 2, 3, 4, 5];
    let [found, accused] = [0, 0];
    for (const seed of seeds) {
      const suspects = new Set(suspectedPairs(community(seed, { ownShare: 0.7 })).flatMap(({ a, b }) => [a, b]));
      found += [...suspects].filter(isRing).length;
      accused += [...suspects].filter((id) => !isRing(id)).length;
    }
    expect(found).toBe(ringSize * seeds.length);
    expect(accused / (200 * seeds.length)).toBeLessThan(0.01);
  });

  it('accuses nobody where there is no ring', () => {
    for (const seed of [11, 12, 13]) expect(suspectedPairs(community(seed, { ownShare: 0 }))).toEqual([]);
  });

  it('tells how it knows', () => {
    const [worst] = suspectedPairs(community(1, { ownShare: 0.7 }));
    expect([isRing(worst?.a ?? ''), isRing(worst?.b ?? '')]).toEqual([true, true]);
    expect(worst?.meetings).toBeGreaterThan((worst?.expected ?? 0) * 3);
    expect(worst?.approvals).toBe(worst?.meetings);
    expect(worst?.log10Probability).toBeLessThan(-8);
  });

  it('does not take disagreement for help, nor a few meetings for many', () => {
    const pairOf = (meetings: number, approved: boolean): JudgedText[] =>
      Array.from({ length: meetings }, (_, n) => ({ entryId: `own ${n}`, authorId: 'a', reviewerId: 'b', approved, stratum: 'en' }));
    const others = community(1, { ownShare: 0 });
    expect(suspectedPairs([...others, ...pairOf(40, false)])).toEqual([]);
    expect(suspectedPairs([...others, ...pairOf(4, true)])).toEqual([]);
    expect(suspectedPairs([...others, ...pairOf(40, true)])).toMatchObject([
      { a: 'a', b: 'b', kind: 'judging', meetings: 40, mutual: false },
    ]);
    expect(suspectedPairs([])).toEqual([]);
  });
});
