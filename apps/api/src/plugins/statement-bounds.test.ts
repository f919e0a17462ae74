import type { AddressInfo } from 'node:net';
import { inTransaction } from '@granary/db';
import { testDatabaseKind } from '@granary/db/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../testing.ts';

/** Resolves once it is true. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition()));
}

// The embedded database runs one statement after another, inside this process: none can wait for another, and none can be cancelled.
describe.runIf(testDatabaseKind() === 'postgres')('a statement that waits for a lock', () => {
  let t: TestApp;
  let unlock: () => void;
  let locked: Promise<void>;
  const waiting = async () => {
    const { rows } = await t.db.executeSql(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%FROM pairs p%'`,
    );
    return rows[0]?.['n'] as number;
  };

  async function lockPairs(timeoutSeconds: string): Promise<void> {
    t = await createTestApp({ env: { STATEMENT_TIMEOUT: timeoutSeconds } });
    const { promise, resolve } = Promise.withResolvers<void>();
    unlock = resolve;
    const { promise: ready, resolve: isReady } = Promise.withResolvers<void>();
    locked = inTransaction(t.db, async (tx) => {
      await tx.$executeRawUnsafe('LOCK TABLE pairs IN ACCESS EXCLUSIVE MODE');
      isReady();
      await promise;
    });
    await ready;
  }
  async function end(): Promise<void> {
    unlock();
    await locked;
    await t.close();
  }

  describe('for longer than STATEMENT_TIMEOUT', () => {
    beforeAll(() => lockPairs('0.3'));
    afterAll(end);
    it('is answered with 503 timed_out and when to try again', async () => {
      const reply = await t.anonymous.send('GET', '/api/v1/pairs');
      expect([reply.status, reply.headers['retry-after']]).toEqual([503, '10']);
      expect(reply.body).toMatchObject({ code: 'timed_out', title: 'The request took too long' });
      expect(await waiting()).toBe(0);
    });
  });

  describe('for a client that goes away', () => {
    beforeAll(() => lockPairs('3600'));
    afterAll(end);
    it('is cancelled', async () => {
      await t.app.listen({ port: 0, host: '127.0.0.1' });
      const { port } = t.app.server.address() as AddressInfo;
      const client = new AbortController();
      const answer = fetch(`http://127.0.0.1:${port}/api/v1/pairs`, { signal: client.signal }).catch((error: Error) => error.name);
      await until(async () => (await waiting()) === 1);
      client.abort();
      expect(await answer).toBe('AbortError');
      await until(async () => (await waiting()) === 0);
    });
  });
});

describe('a request within its bounds', () => {
  it('is answered as ever', async () => {
    const t = await createTestApp({ env: { STATEMENT_TIMEOUT: '60' } });
    try {
      expect((await t.anonymous.send('GET', '/api/v1/pairs')).body).toEqual({ items: [], nextCursor: null });
    } finally {
      await t.close();
    }
  });
});
