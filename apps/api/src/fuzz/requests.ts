import { endpointPath, takesIdempotencyKey, type Endpoint } from '@granary/contract';
import fc from 'fast-check';
import type * as z from 'zod';
import { arbitraryOf, type Hints } from './arbitraries.ts';
import type { Draw } from './draw.ts';
import type { Ingredients } from './recipes.ts';

/** One request as it is sent, and what is known about it. */
export type FuzzRequest = {
  method: string;
  url: string;
  headers: Record<string, string>;
  payload: string | undefined;
  /** Whether path, query and body are what the contract asks for. */
  valid: boolean;
  /** What was done to it, for the report: empty where nothing was. */
  mutation: string;
};

/** The parts of a request before they are put on the wire, so that they can be spoilt. */
export type Parts = {
  method: string;
  params: Record<string, unknown>;
  query: Record<string, unknown>;
  body: unknown;
  headers: Record<string, string>;
  /** Replaces what the path would be encoded from; for addresses that no client would make. */
  rawPath?: string;
  /** Replaces the body as JSON. */
  rawBody?: string;
};

/** A request that fits the contract: drawn from its schemas, with the ingredients that the operation needs to succeed. */
export function drawParts(endpoint: Endpoint, { given, hints, draw }: { given: Ingredients; hints: Hints; draw: Draw }): Parts {
  const drawn = (schema: z.ZodType | undefined) =>
    schema === undefined ? {} : (draw(arbitraryOf(schema, hints)) as Record<string, unknown>);
  const key: Record<string, string> = takesIdempotencyKey(endpoint) && draw(fc.nat(9)) === 0 ? { 'idempotency-key': draw(fc.uuid()) } : {};
  const drawnBody = endpoint.body === undefined ? undefined : fitting(endpoint.body, hints, draw);
  const mixed = given.body === undefined || typeof drawnBody !== 'object' ? drawnBody : { ...drawnBody, ...given.body };
  return {
    method: endpoint.method,
    params: { ...drawn(endpoint.params), ...given.params },
    query: { ...drawn(endpoint.query), ...given.query },
    body: given.wholeBody !== undefined && (given.body === undefined || draw(fc.boolean())) ? given.wholeBody : mixed,
    headers: { ...(endpoint.kind === 'upload' ? { 'content-type': 'application/octet-stream' } : {}), ...key, ...given.headers },
  };
}

/** Conditions between fields are not in the shape: some tries make one that meets them. */
function fitting(schema: z.ZodType, hints: Hints, draw: Draw): unknown {
  const arbitrary = arbitraryOf(schema, hints);
  let value = draw(arbitrary);
  for (let tries = 0; tries < 20 && !schema.safeParse(value).success; tries += 1) value = draw(arbitrary);
  return value;
}

/** Puts the parts on the wire, and says whether they fit the contract. */
export function toRequest(endpoint: Endpoint, parts: Parts, mutation: string): FuzzRequest {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parts.query))
    for (const each of [value].flat()) if (each !== undefined) search.append(name, String(each));
  const path = parts.rawPath ?? encodePath(endpoint.path, parts.params);
  const payload = parts.rawBody ?? (typeof parts.body === 'string' && endpoint.kind === 'upload' ? parts.body : json(parts.body));
  const headers = {
    ...(payload === undefined || endpoint.kind === 'upload' ? {} : { 'content-type': 'application/json' }),
    ...parts.headers,
  };
  return {
    method: parts.method,
    url: search.size === 0 ? path : `${path}?${search}`,
    headers,
    payload,
    valid: parts.rawPath === undefined && parts.method === endpoint.method && fits(endpoint, parts, search),
    mutation,
  };
}

const json = (body: unknown) => (body === undefined ? undefined : JSON.stringify(body));

/** Half of a character has no encoding in an address: its bytes are sent as they would be. */
function encodePath(path: string, params: Record<string, unknown>): string {
  const wellFormed = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value).toWellFormed()]));
  return endpointPath(path, wellFormed);
}

function fits(endpoint: Endpoint, { params, body, rawBody }: Parts, search: URLSearchParams): boolean {
  const values = Map.groupBy(search, ([name]) => name);
  const query = Object.fromEntries(
    [...values].map(([name, pairs]) => [name, pairs.length === 1 ? pairs[0]?.[1] : pairs.map(([, value]) => value)]),
  );
  const sent = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value).toWellFormed()]));
  const checks: [z.ZodType | undefined, unknown][] = [
    [endpoint.params, sent],
    [endpoint.query, query],
    [endpoint.kind === 'upload' ? undefined : endpoint.body, rawBody === undefined ? asSent(body) : parseBody(rawBody)],
  ];
  return checks.every(([schema, value]) => schema === undefined || schema.safeParse(value).success);
}

const asSent = (body: unknown): unknown => (body === undefined ? undefined : JSON.parse(JSON.stringify(body)));

/** What no schema takes, because it is not JSON. */
const notJson = Symbol('not JSON');

/** A body as a reader of JSON takes it: a byte order mark is passed over, and an empty one is none. */
function parseBody(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return notJson;
  }
}
