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
  sqlState,
  violatedUniqueConstraint,
} from './errors.ts';
export { makePrivate } from './private-files.ts';
export { Prisma } from './generated/client.ts';
export type * from './generated/client.ts';
export { migrate } from './migrate.ts';
export { queryPrepared, queryRows } from './query-rows.ts';
export type { RowSchema } from './query-rows.ts';
export { withStatementBounds } from './statement-bounds.ts';
export { inTransaction } from './transaction.ts';
export type { Transaction, TransactionOptions } from './transaction.ts';
export { maintainTables } from './upkeep.ts';
