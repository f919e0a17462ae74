import { expect, test } from 'vitest';
import { countPlaywright, settle, sumVitest } from './runners.mjs';

const file = (project: string, passed: number, failed = 0) => ({
  project,
  file: `${project}.test.ts`,
  passed,
  failed,
  skipped: 1,
  seconds: 2,
});

test('vitest: files are summed by runner, whatever process they ran in', () => {
  const results = sumVitest([file('unit', 3), file('api-postgres', 2, 1), file('api-postgres-alone', 4)], 1);
  expect(results).toMatchObject([
    { title: 'Unit', passed: 3, failed: 0, skipped: 1, seconds: 2 },
    { title: 'API on PostgreSQL', passed: 6, failed: 1, skipped: 2, seconds: 4 },
  ]);
});

test('vitest: a run that ends badly without a failed test is a failure, and so is one that reports nothing', () => {
  expect(sumVitest([file('unit', 3)], 1)).toMatchObject([
    { title: 'Unit' },
    { title: 'Vitest', failed: 1, note: 'it ended with exit code 1' },
  ]);
  expect(sumVitest([], 0)).toMatchObject([{ title: 'Vitest', failed: 1, note: 'it did not report any test' }]);
});

test('playwright: a journey that passed only at the second try failed', () => {
  const report = { stats: { expected: 5, unexpected: 1, flaky: 1, skipped: 2 }, errors: [] };
  expect(countPlaywright(report)).toMatchObject({ passed: 5, failed: 2, skipped: 2 });
});

test('playwright: an error outside of any journey is a failure', () => {
  const report = { stats: { expected: 5, unexpected: 0, flaky: 0, skipped: 0 }, errors: [{ message: 'no server' }] };
  expect(countPlaywright(report)).toMatchObject({ passed: 5, failed: 1, skipped: 0 });
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
