import { endpoints } from '@granary/contract';
import { expect, test } from 'vitest';
import { errorCodesOf } from './operation.ts';

test('an operation that takes an Idempotency-Key or If-Match and nothing else may answer that it is malformed', () => {
  expect(errorCodesOf(endpoints.accounts.signOutEverywhere)).toContain('validation_failed');
  expect(errorCodesOf(endpoints.system.health)).not.toContain('validation_failed');
});
