import { AsyncLocalStorage } from 'node:async_hooks';

/** What holds for every statement that some work runs, on PostgreSQL. */
export interface StatementBounds {
  /** A statement that runs longer is cancelled. */
  timeoutMs: number;
  /** Once it is aborted, nobody waits for the result: what runs is cancelled, and nothing new begins. Only for work that does not write. */
  abandoned?: AbortSignal;
}

const storage = new AsyncLocalStorage<StatementBounds>();

/**
 * Runs `work` so that its statements, and those of all that it starts and awaits, keep to the bounds (a promise of Prisma begins when it is awaited). A statement that was cancelled fails
 * with SQLSTATE 57014 (`isCancelledStatement`). Statements outside of any bounds take as long as they take: jobs, imports, migrations,
 * maintenance. The embedded database cannot cancel a statement: there the bounds change nothing.
 */
export function withStatementBounds<T>(bounds: StatementBounds, work: () => T): T {
  return storage.run(bounds, work);
}

/** Runs `work` outside of any bounds: what a connection needs for itself is nobody's in particular. */
export const withoutStatementBounds = <T>(work: () => T): T => storage.exit(work);

/** The bounds of whoever is calling; undefined outside of any. */
export const currentStatementBounds = (): StatementBounds | undefined => storage.getStore();
