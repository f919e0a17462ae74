import { expect, test } from 'vitest';
import { createBatchSize } from './batch-size.ts';

/** Weights of batches on a database that takes `baseMs` for a transaction and `perWeightMs` for what is in it. */
function weights(baseMs: number, perWeightMs: number): number[] {
  const size = createBatchSize('pglite');
  return Array.from({ length: 60 }, () => {
    const { weight } = size.next();
    size.learn(weight, baseMs + weight * perWeightMs);
    return weight;
  });
}

test('on the embedded database a batch comes to take about 30 ms, whatever its speed', () => {
  const msOfLast = (perWeightMs: number) => 5 + (weights(5, perWeightMs).at(-1) ?? 0) * perWeightMs;
  expect([0.0001, 0.001, 0.002].map((perWeightMs) => Math.round(msOfLast(perWeightMs)))).toEqual([30, 30, 30]);
});

test('a slow transaction does not shrink batches to nothing, and a first one is small', () => {
  expect(weights(200, 0.001).at(-1)).toBe(12_000);
  expect(createBatchSize('pglite').next()).toEqual({ rows: 4, weight: 12_000 });
});

test('on PostgreSQL, which keeps nobody waiting, a batch is large from the beginning', () => {
  const size = createBatchSize('postgres');
  size.learn(1_000, 60_000);
  expect(size.next()).toEqual({ rows: 1_000, weight: 4_000_000 });
});
