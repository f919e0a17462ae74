import { expect, test } from 'vitest';
import { slugOf } from './dataset-fields.ts';

test.each([
  ['Garden questions', 'garden-questions'],
  ['  Fragen über Gärten! ', 'fragen-uber-garten'],
  ['日本語', ''],
  ['a'.repeat(80), 'a'.repeat(64)],
  [`${'a'.repeat(63)} b`, 'a'.repeat(63)],
])('the short name of %j is %j', (title, slug) => {
  expect(slugOf(title, 64)).toBe(slug);
});
