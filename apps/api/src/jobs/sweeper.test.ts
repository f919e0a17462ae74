import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../testing.ts';
import { endedSessionDays, idempotencyKeyDays, sweep, sweepStatements } from './sweeper.ts';

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

it('removes sessions that ended long ago, without anybody signing in, and no others', async () => {
  const { id: userId, sessionId } = await test.signIn();
  const session = (name: string, expiresAt: Date, revokedAt: Date | null = null) => ({
    userId,
    currentTokenHash: name,
    expiresAt,
    revokedAt,
  });
  const longAgo = ago(endedSessionDays * 24 + 1);
  const lately = ago(endedSessionDays * 24 - 1);
  await test.db.prisma.session.createMany({
    data: [
      session('expired long ago', longAgo),
      session('expired', lately),
      session('revoked long ago', now, longAgo),
      session('revoked', now, lately),
    ],
  });
  expect(await sweep(test.db, now)).toBe(2);
  const left = await test.db.prisma.session.findMany({ where: { userId, id: { not: sessionId } }, select: { currentTokenHash: true } });
  expect(left.map((row) => row.currentTokenHash).sort()).toEqual(['expired', 'revoked']);
});

it('finds sessions that are over without reading those that are not', async () => {
  const { id: userId } = await test.signIn();
  await test.db.executeSql(
    `INSERT INTO sessions (id, user_id, current_token_hash, expires_at, revoked_at)
     SELECT gen_random_uuid(), $1::uuid, 'open ' || n, $2::timestamptz + n * interval '1 minute', CASE WHEN n % 3 = 0 THEN $2::timestamptz END
     FROM generate_series(1, 20000) n`,
    [userId, now.toISOString()],
  );
  await test.db.executeSql('ANALYZE sessions');
  const statement = sweepStatements(now).find(({ sql }) => sql.includes('FROM sessions'));
  const { rows } = await test.db.executeSql(`EXPLAIN ${statement?.sql ?? ''}`, [statement?.before]);
  const plan = rows.map((row) => String(row['QUERY PLAN'])).join('\n');
  expect(plan).toContain('sessions_expires_at_idx');
  expect(plan).toContain('sessions_revoked_at_idx');
  expect(plan).not.toContain('Seq Scan on sessions');
});
