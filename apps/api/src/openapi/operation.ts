import { errorTable, permissions, problemSchema, takesIdempotencyKey, type Endpoint, type ErrorCode } from '@granary/contract';
import type * as z from 'zod';
import { rateLimits } from '../http/rate-limits.ts';
import type { JsonSchema, SchemaWriter } from './component-schemas.ts';

type Json = Record<string, unknown>;

export const securitySchemes = { session: 'session', token: 'token' } as const;
const isWrite = (endpoint: Endpoint) => endpoint.method !== 'GET';

const givesRanges = (endpoint: Endpoint) => endpoint.kind === 'file' && endpoint.errors.includes('range_unsatisfiable');

/** One row of the contract as an OpenAPI operation. */
export function describeOperation(endpoint: Endpoint, operationId: string, schemas: SchemaWriter): Json {
  const description = [endpoint.description, rateLimitNote(endpoint)].filter(Boolean).join('\n\n');
  const body = requestBody(endpoint, schemas);
  const parameters = describeParameters(endpoint, schemas);
  return {
    operationId,
    tags: [endpoint.tag],
    summary: endpoint.summary,
    ...(description ? { description } : {}),
    ...security(endpoint),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: body } : {}),
    responses: { ...success(endpoint, schemas), ...problems(endpoint, schemas) },
  };
}

function rateLimitNote({ rateLimit }: Endpoint): string | undefined {
  if (rateLimit === undefined) return undefined;
  const { max, windowSeconds } = rateLimits[rateLimit];
  return `Limited to ${max} requests in ${windowSeconds} seconds for each caller, unless the deployment sets another factor.`;
}

/** Role names stand in the requirement of the token: that is what OpenAPI 3.1 allows them for. */
function security({ permission }: Endpoint): Json {
  if (permission === 'public')
    return { 'x-permission': 'public', security: [{}, { [securitySchemes.session]: [] }, { [securitySchemes.token]: [] }] };
  const { role, scope } = permissions[permission];
  return {
    'x-permission': { name: permission, role, scope },
    security: [{ [securitySchemes.session]: [] }, ...(scope === null ? [] : [{ [securitySchemes.token]: [scope] }])],
  };
}

