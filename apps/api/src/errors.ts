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
