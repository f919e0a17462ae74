import { verdicts, type AdaptivePolicy, type FixedPolicy, type Verdict } from '@granary/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  consensus,
  leastAgreeing,
  posterior,
  seatsWanted,
  tallyOf,
  wantsProven,
  type Opinion,
  type Outcome,
  type Tally,
} from './consensus.ts';
import { opinionOf, opinionsOf } from './opinions-for-tests.ts';
import { isProven } from './proven.ts';
import { evidenceOf, reliabilityOf } from './reliability.ts';

const policy = (approvals: number, rejections: number, changeRequests: number, maxReviews: number): FixedPolicy => ({
  kind: 'fixed',
  approvals,
  rejections,
  changeRequests,
  maxReviews,
  openReview: true,
});
const adaptive = (changes: Partial<AdaptivePolicy> = {}): AdaptivePolicy => ({
  kind: 'adaptive',
  approveAt: 0.95,
  rejectAt: 0.95,
  changesAt: 0.9,
  minReviews: 2,
  maxReviews: 7,
  expectedApproval: 0.7,
  openReview: true,
  ...changes,
});
const tally = (approve: number, reject: number, requestChanges: number): Tally => ({ approve, reject, request_changes: requestChanges });
const usual = policy(2, 2, 1, 5);
const anyVerdict = fc.constantFrom(...verdicts);
const anyFixed = fc.record({
  kind: fc.constant('fixed' as const),
  approvals: fc.integer({ min: 1, max: 9 }),
  rejections: fc.integer({ min: 1, max: 9 }),
  changeRequests: fc.integer({ min: 1, max: 9 }),
  maxReviews: fc.integer({ min: 1, max: 25 }),
  openReview: fc.boolean(),
});
const anyThreshold = fc.double({ min: 0.6, max: 0.999, noNaN: true });
const anyAdaptive = fc.record({
  kind: fc.constant('adaptive' as const),
  approveAt: anyThreshold,
  rejectAt: anyThreshold,
  changesAt: anyThreshold,
  minReviews: fc.integer({ min: 2, max: 9 }),
  maxReviews: fc.integer({ min: 2, max: 25 }),
  expectedApproval: fc.double({ min: 0.05, max: 0.95, noNaN: true }),
  openReview: fc.boolean(),
});
const anyPolicy = fc.oneof(anyFixed, anyAdaptive);
/** Somebody of whom anything may be known, from useless to nearly infallible, and what they say. */
const anyOpinion = fc
  .tuple(fc.uuid(), anyVerdict, fc.array(fc.double({ min: 0, max: 1_000, noNaN: true }), { minLength: 9, maxLength: 9 }))
  .map(([reviewerId, verdict, counts]): Opinion => ({
    reviewerId,
    verdict,
    evidence: evidenceOf(reliabilityOf(counts), verdict),
    proven: false,
  }));

describe('a fixed policy', () => {
  it.each<[string, FixedPolicy, Tally, Outcome, number]>([
    ['nothing yet: seats for an approval', usual, tally(0, 0, 0), 'undecided', 2],
    ['one approval', usual, tally(1, 0, 0), 'undecided', 1],
    ['one rejection', usual, tally(0, 1, 0), 'undecided', 1],
    ['one of each: one more decides', usual, tally(1, 1, 0), 'undecided', 1],
    ['two approvals', usual, tally(2, 0, 0), 'approve', 0],
    ['two rejections', usual, tally(1, 2, 0), 'reject', 0],
    ['a single request for changes', usual, tally(1, 0, 1), 'request_changes', 0],
    ['the careful verdict wins a tie', policy(1, 1, 1, 5), tally(1, 1, 1), 'reject', 0],
    ['changes before approval', policy(1, 2, 1, 5), tally(1, 0, 1), 'request_changes', 0],
    ['reviews spent without agreement', policy(3, 3, 3, 4), tally(2, 2, 0), 'escalate', 0],
    ['agreement with the last review', policy(3, 3, 3, 5), tally(3, 2, 0), 'approve', 0],
    ['more approvals wanted than reviews allowed', policy(9, 9, 9, 3), tally(1, 0, 0), 'undecided', 2],
    ['one review decides', policy(1, 1, 1, 1), tally(0, 0, 0), 'undecided', 1],
  ])('%s', (_, given, counted, outcome, seats) => {
    expect(consensus(given, opinionsOf(counted))).toBe(outcome);
    expect(seatsWanted(given, opinionsOf(counted))).toBe(seats);
  });

  it('counts verdicts', () => {
    expect(tallyOf(opinionsOf(tally(2, 1, 0)))).toEqual(tally(2, 1, 0));
  });
});

