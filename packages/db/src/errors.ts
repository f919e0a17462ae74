/** Another process works on the embedded database's folder; a second one would ruin it. */
export class DataFolderLockedError extends Error {
  readonly folder: string;
  /** Process id of the holder, when it could be read. */
  readonly holderPid: number | undefined;

  constructor(folder: string, holderPid: number | undefined) {
    const holder = holderPid === undefined ? 'another process' : `process ${holderPid}`;
    super(`The database folder ${folder} is in use by ${holder}. Stop that one first, or choose another data folder.`);
    this.name = 'DataFolderLockedError';
    this.folder = folder;
    this.holderPid = holderPid;
  }
}

/** A backup was being restored into the data folder and is not complete. */
export class RestoreUnfinishedError extends Error {
  constructor(dataDir: string) {
    super(`A restore into ${dataDir} was interrupted. Run it again: it starts over and leaves nothing of the first attempt.`);
    this.name = 'RestoreUnfinishedError';
  }
}

/** The database's migrations and the ones this program brings do not fit together; the message says how. */
export class MigrationError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MigrationError';
  }
}

/** The database, or the folder of the embedded one, cannot be used as it is; the message says what would help and holds no part of any address. */
export class DatabaseUnusableError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DatabaseUnusableError';
  }
}

interface DriverCause {
  originalCode?: string;
  code?: string;
  kind?: string;
  constraint?: { index?: string };
}

/**
 * The SQLSTATE behind an error that Prisma (from a model call or from raw SQL) or a driver threw, or none when the database did not
 * refuse anything. The same on both databases.
 */
export function sqlState(error: unknown): string | undefined {
  const cause = driverCause(error);
  if (cause) return cause.originalCode ?? cause.code;
  // Prisma keeps the code to itself for the two conflicts it knows how to name.
  return prismaCode(error) === 'P2034' ? '40001' : undefined;
}

/**
 * The name of the unique constraint or index an error is about, or none when it is another error.
 * With `constraint`, tells whether it is that one.
 */
export function violatedUniqueConstraint(error: unknown): string | undefined {
  return sqlState(error) === '23505' ? driverCause(error)?.constraint?.index : undefined;
}

/** True when the same transaction may succeed if it is tried again: a serialization failure or a deadlock. */
export function isTransactionConflict(error: unknown): boolean {
  const state = sqlState(error);
  return state === '40001' || state === '40P01';
}

/**
 * How the connection to the database failed: `not_sent` when the statement never reached the server or was rolled back, so that it changed
 * nothing; `unknown` when the answer was lost, so that a write or COMMIT may have taken place. Undefined for every other error.
 */
export type ConnectionFailure = 'not_sent' | 'unknown';

/** Errors of sockets to the database: by their codes alone they could be those of a store, a mail server or a client. */
const ownSocketErrors = new WeakSet<object>();
const notSentSocketCodes = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENOENT']);

/** Notes that an error came from a connection to the database, and returns it. Drivers do this where they first see it. */
export function noteDatabaseError<T>(error: T): T {
  if (typeof error === 'object' && error !== null) ownSocketErrors.add(error);
  return error;
}

const notSentCodes = new Set(
  [
    // Refused at the door: https://www.postgresql.org/docs/current/errcodes-appendix.html
    ['57P03', '53300', '08001', '08004', '25006'],
    // Prisma: not reachable, too slow to connect, no free connection, no transaction to be had or expired (which rolls it back).
    ['P1001', 'P1002', 'P2024', 'P2028'],
    ['DatabaseNotReachable', 'TooManyConnections'],
  ].flat(),
);
const unknownCodes = new Set(
  [
    ['57P01', '57P02', '57P05'],
    ['P1008', 'P1017'],
    ['ConnectionClosed', 'SocketTimeout'],
  ].flat(),
);
/** Errors of pg, pg-pool and PGlite that have no code. */
const notSentMessages = /timeout exceeded when trying to connect|due to connection timeout|not queryable|PGlite is (?:closed|closing)/i;
const unknownMessages = /connection terminated|connection ended unexpectedly|server closed the connection|client was closed/i;

/** Classifies an error of the database by what is known of the statement's fate; see `ConnectionFailure`. The only place that does. */
export function connectionFailure(error: unknown): ConnectionFailure | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const codes = [sqlState(error), driverCause(error)?.kind, prismaCode(error)].filter((code) => code !== undefined);
  if (codes.some((code) => notSentCodes.has(code))) return 'not_sent';
  // Class 08 is "connection exception"; poolers use it too.
  if (codes.some((code) => unknownCodes.has(code) || /^08...$/.test(code))) return 'unknown';
  const socketCode = ownSocketErrors.has(error) ? (error as NodeJS.ErrnoException).code : undefined;
  if (socketCode?.startsWith('E')) return notSentSocketCodes.has(socketCode) ? 'not_sent' : 'unknown';
  // A refusal by the server, or of Prisma's, is none of the connection, whatever its message quotes.
  if (codes.length > 0 || !(error instanceof Error)) return undefined;
  if (notSentMessages.test(error.message)) return 'not_sent';
  return unknownMessages.test(error.message) ? 'unknown' : undefined;
}

/** True when a statement was cancelled: it ran longer than its bounds allow, nobody waited for it any longer, or an administrator ended it. */
export function isCancelledStatement(error: unknown): boolean {
  return sqlState(error) === '57014';
}

function driverCause(error: unknown): DriverCause | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { name, cause, meta } = error as { name?: string; cause?: unknown; meta?: { driverAdapterError?: { cause?: DriverCause } } };
  if (meta?.driverAdapterError?.cause) return meta.driverAdapterError.cause;
  if (name === 'DriverAdapterError') return cause as DriverCause;
  // Thrown by a driver itself, past Prisma; both call the fields by the protocol's names.
  const { severity, code, constraint } = error as { severity?: unknown; code?: string; constraint?: string };
  if (severity === undefined || code === undefined) return undefined;
  return { originalCode: code, ...(constraint === undefined ? {} : { constraint: { index: constraint } }) };
}

function prismaCode(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : undefined;
}
