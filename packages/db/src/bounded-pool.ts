import { AsyncResource } from 'node:async_hooks';
import { callbackify } from 'node:util';
import pg from 'pg';
import { noteDatabaseError } from './errors.ts';
import type { StatementBounds } from './statement-bounds.ts';
import { currentStatementBounds } from './statement-bounds.ts';

/** A statement that has not ended so long after it was to be cancelled loses its connection. */
const cancelPatienceMs = 5_000;
/** They end a transaction, which must always be possible. */
const endsTransaction = /^\s*(?:COMMIT|ROLLBACK)\b/i;

type Connected = (error: Error | undefined, client: pg.PoolClient | undefined, done: (release?: unknown) => void) => void;
type Callback = (error: Error | null, result: pg.QueryResult) => void;

/** Connections whose statements keep to the bounds of whoever sends them (`withStatementBounds`). */
export class BoundedPool extends pg.Pool {
  constructor(config: pg.PoolConfig) {
    super({ ...config, Client: BoundedClient });
  }

  /** Whoever had to wait for a connection gets it from whoever gives it back, whose bounds are others. */
  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Connected): void;
  override connect(callback?: Connected): Promise<pg.PoolClient> | void {
    return callback === undefined ? super.connect() : super.connect(AsyncResource.bind(callback));
  }
}

/** What the driver keeps and its types do not know. */
interface CancelConnection {
  connect(port: number | string, host?: string): void;
  cancel(processId: number, secretKey: number): void;
}
interface Internals {
  processID: number;
  secretKey: number;
  connection: { stream: { destroy(): void } };
}

class BoundedClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    // Noted as the database's errors before anybody else sees them.
    this.connection.prependListener('error', noteDatabaseError);
  }

  // The driver's own method takes a dozen forms; all but one end in a promise or a callback.
  override query = ((...args: unknown[]): unknown => {
    const bounds = currentStatementBounds();
    const send = super.query.bind(this) as (...args: unknown[]) => Promise<pg.QueryResult>;
    if (bounds === undefined || isSubmittable(args[0])) return send(...args);
    const callback = typeof args.at(-1) === 'function' ? (args.pop() as Callback) : undefined;
    const result = this.#sendWithin(bounds, textOf(args[0]), () => send(...args));
    if (callback === undefined) return result;
    return callbackify(() => result)(callback);
  }) as pg.Client['query'];

  async #sendWithin({ timeoutMs, abandoned }: StatementBounds, text: string, send: () => Promise<pg.QueryResult>): Promise<pg.QueryResult> {
    if (abandoned?.aborted && !endsTransaction.test(text)) throw new AbandonedStatementError();
    let cancelling: Promise<void> | undefined;
    let lastResort: NodeJS.Timeout | undefined;
    let cut = false;
    const cutConnection = () => {
      cut = true;
      this.#internals.connection.stream.destroy();
    };
    const cancel = () => {
      cancelling ??= this.#cancel();
      lastResort ??= setTimeout(cutConnection, cancelPatienceMs);
    };
    const timer = setTimeout(cancel, timeoutMs);
    abandoned?.addEventListener('abort', cancel, { once: true });
    try {
      return await send();
    } catch (error) {
      throw cut ? new CutStatementError(error) : error;
    } finally {
      clearTimeout(timer);
      clearTimeout(lastResort);
      abandoned?.removeEventListener('abort', cancel);
      // A request to cancel that is still on its way must not meet the next statement.
      await cancelling;
    }
  }

  get #internals(): Internals {
    return this as unknown as Internals;
  }

  /** PostgreSQL's own request to cancel, over a connection of its own, which also passes PgBouncer. Resolves when it was taken; never fails. */
  async #cancel(): Promise<void> {
    const { processID, secretKey } = this.#internals;
    const connection = new pg.Connection();
    const messages = connection as unknown as CancelConnection;
    await new Promise<void>((resolve) => {
      setTimeout(resolve, cancelPatienceMs).unref();
      connection.once('connect', () => messages.cancel(processID, secretKey));
      connection.on('error', () => resolve());
      connection.once('end', () => resolve());
      if (this.host.startsWith('/')) messages.connect(`${this.host}/.s.PGSQL.${this.port}`);
      else messages.connect(this.port, this.host);
    });
    connection.stream.destroy();
  }
}

/** Nobody waits for the result any longer; nothing was sent to the database. */
class AbandonedStatementError extends Error {
  constructor() {
    super('The client went away before this statement began');
    this.name = 'AbandonedStatementError';
  }
}

/** A statement that did not let itself be cancelled, and lost its connection; told apart from a database that is away by PostgreSQL's own code. */
class CutStatementError extends Error {
  readonly severity = 'ERROR';
  /** https://www.postgresql.org/docs/current/errcodes-appendix.html: query_canceled. */
  readonly code = '57014';
  constructor(cause: unknown) {
    super('canceling statement: its connection was cut', { cause });
    this.name = 'CutStatementError';
  }
}

const isSubmittable = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && typeof (value as { submit?: unknown }).submit === 'function';

const textOf = (value: unknown): string => (typeof value === 'string' ? value : String((value as { text?: unknown }).text));