/** Knows what they do: forty of forty-two right. */
const proven = (verdict: Verdict, reviewerId = 'proven'): Opinion => ({
  reviewerId,
  verdict,
  evidence: evidenceOf(reliabilityOf([40, 1, 1, 1, 40, 1, 1, 1, 40]), verdict),
  proven: true,
});
/** Says the same to everything. */
const yesSayer = (reviewerId: string): Opinion => ({
  reviewerId,
  verdict: 'approve',
  evidence: evidenceOf(reliabilityOf([40, 0, 0, 40, 0, 0, 40, 0, 0]), 'approve'),
  proven: false,
});

describe('an adaptive policy', () => {
  it.each<[string, AdaptivePolicy, Opinion[], Outcome, number]>([
    ['nothing yet: two have to look', adaptive(), [], 'undecided', 2],
    ['one unknown approval', adaptive(), opinionsOf(tally(1, 0, 0)), 'undecided', 1],
    ['two unknown approvals', adaptive(), opinionsOf(tally(2, 0, 0)), 'approve', 0],
    ['two unknown rejections are not yet sure enough', adaptive(), opinionsOf(tally(0, 2, 0)), 'undecided', 1],
    ['three are', adaptive(), opinionsOf(tally(0, 3, 0)), 'reject', 0],
    ['two who have proved themselves are', adaptive(), [proven('reject', 'a'), proven('reject', 'b')], 'reject', 0],
    ['one who has is not, and another unknown one decides', adaptive(), [proven('reject')], 'undecided', 1],
    [
      'changes are an outcome of their own',
      adaptive(),
      [proven('request_changes', 'a'), proven('request_changes', 'b')],
      'request_changes',
      0,
    ],
    ['the better one does not outweigh the other', adaptive(), [proven('reject'), opinionOf('approve')], 'undecided', 2],
    ['yes-sayers weigh next to nothing', adaptive(), [yesSayer('a'), yesSayer('b'), yesSayer('c')], 'undecided', 1],
    ['reviews spent', adaptive({ maxReviews: 3 }), opinionsOf(tally(1, 1, 1)), 'escalate', 0],
    ['more readers wanted', adaptive({ minReviews: 4 }), opinionsOf(tally(3, 0, 0)), 'undecided', 1],
  ])('%s', (_, given, opinions, outcome, seats) => {
    expect(consensus(given, opinions)).toBe(outcome);
    expect(seatsWanted(given, opinions)).toBe(seats);
  });

  it('no sequence of verdicts by one reviewer decides an entry, whatever is known of them', () => {
    fc.assert(
      fc.property(anyAdaptive, fc.array(anyOpinion, { minLength: 1, maxLength: 25 }), (given, opinions) => {
        const byOne = opinions.map((opinion) => ({ ...opinion, reviewerId: 'one' }));
        expect(['undecided', 'escalate']).toContain(consensus(given, byOne));
      }),
    );
  });

  it('what decides was said by at least two', () => {
    fc.assert(
      fc.property(anyAdaptive, fc.array(anyOpinion, { maxLength: 12 }), (given, opinions) => {
        const outcome = consensus(given, opinions);
        const agreeing = outcome === 'undecided' || outcome === 'escalate' ? leastAgreeing : tallyOf(opinions)[outcome];
        expect(agreeing).toBeGreaterThanOrEqual(leastAgreeing);
      }),
    );
  });

  it('another who says the same, and is better than chance, makes it surer', () => {
    fc.assert(
      fc.property(anyAdaptive, fc.array(anyOpinion, { maxLength: 8 }), anyVerdict, (given, opinions, verdict) => {
        const at = verdicts.indexOf(verdict);
        const before = posterior(given, opinions)[at] ?? 0;
        expect(posterior(given, [...opinions, opinionOf(verdict)])[at]).toBeGreaterThanOrEqual(before * (1 - 1e-12));
      }),
    );
  });
});

