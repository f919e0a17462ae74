import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../testing.ts';
import { idempotencyKeyDays, sweep } from './sweeper.ts';

const now = new Date('2026-11-23T12:00:00.000Z');
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
let test: TestApp;
beforeAll(async () => {
  test = await createTestApp();
});
afterAll(() => test.close());

it('removes keys and counters that nothing reads any more, and no others', async () => {
  const userId = crypto.randomUUID();
  const row = (key: string, createdAt: Date) => ({ userId, key, endpoint: 'POST /x', requestHash: 'h', status: 201, createdAt });
  await test.db.prisma.idempotencyKey.createMany({
    data: [row('old', ago(idempotencyKeyDays * 24 + 1)), row('young', ago(idempotencyKeyDays * 24 - 1))],
  });
  // More than one batch.
  await test.db.executeSql(
    `INSERT INTO rate_limits (key, window_start, count) SELECT 'write:' || n, $1::timestamptz, 1 FROM generate_series(1, 12000) n`,
    [ago(2).toISOString()],
  );
  await test.db.prisma.rateLimit.create({ data: { key: 'write:now', windowStart: now, count: 1 } });

  expect(await sweep(test.db, now)).toBe(12_001);
  expect(await sweep(test.db, now)).toBe(0);
  expect(await test.db.prisma.idempotencyKey.findMany({ where: { userId }, select: { key: true } })).toEqual([{ key: 'young' }]);
  expect(await test.db.prisma.rateLimit.findMany({ select: { key: true } })).toEqual([{ key: 'write:now' }]);
});
