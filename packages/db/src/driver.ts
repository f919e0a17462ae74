import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';

/** A running subscription to a channel. */
export interface Subscription {
  close(): Promise<void>;
}

/** Where pino's loggers fit, and anything else that takes details and a sentence. */
export interface DatabaseLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

/** Raw SQL as the job queue wants it: several statements at once are allowed when there are no values. */
export type ExecuteSql = (text: string, values?: unknown[]) => Promise<{ rows: Record<string, unknown>[] }>;

/**
 * Runs one constant statement that each connection prepares once, past Prisma: for what most requests do, where planning
 * and Prisma cost more than the work. Not for statements whose best plan depends on the values (searches), nor for texts
 * that are put together from parts without end.
 */
export type ExecutePrepared = (text: string, values: unknown[]) => Promise<{ rows: Record<string, unknown>[] }>;

/**
 * Subscribes to `NOTIFY channel`, a lower-case identifier (PGlite does not quote it). `onSubscribed` is called after the first and every later subscription: what was sent
 * while a connection was down is lost, so this is the moment to look again.
 */
export type Listen = (channel: string, onPayload: (payload: string) => void, onSubscribed?: () => void) => Promise<Subscription>;

/** What the two databases do differently; everything else is written once. */
export interface Driver {
  kind: 'pglite' | 'postgres';
  adapterFactory: SqlMigrationAwareDriverAdapterFactory;
  executeSql: ExecuteSql;
  executePrepared: ExecutePrepared;
  listen: Listen;
  /** Runs with an adapter for Prisma's schema engine while no other process migrates this database. */
  withMigrationLock<T>(run: (factory: SqlMigrationAwareDriverAdapterFactory) => Promise<T>): Promise<T>;
  /** Of the embedded database on disk: copies its files, as they are between two transactions, into a new folder. Requests wait meanwhile. */
  copyTo?: (folder: string) => Promise<void>;
  close(): Promise<void>;
}
