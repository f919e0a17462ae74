import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from './database.ts';
import { openDatabase } from './database.ts';
import { connectionFailure, DatabaseUnusableError, noteDatabaseError } from './errors.ts';
import type { TestDatabase } from './testing.ts';
import { createTestDatabase, testDatabaseKind } from './testing.ts';
import type { TestProxy } from './testing-proxy.ts';
import { startTestProxy } from './testing-proxy.ts';
import { inTransaction } from './transaction.ts';
import { withDatabase } from './postgres-driver.ts';

describe.runIf(testDatabaseKind() === 'postgres')('a connection that fails', () => {
  let target: TestDatabase;
  let proxy: TestProxy;
  let database: Database;
  let targetUrl: string;

  beforeAll(async () => {
    target = await createTestDatabase();
    targetUrl = target.url!;
    proxy = await startTestProxy(targetUrl);
    database = await openDatabase({ url: proxy.url, poolSize: 2 });
  });

  afterAll(async () => {
    await database.close();
    await proxy.close();
    await target.close();
  });

  let statements = 0;
  const failureOf = (work: Promise<unknown>) => work.then(() => 'no error', connectionFailure);
  const ways: [name: string, run: () => Promise<unknown>][] = [
    ['raw SQL', () => database.executeSql('SELECT 1')],
    // A new text each time: a known one is not sent again.
    ['a prepared statement', () => database.executePrepared(`SELECT ${(statements += 1)}`, [])],
    ['a raw query', () => database.prisma.$queryRaw`SELECT 1`],
    ['a model call', () => database.prisma.setting.count()],
    ['a transaction', () => inTransaction(database, (tx) => tx.setting.count())],
  ];

  test.each(ways)('is "not_sent" for %s while nobody answers, and heals by itself', async (_, run) => {
    await run();
    await proxy.refuse();
    // The first notices that its idle connection is gone, at the latest.
    await run().catch(() => {});
    expect(await failureOf(run())).toBe('not_sent');
    await proxy.accept();
    await run();
  });

  test('is "unknown" when the answer to COMMIT is lost, and the work is done', async () => {
    const swallowed = proxy.swallowAnswerTo('COMMIT\0');
    const work = inTransaction(database, (tx) => tx.setting.create({ data: { name: 'fate', value: 1 } }));
    expect(await failureOf(work)).toBe('unknown');
    await swallowed;
    expect(await database.prisma.setting.count({ where: { name: 'fate' } })).toBe(1);
  });

  test.each(ways)('is "unknown" for %s when the answer is lost on the way', async (_, run) => {
    await run();
    const swallowed = proxy.swallowAnswerTo('SELECT');
    expect(await failureOf(run())).toBe('unknown');
    await swallowed;
  });

  test.each([
    ['raw SQL', () => database.executeSql('SELECT pg_terminate_backend(pg_backend_pid())::text')],
    ['a raw query', () => database.prisma.$queryRaw`SELECT pg_terminate_backend(pg_backend_pid())::text`],
    ['a transaction', () => inTransaction(database, (tx) => tx.$queryRaw`SELECT pg_terminate_backend(pg_backend_pid())::text`)],
  ])('is "unknown" for %s when the server ends the session', async (_, run) => {
    expect(await failureOf(run())).toBe('unknown');
    expect(await database.prisma.setting.count({ where: { name: 'nothing' } })).toBe(0);
  });

  test('is told at start in one sentence that shows nothing of the address', async () => {
    const unusable = async (url: string, waitMs = 0) => {
      const error: unknown = await openDatabase({ url, waitMs }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(DatabaseUnusableError);
      return (error as Error).message;
    };
    const { username } = new URL(targetUrl);
    expect(await unusable(withDatabase(targetUrl, 'no_such_secret'))).toMatch(/^The server has no database of this name\..*\[3D000\]$/);
    expect(await unusable(targetUrl.replace(`//${username}@`, '//no_such_secret:hunter2@'))).toMatch(
      /^The server refuses this user.*\[28000\]$/,
    );
    const closed = await startTestProxy(targetUrl);
    await closed.close();
    expect(await unusable(closed.url, 300)).toMatch(/^Nothing answers at this host and port\..*\[ECONNREFUSED\]$/);
    expect(await unusable('postgresql://secret:hunter2@no-such-host.invalid/secret')).toMatch(/^There is no host of this name\..*\]$/);
  });

  test('is waited for at start', async () => {
    const late = await startTestProxy(targetUrl);
    await late.refuse();
    const waits: object[] = [];
    const log = { info() {}, warn: (details: object) => void waits.push(details), error() {} };
    const opening = openDatabase({ url: late.url, waitMs: 30_000, log });
    await expect.poll(() => waits).toEqual([{ waitMs: 30_000, code: 'ECONNREFUSED' }]);
    await late.accept();
    await (await opening).close();
    await late.close();
  });

  test('a PostgreSQL that is too old is refused by its version', async () => {
    const { rows } = await target.executeSql(`SELECT current_setting('server_version_num') AS version`);
    const old = await startTestProxy(targetUrl);
    old.rewriteAnswers(String(rows[0]?.['version']), '130022');
    await expect(openDatabase({ url: old.url })).rejects.toThrow(
      'The server is PostgreSQL 13, which is too old. Upgrade it to 14 or newer.',
    );
    await old.close();
  });

  test('a database that takes no writes is refused', async () => {
    const readOnly = new URL(targetUrl);
    readOnly.searchParams.set('options', '-c default_transaction_read_only=on');
    await expect(openDatabase({ url: readOnly.href })).rejects.toThrow('The database is read-only.');
  });
});

test.each([
  [{ code: 'P1001' }, 'not_sent'],
  [{ code: 'P1002' }, 'not_sent'],
  [{ code: 'P2024' }, 'not_sent'],
  [{ code: 'P2028' }, 'not_sent'],
  [{ code: 'P1008' }, 'unknown'],
  [{ code: 'P1017' }, 'unknown'],
  [{ severity: 'FATAL', code: '57P03' }, 'not_sent'],
  [{ severity: 'FATAL', code: '53300' }, 'not_sent'],
  [{ severity: 'FATAL', code: '57P01' }, 'unknown'],
  [{ severity: 'FATAL', code: '57P02' }, 'unknown'],
  [{ severity: 'FATAL', code: '08P01' }, 'unknown'],
  [{ severity: 'ERROR', code: '23505' }, undefined],
  [{ severity: 'ERROR', code: '22012', message: 'division by zero: Connection terminated' }, undefined],
  [new Error('timeout exceeded when trying to connect'), 'not_sent'],
  [new Error('Connection terminated due to connection timeout'), 'not_sent'],
  [new Error('Client has encountered a connection error and is not queryable'), 'not_sent'],
  [new Error('Connection terminated unexpectedly'), 'unknown'],
  [Object.assign(new Error('of a mail server'), { code: 'ECONNREFUSED' }), undefined],
  [noteDatabaseError(Object.assign(new Error('of the database'), { code: 'ECONNREFUSED' })), 'not_sent'],
  [noteDatabaseError(Object.assign(new Error('of the database'), { code: 'EPIPE' })), 'unknown'],
  [new Error('something else'), undefined],
  [undefined, undefined],
])('%o is classified as %s', (error, expected) => {
  expect(connectionFailure(error)).toBe(expected);
});
