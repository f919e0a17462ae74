import { describe, expect, test } from 'vitest';
import { isCancelledStatement } from './errors.ts';
import { withStatementBounds } from './statement-bounds.ts';
import { createTestDatabase, testDatabaseKind, type TestDatabase } from './testing.ts';
import { inTransaction } from './transaction.ts';

const long = 60_000;
const slow = (name: string) => `SELECT pg_sleep(50), '${name}' AS name`;

test('statements within their bounds give what they give', async () => {
  const db = await createTestDatabase();
  try {
    const gone = new AbortController();
    const rows = await withStatementBounds({ timeoutMs: long, abandoned: gone.signal }, () =>
      db.prisma.$queryRawUnsafe('SELECT 7::int AS n'),
    );
    expect(rows).toEqual([{ n: 7 }]);
    expect((await withStatementBounds({ timeoutMs: long }, () => db.executePrepared('SELECT $1::int AS n', [8]))).rows).toEqual([{ n: 8 }]);
  } finally {
    await db.close();
  }
});

describe.runIf(testDatabaseKind() === 'postgres')('on PostgreSQL', () => {
  async function withDatabase(work: (db: TestDatabase) => Promise<void>) {
    const db = await createTestDatabase();
    try {
      await work(db);
    } finally {
      await db.close();
    }
  }
  const failureOf = (work: Promise<unknown>) => work.then(() => 'none').catch((error: unknown) => error);

  test.each([
    ['by Prisma', (db: TestDatabase) => db.prisma.$queryRawUnsafe(slow('prisma'))],
    ['prepared', (db: TestDatabase) => db.executePrepared(slow('prepared'), [])],
    ['plain', (db: TestDatabase) => db.executeSql(slow('plain'))],
    ['in a transaction', (db: TestDatabase) => inTransaction(db, (tx) => tx.$queryRawUnsafe(slow('transaction')))],
  ])('a statement that runs too long is cancelled, and its connection goes on: %s', (_, run) =>
    withDatabase(async (db) => {
      const failure = await failureOf(withStatementBounds({ timeoutMs: 50 }, async () => run(db)));
      expect(isCancelledStatement(failure)).toBe(true);
      const { rows } = await db.executeSql(
        `SELECT count(*)::int AS running FROM pg_stat_activity WHERE query LIKE '%pg_sleep(50)%' AND state = 'active' AND pid <> pg_backend_pid()`,
      );
      expect(rows).toEqual([{ running: 0 }]);
    }),
  );

  test('what nobody waits for any longer is cancelled, and nothing more begins', () =>
    withDatabase(async (db) => {
      const gone = new AbortController();
      const failure = withStatementBounds({ timeoutMs: long, abandoned: gone.signal }, () => failureOf(db.executeSql(slow('abandoned'))));
      const isRunning = async () => {
        const { rows } = await db.executeSql(
          `SELECT 1 FROM pg_stat_activity WHERE query = '${slow('abandoned').replaceAll("'", "''")}' AND state = 'active'`,
        );
        return rows.length > 0;
      };
      while (!(await isRunning()));
      gone.abort();
      expect(isCancelledStatement(await failure)).toBe(true);
      expect(await isRunning()).toBe(false);
      const next = await failureOf(withStatementBounds({ timeoutMs: long, abandoned: gone.signal }, () => db.executeSql('SELECT 1')));
      expect(next).toMatchObject({ name: 'AbandonedStatementError' });
    }));

  test.each([
    ['', async () => {}],
    [
      ', also on a connection that replaces one made for somebody who has left',
      async (db: TestDatabase) => {
        const gone = new AbortController();
        const makeConnections = () => Promise.all(Array.from({ length: 30 }, () => db.executeSql('SELECT pg_sleep(0.05)')));
        await withStatementBounds({ timeoutMs: long, abandoned: gone.signal }, makeConnections);
        gone.abort();
      },
    ],
  ])('whoever waited for a connection keeps its own bounds%s', (_, before) =>
    withDatabase(async (db) => {
      await before(db);
      // More at once than there are connections: the last ones get theirs from those that were cancelled.
      const bounded = Array.from({ length: 30 }, () =>
        failureOf(withStatementBounds({ timeoutMs: 50 }, () => db.executeSql(slow('bounded')))),
      );
      const free = db.executeSql('SELECT pg_sleep(0.3), 1::int AS n');
      expect((await Promise.all(bounded)).filter((failure) => !isCancelledStatement(failure))).toEqual([]);
      expect((await free).rows).toMatchObject([{ n: 1 }]);
    }),
  );
});
