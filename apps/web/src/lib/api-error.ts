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

/** What an answer that is not a success says is wrong; of one that is no problem details, what its status tells. */
export async function readProblem(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  if (typeof body === 'object' && body !== null && 'code' in body && 'title' in body) return body as Problem;
  // A proxy in between, or a server that is just starting, answers in its own way.
  const code = response.status === 503 || response.status === 502 || response.status === 504 ? 'not_ready' : 'internal';
  return { type: 'about:blank', title: response.statusText || String(response.status), status: response.status, code };
}

function fieldName(path: string): string {
  return path.replace(/^\/?(?:body|query|params)?[/.]?/, '').replaceAll('/', '.');
}
