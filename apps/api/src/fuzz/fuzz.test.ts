import { expect, test } from 'vitest';
import { describe } from './main.ts';
import { fuzz } from './run.ts';

const seed = 20_261_130;

test('5,000 requests, half of them spoilt, are all answered as the contract says', { timeout: 1_800_000 }, async () => {
  const result = await fuzz({ seed, requests: 5_000 });
  expect(result.findings.map((finding) => describe(finding, seed))).toEqual([]);
  expect(result.neverReached).toEqual([]);
});
