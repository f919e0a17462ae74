import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DataFolderLockedError, sqlState, violatedUniqueConstraint } from './errors.ts';
import { openDatabase } from './database.ts';
import { Prisma } from './generated/client.ts';
import { queryRows } from './query-rows.ts';
import type { TestDatabase } from './testing.ts';
import { createTestDatabase, testDatabaseKind } from './testing.ts';
import { inTransaction } from './transaction.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.close());

const setting = (name: string, value: number) => ({ data: { name, value } });

async function readValue(name: string): Promise<unknown> {
  return (await database.prisma.setting.findUnique({ where: { name } }))?.value;
}

describe('transactions', () => {
  test('commit or leave nothing', async () => {
    await inTransaction(database, (tx) => tx.setting.create(setting('kept', 1)));
    const failing = inTransaction(database, async (tx) => {
      await tx.setting.create(setting('lost', 1));
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect([await readValue('kept'), await readValue('lost')]).toEqual([1, undefined]);
  });

  test('are tried again until none of many rivals loses an update', async () => {
    await database.prisma.setting.create(setting('counter', 0));
    const rivals = Array.from({ length: 8 }, () =>
      inTransaction(
        database,
        async (tx) => {
          const { value } = await tx.setting.findUniqueOrThrow({ where: { name: 'counter' } });
          await tx.setting.update({ where: { name: 'counter' }, data: { value: Number(value) + 1 } });
        },
        { isolation: 'Serializable', attempts: 50 },
      ),
    );
    await Promise.all(rivals);
    expect(await readValue('counter')).toBe(8);
  });

  test('have the isolation that was asked for', async () => {
    const level = (isolation: 'ReadCommitted' | 'Serializable') =>
      inTransaction(database, (tx) => tx.$queryRaw<{ transaction_isolation: string }[]>`SHOW transaction_isolation`, { isolation });
    expect(await level('Serializable')).toEqual([{ transaction_isolation: 'serializable' }]);
    expect(await level('ReadCommitted')).toEqual([{ transaction_isolation: 'read committed' }]);
  });

  test('are not tried again for other errors', async () => {
    let runs = 0;
    const failing = inTransaction(database, async (tx) => {
      runs += 1;
      await tx.$queryRaw`SELECT 1 / 0`;
    });
    await expect(failing).rejects.toSatisfy((error: unknown) => sqlState(error) === '22012');
    expect(runs).toBe(1);
  });

  test('an error at the very end, in COMMIT, is an error', async () => {
    await database.executeSql(`CREATE TABLE later (id int, CONSTRAINT later_once UNIQUE (id) DEFERRABLE INITIALLY DEFERRED)`);
    const failing = inTransaction(database, async (tx) => {
      await tx.$executeRaw`INSERT INTO later VALUES (1), (1)`;
    });
    await expect(failing).rejects.toThrow(/later_once|constraint/i);
    expect((await database.executeSql('SELECT count(*)::int AS n FROM later')).rows).toEqual([{ n: 0 }]);
  });
});

describe('errors', () => {
  test('name the violated unique constraint, from model calls and from raw SQL', async () => {
    await database.prisma.setting.create(setting('once', 1));
    const byModel = database.prisma.setting.create(setting('once', 2));
    await expect(byModel).rejects.toSatisfy((error: unknown) => violatedUniqueConstraint(error) === 'settings_pkey');
    const bySql = database.prisma.$executeRaw`INSERT INTO settings VALUES ('once', '3')`;
    await expect(bySql).rejects.toSatisfy((error: unknown) => violatedUniqueConstraint(error) === 'settings_pkey');
    expect(violatedUniqueConstraint(new Error('something else'))).toBeUndefined();
  });
});

describe('raw SQL', () => {
  test('checks every row', async () => {
    const schema = { parse: (row: unknown) => row as { at: Date; big: bigint } };
    const rows = await queryRows(database.prisma, schema, Prisma.sql`SELECT ${new Date(0)}::timestamptz AS at, 9007199254740993 AS big`);
    expect(rows).toEqual([{ at: new Date(0), big: 9007199254740993n }]);
    const strict = {
      parse: () => {
        throw new Error('not that shape');
      },
    };
    await expect(queryRows(database.prisma, strict, Prisma.sql`SELECT 1`)).rejects.toThrow('not that shape');
  });

  test('times mean UTC, whatever the server prefers', async () => {
    const createdAt = new Date('2026-07-01T12:34:56.789Z');
    const user = { email: 'a@example.org', passwordHash: '', displayName: 'A', displayNameKey: 'a', createdAt };
    const { id } = await database.prisma.user.create({ data: user });
    const { rows } = await database.executeSql('SELECT extract(epoch FROM created_at)::float8 AS seconds FROM users WHERE id = $1', [id]);
    expect(rows).toEqual([{ seconds: createdAt.getTime() / 1000 }]);
    expect((await database.prisma.user.findUniqueOrThrow({ where: { id } })).createdAt).toEqual(createdAt);
  });

  test('several statements at once, and a failing one leaves the connection usable', async () => {
    const script = 'BEGIN; CREATE TABLE scripted (id int); SELECT 7 AS seven; COMMIT';
    expect((await database.executeSql(script)).rows).toContainEqual({ seven: 7 });
    await expect(database.executeSql('BEGIN; SELECT 1 / 0; COMMIT')).rejects.toThrow('division by zero');
    expect((await database.executeSql('SELECT 8 AS eight')).rows).toEqual([{ eight: 8 }]);
  });
});

test('notifications arrive, and stop after close', async () => {
  const heard: string[] = [];
  const subscription = await database.listen('granary_news', (payload) => heard.push(payload));
  await database.executeSql('SELECT pg_notify($1, $2)', ['granary_news', 'one']);
  await expect.poll(() => heard).toEqual(['one']);
  await subscription.close();
  await database.executeSql('SELECT pg_notify($1, $2)', ['granary_news', 'two']);
  await database.executeSql('SELECT 1');
  expect(heard).toEqual(['one']);
});

test('what was written is there after closing and opening again', async () => {
  const own = await createTestDatabase();
  await own.prisma.setting.create(setting('durable', 1));
  await own.release();
  const again = await openDatabase({ url: own.url, dataDir: own.dataDir });
  expect(await again.prisma.setting.count()).toBe(1);
  await again.close();
  await own.close();
});

test.runIf(testDatabaseKind() === 'pglite')('a data folder is opened by one at a time', async () => {
  await expect(openDatabase({ dataDir: database.dataDir })).rejects.toThrow(DataFolderLockedError);
});
