import { errorTable, type ErrorCode } from '@granary/contract';

export type FieldError = { path: string; message: string };

/** The one error that carries a meaning to the caller: a code of the contract's table and a sentence for a person. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly errors: FieldError[] | undefined;
  readonly data: Record<string, unknown> | undefined;
  readonly headers: Record<string, string> | undefined;

  constructor(
    code: ErrorCode,
    detail?: string,
    more: { errors?: FieldError[]; data?: Record<string, unknown>; headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(detail ?? errorTable[code].title, { cause: more.cause });
    this.name = 'ApiError';
    this.code = code;
    this.status = errorTable[code].status;
    this.errors = more.errors;
    this.data = more.data;
    this.headers = more.headers;
  }
}

/** Shorthand for the commonest error. `what` completes "There is no …". */
export function notFound(what: string): ApiError {
  return new ApiError('not_found', `There is no ${what}.`);
}

/** Long enough for a database that is started again, short enough for a person who waits. */
const databaseRetrySeconds = 5;
const retrySoon = { 'retry-after': String(databaseRetrySeconds) };

/** The database could not be reached before anything was changed. */
export function databaseUnavailable(cause: unknown): ApiError {
  return new ApiError('database_unavailable', `Nothing was saved. Try again in ${databaseRetrySeconds} seconds.`, {
    headers: retrySoon,
    cause,
  });
}

/**
 * The connection to the database broke during a write, perhaps between COMMIT and its answer. `settledByKey`: the request came with an
 * Idempotency-Key, so that repeating it does the work once at most.
 */
export function outcomeUnknown(cause: unknown, settledByKey: boolean): ApiError {
  const next = settledByKey
    ? 'Send it again with the same Idempotency-Key: what was saved is not done twice.'
    : 'Check whether it was saved before you send it again.';
  return new ApiError('outcome_unknown', `The database went away. This may or may not have been saved. ${next}`, {
    headers: retrySoon,
    cause,
  });
}
