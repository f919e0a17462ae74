import {
  integerInAddress,
  permissions,
  takesIdempotencyKey,
  type Access,
  type Endpoint,
  type EndpointReply,
  type EndpointRequest,
} from '@granary/contract';
import { connectionFailure, type Database, type Transaction } from '@granary/db';
import { can } from '@granary/domain';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type * as z from 'zod';
import { storageFull, type DiskSpace } from '../disk-space.ts';
import { ApiError, outcomeUnknown } from '../errors.ts';
import type { Actor } from '../plugins/auth.ts';
import { validationFailed } from '../plugins/errors.ts';
import { refuseCrossSite } from './cross-site.ts';
import { AlreadyAnswered, createIdempotency, type Idempotency, type IdempotencyRow } from './idempotency.ts';
import type { RateLimiter } from './rate-limits.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The contract row a route serves; the test that walks all routes looks for it. */
    endpoint?: Endpoint;
  }
  interface FastifyInstance {
    routeDependencies: { db: Database; limit: RateLimiter; publicUrl: string | undefined; disk: DiskSpace };
  }
}

type ActorFor<T extends Endpoint> = T['permission'] extends 'public' ? Actor | null : Actor;
export type RouteContext<T extends Endpoint> = EndpointRequest<T> & {
  actor: ActorFor<T>;
  /** Version the edit builds on, for endpoints with `ifMatch`; 0 for the others. */
  ifMatch: number;
  /** Call inside the transaction that does the work, with the reply's body: makes a repeated request harmless. No effect without Idempotency-Key. */
  remember: (tx: Transaction, body: unknown) => Promise<void>;
  /** `remember` for work that is one statement: the row it has to write along, or null without Idempotency-Key. */
  idempotencyRow: (body: unknown) => IdempotencyRow | null;
  request: FastifyRequest;
  reply: FastifyReply;
};
type HandlerResult<T extends Endpoint> = T['kind'] extends 'json' ? (T extends { response: z.ZodType } ? EndpointReply<T> : void) : unknown;
export type RouteHandler<T extends Endpoint> = (context: RouteContext<T>) => Promise<HandlerResult<T>>;

export type RouteOptions = {
  bodyLimit?: number;
  /** The answer does not depend on who calls, so credentials that come along are not even looked at. */
  ignoreCredentials?: boolean;
  /**
   * The work itself fails when its Idempotency-Key is taken (it writes `idempotencyRow` along), so the key need not be looked
   * up before: a first request, which nearly all are, is spared a query, and a repeated one finds its answer after the failure.
   */
  answersOnce?: boolean;
};

const etagVersion = integerInAddress({ min: 0 });
const safeMethods = new Set(['GET', 'HEAD']);

/**
 * Serves one row of the contract. Everything a route must never forget happens here and nowhere else: who may call it,
 * cross-site refusal, rate limit, validation, If-Match, Idempotency-Key, no-store, and stripping the reply to its schema.
 */
export function registerRoute<const T extends Endpoint>(
  app: FastifyInstance,
  endpoint: T,
  handler: RouteHandler<T>,
  options: RouteOptions = {},
): void {
  app.route({
    method: endpoint.method,
    url: endpoint.path,
    config: { endpoint },
    ...(options.bodyLimit === undefined ? {} : { bodyLimit: options.bodyLimit }),
    // A file's ETag, length and ranges are those of its own bytes.
    ...(endpoint.kind === 'file' ? { compress: false } : {}),
    handler: async (request, reply) => {
      if (!endpoint.cacheable) void reply.header('cache-control', 'no-store');
      const actor = await admit(app, endpoint, request, options);
      const input = validate(endpoint, request);
      const ifMatch = readIfMatch(endpoint, request);
      const idempotency = startIdempotency(app, endpoint, request, actor, input);
      const stored = options.answersOnce ? null : await idempotency?.stored();
      if (stored) return replay(reply, stored.status, stored.body);
      const context = {
        ...input,
        actor,
        request,
        reply,
        ifMatch,
        remember: async (tx: Transaction, body: unknown) =>
          idempotency?.remember(tx, { status: endpoint.status, body: strip(endpoint, body) }),
        idempotencyRow: (body: unknown) => idempotency?.row({ status: endpoint.status, body: strip(endpoint, body) }) ?? null,
      } as RouteContext<T>;
      try {
        const result = await handler(context);
        if (endpoint.kind !== 'json') return result;
        const body = strip(endpoint, result);
        if (idempotency && !idempotency.remembered())
          await idempotency.remember(app.routeDependencies.db.prisma, { status: endpoint.status, body });
        return send(reply, endpoint.status, body);
      } catch (error) {
        // Past this point something may have been committed, whichever statement failed.
        if (!safeMethods.has(endpoint.method) && connectionFailure(error) !== undefined) throw outcomeUnknown(error, idempotency !== null);
        // Two requests with one key at once: the slower one is refused for what the faster one did, and its answer is that one's.
        if (!(error instanceof AlreadyAnswered || (error instanceof ApiError && error.status < 500))) throw error;
        const answer = await idempotency?.stored();
        if (!answer) throw error;
        return replay(reply, answer.status, answer.body);
      }
    },
  });
}

