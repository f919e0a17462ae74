import { expect, test } from 'vitest';
import { judge, type FileReport } from './mutation-runs.ts';

const reportOf = (changes: Partial<FileReport> = {}): FileReport => ({
  name: '/copy/apps/a.test.ts',
  status: 'failed',
  message: '',
  assertionResults: [
    { status: 'passed', fullName: 'pages follow each other' },
    { status: 'failed', fullName: 'no item comes twice', failureMessages: ['AssertionError: expected 2 to be 1'] },
  ],
  ...changes,
});

test('a mutation is caught by a test of each file that it names', () => {
  expect(judge(['apps/a.test.ts'], [reportOf()])).toEqual({ caught: true, note: 'no item comes twice' });
  const green = reportOf({ name: '/copy/apps/b.test.ts', status: 'passed', assertionResults: [] });
  expect(judge(['apps/a.test.ts', 'apps/b.test.ts'], [reportOf(), green])).toEqual({ caught: false, note: 'apps/b.test.ts stays green' });
});

test('code that cannot be loaded, a test that took too long and a file that was not run catch nothing', () => {
  const unloaded = reportOf({ message: 'SyntaxError', assertionResults: [] });
  expect(judge(['apps/a.test.ts'], [unloaded])).toMatchObject({ caught: false, note: expect.stringContaining('SyntaxError') as string });
  const slow = reportOf({
    assertionResults: [{ status: 'failed', fullName: 'slow', failureMessages: ['Error: Test timed out in 60000ms.'] }],
  });
  expect(judge(['apps/a.test.ts'], [slow])).toMatchObject({ caught: false });
  expect(judge(['apps/c.test.ts'], [reportOf()])).toEqual({ caught: false, note: 'apps/c.test.ts was not run' });
});