describe('the floor', () => {
  const floored = { floor: 'proven_pair' as const };
  const strangers = (verdict: Verdict, people: number) => Array.from({ length: people }, () => opinionOf(verdict, false));
  it.each<[string, AdaptivePolicy | FixedPolicy, Opinion[], Outcome, boolean]>([
    ['two strangers do not approve, weighed', adaptive(floored), strangers('approve', 2), 'undecided', true],
    ['nor do six', adaptive(floored), strangers('approve', 6), 'undecided', true],
    ['nor turn anything down', adaptive(floored), strangers('reject', 4), 'undecided', true],
    ['nor counted', { ...usual, ...floored }, strangers('approve', 3), 'undecided', true],
    ['nor send anything back alone', { ...usual, ...floored }, [opinionOf('request_changes')], 'undecided', false],
    ['a proven one among them does', adaptive(floored), [...strangers('approve', 1), opinionOf('approve')], 'approve', false],
    ['also counted', { ...usual, ...floored }, [...strangers('approve', 1), opinionOf('approve')], 'approve', false],
    [
      'a proven one who disagrees does not stand for them',
      { ...usual, ...floored },
      [...strangers('approve', 2), opinionOf('reject')],
      'undecided',
      false,
    ],
    ['nobody else is wanted after one stranger', adaptive(floored), strangers('approve', 1), 'undecided', true],
    ['anybody is after a proven one', adaptive(floored), [opinionOf('approve')], 'undecided', false],
    ['anybody is at the beginning', adaptive(floored), [], 'undecided', false],
    [
      'strangers who spend the reviews ask for a moderator',
      adaptive({ ...floored, maxReviews: 3 }),
      strangers('approve', 3),
      'escalate',
      false,
    ],
    ['without it they decide', adaptive({ floor: 'none' }), strangers('approve', 2), 'approve', false],
  ])('%s', (_, given, opinions, outcome, provenOnly) => {
    expect(consensus(given, opinions)).toBe(outcome);
    expect(wantsProven(given, opinions)).toBe(provenOnly);
  });

  it('nothing is decided unless two people agree of whom one is proven', () => {
    const somebody = fc.tuple(anyOpinion, fc.boolean()).map(([opinion, known]): Opinion => ({ ...opinion, proven: known }));
    fc.assert(
      fc.property(anyPolicy, fc.array(somebody, { maxLength: 12 }), (given, opinions) => {
        const outcome = consensus({ ...given, ...floored }, opinions);
        if (outcome === 'undecided' || outcome === 'escalate') return;
        const agreeing = opinions.filter(({ verdict }) => verdict === outcome);
        expect(agreeing.length).toBeGreaterThanOrEqual(leastAgreeing);
        expect(agreeing.some((opinion) => opinion.proven)).toBe(true);
      }),
    );
  });

  it('knows who is proven: moderators, who has passed, who has ten known verdicts', () => {
    const nobody = { role: 'reviewer' as const, qualified: false, knownVerdicts: 9 };
    expect(isProven(nobody)).toBe(false);
    expect(
      [
        { ...nobody, knownVerdicts: 10 },
        { ...nobody, qualified: true },
        { ...nobody, role: 'moderator' as const },
      ].map(isProven),
    ).toEqual([true, true, true]);
  });
});

describe('every policy', () => {
  it('comes to the same whatever order the verdicts arrived in', () => {
    fc.assert(
      fc.property(
        anyPolicy,
        fc
          .array(anyOpinion, { maxLength: 10 })
          .chain((opinions) =>
            fc.tuple(fc.constant(opinions), fc.shuffledSubarray(opinions, { minLength: opinions.length, maxLength: opinions.length })),
          ),
        (given, [opinions, shuffled]) => {
          expect(consensus(given, shuffled)).toBe(consensus(given, opinions));
          expect(seatsWanted(given, shuffled)).toBe(seatsWanted(given, opinions));
          expect(posterior(given, shuffled)).toEqual(posterior(given, opinions));
        },
      ),
    );
  });

  it('always ends, within maxReviews, when every wanted seat is filled', () => {
    fc.assert(
      fc.property(anyPolicy, fc.infiniteStream(anyOpinion), (given, stream) => {
        const opinions: Opinion[] = [];
        while (consensus(given, opinions) === 'undecided') {
          expect(seatsWanted(given, opinions)).toBeGreaterThan(0);
          expect(opinions.length + seatsWanted(given, opinions)).toBeLessThanOrEqual(given.maxReviews);
          const next = stream.next();
          if (next.done) throw new Error('The stream is endless');
          opinions.push(next.value);
        }
        expect(opinions.length).toBeLessThanOrEqual(given.maxReviews);
        expect(seatsWanted(given, opinions)).toBe(0);
      }),
    );
  });
});
