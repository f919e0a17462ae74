import { expect, test } from 'vitest';
import { isComposing } from './is-composing.ts';

test.each([
  ['a key of its own', { isComposing: false, keyCode: 13 }, false],
  ['within a composition', { isComposing: true, keyCode: 13 }, true],
  ['that ended a composition in Safari', { isComposing: false, keyCode: 229 }, true],
])('%s', (_what, press, composing) => {
  expect(isComposing(press)).toBe(composing);
});
