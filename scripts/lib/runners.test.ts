import { expect, test } from 'vitest';
import { countPlaywright, countVitest, settle } from './runners.mjs';

test('vitest: a file that could not be loaded counts as a failure', () => {
  const loaded = { status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] };
  const unloaded = { status: 'failed', assertionResults: [] };
  const report = { numPassedTests: 1, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1, testResults: [loaded, unloaded] };
  expect(countVitest(report)).toEqual({ passed: 1, failed: 2, skipped: 3 });
});

test('playwright: a journey that passed only at the second try failed', () => {
  const report = { stats: { expected: 5, unexpected: 1, flaky: 1, skipped: 2 }, errors: [] };
  expect(countPlaywright(report)).toEqual({ passed: 5, failed: 2, skipped: 2 });
});

test('playwright: an error outside of any journey is a failure', () => {
  const report = { stats: { expected: 5, unexpected: 0, flaky: 0, skipped: 0 }, errors: [{ message: 'no server' }] };
  expect(countPlaywright(report)).toEqual({ passed: 5, failed: 1, skipped: 0 });
});

test.each([
  ['all well', { passed: 3, failed: 0, skipped: 0 }, 0, { passed: 3, failed: 0 }],
  ['failures and a bad end are counted once', { passed: 3, failed: 2, skipped: 0 }, 1, { passed: 3, failed: 2 }],
  ['a bad end without failures', { passed: 3, failed: 0, skipped: 0 }, 1, { passed: 3, failed: 1 }],
  ['no report', undefined, 0, { passed: 0, failed: 1 }],
  ['a report without tests', { passed: 0, failed: 0, skipped: 4 }, 0, { passed: 0, failed: 1, skipped: 4 }],
])('%s', (_, counted, code, expected) => {
  expect(settle(counted, code)).toMatchObject(expected);
});
