import { problemSchema, type Endpoint } from '@granary/contract';
import { createSchemaWriter } from '../openapi/component-schemas.ts';
import { listEndpoints } from '../openapi/document.ts';
import { describeOperation, errorCodesOf } from '../openapi/operation.ts';
import type { FuzzRequest } from './requests.ts';

export type Answer = { status: number; type: string; body: string; ms: number };

/** Statuses that are refused before an operation is known; the document states them once for all. */
const beforeRouting = new Map([
  [400, ['malformed_request']],
  [404, ['not_found']],
  [405, ['method_not_allowed']],
  [408, ['request_timeout']],
  [414, ['uri_too_long']],
  [431, ['headers_too_large']],
]);

/** Statuses that the OpenAPI document names, by operation. */
export function documentedStatuses(): Map<Endpoint, Set<number>> {
  const schemas = createSchemaWriter();
  return new Map(
    listEndpoints().map(({ id, endpoint }) => {
      const { responses } = describeOperation(endpoint, id, schemas) as { responses: Record<string, unknown> };
      return [endpoint, new Set(Object.keys(responses).map(Number))];
    }),
  );
}

/** Refused for who asks, or before anybody knows who it is. */
const refusedAtTheDoor = new Set([400, 401, 403, 405, 408, 413, 414, 415, 431]);

/** What is wrong with an answer; empty where nothing is. `allowed`: whether the caller may call it; `slowMs`: answers that take longer are wrong, too. */
export function judge(
  endpoint: Endpoint,
  request: FuzzRequest,
  answer: Answer,
  { statuses, allowed, slowMs = Infinity }: { statuses: ReadonlySet<number>; allowed: boolean; slowMs?: number },
): string[] {
  const { status } = answer;
  const routed = request.method === endpoint.method && !request.mutation.startsWith('odd path');
  const findings: string[] = [];
  if (status >= 500) findings.push(`answered with ${status}`);
  if (answer.ms > slowMs) findings.push(`took ${Math.round(answer.ms)} ms`);
  if (routed && !statuses.has(status)) findings.push(`${status} is not documented`);
  if (routed && !request.valid && status < 300) findings.push(`${status} for a request that the contract forbids`);
  if (routed && !allowed && !refusedAtTheDoor.has(status)) findings.push(`${status} for somebody who may not call it`);
  if (status >= 400 && request.method !== 'HEAD') findings.push(...judgeProblem(endpoint, answer, routed));
  if (routed && status < 300 && endpoint.kind === 'json') findings.push(...judgeBody(endpoint, answer));
  return findings;
}

function judgeProblem(endpoint: Endpoint, { status, type, body }: Answer, routed: boolean): string[] {
  if (!type.startsWith('application/problem+json')) return [`${status} is not a problem but ${type || 'without a type'}`];
  const problem = problemSchema.safeParse(read(body));
  if (!problem.success) return [`the problem breaks its schema: ${problem.error.message}`];
  const { code } = problem.data;
  if (problem.data.status !== status) return [`the problem says ${problem.data.status}, the answer ${status}`];
  if (!routed || beforeRouting.get(status)?.includes(code)) return [];
  return errorCodesOf(endpoint).includes(code) ? [] : [`the code ${code} is not documented`];
}

function judgeBody(endpoint: Endpoint, { status, type, body }: Answer): string[] {
  if (endpoint.response === undefined) return body === '' ? [] : [`${status} has a body that nothing describes`];
  if (!type.startsWith('application/json')) return [`${status} is not JSON but ${type}`];
  const parsed = endpoint.response.safeParse(read(body));
  return parsed.success ? [] : [`the answer breaks its schema: ${parsed.error.message}`];
}

function read(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
