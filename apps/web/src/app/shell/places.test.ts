import { expect, test } from 'vitest';
import { isWithin } from './places.ts';

test.each([
  ['/datasets/granary-open/contribute', '/contribute'],
  ['/datasets/granary-open/open-instructions', '/contribute'],
  ['/entries/0198c7a2/respond', '/contribute'],
  ['/my/drafts', '/contribute'],
  ['/entries/0198c7a2', '/browse'],
  ['/contributors/0198c7a2', '/browse'],
  ['/compare', '/review'],
  ['/my/reviews', '/review'],
  ['/datasets/granary-open', '/datasets'],
  ['/datasets/granary-open/snapshots/1/rows', '/datasets'],
  ['/admin/datasets/granary-open/publish', '/admin'],
])('%s belongs to %s and to nothing else', (pathname, place) => {
  const places = ['/contribute', '/review', '/browse', '/datasets', '/moderate', '/admin'];
  expect(places.filter((to) => isWithin(pathname, to))).toEqual([place]);
});
