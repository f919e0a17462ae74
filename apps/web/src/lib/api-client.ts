import { endpointPath } from '@granary/contract';
import type { Endpoint, EndpointInput, EndpointOutput } from '@granary/contract';
import { ApiError, NetworkError, readProblem } from './api-error.ts';
import type { EndpointRef } from './endpoints.ts';
import type { SessionKeeper } from './session-keeper.ts';

type Needed<K extends string, V> = undefined extends V ? { [P in K]?: V } : { [P in K]: V };
type Simplify<T> = { [K in keyof T]: T[K] };
/** A body of the contract's shape; uploads pass the file itself. */
type BodyOf<T extends Endpoint> = T['kind'] extends 'upload' ? Blob : EndpointInput<T>['body'];
type InputParts<T extends Endpoint> = Needed<'params', EndpointInput<T>['params']> &
  Needed<'body', BodyOf<T>> & { query?: Partial<EndpointInput<T>['query']> };

export type CallOptions = {
  /** The version that was read before editing; sent as `If-Match`. */
  ifMatch?: number;
  /** Makes repeating the same write harmless: one key per intended act, kept over retries (`newIdempotencyKey`). */
  idempotencyKey?: string;
  signal?: AbortSignal;
  /** `ask` (default): the person is asked to sign in and the call then continues. `throw`: for saving in the background. */
  whenSessionLost?: 'ask' | 'throw';
  /** The request outlives the page, for what is sent while somebody may be leaving; small bodies only. */
  keepalive?: boolean;
};
export type CallInput<T extends Endpoint> = Simplify<InputParts<T> & CallOptions>;
export type CallArguments<T extends Endpoint> = Record<never, never> extends InputParts<T> ? [input?: CallInput<T>] : [input: CallInput<T>];
export type CallApi = <T extends Endpoint>(endpoint: EndpointRef<T>, ...input: CallArguments<T>) => Promise<EndpointOutput<T>>;

type LooseInput = CallOptions & { params?: Record<string, unknown>; query?: Record<string, unknown>; body?: unknown };
const lostCodes = new Set(['session_expired', 'not_signed_in']);
const sessionPaths = /^\/api\/v1\/(auth|setup)/;

/** Address of an endpoint: parameters filled in and encoded, query appended. For links, downloads and event streams. */
export function apiUrl<T extends Endpoint>(
  endpoint: EndpointRef<T>,
  input: { params?: EndpointInput<T>['params']; query?: Partial<EndpointInput<T>['query']> } = {},
): string {
  const params: Record<string, unknown> = input.params ?? {};
  const path = endpointPath(endpoint.path, params);
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(input.query ?? {})) {
    if (value === undefined || value === null || value === '') continue;
    for (const each of Array.isArray(value) ? value : [value]) search.append(name, String(each));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

/** A key for one intended act; keep it until the act has been answered. */
export function newIdempotencyKey(): string {
  // randomUUID is missing on plain http other than localhost.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Makes the function that calls the API. Resolves with the answer's body; throws ApiError (the server refused),
 * NetworkError (no answer) or the signal's AbortError. A session that ran out is renewed once, unseen; when it cannot be,
 * the keeper asks the person to sign in again and the call goes on where it stopped.
 */
export function createApiClient(fetchFunction: typeof fetch, session: SessionKeeper): CallApi {
  async function call(endpoint: EndpointRef, input: LooseInput = {}): Promise<unknown> {
    const aboutSession = sessionPaths.test(endpoint.path);
    if (!aboutSession) await session.renewIfDue();
    const first = await send(endpoint, input);
    if (!(await isLost(first)) || aboutSession) return read(first);
    if (await session.renew()) return read(await send(endpoint, input));
    if (input.whenSessionLost !== 'throw' && (await session.askToSignIn())) return read(await send(endpoint, input));
    return read(first);
  }

  async function send(endpoint: EndpointRef, input: LooseInput): Promise<Response> {
    const url = apiUrl(endpoint, input as Parameters<typeof apiUrl>[1]);
    try {
      return await fetchFunction(url, {
        method: endpoint.method,
        credentials: 'same-origin',
        headers: headersOf(input),
        ...(input.body === undefined ? {} : { body: input.body instanceof Blob ? input.body : JSON.stringify(input.body) }),
        ...(input.signal ? { signal: input.signal } : {}),
        ...(input.keepalive ? { keepalive: true } : {}),
      });
    } catch (error) {
      if (input.signal?.aborted) throw error;
      throw new NetworkError('The server did not answer.', { cause: error });
    }
  }
  return call as CallApi;
}

function headersOf(input: LooseInput): Record<string, string> {
  const headers: Record<string, string> = { accept: 'application/json, application/problem+json' };
  if (input.body !== undefined) headers['content-type'] = input.body instanceof Blob ? 'application/octet-stream' : 'application/json';
  if (input.ifMatch !== undefined) headers['if-match'] = `"${input.ifMatch}"`;
  if (input.idempotencyKey !== undefined) headers['idempotency-key'] = input.idempotencyKey;
  return headers;
}

async function isLost(response: Response): Promise<boolean> {
  if (response.status !== 401) return false;
  return lostCodes.has((await readProblem(response.clone())).code);
}

async function read(response: Response): Promise<unknown> {
  if (!response.ok) throw new ApiError(await readProblem(response));
  if (response.status === 204) return undefined;
  const type = response.headers.get('content-type') ?? '';
  try {
    return type.includes('json') ? await response.json() : await response.text();
  } catch (error) {
    throw new NetworkError('The answer broke off.', { cause: error });
  }
}
