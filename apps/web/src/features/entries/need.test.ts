import { expect, it } from 'vitest';
import { byNeed, coverage } from './need.ts';

const category = (slug: string, approved: number, inReview: number, targetCount: number) => ({ slug, approved, inReview, targetCount });

it('puts the least covered category first and those without a target last', () => {
  const sorted = byNeed([
    category('done', 100, 0, 100),
    category('none', 0, 0, 0),
    category('half', 50, 0, 100),
    category('empty', 0, 0, 100),
  ]);
  expect(sorted.map(({ slug }) => slug)).toEqual(['empty', 'half', 'done', 'none']);
});

it('counts what is under review by half, and keeps the order between equals', () => {
  const sorted = byNeed([category('waiting', 0, 60, 100), category('approved', 20, 0, 100), category('b', 20, 0, 100)]);
  expect(sorted.map(({ slug }) => slug)).toEqual(['approved', 'b', 'waiting']);
});

it('never reports more than the whole target', () => {
  expect([coverage(category('a', 150, 0, 100)), coverage(category('b', 1, 0, 4)), coverage(category('c', 0, 0, 0))]).toEqual([1, 0.25, 1]);
});
