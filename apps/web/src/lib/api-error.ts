import type { ErrorCode, Problem } from '@granary/contract';

/** An answer of the server that is not a success: the problem details it sent. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.problem = problem;
  }
  get code(): ErrorCode {
    return this.problem.code;
  }
  get status(): number {
    return this.problem.status;
  }
  /** The first message per field, for forms: path (`body/text` arrives as `text`) → message. */
  get fieldErrors(): Record<string, string> {
    const found: Record<string, string> = {};
    for (const { path, message } of this.problem.errors ?? []) found[fieldName(path)] ??= message;
    return found;
  }
}

/** No answer at all: offline, the server is down, or the connection broke. The request may or may not have arrived. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
}

/** Whether the error is the server's refusal with one of these codes. */
export function isApiError(error: unknown, ...codes: ErrorCode[]): error is ApiError {
  return error instanceof ApiError && (codes.length === 0 || codes.includes(error.code));
}

function fieldName(path: string): string {
  return path.replace(/^\/?(?:body|query|params)?[/.]?/, '').replaceAll('/', '.');
}
