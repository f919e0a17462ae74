import type * as z from 'zod';
import type { ErrorCode } from './errors.ts';
import type { Access } from './permissions.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Names of the rate limits; how many per minute each allows is configuration of the API. */
export type RateLimitName = 'sign-in' | 'sign-up' | 'link' | 'write' | 'flag' | 'task' | 'skip' | 'upload' | 'export' | 'rows';

/**
 * One row of the table of endpoints. Everything that serves or calls the API (routes, OpenAPI, the page's client, the
 * command line) derives from these rows.
 */
export type Endpoint = {
  method: Method;
  /** Fastify spelling: `/api/v1/datasets/:slug`. */
  path: string;
  tag: string;
  summary: string;
  description?: string;
  permission: Access;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** Absent for 204, streams and redirects. */
  response?: z.ZodType;
  status: 200 | 201 | 202 | 204 | 302;
  /**
   * `json` unless stated. `upload`: the body is the file itself (application/octet-stream); `file`: the answer is a file;
   * `events`: the answer is a stream of server-sent events whose `data` has the shape of `response`.
   */
  kind: 'json' | 'upload' | 'file' | 'events' | 'redirect';
  /** Edits that build on a version: the request carries `If-Match`, answers carry `ETag`. */
  ifMatch: boolean;
  /** Of files: answers carry `ETag`, and `If-None-Match` with it is answered 304. */
  revalidates?: true;
  /**
   * The answer is the same for everybody and says itself how long caches may keep it. All others, and every error, are sent
   * with `Cache-Control: no-store`.
   */
  cacheable?: true;
  rateLimit?: RateLimitName;
  /** Passwords or tokens pass through: nothing of request or answer is kept, so there is no `Idempotency-Key`. */
  sensitive?: true;
  /** Keeps people signed in: taken even while disk space is low, when other writes are answered `storage_full`. */
  smallWrite?: true;
  /** Beyond those every endpoint may give (validation, session, internal). */
  errors: readonly ErrorCode[];
  /** Example of a request body and of an answer, for the documentation; both are checked against the schemas by a test. */
  examples?: { body?: unknown; response?: unknown };
};

/** Whether a write is remembered by its `Idempotency-Key`: only where somebody is signed in, whose key it is, and nothing secret passes. */
export const takesIdempotencyKey = ({ method, kind, permission, sensitive }: Endpoint): boolean =>
  method !== 'GET' && kind === 'json' && permission !== 'public' && !sensitive;

/** The address of an endpoint with its parameters filled in and encoded. `*` is the rest of a path: its slashes stay. */
export function endpointPath(path: string, params: Readonly<Record<string, unknown>>): string {
  return path
    .replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])))
    .replace(/\*$/, () => String(params['*']).split('/').map(encodeURIComponent).join('/'));
}

type Defaults = { kind: 'json'; ifMatch: false; status: 200; errors: readonly [] };
type Given = Omit<Endpoint, keyof Defaults> & Partial<Pick<Endpoint, keyof Defaults>>;

/** Fills the defaults in and keeps the literal types. */
export function defineEndpoint<const T extends Given>(given: T): Omit<Defaults, keyof T> & T {
  return { kind: 'json', ifMatch: false, status: 200, errors: [], ...given };
}

type InputOf<T> = T extends z.ZodType ? z.input<T> : undefined;
type OutputOf<T> = T extends z.ZodType ? z.output<T> : undefined;
type Field<T, K extends string> = T extends { [P in K]: infer S } ? S : undefined;

/** What a caller passes: values before defaults and transformations. */
export type EndpointInput<T extends Endpoint> = {
  params: InputOf<Field<T, 'params'>>;
  query: InputOf<Field<T, 'query'>>;
  body: InputOf<Field<T, 'body'>>;
};
/** What a handler receives: values after validation. */
export type EndpointRequest<T extends Endpoint> = {
  params: OutputOf<Field<T, 'params'>>;
  query: OutputOf<Field<T, 'query'>>;
  body: OutputOf<Field<T, 'body'>>;
};
/** What the endpoint answers with. */
export type EndpointOutput<T extends Endpoint> = OutputOf<Field<T, 'response'>>;
/** What a handler returns, before the response schema strips and checks it. */
export type EndpointReply<T extends Endpoint> = InputOf<Field<T, 'response'>>;
