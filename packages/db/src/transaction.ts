import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from './database.ts';
import { isTransactionConflict } from './errors.ts';
import { declareLongWork } from './long-work.ts';
import type { Prisma } from './generated/client.ts';

/** What runs inside a transaction, or the client itself where a single statement is one. */
export type Transaction = Prisma.TransactionClient;

export interface TransactionOptions {
  isolation?: 'ReadCommitted' | 'RepeatableRead' | 'Serializable';
  /** How often it is tried when the database asks to try again. */
  attempts?: number;
  /** Longest life of one attempt. */
  timeoutMs?: number;
}

/**
 * Runs `work` in one transaction and resolves to its result once that is committed. Tried again from the start after a
 * serialization failure or a deadlock, so `work` must have no effects but on `tx`, and must use `tx` alone: on the
 * embedded database every other query waits until the transaction is over.
 */
export async function inTransaction<T>(
  database: Pick<Database, 'prisma'>,
  work: (tx: Transaction) => Promise<T>,
  { isolation = 'ReadCommitted', attempts = 8, timeoutMs = 30_000 }: TransactionOptions = {},
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const over = declareLongWork(timeoutMs);
    try {
      // The embedded database runs transactions one after another, so waiting for a turn is ordinary.
      return await database.prisma.$transaction(work, { isolationLevel: isolation, maxWait: timeoutMs, timeout: timeoutMs });
    } catch (error) {
      if (attempt >= attempts || !isTransactionConflict(error)) throw error;
      // A random pause, or the same two transactions would meet again.
      await sleep(Math.random() * 5 * 2 ** attempt);
    } finally {
      over();
    }
  }
}