function describeParameters(endpoint: Endpoint, schemas: SchemaWriter): Json[] {
  return [
    ...fields(endpoint.params, 'path', schemas),
    ...fields(endpoint.query, 'query', schemas),
    ...(endpoint.ifMatch ? [{ $ref: '#/components/parameters/IfMatch' }] : []),
    ...(takesIdempotencyKey(endpoint) ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
    ...(givesRanges(endpoint) ? [{ $ref: '#/components/parameters/Range' }] : []),
    ...(endpoint.revalidates ? [{ $ref: '#/components/parameters/IfNoneMatch' }] : []),
  ];
}

function fields(schema: z.ZodObject | undefined, where: 'path' | 'query', schemas: SchemaWriter): Json[] {
  if (schema === undefined) return [];
  const { required = [] } = schemas.write(schema, 'input') as { required?: string[] };
  return Object.entries(schema.shape).map(([name, field]) => ({
    name: name === '*' ? 'path' : name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema: schemas.write(field as z.ZodType, 'input'),
  }));
}

function requestBody(endpoint: Endpoint, schemas: SchemaWriter): Json | undefined {
  if (endpoint.kind === 'upload')
    return {
      required: true,
      description: 'The file itself.',
      content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
    };
  if (endpoint.body === undefined) return undefined;
  return {
    required: !endpoint.body.safeParse(undefined).success,
    content: { 'application/json': content(schemas.write(endpoint.body, 'input'), endpoint.examples?.body) },
  };
}

const content = (schema: JsonSchema, example: unknown): Json => ({ schema, ...(example === undefined ? {} : { example }) });

function success(endpoint: Endpoint, schemas: SchemaWriter): Json {
  const { kind, status, response } = endpoint;
  const headers = {
    ...(endpoint.ifMatch ? { ETag: { $ref: '#/components/headers/ETag' } } : {}),
    ...(takesIdempotencyKey(endpoint) ? { 'Idempotent-Replayed': { $ref: '#/components/headers/IdempotentReplayed' } } : {}),
  };
  const withHeaders = Object.keys(headers).length > 0 ? { headers } : {};
  if (kind === 'redirect')
    return {
      [status]: { description: endpoint.summary, headers: { Location: { schema: { type: 'string' }, description: 'Where it is.' } } },
    };
  if (kind === 'file') return fileResponses(endpoint);
  if (response === undefined) return { [status]: { description: 'Done; there is nothing to tell.', ...withHeaders } };
  const schema = schemas.write(response, 'output');
  if (kind === 'events') {
    return {
      [status]: {
        description: 'Server-sent events until the work is over; the `data` of each is this record as JSON.',
        content: { 'text/event-stream': { schema: eventSchema(schema) } },
      },
    };
  }
  return {
    [status]: {
      description: endpoint.summary,
      ...withHeaders,
      content: { 'application/json': content(schema, endpoint.examples?.response) },
    },
  };
}

/** Before OpenAPI 3.2, the schema of a stream of events is that of each event. */
const eventSchema = (schema: Json): Json => ({
  type: 'object',
  required: ['data'],
  properties: { data: { type: 'string', contentMediaType: 'application/json', contentSchema: schema } },
});

function fileResponses(endpoint: Endpoint): Json {
  const headers = endpoint.revalidates ? { headers: { ETag: { $ref: '#/components/headers/ETag' } } } : {};
  const file = { ...headers, content: { '*/*': { schema: { type: 'string', format: 'binary' } } } };
  return {
    200: { description: givesRanges(endpoint) ? 'The whole file.' : 'The file.', ...file },
    ...(givesRanges(endpoint) ? { 206: { description: 'The range that was asked for.', ...file } } : {}),
    ...(endpoint.revalidates ? { 304: { description: 'The file is still the one of the ETag given.', ...headers } } : {}),
  };
}

/** Codes an endpoint may answer with: its own and those that go with what it takes. */
export function errorCodesOf(endpoint: Endpoint): ErrorCode[] {
  const { permission } = endpoint;
  const takesInput =
    (endpoint.params ?? endpoint.query ?? endpoint.body) !== undefined || endpoint.ifMatch || takesIdempotencyKey(endpoint);
  const codes: (ErrorCode | false | undefined)[] = [
    ...endpoint.errors,
    takesInput && 'validation_failed',
    'malformed_request',
    isWrite(endpoint) && 'storage_full',
    endpoint.query !== undefined && 'cursor' in endpoint.query.shape && 'cursor_invalid',
    permission !== 'public' && 'not_signed_in',
    permission !== 'public' && 'session_revoked',
    (permission !== 'public' || (endpoint.method === 'GET' && endpoint.kind === 'json')) && 'session_expired',
    'token_invalid',
    permission !== 'public' && 'account_suspended',
    permission !== 'public' && permissions[permission].role !== 'contributor' && 'forbidden',
    permission !== 'public' && 'scope_missing',
    isWrite(endpoint) && 'cross_site_request',
    // A body is read before anybody knows whether it is wanted.
    isWrite(endpoint) && 'body_too_large',
    // A file may be of any type, but the type has to be one.
    isWrite(endpoint) && 'media_type_unsupported',
    isWrite(endpoint) && 'request_timeout',
    'uri_too_long',
    'headers_too_large',
    endpoint.ifMatch && 'version_required',
    takesIdempotencyKey(endpoint) && 'idempotency_conflict',
    endpoint.rateLimit !== undefined && 'rate_limited',
    'internal',
    'database_unavailable',
    isWrite(endpoint) && 'outcome_unknown',
    'timed_out',
  ];
  return [...new Set(codes.filter((code) => typeof code === 'string'))];
}

function problems(endpoint: Endpoint, schemas: SchemaWriter): Json {
  const byStatus = Map.groupBy(errorCodesOf(endpoint), (code) => errorTable[code].status);
  const problem = schemas.write(problemSchema, 'output');
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\`: ${errorTable[code].title}.`).join(' '),
        ...(status === 429 || status === 503 ? { headers: { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } } } : {}),
        content: {
          'application/problem+json': {
            schema: { allOf: [problem, { type: 'object', properties: { code: { enum: codes } } }] },
            example: exampleProblem(codes[0] as ErrorCode),
          },
        },
      },
    ]),
  );
}

function exampleProblem(code: ErrorCode): Json {
  const { title, status } = errorTable[code];
  return { type: `/api/docs/errors#${code}`, title, status, code };
}
