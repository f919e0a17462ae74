import { expect, it } from 'vitest';
import { isTouched, nothingTyped, rateNext, unrateLast } from './typed.ts';

const dimensions = [{ slug: 'helpfulness' }, { slug: 'clarity' }];

it('rates one dimension after another, then the last one again', () => {
  const once = rateNext(dimensions, {}, 4);
  expect(once).toEqual({ helpfulness: 4 });
  const twice = rateNext(dimensions, once, 5);
  expect(twice).toEqual({ helpfulness: 4, clarity: 5 });
  expect(rateNext(dimensions, twice, 2)).toEqual({ helpfulness: 4, clarity: 2 });
});

it('fills a gap first', () => {
  expect(rateNext(dimensions, { clarity: 3 }, 1)).toEqual({ helpfulness: 1, clarity: 3 });
});

it('takes the last rating back, one after another', () => {
  const once = unrateLast(dimensions, { helpfulness: 4, clarity: 5 });
  expect(once).toEqual({ helpfulness: 4 });
  expect(unrateLast(dimensions, once)).toEqual({});
  expect(unrateLast(dimensions, {})).toEqual({});
});

it('has nothing to rate in a dataset without dimensions', () => {
  expect(rateNext([], {}, 4)).toEqual({});
});

it.each([
  [nothingTyped, false],
  [{ ...nothingTyped, ratings: { clarity: 1 } }, true],
  [{ ...nothingTyped, reason: 'spam' as const }, true],
  [{ ...nothingTyped, note: 'x' }, true],
  [{ ...nothingTyped, keepInstruction: true }, true],
  [{ ...nothingTyped, changes: 'x' }, true],
])('%j is touched: %s', (typed, touched) => {
  expect(isTouched(typed)).toBe(touched);
});
