import { expect, test } from 'vitest';
import { sectionOfField } from './settings-sections.ts';

test.each([
  ['title', 'about'],
  ['archived', 'about'],
  ['languages.0', 'about'],
  ['terms', 'texts'],
  ['policy.approvals', 'policy'],
  ['dimensions.2.slug', 'ratings'],
])('%s is in the section %s', (path, section) => {
  expect(sectionOfField(path)).toBe(section);
});
