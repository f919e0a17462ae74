import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { consensus, seatsWanted, tallyOf, type Outcome, type Tally } from './consensus.ts';

const policy = (approvals: number, rejections: number, changeRequests: number, maxReviews: number) => ({
  kind: 'fixed' as const,
  approvals,
  rejections,
  changeRequests,
  maxReviews,
  openReview: true,
});
const tally = (approve: number, reject: number, requestChanges: number): Tally => ({ approve, reject, request_changes: requestChanges });
const usual = policy(2, 2, 1, 5);

describe('consensus', () => {
  it.each<[string, ReturnType<typeof policy>, Tally, Outcome, number]>([
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
    expect(consensus(given, counted)).toBe(outcome);
    expect(seatsWanted(given, counted)).toBe(seats);
  });

  const anyPolicy = fc.record({
    kind: fc.constant('fixed' as const),
    approvals: fc.integer({ min: 1, max: 9 }),
    rejections: fc.integer({ min: 1, max: 9 }),
    changeRequests: fc.integer({ min: 1, max: 9 }),
    maxReviews: fc.integer({ min: 1, max: 25 }),
    openReview: fc.boolean(),
  });

  it('always ends, within maxReviews, when every wanted seat is filled', () => {
    fc.assert(
      fc.property(
        anyPolicy,
        fc.infiniteStream(fc.constantFrom('approve' as const, 'reject' as const, 'request_changes' as const)),
        (given, verdicts) => {
          const counted = tally(0, 0, 0);
          let reviews = 0;
          while (consensus(given, counted) === 'undecided') {
            expect(seatsWanted(given, counted)).toBeGreaterThan(0);
            expect(reviews + seatsWanted(given, counted)).toBeLessThanOrEqual(given.maxReviews);
            const next = verdicts.next();
            if (next.done) throw new Error('The stream is endless');
            counted[next.value] += 1;
            reviews += 1;
          }
          expect(reviews).toBeLessThanOrEqual(given.maxReviews);
          expect(seatsWanted(given, counted)).toBe(0);
        },
      ),
    );
  });

  it('counts verdicts', () => {
    expect(tallyOf(['approve', 'reject', 'approve'])).toEqual(tally(2, 1, 0));
  });
});
