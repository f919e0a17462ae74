export { openDatabase } from './database.ts';
export type { Database, DatabaseOptions } from './database.ts';
export type { DatabaseLog, Subscription } from './driver.ts';
export {
  connectionFailure,
  DatabaseUnusableError,
  DataFolderLockedError,
  isCancelledStatement,
  isTransactionConflict,
  MigrationError,
  noteDatabaseError,
  RestoreUnfinishedError,
  sqlState,
  violatedUniqueConstraint,
} from './errors.ts';
export { lockFolder } from './folder-lock.ts';
export { makePrivate } from './private-files.ts';
export { Prisma } from './generated/client.ts';
export type * from './generated/client.ts';
export { declareLongWork, onLongWork } from './long-work.ts';
export { appliedMigrations, migrate, refuseNewer } from './migrate.ts';
export { restoringName } from './pglite-driver.ts';
export { dumpPostgres, PostgresToolError, restorePostgres, tablesOnPostgres } from './postgres-dump.ts';
export { queryPrepared, queryRows } from './query-rows.ts';
export type { RowSchema } from './query-rows.ts';
export { withStatementBounds } from './statement-bounds.ts';
export { inTransaction } from './transaction.ts';
export type { Transaction, TransactionOptions } from './transaction.ts';
export { maintainTables } from './upkeep.ts';
