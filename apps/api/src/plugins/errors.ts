import { errorTable, type ErrorCode, type Problem } from '@granary/contract';
import { connectionFailure, isCancelledStatement, sqlState } from '@granary/db';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fastifyPlugin } from 'fastify-plugin';
import type * as z from 'zod';
import { storageFull } from '../disk-space.ts';
import { ApiError, databaseUnavailable } from '../errors.ts';

/** Fastify's own refusals, in the contract's words. */
const frameworkCodes: Record<string, ErrorCode> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'media_type_unsupported',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed_request',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed_request',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed_request',
  FST_ERR_BAD_URL: 'malformed_request',
  FST_ERR_MAX_PARAM_LENGTH: 'uri_too_long',
};

/** Who may not, or not so often: what somebody who tries the doors leaves in the log. */
const refusals = new Set([401, 403, 429]);

/** A statement that took too long met a busy database, or a question that is too large. */
const retryAfterSeconds = 10;

/** PostgreSQL's disk is full, or the embedded database was made read-only before ours is. */
function isDiskFull(error: unknown, request: FastifyRequest): boolean {
  const state = sqlState(error);
  return state === '53100' || (state === '25006' && request.server.routeDependencies.disk.state() === 'critical');
}

/** Turns any thrown value into the contract's error; what is not meant for the caller becomes `internal`. */
function toApiError(error: unknown, requestId: string): ApiError {
  if (error instanceof ApiError) return error;
  if (connectionFailure(error) !== undefined) return databaseUnavailable(error);
  if (isCancelledStatement(error))
    return new ApiError('timed_out', 'The database took too long, so the request was stopped. Try again in a moment, or ask for less.', {
      cause: error,
      headers: { 'retry-after': String(retryAfterSeconds) },
    });
  const { code, statusCode } = error as Partial<FastifyError>;
  const known = code === undefined ? undefined : frameworkCodes[code];
  if (known) return new ApiError(known, undefined, { cause: error });
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new ApiError('malformed_request', undefined, { cause: error });
  return new ApiError('internal', `The error was logged as request ${requestId}.`, { cause: error });
}

/** Names each field by its path, `part` in front for query and path parameters. */
export function validationFailed(error: z.ZodError, part: string): ApiError {
  const errors = error.issues.map((issue) => ({
    path: [part, ...issue.path].filter((step) => step !== '').join('.'),
    message: issue.message,
  }));
  return new ApiError('validation_failed', errors.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; '), {
    errors,
  });
}

/** The body of an answer that says what went wrong; `instance` is the path that was asked, where one could be read. */
export function toProblem(error: ApiError, instance?: string): Problem {
  const { title, status } = errorTable[error.code];
  const problem: Problem = { type: `/api/docs/errors#${error.code}`, title, status, code: error.code };
  if (instance !== undefined) problem.instance = instance;
  if (error.message !== title) problem.detail = error.message;
  if (error.errors) problem.errors = error.errors;
  if (error.data) problem.data = error.data;
  return problem;
}

export function sendProblem(request: FastifyRequest, reply: FastifyReply, error: ApiError): FastifyReply {
  if (error.headers) void reply.headers(error.headers);
  return (
    reply
      .code(error.status)
      // Also where the answer would have been for caches: an error is not for ever.
      .header('cache-control', 'no-store')
      .type('application/problem+json')
      .send(JSON.stringify(toProblem(error, request.url.split('?')[0] ?? '')))
  );
}

/** For Fastify's `frameworkErrors`: refusals from before a route is known, and before any hook that sets `headers` has run. */
export function answerFrameworkError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
  headers: Readonly<Record<string, string>>,
): void {
  void reply.headers({ ...headers, 'x-request-id': request.id });
  void sendProblem(request, reply, toApiError(error, request.id));
}

/** One handler, one body shape: `application/problem+json` (RFC 9457) for every error of the interface. */
export const errorsPlugin = fastifyPlugin(
  (app: FastifyInstance) => {
    app.setErrorHandler((thrown, request, reply) => {
      const error = isDiskFull(thrown, request) ? storageFull(thrown) : toApiError(thrown, request.id);
      if (error.status >= 500) request.log.error({ err: error.cause ?? error }, 'request failed');
      else if (refusals.has(error.status)) request.log.info({ code: error.code, address: request.ip }, 'request refused');
      return sendProblem(request, reply, error);
    });
    return Promise.resolve();
  },
  { name: 'errors' },
);