async function admit(app: FastifyInstance, endpoint: Endpoint, request: FastifyRequest, options: RouteOptions): Promise<Actor | null> {
  if (!safeMethods.has(request.method)) refuseCrossSite(request);
  const actor = options.ignoreCredentials ? null : await identify(app, endpoint, request);
  const decision = can(actor, endpoint.permission);
  if (!decision.allowed) throw refusal(decision.code, endpoint.permission);
  const isWrite = !safeMethods.has(request.method);
  const { db, disk } = app.routeDependencies;
  // PostgreSQL has a disk of its own; what goes to ours is refused where it is stored.
  if (isWrite && db.kind === 'pglite' && disk.state() !== 'ok' && !(endpoint.smallWrite && disk.state() === 'low')) throw storageFull();
  // To count is to write, which nothing may any more.
  const counts = isWrite || disk.state() !== 'critical';
  if (endpoint.rateLimit && counts) await app.routeDependencies.limit(endpoint.rateLimit, actor?.id ?? request.ip);
  return actor;
}

/**
 * On public endpoints a session that is over must not stand in the way: such a caller is served as a stranger. Only an access
 * token that has merely grown old is refused where the answer is data: the page then refreshes and asks again, instead of
 * showing its user what strangers see.
 */
async function identify(app: FastifyInstance, endpoint: Endpoint, request: FastifyRequest): Promise<Actor | null> {
  if (endpoint.permission !== 'public' || request.headers.authorization !== undefined) return app.authenticate(request);
  try {
    return await app.authenticate(request);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status >= 500) throw error;
    if (error.code === 'session_expired' && endpoint.kind === 'json' && safeMethods.has(endpoint.method)) throw error;
    return null;
  }
}

function refusal(code: 'not_signed_in' | 'forbidden' | 'scope_missing', access: Access): ApiError {
  if (access === 'public' || code === 'not_signed_in') return new ApiError('not_signed_in');
  const { role, scope } = permissions[access];
  if (code === 'forbidden') return new ApiError('forbidden', `This needs the role ${role}.`);
  return new ApiError(
    'scope_missing',
    scope === null ? 'This can be done in a signed-in browser only.' : `This needs a token with the scope "${scope}".`,
  );
}

function validate(endpoint: Endpoint, request: FastifyRequest) {
  const read = (schema: z.ZodType | undefined, value: unknown, part: string): unknown => {
    if (schema === undefined) return undefined;
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    throw validationFailed(parsed.error, part);
  };
  return {
    params: read(endpoint.params, request.params, ''),
    query: read(endpoint.query, request.query, ''),
    body: endpoint.kind === 'upload' ? undefined : read(endpoint.body, bodyOf(request), ''),
  };
}

/** A body that says `null` is one, and is measured like any other; only none at all may be left out. */
const bodyOf = ({ headers, body }: FastifyRequest): unknown => (headers['content-type'] === undefined ? (body ?? undefined) : body);

function readIfMatch(endpoint: Endpoint, request: FastifyRequest): number {
  if (!endpoint.ifMatch) return 0;
  const header = request.headers['if-match'];
  if (header === undefined) throw new ApiError('version_required', 'Send If-Match with the ETag you read before editing.');
  const version = etagVersion.safeParse(/^(?:W\/)?"(\d{1,10})"$/.exec(header)?.[1]);
  if (!version.success)
    throw new ApiError('validation_failed', 'If-Match: send an ETag such as "3"', {
      errors: [{ path: 'If-Match', message: 'Send an ETag such as "3"' }],
    });
  return version.data;
}

function startIdempotency(
  app: FastifyInstance,
  endpoint: Endpoint,
  request: FastifyRequest,
  actor: Actor | null,
  input: unknown,
): Idempotency | null {
  const key = request.headers['idempotency-key'];
  if (key === undefined || actor === null || !takesIdempotencyKey(endpoint)) return null;
  return createIdempotency(app.routeDependencies.db, actor.id, String(key), `${endpoint.method} ${endpoint.path}`, input);
}

function strip(endpoint: Endpoint, body: unknown): unknown {
  return endpoint.response === undefined ? undefined : endpoint.response.parse(body);
}

function send(reply: FastifyReply, status: number, body: unknown): FastifyReply {
  void reply.code(status);
  return body === undefined ? reply.send() : reply.type('application/json; charset=utf-8').send(JSON.stringify(body));
}

function replay(reply: FastifyReply, status: number, body: unknown): FastifyReply {
  return send(reply.header('idempotent-replayed', 'true'), status, body === null ? undefined : body);
}
