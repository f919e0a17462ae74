import { errorTable, type ErrorCode, type Problem } from '@granary/contract';
import { sqlState } from '@granary/db';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fastifyPlugin } from 'fastify-plugin';
import * as z from 'zod';
import { storageFull } from '../disk-space.ts';
import { ApiError } from '../errors.ts';

/** Fastify's own refusals, in the contract's words. */
const frameworkCodes: Record<string, ErrorCode> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'media_type_unsupported',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed_request',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed_request',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed_request',
  FST_ERR_BAD_URL: 'malformed_request',
};

/** PostgreSQL's disk is full, or the embedded database was made read-only before ours is. */
function isDiskFull(error: unknown, request: FastifyRequest): boolean {
  const state = sqlState(error);
  return state === '53100' || (state === '25006' && request.server.routeDependencies.disk.state() === 'critical');
}

/** Turns any thrown value into the contract's error; what is not meant for the caller becomes `internal`. */
function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof z.ZodError) return validationFailed(error, '');
  const { code, statusCode } = error as Partial<FastifyError>;
  const known = code === undefined ? undefined : frameworkCodes[code];
  if (known) return new ApiError(known, undefined, { cause: error });
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new ApiError('malformed_request', undefined, { cause: error });
  return new ApiError('internal', 'The error was written to the log. Nothing was saved by this request.', { cause: error });
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

function toProblem(error: ApiError, instance: string): Problem {
  const { title, status } = errorTable[error.code];
  const problem: Problem = { type: `/api/docs/errors#${error.code}`, title, status, code: error.code, instance };
  if (error.message !== title) problem.detail = error.message;
  if (error.errors) problem.errors = error.errors;
  if (error.data) problem.data = error.data;
  return problem;
}

export function sendProblem(request: FastifyRequest, reply: FastifyReply, error: ApiError): FastifyReply {
  if (error.headers) void reply.headers(error.headers);
  return reply
    .code(error.status)
    .type('application/problem+json')
    .send(JSON.stringify(toProblem(error, request.url.split('?')[0] ?? '')));
}

/** One handler, one body shape: `application/problem+json` (RFC 9457) for every error of the interface. */
export const errorsPlugin = fastifyPlugin(
  (app: FastifyInstance) => {
    app.setErrorHandler((thrown, request, reply) => {
      const error = isDiskFull(thrown, request) ? storageFull(thrown) : toApiError(thrown);
      if (error.status >= 500) request.log.error({ err: error.cause ?? error }, 'request failed');
      return sendProblem(request, reply, error);
    });
    return Promise.resolve();
  },
  { name: 'errors' },
);
