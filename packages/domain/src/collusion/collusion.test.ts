import { describe, expect, it } from 'vitest';
import { seededRandom } from '../seeded-random.ts';
import { suspectedPairs, type JudgedText } from './collusion.ts';

const ringSize = 6;
const isRing = (id: string) => id.startsWith('ring');

const start = Date.parse('2026-01-05T00:00:00Z');
const [dayMs, weekMs] = [86_400_000, 7 * 86_400_000];
const weeks = 13;
/** Texts that each of a crowd writes. */
const perHead = 30;

/**
 * Two hundred honest people who write and review over thirteen weeks, some of them twenty times as busy as others, a tenth in languages of ten people each; and a ring
 * that writes as others do and approves most of its own texts. Three people judge a text. With `crowd`, so many honest people more are there for one weekend,
 * busier than all the others together.
 */
function community(seed: number, { ownShare, crowd = 0 }: { ownShare: number; crowd?: number }): JudgedText[] {
  const random = seededRandom(seed);
  const honest = Array.from({ length: 200 }, (_, n) => ({
    id: `honest ${n}`,
    activity: 1 / (1 + (n % 20)),
    language: n < 180 ? 'en' : n < 190 ? 'is' : 'mt',
  }));
  const ring = Array.from({ length: ringSize }, (_, n) => ({ id: `ring ${n}`, activity: 0.2, language: 'en' }));
  const weekend = Array.from({ length: crowd }, (_, n) => ({ id: `weekend ${n}`, activity: 12, language: 'en' }));
  const people = [...honest, ...ring];
  type Person = (typeof people)[number];
  const pick = (from: readonly Person[], taken: readonly string[]) => {
    const free = from.filter(({ id }) => !taken.includes(id));
    let at = random() * free.reduce((sum, { activity }) => sum + activity, 0);
    return free.find(({ activity }) => (at -= activity) < 0) ?? free.at(-1);
  };
  const judged: JudgedText[] = [];
  const write = (author: Person, time: number) => {
    const entryId = String(judged.length);
    const taken = [author.id];
    for (let seat = 0; seat < 3; seat += 1) {
      const present = isWeekend(time) ? [...people, ...weekend] : people;
      const friends = isRing(author.id) && random() < ownShare ? ring : present.filter(({ language }) => language === author.language);
      const reviewer = pick(friends, taken);
      if (reviewer === undefined) continue;
      taken.push(reviewer.id);
      const approved = (isRing(author.id) && isRing(reviewer.id)) || random() < (weekend.includes(author) ? 0.9 : 0.75);
      judged.push({
        entryId,
        authorId: author.id,
        reviewerId: reviewer.id,
        approved,
        language: author.language,
        writtenAt: new Date(start + time),
      });
    }
  };
  for (let entry = 0; entry < 4_000; entry += 1) {
    const author = pick(people, []);
    if (author !== undefined) write(author, random() * weeks * weekMs);
  }
  for (const author of weekend) for (let entry = 0; entry < perHead; entry += 1) write(author, 4 * weekMs + (5 + 2 * random()) * dayMs);
  return judged;
}
const isWeekend = (time: number) => time >= 4 * weekMs + 5 * dayMs && time < 5 * weekMs;

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
    for (const seed of [11, 12, 13]) {
      expect(suspectedPairs(community(seed, { ownShare: 0 }))).toEqual([]);
      // Who comes on the same days meets again and again.
      expect(suspectedPairs(community(seed, { ownShare: 0, crowd: 8 }))).toEqual([]);
    }
  });

  it('expects people to meet also in the weeks in which they did not', () => {
    const week = (n: number, [authorId = '', reviewerId = '']: readonly string[], times: number): JudgedText[] =>
      Array.from({ length: times }, (_, text) => ({
        entryId: `${n} ${authorId} ${text}`,
        authorId,
        reviewerId,
        approved: true,
        language: 'en',
        writtenAt: new Date(start + n * weekMs),
      }));
    // In the first week a's texts come to c and b judges d's; in the second they meet.
    const rest = [...week(0, ['a', 'c'], 50), ...week(0, ['d', 'b'], 50)];
    const meeting = [...week(1, ['a', 'b'], 12), ...week(1, ['d', 'c'], 400)];
    for (const judged of [
      [...rest, ...meeting],
      [...meeting, ...rest],
    ])
      expect(suspectedPairs(judged).filter(({ a, b }) => `${a}${b}` === 'ab')).toEqual([]);
    expect(suspectedPairs(meeting)).toMatchObject([{ a: 'a', b: 'b' }]);
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
      Array.from({ length: meetings }, (_, n) => ({
        entryId: `own ${n}`,
        authorId: 'a',
        reviewerId: 'b',
        approved,
        language: 'en',
        writtenAt: new Date(start),
      }));
    const others = community(1, { ownShare: 0 });
    expect(suspectedPairs([...others, ...pairOf(40, false)])).toEqual([]);
    expect(suspectedPairs([...others, ...pairOf(4, true)])).toEqual([]);
    expect(suspectedPairs([...others, ...pairOf(40, true)])).toMatchObject([
      { a: 'a', b: 'b', kind: 'judging', meetings: 40, mutual: false },
    ]);
    expect(suspectedPairs([])).toEqual([]);
  });
});
