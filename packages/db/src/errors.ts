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
