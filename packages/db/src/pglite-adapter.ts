import type { PGlite, Transaction as PGliteTransaction } from '@electric-sql/pglite';
import { messages } from '@electric-sql/pglite';
import { DriverAdapterError } from '@prisma/driver-adapter-utils';
import type {
  Error as DriverError,
  IsolationLevel,
  SqlDriverAdapter,
  SqlMigrationAwareDriverAdapterFactory,
  Transaction,
} from '@prisma/driver-adapter-utils';
import { PrismaPGlite } from 'pglite-prisma-adapter';

/**
 * Prisma's driver adapter for the embedded database. Values are converted by `pglite-prisma-adapter`; what it does not
 * do is done here: a failing script or COMMIT is reported (it drops those errors), the isolation level is set inside
 * the transaction, savepoints work, and errors carry the same names as `@prisma/adapter-pg` gives them.
 */
export function createPGliteAdapterFactory(client: PGlite, openShadow: () => Promise<PGlite>): SqlMigrationAwareDriverAdapterFactory {
  return {
    provider: 'postgres',
    adapterName: 'granary-pglite',
    connect: () => createAdapter(client, async () => {}),
    async connectToShadowDb() {
      const shadow = await openShadow();
      return createAdapter(shadow, () => shadow.close());
    },
  };
}

type Queries = Pick<PGlite, 'query'>;

async function createAdapter(client: PGlite, dispose: () => Promise<void>): Promise<SqlDriverAdapter> {
  const queryable = await convertingQueryable(client);
  return {
    provider: 'postgres',
    adapterName: 'granary-pglite',
    queryRaw: (query) => queryable.queryRaw(query),
    executeRaw: (query) => queryable.executeRaw(query),
    executeScript: (script) => reportErrors(async () => void (await client.exec(script))),
    startTransaction: (isolationLevel) => startTransaction(client, isolationLevel),
    getConnectionInfo: () => ({ supportsRelationJoins: true }),
    dispose,
  };
}

/** The library's conversions over anything that has `query`, with our errors. */
async function convertingQueryable(client: Queries): Promise<SqlDriverAdapter> {
  const query: PGlite['query'] = (sql, values, options) => reportErrors(() => client.query(sql, values, options));
  return new PrismaPGlite({ query } as PGlite).connect();
}

function startTransaction(client: PGlite, isolationLevel: IsolationLevel | undefined): Promise<Transaction> {
  return new Promise((resolve, reject) => {
    let settle: (() => void) | undefined;
    const settled = new Promise<void>((done) => {
      settle = done;
    });
    // PGlite holds its one connection for as long as this callback runs, and commits when it returns.
    const finished = client.transaction(async (tx) => {
      if (isolationLevel) await tx.exec(`SET TRANSACTION ISOLATION LEVEL ${isolationLevel}`);
      resolve(
        await createTransaction(
          tx,
          () => settle?.(),
          () => finished,
        ),
      );
      await settled;
    });
    // Before the transaction is handed out this is how its failure is told; afterwards commit and rollback tell it.
    finished.catch(reject);
  });
}

async function createTransaction(tx: PGliteTransaction, settle: () => void, finished: () => Promise<void>): Promise<Transaction> {
  const queryable = await convertingQueryable(tx as unknown as Queries);
  const exec = (sql: string) => reportErrors(async () => void (await tx.exec(sql)));
  return {
    provider: 'postgres',
    adapterName: 'granary-pglite',
    options: { usePhantomQuery: true },
    queryRaw: (query) => queryable.queryRaw(query),
    executeRaw: (query) => queryable.executeRaw(query),
    async commit() {
      settle();
      await reportErrors(finished);
    },
    async rollback() {
      await reportErrors(() => tx.rollback());
      settle();
      await finished();
    },
    createSavepoint: (name) => exec(`SAVEPOINT ${name}`),
    rollbackToSavepoint: (name) => exec(`ROLLBACK TO SAVEPOINT ${name}`),
    releaseSavepoint: (name) => exec(`RELEASE SAVEPOINT ${name}`),
  };
}

async function reportErrors<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof messages.DatabaseError) throw new DriverAdapterError(describeError(error));
    throw error;
  }
}

function describeError(error: messages.DatabaseError): DriverError {
  return { originalCode: error.code ?? 'N/A', originalMessage: error.message, ...nameError(error) };
}

function nameError(error: messages.DatabaseError): DriverError {
  const fields = /Key \(([^)]+)\)/.exec(error.detail ?? '')?.[1]?.split(', ');
  const constraint = error.constraint ? { index: error.constraint } : fields && { fields };
  switch (error.code) {
    case '22001':
      return { kind: 'LengthMismatch', column: error.column };
    case '22003':
      return { kind: 'ValueOutOfRange', cause: error.message };
    case '22P02':
      return { kind: 'InvalidInputValue', message: error.message };
    case '23001':
      return { kind: 'RestrictViolation', constraint };
    case '23502':
      return { kind: 'NullConstraintViolation', constraint: error.column ? { fields: [error.column] } : constraint };
    case '23503':
      return { kind: 'ForeignKeyConstraintViolation', constraint };
    case '23505':
      return { kind: 'UniqueConstraintViolation', constraint, table: error.table };
    case '40001':
    case '40P01':
      return { kind: 'TransactionWriteConflict' };
    case '42P01':
      return { kind: 'TableDoesNotExist', table: quotedName(error.message) };
    case '42703':
      return { kind: 'ColumnNotFound', column: quotedName(error.message) };
    default:
      return {
        kind: 'postgres',
        code: error.code ?? 'N/A',
        severity: error.severity ?? 'N/A',
        message: error.message,
        detail: error.detail,
        column: error.column,
        hint: error.hint,
      };
  }
}

function quotedName(message: string): string | undefined {
  return /"([^"]+)"/.exec(message)?.[1];
}
