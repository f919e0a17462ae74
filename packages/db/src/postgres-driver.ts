import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import { BoundedPool } from './bounded-pool.ts';
import type { DatabaseLog, Driver, ExecuteSql, Listen } from './driver.ts';
import { createExecutePrepared } from './prepared-statements.ts';
import { withoutStatementBounds } from './statement-bounds.ts';

export interface PostgresOptions {
  url: string;
  /** Most connections this process holds for its queries. */
  poolSize: number;
  log: DatabaseLog;
}

/** Any number will do, as long as every Granary uses the same one. */
const migrationLockKey = 6_872_101;
const migrationLockPauseMs = 100;

/** Prepares connections to a PostgreSQL server (14 or newer); `awaitPostgres` finds out whether it answers. */
export function openPostgresDriver({ url, poolSize, log }: PostgresOptions): Driver {
  const pool = createPool(url, poolSize);
  pool.on('error', (error) => log.warn({ err: error }, 'An idle database connection was lost'));
  const subscriptions = new Set<() => Promise<void>>();
  return {
    kind: 'postgres',
    adapterFactory: new PrismaPg(pool),
    executeSql: createExecuteSql(pool),
    executePrepared: createExecutePrepared(pool, log),
    listen: createListen(url, log, subscriptions),
    withMigrationLock: (run) => withMigrationLock(url, run),
    async close() {
      await Promise.all([...subscriptions].map((stop) => stop()));
      await pool.end();
    },
  };
}

function createPool(url: string, max: number, idleTimeoutMillis = 30_000): pg.Pool {
  return new BoundedPool({
    connectionString: url,
    max,
    idleTimeoutMillis,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    // Prisma's driver writes and reads times without their offset: both sides must mean UTC, whatever the server prefers.
    // Compiling a statement pays for itself after seconds; ours run for milliseconds, and on tables that were never analysed
    // the planner's guesses had a review wait three quarters of a second for the compiler.
    // A connection may be made at the end of another one, in the name of a request that is long over.
    onConnect: (client) => withoutStatementBounds(async () => void (await client.query("SET TIME ZONE 'UTC'; SET jit = off"))),
  });
}

function createExecuteSql(pool: pg.Pool): ExecuteSql {
  return async (text, values) => {
    // Several statements without values answer with one result each, which the types do not know.
    const results: pg.QueryResult[] = [await pool.query(text, values && values.length > 0 ? values : undefined)].flat();
    return { rows: results.flatMap((result) => result.rows as Record<string, unknown>[]) };
  };
}

/**
 * The lock is held by an open transaction on a connection of its own, not by a session: a pooler in transaction mode gives sessions to others
 * between statements, and the lock would stay with one of them.
 */
async function withMigrationLock<T>(url: string, run: (factory: SqlMigrationAwareDriverAdapterFactory) => Promise<T>): Promise<T> {
  const holder = new pg.Client({ connectionString: url, keepAlive: true });
  // A lost connection gives the lock back; the query that notices says so.
  holder.on('error', () => {});
  const pool = createPool(url, 1, 0);
  try {
    await holder.connect();
    while (!(await tryMigrationLock(holder))) await sleep(migrationLockPauseMs);
    const result = await run(createMigrationFactory(pool, url));
    await holder.query('COMMIT');
    return result;
  } finally {
    await holder.end().catch(() => {});
    await pool.end();
  }
}

/**
 * Begins the transaction that holds the lock. Without the lock it ends it again and resolves to false: who waited in a transaction would keep one of
 * the pooler's sessions from whoever migrates.
 */
async function tryMigrationLock(holder: pg.Client): Promise<boolean> {
  await holder.query('BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0');
  const { rows } = await holder.query<{ taken: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS taken', [migrationLockKey]);
  if (rows[0]?.taken === true) return true;
  await holder.query('ROLLBACK');
  return false;
}

/**
 * Adapter-pg does not know the type `"char"` of the system catalogue, which the engine asks for when it compares schemas.
 * It is one character of text, so it is passed off as that.
 */
function readCatalogueTypes(pool: pg.Pool): void {
  const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<pg.QueryResult>;
  const catalogueChar = 18;
  pool.query = (async (...args: unknown[]) => {
    const result = await query(...args);
    for (const field of result.fields ?? []) if (field.dataTypeID === catalogueChar) field.dataTypeID = pg.types.builtins.BPCHAR;
    return result;
  }) as typeof pool.query;
}

/** Adapter-pg cuts scripts at every semicolon, also inside quotes and function bodies, and builds shadow databases that ignore the URL. */
function createMigrationFactory(pool: pg.Pool, url: string): SqlMigrationAwareDriverAdapterFactory {
  const connect = async (target: pg.Pool, dispose: () => Promise<void>) => {
    readCatalogueTypes(target);
    const adapter = await new PrismaPg(target).connect();
    adapter.executeScript = async (script) => void (await target.query(script));
    adapter.dispose = dispose;
    return adapter;
  };
  return {
    provider: 'postgres',
    adapterName: 'granary-pg',
    connect: () => connect(pool, async () => {}),
    async connectToShadowDb() {
      const name = `granary_shadow_${randomUUID().replaceAll('-', '')}`;
      await pool.query(`CREATE DATABASE ${name}`);
      const shadow = createPool(withDatabase(url, name), 1);
      return connect(shadow, async () => {
        await shadow.end();
        await pool.query(`DROP DATABASE ${name}`);
      });
    },
  };
}

/** The same server, another database. */
export function withDatabase(url: string, name: string): string {
  const target = new URL(url);
  target.pathname = `/${name}`;
  return target.href;
}

function createListen(url: string, log: DatabaseLog, subscriptions: Set<() => Promise<void>>): Listen {
  return async (channel, onPayload, onSubscribed) => {
    const stopping = new AbortController();
    let client = await subscribe();

    async function subscribe(): Promise<pg.Client> {
      const next = new pg.Client({ connectionString: url, keepAlive: true });
      next.on('notification', ({ payload }) => onPayload(payload ?? ''));
      next.on('error', (error) => log.warn({ err: error, channel }, 'The listening database connection was lost'));
      await next.connect();
      await next.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
      next.once('end', () => void resubscribe());
      onSubscribed?.();
      return next;
    }

    async function resubscribe(): Promise<void> {
      for (let delayMs = 100; !stopping.signal.aborted; delayMs = Math.min(delayMs * 2, 5_000)) {
        try {
          client = await subscribe();
          if (stopping.signal.aborted) await client.end();
          return;
        } catch {
          await sleep(delayMs, undefined, { signal: stopping.signal }).catch(() => {});
        }
      }
    }

    const close = async () => {
      if (!subscriptions.delete(close)) return;
      stopping.abort();
      await client.end().catch(() => {});
    };
    subscriptions.add(close);
    return { close };
  };
}
